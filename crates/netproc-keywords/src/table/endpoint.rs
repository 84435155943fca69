//! The keywords that say where the process connects or listens.

use netproc_address::{Address, Error as AddressError, Family};
use netproc_lisp::Value;

use crate::{
    category::Category,
    definition::{Definition, Roles, Subfeature},
    draft::{Draft, Given},
    error::{Error, error_condition},
    shape::Shape,
};

/// `:host`.
pub(super) const HOST: Definition = Definition {
    keyword: ":host",
    shapes: &[Shape::Nil, Shape::Symbol("local"), Shape::String],
    summary: "Host to connect to, or address to listen on",
    doc: "A host name or a numeric address; `local` and `nil` mean this machine, which is \
          127.0.0.1, or ::1 where `:family` is `ipv6`. A server listens on that address only: \
          \"0.0.0.0\" and \"::\" stand for all interfaces, and \"::\" takes the port in IPv4 \
          as well. A name with letters outside ASCII must be given in its encoded form. A \
          local socket has no host. \
          Default: nil.",
    default: "nil",
    category: Category::Endpoint,
    roles: Roles::All,
    subfeatures: &[],
    update: host,
};

/// Checks the kind of value; what it names is looked at together with the service.
fn host<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    let value = given.value;
    if !(value.is_nil() || value.is_symbol("local") || value.as_text().is_some()) {
        return Err(given.wrong_type("stringp"));
    }
    draft.host = Some(given);
    Ok(())
}

/// `:service`.
pub(super) const SERVICE: Definition = Definition {
    keyword: ":service",
    shapes: &[
        Shape::Integer {
            minimum: 0,
            maximum: 65535,
        },
        Shape::String,
        Shape::True,
    ],
    summary: "Port, service name, or path",
    doc: "A port from 0 to 65535, the same in digits, or a name such as \"https\" that the \
          system knows. On a server, `t` and 0 let the system choose a free port, which the \
          contact then shows. Where `:family` is `local`, the path of the socket (at most 107 \
          bytes), or an abstract name after a NUL character. \
          Default: none, it must be given unless an address is.",
    default: "none, it must be given unless an address is",
    category: Category::Endpoint,
    roles: Roles::All,
    subfeatures: &[Subfeature::Pair("t")],
    update: service,
};

/// Checks the kind of value, which for a local socket is a string; the rest needs the host.
fn service<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    let local = matches!(draft.family, Some(Family::Local));
    match given.value {
        Value::String(_) => {}
        Value::Integer(_) if !local => {}
        value if !local && value.is_symbol("t") => {}
        _ => return Err(given.wrong_type("stringp")),
    }
    draft.service = Some(given);
    Ok(())
}

/// `:family`.
pub(super) const FAMILY: Definition = Definition {
    keyword: ":family",
    shapes: &[
        Shape::Nil,
        Shape::Symbol("ipv4"),
        Shape::Symbol("ipv6"),
        Shape::Symbol("local"),
        Shape::Integer {
            minimum: i32::MIN as i64,
            maximum: i32::MAX as i64,
        },
    ],
    summary: "Family of addresses",
    doc: "`ipv4` and `ipv6` keep to one kind of Internet address; `local` is a socket in the \
          file system of this machine, named by `:service`. With `nil` whatever the host name \
          gives is used. An integer is the system's own number of a family. \
          Default: nil.",
    default: "nil",
    category: Category::Endpoint,
    roles: Roles::All,
    subfeatures: &[
        Subfeature::Pair("local"),
        Subfeature::Pair("ipv4"),
        Subfeature::Pair("ipv6"),
    ],
    update: family,
};

fn family<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    draft.family =
        Family::from_value(given.value).map_err(|_| given.wrong_kind("Unknown address family"))?;
    Ok(())
}

/// `:local`.
pub(super) const LOCAL: Definition = Definition {
    keyword: ":local",
    shapes: &[Shape::Nil, Shape::Address],
    summary: "Exact address to listen on",
    doc: "The address of a server: `[a b c d port]` for IPv4, eight words and the port for \
          IPv6, a string for a local socket, `(family . bytes)` for anything else. It takes \
          the place of `:host`, `:service` and `:family`, which are then not looked at. A \
          client takes no notice of it. \
          Default: nil.",
    default: "nil",
    category: Category::Endpoint,
    roles: Roles::Server,
    subfeatures: &[],
    update: local,
};

fn local<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    draft.local = address(given)?;
    Ok(())
}

/// `:remote`.
pub(super) const REMOTE: Definition = Definition {
    keyword: ":remote",
    shapes: &[Shape::Nil, Shape::Address],
    summary: "Exact address to connect to",
    doc: "The address of a client's peer, written as for `:local`. It takes the place of \
          `:host`, `:service` and `:family`, which are then not looked at. On a datagram \
          server it is where the first messages go until somebody else is heard. Other \
          servers take no notice of it. \
          Default: nil.",
    default: "nil",
    category: Category::Endpoint,
    roles: Roles::ClientOrDatagramServer,
    subfeatures: &[],
    update: remote,
};

fn remote<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    draft.remote = address(given)?;
    Ok(())
}

/// Reads an address; nil is none.
fn address(given: Given<'_>) -> Result<Option<Address>, Error> {
    if given.value.is_nil() {
        return Ok(None);
    }
    match Address::from_value(given.value) {
        Ok(address) => Ok(Some(address)),
        Err(reason) => {
            let condition = error_condition(match reason {
                AddressError::LocalNameTooLong { .. } => "Service name too long",
                _ => "Malformed :address",
            });
            if matches!(reason, AddressError::NotAnAddress { .. }) {
                return Err(Error::Type(given.fault(FORMS, condition)));
            }
            let mut fault = given.fault("an address", condition);
            fault.hint = Some(reason.to_string());
            Err(Error::Value(fault))
        }
    }
}

/// How an address is written.
const FORMS: &str = "[a b c d port], [a b c d e f g h port], the name of a local socket, \
                     (family . bytes) or nil";

/// `:use-external-socket`.
pub(super) const USE_EXTERNAL_SOCKET: Definition = Definition {
    keyword: ":use-external-socket",
    shapes: &[Shape::Anything],
    summary: "Use a socket handed over at start",
    doc: "With any value but `nil` a server takes over the listening socket that the program \
          was started with, as service managers do on demand. Where there is none, or it was \
          taken before, a socket is opened as usual. \
          Default: nil.",
    default: "nil",
    category: Category::Endpoint,
    roles: Roles::All,
    subfeatures: &[],
    update: |draft, given| {
        draft.use_external_socket = given.value.is_true();
        Ok(())
    },
};
