//! The command from the outside: exit status, messages, bytes, beside peers of the standard
//! library.

mod arguments;
mod cert;
mod check;
mod client;
mod forward;
mod peer;
mod programs;
mod random;
mod server;
mod sessions;
mod starttls;
mod support;
mod tls;
