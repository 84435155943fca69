//! Network processes driven over sockets, with their callbacks.
//!
//! A [`Network`] makes processes of keyword lists or typed builders ([`Spec`]) and serves them:
//! it reads, decodes, calls filters and sentinels, accepts, encodes, sends. Nothing blocks but
//! what is asked to wait.
//!
//! # Who runs the callbacks
//!
//! The thread that drives the network, one of:
//!
//! - a thread that waits: [`Network::accept_output`], or any verb that has to wait, such as
//!   opening a connection. This is Emacs's way: nothing happens between waits;
//! - background threads: [`Network::run_background`]. Callbacks of one process never overlap and
//!   keep the order of the wire; different processes are served side by side;
//! - whoever awaits one of the async forms, or [`Network::run`], under any executor.
//!
//! A callback may call any verb on any process, return an error or panic. Errors and panics are
//! reported to [`NetworkBuilder::on_fault`] and harm nobody else.
//!
//! # Examples
//!
//! ```
//! use std::time::Duration;
//! use netproc_network::{Callbacks, Network, Service, Spec};
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("echo").service(Service::Any).filter(|process, text| process.send(text)),
//! )?;
//! let client = network.open(
//!     Spec::client("me").host("localhost").service(server.service()).buffer("*me*"),
//! )?;
//! client.send("hello\n")?;
//! network.accept_output(&client, Duration::from_secs(10))?;
//! assert_eq!(client.buffer().expect("a buffer").text().as_str(), Some("hello\n"));
//! # Ok::<(), netproc_network::Error>(())
//! ```

#![forbid(unsafe_code)]

mod accept;
mod arrivals;
mod background;
mod buffers;
mod callback;
mod changes;
mod deliver;
mod direct;
mod drive;
mod engine;
mod error;
mod event;
mod fault;
mod functions;
mod limits;
mod link;
mod messages;
mod network;
mod object;
mod open;
mod patience;
mod payload;
mod pressure;
mod process;
mod rare;
mod roster;
mod scratch;
mod secure;
mod security;
mod send;
mod serve;
mod shared;
mod slots;
mod stream;
mod traffic;
mod turn;
mod upgrade;
mod wait;
mod wakers;

pub use background::Background;
pub use buffers::Buffer;
pub use callback::{
    CallbackError, CallbackResult, Callbacks, Filter, Log, Sentinel, ServerCallbacks,
};
pub use error::Error;
pub use event::Event;
pub use fault::{CallbackKind, Fault, FaultKind};
pub use limits::Limits;
pub use netproc_address::{
    Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, RawAddress, Service,
};
pub use netproc_coding::CodingSystem;
pub use netproc_keywords::Spec;
pub use netproc_lisp::{Text, Value};
pub use netproc_process::{ExitStatus, ProcessId, Status};
pub use netproc_tls as tls;
pub use network::{Network, NetworkBuilder};
pub use payload::Payload;
pub use process::Process;
pub use stream::ProcessStream;
pub use upgrade::StartTls;

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
