//! The keywords that set options of the socket, in the order in which they stand in the list.
//!
//! Unlike all other keywords they are applied each time they occur, so that the last one holds,
//! while the contact shows the first.

use netproc_address::OptionName;

use crate::{
    category::Category,
    definition::{Definition, Roles, Subfeature},
    shape::Shape,
};

/// Writes one entry whose value is on or off.
macro_rules! switch {
    ($keyword:literal, $name:ident, $summary:literal, $doc:literal, $default:literal) => {
        Definition {
            keyword: $keyword,
            shapes: &[Shape::Anything],
            summary: $summary,
            doc: concat!($doc, " Default: ", $default, "."),
            default: $default,
            category: Category::Options,
            roles: Roles::All,
            subfeatures: &[Subfeature::Keyword],
            update: |draft, given| given.option(draft, OptionName::$name),
        }
    };
}

/// `:bindtodevice`.
pub(super) const BIND_TO_DEVICE: Definition = Definition {
    keyword: ":bindtodevice",
    shapes: &[Shape::Nil, Shape::String],
    summary: "Keep to one network interface",
    doc: "The name of the interface over which alone packets may come and go, such as \"lo\"; \
          `nil` and \"\" undo it. The system may ask for privileges. \
          Default: nil.",
    default: "nil",
    category: Category::Options,
    roles: Roles::All,
    subfeatures: &[Subfeature::Keyword],
    update: |draft, given| given.option(draft, OptionName::BindToDevice),
};

/// `:broadcast`.
pub(super) const BROADCAST: Definition = switch!(
    ":broadcast",
    Broadcast,
    "Allow messages to everybody on the net",
    "With any value but `nil` a datagram process may send to broadcast addresses and receive \
     what was sent to them.",
    "nil"
);

/// `:dontroute`.
pub(super) const DONT_ROUTE: Definition = switch!(
    ":dontroute",
    DontRoute,
    "Reach hosts on the same net only",
    "With any value but `nil` nothing is sent through a router.",
    "nil"
);

/// `:keepalive`.
pub(super) const KEEP_ALIVE: Definition = switch!(
    ":keepalive",
    KeepAlive,
    "Probe a silent peer",
    "With any value but `nil` the system asks now and then whether a silent peer is still \
     there. What is accepted inherits it from the server.",
    "nil"
);

/// `:linger`.
pub(super) const LINGER: Definition = Definition {
    keyword: ":linger",
    shapes: &[
        Shape::Nil,
        Shape::Integer {
            minimum: 0,
            maximum: i32::MAX as i64,
        },
        Shape::Anything,
    ],
    summary: "Wait for unsent data on close",
    doc: "An integer is the number of seconds for which closing waits until everything \
          queued was sent; with 0 what was not sent is thrown away and the connection reset. \
          Any other value but `nil` means 0, and `nil` that the system sends the rest by itself after closing. \
          Default: nil.",
    default: "nil",
    category: Category::Options,
    roles: Roles::All,
    subfeatures: &[Subfeature::Keyword],
    update: |draft, given| given.option(draft, OptionName::Linger),
};

/// `:oobinline`.
pub(super) const OOB_INLINE: Definition = switch!(
    ":oobinline",
    OobInline,
    "Read urgent data with the rest",
    "With any value but `nil` a byte sent out of band stands in its place in the stream; else \
     it is dropped.",
    "nil"
);

/// `:priority`.
pub(super) const PRIORITY: Definition = Definition {
    keyword: ":priority",
    shapes: &[Shape::Integer {
        minimum: i32::MIN as i64,
        maximum: i32::MAX as i64,
    }],
    summary: "Priority of what is sent",
    doc: "The priority of outgoing packets, from 0 to 6 without privileges. \
          Default: 0.",
    default: "0",
    category: Category::Options,
    roles: Roles::All,
    subfeatures: &[Subfeature::Keyword],
    update: |draft, given| given.option(draft, OptionName::Priority),
};

/// `:reuseaddr`.
pub(super) const REUSE_ADDRESS: Definition = Definition {
    keyword: ":reuseaddr",
    shapes: &[Shape::Anything],
    summary: "Take over an address lately in use",
    doc: "With any value but `nil` a server may listen again on an address whose earlier \
          connections are not wholly gone. Two servers still cannot share one. Leaving this \
          option out differs from `nil`. \
          Default: t on Internet servers, else nil.",
    default: "t on Internet servers, else nil",
    category: Category::Options,
    roles: Roles::All,
    subfeatures: &[Subfeature::Keyword],
    update: |draft, given| {
        draft.reuse_address_given = true;
        given.option(draft, OptionName::ReuseAddress)
    },
};

/// `:nodelay`, which Emacs does not have.
pub(super) const NO_DELAY: Definition = switch!(
    ":nodelay",
    NoDelay,
    "Send small pieces at once",
    "With any value but `nil` the system does not hold back small writes to join them with \
     later ones. It means TCP alone. Emacs has no such keyword.",
    "nil"
);
