//! What a user of the crate sees: reading, printing, and one as the inverse of the other.

mod printing;
mod properties;
mod reading;
mod text;
