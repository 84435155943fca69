//! The names that most programs use, for `use netproc::prelude::*`.
//!
//! Errors stay behind, since most programs have one of their own: [`netproc::Error`](netproc_network::Error).

pub use std::time::Duration;

pub use netproc_address::{
    Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, Service,
};
pub use netproc_coding::CodingSystem;
pub use netproc_keywords::Spec;
pub use netproc_lisp::{Text, Value};
pub use netproc_network::{
    Buffer, Callbacks, Event, ExitStatus, Filter, Limits, Log, Network, Process, Sentinel,
    ServerCallbacks, Status,
};
