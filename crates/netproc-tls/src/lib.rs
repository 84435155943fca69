//! TLS for network processes: parameters, handshakes over any byte pipe, what the peer showed.
//!
//! A [`Client`] or a [`Server`] is made once from [`Parameters`], which are read from a
//! `:tls-parameters` list or written with typed setters. Each then turns any
//! [`futures_io::AsyncRead`] + [`futures_io::AsyncWrite`] pipe into a [`TlsStream`], which is such
//! a pipe again. Until the handshake has succeeded there is no stream, so nothing of the caller's
//! can leave in clear.
//!
//! Who encrypts is hidden: rustls, and with the feature `anonymous` OpenSSL for the sessions without
//! certificates that rustls does not have.
//!
//! The crate opens no socket, starts no task and waits for no time: a deadline is a future that
//! the caller hands in. The clock of the system is read only to judge certificates, and files only
//! when a [`Client`] or [`Server`] is made or reloaded.
//!
//! ```
//! use netproc_lisp::read;
//! use netproc_tls::{Client, Parameters, Profile};
//!
//! let list = read(r#"(gnutls-x509pki :hostname "localhost" :priority "SECURE128")"#)?;
//! let parameters = Parameters::from_value(&list, Profile::Safe)?;
//! assert!(parameters.verifies_chain() && parameters.verifies_host());
//! let client = Client::new(&parameters)?;
//! assert_eq!(client.host(), "localhost");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

#[cfg(feature = "anonymous")]
mod anonymous;
mod cause;
mod certificate;
mod client;
mod error;
mod explain;
mod files;
mod flags;
mod handshake;
mod parameters;
mod prefixed;
mod priority;
mod problem;
mod provider;
mod server;
mod status;
mod stream;
mod verify;
mod warning;

pub use crate::cause::{Cause, FileFault, Step};
pub use crate::certificate::Certificate;
pub use crate::client::Client;
pub use crate::error::Error;
pub use crate::flags::VerifyFlags;
pub use crate::handshake::Handshake;
pub use crate::parameters::{
    ClientCertificates, Identity, Note, Parameters, Profile, boot_parameters, trust_bundles,
};
pub use crate::priority::{Cipher, Group, KeyExchange, Mac, Priority, Version};
pub use crate::problem::{Problem, Purpose};
pub use crate::server::Server;
pub use crate::status::PeerStatus;
pub use crate::stream::TlsStream;
pub use crate::warning::Warning;

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct ReadmeExamples;
