//! Socket addresses as Lisp, as bytes, as std types and as text.
//!
//! An [`Address`] is whatever a socket can be bound or connected to. It converts without loss to
//! and from the Lisp forms of Emacs (`[127 0 0 1 80]`, `"/run/socket"`, `(16 . [0 0 …])`), the
//! bytes the kernel takes, the types of `std::net`, and a line of text. Beside it stand the words
//! that describe an address to be looked up: [`Family`], [`Host`], [`Service`], [`Kind`], and the
//! [`NetworkOption`]s of a socket. Nothing here asks the system anything.
//!
//! ```
//! use netproc_address::{Address, format_network_address};
//! use netproc_lisp::read;
//!
//! let value = read("[127 0 0 1 7007]")?;
//! let address = Address::from_value(&value)?;
//! assert_eq!(address.to_string(), "127.0.0.1:7007");
//! assert_eq!(address.to_sockaddr().len(), 16);
//! assert_eq!(address.to_value(), value);
//! assert_eq!(format_network_address(&value, true)?.unwrap(), "127.0.0.1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod address;
mod error;
mod family;
mod format;
mod host;
mod kind;
mod local;
mod option;
mod raw;
mod service;
mod sockaddr;

pub use crate::address::Address;
pub use crate::error::Error;
pub use crate::family::Family;
pub use crate::format::format_network_address;
pub use crate::host::Host;
pub use crate::kind::Kind;
pub use crate::local::{LocalName, NameBytes};
pub use crate::option::{NetworkOption, OptionName};
pub use crate::raw::RawAddress;
pub use crate::service::Service;
pub use crate::sockaddr::SockaddrBytes;

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct ReadmeExamples;
