//! The keywords that say what the process is: its name, kind and role, and how it begins.

use netproc_address::Kind;
use netproc_lisp::Value;

use crate::{
    category::Category,
    definition::{Definition, Roles, Subfeature},
    draft::{Draft, Given},
    error::Error,
    shape::Shape,
};

/// `:name`.
pub(super) const NAME: Definition = Definition {
    keyword: ":name",
    shapes: &[Shape::String],
    summary: "Name of the process",
    doc: "The string by which the process is known. Where a living process has that name \
          already, `<1>`, `<2>` and so on is put after it until it is unique; the contact \
          keeps the name as it was given. \
          Default: none, it must be given.",
    default: "none, it must be given",
    category: Category::Identity,
    roles: Roles::All,
    subfeatures: &[],
    update: name,
};

fn name<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    let text = given
        .value
        .as_text()
        .ok_or_else(|| given.wrong_type("stringp"))?;
    draft.name = Some(match text.as_str() {
        Some(name) => name.into(),
        // A name is for people; bytes that are no characters show as replacement characters.
        None => text.to_string_lossy().into(),
    });
    Ok(())
}

/// `:type`.
pub(super) const TYPE: Definition = Definition {
    keyword: ":type",
    shapes: &[
        Shape::Nil,
        Shape::Symbol("datagram"),
        Shape::Symbol("seqpacket"),
    ],
    summary: "Kind of communication",
    doc: "With `nil` bytes flow as one stream. `datagram` sends each message by itself, to \
          wherever the process is aimed at the time. `seqpacket` is a connection that keeps \
          the bounds of its messages, which Linux offers for local sockets. Clients and \
          servers exist of all three. \
          Default: nil.",
    default: "nil",
    category: Category::Identity,
    roles: Roles::All,
    subfeatures: &[Subfeature::Pair("datagram"), Subfeature::Pair("seqpacket")],
    update: kind,
};

fn kind<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    draft.kind = Kind::from_value(given.value)
        .map_err(|_| given.wrong_kind("Unsupported connection type"))?;
    Ok(())
}

/// `:server`.
pub(super) const SERVER: Definition = Definition {
    keyword: ":server",
    shapes: &[
        Shape::Integer {
            minimum: i32::MIN as i64,
            maximum: i32::MAX as i64,
        },
        Shape::Anything,
    ],
    summary: "Listen instead of connecting",
    doc: "Any value but `nil` makes a server. An integer is also the number of connections \
          that may wait to be accepted, handed to the system as it stands (so 0 stays 0); \
          every other value, and an integer that does not fit into 32 bits, means 5. \
          Cannot be joined with `:nowait`. \
          Default: nil.",
    default: "nil",
    category: Category::Identity,
    roles: Roles::All,
    subfeatures: &[Subfeature::Pair("t")],
    update: |draft, given| {
        draft.server = given.value.is_true().then(|| {
            given
                .value
                .as_integer()
                .and_then(|backlog| i32::try_from(backlog).ok())
                .unwrap_or(DEFAULT_BACKLOG)
        });
        Ok(())
    },
};

/// The length of the queue of a server that names none.
const DEFAULT_BACKLOG: i32 = 5;

/// `:nowait`.
pub(super) const NOWAIT: Definition = Definition {
    keyword: ":nowait",
    shapes: &[Shape::Anything],
    summary: "Return before the connection is made",
    doc: "With any value but `nil` the client is returned at once, with status `connect`; name \
          lookup, connection and TLS handshake follow, and the sentinel is told how they ended, \
          by a string that begins with `open` or `failed`. \
          Default: nil.",
    default: "nil",
    category: Category::Identity,
    roles: Roles::Client,
    subfeatures: &[Subfeature::Pair("t")],
    update: |draft, given| {
        draft.nowait = given.value.is_true();
        Ok(())
    },
};

/// `:stop`.
pub(super) const STOP: Definition = Definition {
    keyword: ":stop",
    shapes: &[Shape::Anything],
    summary: "Begin in the stopped state",
    doc: "With any value but `nil` the process neither reads nor accepts until it is \
          continued. Connections accepted by a server that began stopped are not stopped. \
          Default: nil.",
    default: "nil",
    category: Category::Identity,
    roles: Roles::All,
    subfeatures: &[],
    update: |draft, given| {
        draft.stopped = given.value.is_true();
        Ok(())
    },
};

/// `:noquery`.
pub(super) const NOQUERY: Definition = Definition {
    keyword: ":noquery",
    shapes: &[Shape::Anything],
    summary: "Do not ask about this process on exit",
    doc: "With any value but `nil` the flag that asks before exit is clear from the start. \
          Connections accepted by a server have the flag set, whatever the server says. \
          Default: nil.",
    default: "nil",
    category: Category::Identity,
    roles: Roles::All,
    subfeatures: &[],
    update: |draft, given| {
        draft.noquery = given.value.is_true();
        Ok(())
    },
};

/// `:plist`.
pub(super) const PLIST: Definition = Definition {
    keyword: ":plist",
    shapes: &[Shape::List],
    summary: "Property list of the process",
    doc: "The property list with which the process begins. It is copied at its top level, and \
          accepted connections get a copy of their server's. \
          Default: nil.",
    default: "nil",
    category: Category::Identity,
    roles: Roles::All,
    subfeatures: &[],
    update: plist,
};

fn plist<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    match given.value {
        Value::Nil | Value::Cons(_) => {
            if let Err(improper) = given.value.list_iter() {
                return Err(given.wrong_type_of("listp", improper.tail()));
            }
        }
        // Emacs would copy these as well, and then find no property in them.
        Value::String(_) | Value::Vector(_) => return Err(given.wrong_type("listp")),
        _ => return Err(given.wrong_type("sequencep")),
    }
    draft.plist = given.value.clone();
    Ok(())
}
