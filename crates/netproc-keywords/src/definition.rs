//! What one entry of the keyword table says.

use std::fmt;

use netproc_address::Kind;
use netproc_lisp::Value;

use crate::{
    category::Category,
    draft::{Draft, Given},
    error::Error,
    resolve::endpoint,
    shape::Shape,
    spec::Role,
};

/// One keyword: what it takes, what it means, what holds without it.
///
/// ```
/// let linger = netproc_keywords::lookup(":linger").unwrap();
/// assert_eq!(linger.summary, "Wait for unsent data on close");
/// assert_eq!(linger.default, "nil");
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Definition {
    /// The keyword with its colon.
    pub keyword: &'static str,
    /// The kinds of value that it takes, the most usual first.
    pub shapes: &'static [Shape],
    /// What it is for, in a few words and without a full stop.
    pub summary: &'static str,
    /// What it is for in full, ending with `Default: ` and the default.
    pub doc: &'static str,
    /// What holds where it is left out.
    pub default: &'static str,
    /// The group it belongs to.
    pub category: Category,
    /// The processes for which it means something.
    pub roles: Roles,
    /// What `featurep` answers for it.
    pub subfeatures: &'static [Subfeature],
    /// Checks a value and writes it into the draft; nothing else.
    pub(crate) update: Update,
}

/// How a definition takes a value.
pub(crate) type Update = for<'a> fn(&mut Draft<'a>, Given<'a>) -> Result<(), Error>;

impl Definition {
    /// Tells whether this is an option of the socket, which can be set on a living process.
    pub fn is_option(&self) -> bool {
        self.category == Category::Options
    }

    /// Tells whether every value is right, nil meaning off.
    pub fn is_switch(&self) -> bool {
        self.shapes == [Shape::Anything]
    }

    /// Returns the kinds of value as one phrase, such as `nil, local or a string`.
    pub fn expected(&self) -> String {
        let mut phrase = String::new();
        for (index, shape) in self.shapes.iter().enumerate() {
            if index > 0 {
                phrase.push_str(if index + 1 == self.shapes.len() {
                    " or "
                } else {
                    ", "
                });
            }
            phrase.push_str(shape.article());
            phrase.push_str(&shape.to_string());
        }
        phrase
    }

    /// Checks one value by itself, as far as that goes without the other keywords.
    ///
    /// ```
    /// let family = netproc_keywords::lookup(":family").unwrap();
    /// let error = family.check(&5.5.into()).unwrap_err();
    /// assert_eq!(error.condition().to_string(), r#"(error "Unknown address family")"#);
    /// ```
    ///
    /// # Errors
    ///
    /// What [`RawSpec::resolve`](crate::RawSpec::resolve) would say of it.
    pub fn check(&self, value: &Value) -> Result<(), Error> {
        let given = Given {
            keyword: self.keyword,
            value,
            span: None,
            present: true,
        };
        let mut draft = Draft::default();
        (self.update)(&mut draft, given)?;
        endpoint::check_alone(&draft)
    }

    /// Returns what can be offered to somebody who types a value, in Lisp syntax.
    pub fn candidates(&self) -> Vec<String> {
        let mut candidates = Vec::new();
        for candidate in self.shapes.iter().flat_map(|shape| shape.candidates()) {
            if !candidates.contains(&candidate) {
                candidates.push(candidate);
            }
        }
        candidates
    }

    /// Returns the subfeatures of `make-network-process` that this keyword stands for.
    pub fn features(&self) -> impl Iterator<Item = Value> {
        let keyword = self.keyword;
        self.subfeatures
            .iter()
            .map(move |subfeature| match subfeature {
                Subfeature::Keyword => Value::symbol(keyword),
                Subfeature::Pair(value) => {
                    Value::list([Value::symbol(keyword), Value::symbol(value)])
                }
            })
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Definition")
            .field(&self.keyword)
            .finish()
    }
}

/// One way in which `(featurep 'make-network-process …)` can ask for a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subfeature {
    /// The keyword itself.
    Keyword,
    /// A list of the keyword and this symbol.
    Pair(&'static str),
}

/// The processes for which a keyword means something; for others it is kept and ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roles {
    /// All.
    All,
    /// Clients.
    Client,
    /// Servers.
    Server,
    /// Servers that accept connections, that is, not datagram ones.
    StreamServer,
    /// Clients, and servers of datagrams.
    ClientOrDatagramServer,
}

impl Roles {
    /// Tells whether a process of that role and kind is among them.
    pub fn include(self, role: Role, kind: Kind) -> bool {
        let datagram = kind == Kind::Datagram;
        match self {
            Self::All => true,
            Self::Client => !role.is_server(),
            Self::Server => role.is_server(),
            Self::StreamServer => role.is_server() && !datagram,
            Self::ClientOrDatagramServer => !role.is_server() || datagram,
        }
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::All => "clients and servers",
            Self::Client => "clients",
            Self::Server => "servers",
            Self::StreamServer => "stream and seqpacket servers",
            Self::ClientOrDatagramServer => "clients and datagram servers",
        })
    }
}
