//! The network process object as a sans-IO machine.
