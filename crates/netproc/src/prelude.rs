//! The names that most programs use, for `use netproc::prelude::*`.

pub use netproc_address::{
    Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, Service,
};
pub use netproc_coding::CodingSystem;
pub use netproc_keywords::Spec;
pub use netproc_lisp::{Text, Value};
