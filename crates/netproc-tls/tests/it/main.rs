//! Handshakes of real clients and servers, with certificates made at run time.

#[cfg(feature = "anonymous")]
mod anonymous;
mod bad_certificates;
mod bad_peers;
mod files;
mod handshakes;
mod lists;
mod odd_pipes;
mod pipe;
mod pki;
mod servers;
mod streams;
mod written;
