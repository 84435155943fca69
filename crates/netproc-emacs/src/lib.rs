//! The Emacs module: network processes of Emacs whose work is done on threads of their own.
//!
//! Emacs loads this library through `netproc.el`, which stands beside it and holds everything
//! that is policy of Emacs: what a process object is, when filters and sentinels run, which
//! functions of Emacs are routed here. This side holds what is work: sockets, lookups,
//! handshakes, decoding, and the queue from which Emacs takes what happened.
//!
//! - `environment` is the one place where Emacs's C interface is spoken, and all of the `unsafe`;
//! - `convert` turns Lisp objects of Emacs into values of ours and back;
//! - `engine` owns the network, its threads and the table of processes;
//! - `mailbox` keeps what happened until Emacs asks, and wakes it;
//! - `inbox` keeps what has arrived until a filter is called, and decodes it then;
//! - `leaving` sends what is left when a process is deleted, or Emacs ends;
//! - `framing` cuts a stream into whole messages;
//! - `functions` lists what Lisp can call.

mod convert;
mod engine;
mod environment;
mod framing;
mod functions;
mod inbox;
mod leaving;
mod mailbox;
