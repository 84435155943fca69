//! Keyword lists and a typed builder for network processes, both to one [`Spec`].
//!
//! What `make-network-process` is told is a list of keywords and values. This crate knows every
//! such keyword ([`table`]), reads lists ([`RawSpec`]), finds out what they mean ([`Spec`]) and
//! tells what is wrong with them ([`Error`], [`Diagnostic`]) in words for people and in the
//! conditions that Emacs signals. It opens nothing and asks the system nothing.
//!
//! ```
//! use netproc_keywords::{Endpoint, Spec};
//!
//! let read: Spec = r#"(:name "web" :host "localhost" :service "http" :nowait t)"#.parse()?;
//! let built = Spec::client("web").host("localhost").service("http").nowait(true).build()?;
//! assert_eq!(read, built);
//! assert!(matches!(read.endpoint, Endpoint::Internet { .. }));
//! # Ok::<(), netproc_keywords::Error>(())
//! ```
#![forbid(unsafe_code)]

mod arguments;
mod builder;
mod category;
mod definition;
mod diagnostic;
mod document;
mod draft;
mod error;
mod nearest;
mod raw;
mod resolve;
mod shape;
mod spec;
mod table;
mod warnings;

pub use crate::{
    arguments::{Argument, Arguments},
    builder::{Builder, Client, Server},
    category::Category,
    definition::{Definition, Roles, Subfeature},
    diagnostic::{Diagnostic, Severity},
    document::{json, markdown},
    error::{Error, Fault},
    nearest::nearest,
    raw::{Entry, RawSpec},
    shape::Shape,
    spec::{BufferSetting, CodingPair, Endpoint, Role, Spec},
    table::{complete, features, has_feature, lookup, table},
};

/// The examples of the README, run with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
