//! The few system calls that no safe wrapper offers, one family a file; all `unsafe` stands here.

pub(crate) mod adopt;
pub(crate) mod batch;
pub(crate) mod name;
pub(crate) mod text;
pub(crate) mod transfer;
