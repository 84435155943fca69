//! The network process object as a sans-IO machine.
//!
//! In Emacs a network process is one object: a name, a status, a filter and a sentinel, a buffer,
//! a property list, and a socket. This crate is that object without the socket: [`Machine`] is
//! told what happens and says what to do, [`Buffer`] is the text that the default filter fills,
//! [`Registry`] the table with unique names, [`listing`] what `list-processes` shows. There is no
//! I/O, no executor and no clock here, so everything a process does can be tested in a line, and
//! any host can drive it, also one with a poller and collected values of its own.
//!
//! What may happen when is data: [`transitions`] is the table, [`transition_table`] prints it.
//! Every string that users see stands in [`message`].
//!
//! # Where this differs from Emacs on purpose
//!
//! * Every failure of a connection in the background is told to the sentinel, as the manual
//!   promises; Emacs keeps silent when the name is not found or the system refuses at once.
//! * A peer that sends no more is not cut off: what was received is handed out and what was queued
//!   is sent before the process closes. When the peer takes no more, what it sent is still read.
//! * Nothing comes after the last event. What could not be sent is reported.
//! * Empty messages are data. Datagrams are decoded each on its own.
//! * The words of IPv6 addresses in names and messages stand in network order.
//! * The exit status of a process that still connects is 0.

#![forbid(unsafe_code)]

mod buffer;
mod effect;
mod error;
mod failure;
mod id;
mod input;
pub mod listing;
mod machine;
pub mod message;
mod registry;
mod send_queue;
mod status;
mod transition;

pub use buffer::{Buffer, Marker};
pub use effect::{Effect, Interest, Outgoing};
pub use error::Error;
pub use failure::Failure;
pub use id::ProcessId;
pub use input::Input;
pub use machine::{Accepted, FilterKind, HIGH_WATER, LOW_WATER, Machine};
pub use registry::{Iter, Registry, Vacancy};
pub use status::{ExitStatus, Status};
pub use transition::{
    Announcement, Event, Party, State, Step, Transition, status_diagram, transition,
    transition_table, transitions,
};

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
