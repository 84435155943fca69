//! The command from the outside: exit status, messages, bytes, beside peers of the standard
//! library.

mod arguments;
mod check;
mod client;
mod forward;
mod random;
mod server;
mod support;
