//! Coding systems: streaming bytes to text and back, losing nothing.
