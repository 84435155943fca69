//! The groups into which the keywords fall, in the order in which the documents show them.

use std::fmt;

/// What a keyword is about.
///
/// ```
/// use netproc_keywords::{Category, lookup};
///
/// assert_eq!(lookup(":host").unwrap().category, Category::Endpoint);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// What the process is: its name, kind and role, and how it begins.
    Identity,
    /// Where it connects or listens.
    Endpoint,
    /// What happens to the bytes, and who is told.
    Traffic,
    /// Options of the socket, which can also be set later.
    Options,
    /// Encryption.
    Tls,
}

impl Category {
    /// All categories, in the order of the documents.
    pub const ALL: [Self; 5] = [
        Self::Identity,
        Self::Endpoint,
        Self::Traffic,
        Self::Options,
        Self::Tls,
    ];

    /// Returns the word that stands for the category in the JSON form of the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Endpoint => "endpoint",
            Self::Traffic => "traffic",
            Self::Options => "options",
            Self::Tls => "tls",
        }
    }

    /// Returns the heading under which the documents show the category.
    pub fn title(self) -> &'static str {
        match self {
            Self::Identity => "What the process is",
            Self::Endpoint => "Where it connects or listens",
            Self::Traffic => "What happens to the bytes, and who is told",
            Self::Options => "Options of the socket",
            Self::Tls => "Encryption",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
