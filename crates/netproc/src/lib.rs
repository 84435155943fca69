//! Network processes as Emacs has them: one call for any client or server.

#![forbid(unsafe_code)]

mod designator;
mod error;
pub mod functions;
pub mod prelude;

pub use netproc_address as address;
pub use netproc_coding as coding;
pub use netproc_keywords as keywords;
pub use netproc_lisp as lisp;
pub use netproc_network as network;
pub use netproc_process as process;
pub use netproc_socket as socket;

pub use error::Error;
pub use functions::default_network;
pub use netproc_address::{
    Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, RawAddress, Service,
};
pub use netproc_coding::CodingSystem;
pub use netproc_keywords::Spec;
pub use netproc_lisp::{Text, Value};
pub use netproc_network::{
    Background, Buffer, CallbackError, CallbackKind, CallbackResult, Callbacks, Event, ExitStatus,
    Fault, FaultKind, Filter, Limits, Log, Network, NetworkBuilder, Payload, Process, ProcessId,
    ProcessStream, Sentinel, ServerCallbacks, Status,
};
