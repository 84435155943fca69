//! The checks: each opens sessions by the terms it is about, and holds both ends to their words.

pub(crate) mod anonymous;
pub(crate) mod client_certificate;
pub(crate) mod half_close;
pub(crate) mod protocol;
pub(crate) mod resumption;
pub(crate) mod verified;
pub(crate) mod volume;
