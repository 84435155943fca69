//! Sockets of every family and kind, non-blocking and async.
//!
//! This crate is where netproc meets the kernel, and the only place that does: name lookup,
//! listening, connecting with every address raced, transfer, options, interfaces. It knows
//! addresses and bytes, and no text, keyword or process. It runs on Linux.
//!
//! A [`Backend`] opens [`Socket`]s; there is one for the system, and one for a [`MemoryNetwork`]
//! of its own clock and misfortunes, for tests. Every call is non-blocking; those that take time
//! are futures, which any executor runs.
//!
//! ```
//! use netproc_address::{Host, Kind, Service};
//! use netproc_socket::{Backend, BindOptions, ConnectOptions, Query};
//!
//! async_io::block_on(async {
//!     let backend = Backend::system();
//!     let free = backend.resolve(&Query::new(Host::Local, Service::Any)).await?;
//!     let server = backend.listen(Kind::Stream, &free[0], 5, &BindOptions::default())?;
//!
//!     let address = vec![server.local_address()?];
//!     let client = backend.connect(Kind::Stream, address, &ConnectOptions::default()).await?;
//!     server.readable().await?;
//!     let (connection, peer) = server.try_accept()?;
//!     assert_eq!(peer, client.local);
//!
//!     client.socket.try_write(b"hello")?;
//!     connection.readable().await?;
//!     let mut buffer = [0; 16];
//!     assert_eq!(connection.try_read(&mut buffer)?, 5);
//!     Ok::<(), Box<dyn std::error::Error>>(())
//! })
//! # .unwrap();
//! ```

#[cfg(not(target_os = "linux"))]
compile_error!(
    "netproc-socket is written for Linux; its system calls stand in src/sys and src/system"
);

pub mod activation;
mod backend;
mod batch;
mod capability;
mod connect;
mod error;
mod interfaces;
mod limit;
mod memory;
mod open;
mod readiness;
mod resolve;
mod socket;
#[expect(unsafe_code, reason = "system calls that no safe wrapper offers")]
mod sys;
mod system;
mod timer;

pub use backend::Backend;
pub use batch::{Batch, Message};
pub use capability::{Capabilities, capabilities};
pub use connect::{Attempt, AttemptObserver, ConnectOptions, Connected, Connecting};
pub use error::{ConnectError, Hint, LookupError, OpenError, OsError, Step, bare_text};
pub use interfaces::{
    HardwareAddress, Interface, InterfaceAddress, InterfaceFlags, interface, interfaces,
};
pub use limit::{keep_descriptors_from, raise_descriptor_limit};
pub use memory::{Fault, Link, MemoryNetwork};
pub use open::BindOptions;
pub use readiness::{block_on, block_on_watching, prepare, wake_unlocked};
pub use resolve::{LOOKUP_LIMIT, Query};
pub use socket::{Received, Socket};
pub use timer::Timer;

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
