//! Keyword lists and addresses in their forms, and Lisp as text.

use std::hint::black_box;

use netproc_address::Address;
use netproc_keywords::Spec;

use super::{Step, often};
use crate::server::Failure;

/// Ten keywords.
pub(crate) const LIST: &str = r#"(:name "web" :host "localhost" :service 8080 :family ipv4
 :buffer "*web*" :coding (utf-8-unix . utf-8-unix) :noquery t :keepalive t
 :nodelay t :plist (color blue size 12))"#;

/// The address that goes through its forms.
pub(crate) const ADDRESS: &str = "192.168.17.4:49152";

pub(super) fn list_to_spec() -> Result<Step, Failure> {
    let value = netproc_lisp::read(LIST)?;
    Ok(often(move || Spec::from_value(black_box(&value))))
}

pub(super) fn text_to_spec() -> Step {
    often(|| black_box(LIST).parse::<Spec>())
}

pub(super) fn address_from_lisp() -> Result<Step, Failure> {
    let value = ADDRESS.parse::<Address>()?.to_value();
    Ok(often(move || {
        Address::from_value(black_box(&value)).map(|address| address.to_sockaddr())
    }))
}

pub(super) fn address_to_lisp() -> Result<Step, Failure> {
    let bytes = ADDRESS.parse::<Address>()?.to_sockaddr();
    Ok(often(move || {
        Address::from_sockaddr(black_box(bytes.as_slice())).map(|address| address.to_value())
    }))
}

pub(super) fn read_lisp() -> Step {
    often(|| netproc_lisp::read(black_box(LIST)))
}

pub(super) fn print_lisp() -> Result<Step, Failure> {
    let value = netproc_lisp::read(LIST)?;
    Ok(often(move || black_box(&value).to_string()))
}
