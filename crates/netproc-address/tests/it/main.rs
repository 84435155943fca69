//! What a user of the crate sees: every form of an address leads to every other and back.

mod malformed;
mod round_trips;
