//! Handshakes of real clients and servers, with certificates made at run time.

#[cfg(feature = "anonymous")]
mod anonymous;
mod bad_certificates;
mod bad_peers;
mod handshakes;
mod lists;
mod pipe;
mod pki;
mod servers;
mod streams;
mod written;
