//! The names of local (Unix) sockets.

use std::borrow::Borrow;
use std::ffi::CStr;
use std::fmt;
use std::ops::Deref;

use netproc_lisp::{Text, Value};

use crate::Error;

/// The name of a local socket.
///
/// As Lisp it is a string: a path, or an abstract name after one NUL character, or the empty
/// string for a socket that has no name.
///
/// ```
/// use netproc_address::LocalName;
/// use netproc_lisp::Text;
///
/// assert!(matches!(LocalName::path("/run/x")?, LocalName::Path(path) if *path == *b"/run/x"));
/// assert_eq!(LocalName::from_text(&Text::from("\0bus"))?, LocalName::abstract_name("bus")?);
/// # Ok::<(), netproc_address::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "unix(7) names these three")]
pub enum LocalName {
    /// No name, as sockets have that were never bound.
    #[default]
    Unnamed,
    /// A path in the file system, not empty and without NUL.
    Path(NameBytes),
    /// A name of Linux's abstract namespace, without the NUL that marks it.
    Abstract(NameBytes),
}

impl LocalName {
    /// The most bytes of a path, or of an abstract name without its NUL.
    pub const MAX_BYTES: usize = 107;

    /// Returns the name of a path; of an empty one, [`Unnamed`](Self::Unnamed).
    ///
    /// The path is taken as it stands: nothing is expanded.
    ///
    /// # Errors
    ///
    /// [`Error::LocalNameTooLong`] and [`Error::LocalNameNul`].
    pub fn path(path: impl AsRef<[u8]>) -> Result<Self, Error> {
        let path = path.as_ref();
        if let Ok(before) = CStr::from_bytes_until_nul(path) {
            let offset = before.count_bytes();
            return Err(Error::LocalNameNul { offset });
        }
        if path.is_empty() {
            Ok(Self::Unnamed)
        } else {
            NameBytes::new(path).map(Self::Path)
        }
    }

    /// Returns an abstract name, given without the NUL that marks it.
    ///
    /// # Errors
    ///
    /// [`Error::LocalNameTooLong`].
    pub fn abstract_name(name: impl AsRef<[u8]>) -> Result<Self, Error> {
        NameBytes::new(name.as_ref()).map(Self::Abstract)
    }

    /// Reads a name as Lisp has it.
    ///
    /// # Errors
    ///
    /// [`Error::LocalNameTooLong`] and [`Error::LocalNameNul`]. (Emacs cuts such names.)
    pub fn from_text(text: &Text) -> Result<Self, Error> {
        let bytes = text.as_bytes();
        match bytes.strip_prefix(&[0]) {
            Some(name) => Self::abstract_name(name),
            None => Self::path(bytes),
        }
    }

    /// Returns the name as Lisp has it.
    pub fn to_text(&self) -> Text {
        match self {
            Self::Unnamed => Text::new(),
            Self::Path(path) => Text::from_bytes(path),
            Self::Abstract(name) => {
                let mut text = Text::from("\0");
                text.push_text(&Text::from_bytes(name));
                text
            }
        }
    }

    /// Returns the name as a Lisp string.
    pub fn to_value(&self) -> Value {
        Value::from(self.to_text())
    }

    /// Returns the path, if it is one.
    pub fn as_path(&self) -> Option<&[u8]> {
        if let Self::Path(path) = self {
            Some(path)
        } else {
            None
        }
    }
}

/// One to 107 bytes of a path, or none to 107 of an abstract name. Made by [`LocalName`] only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameBytes(Box<[u8]>);

impl NameBytes {
    fn new(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > LocalName::MAX_BYTES {
            return Err(Error::LocalNameTooLong {
                length: bytes.len(),
            });
        }
        Ok(Self(bytes.into()))
    }
}

impl Deref for NameBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for NameBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for NameBytes {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for NameBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_at_most_107_bytes_and_no_nul() {
        assert!(LocalName::path([b'x'; 107]).is_ok());
        assert_eq!(
            LocalName::path([b'x'; 108]),
            Err(Error::LocalNameTooLong { length: 108 })
        );
        assert_eq!(
            LocalName::path("/a\0b"),
            Err(Error::LocalNameNul { offset: 2 })
        );
    }

    #[test]
    fn an_abstract_name_has_at_most_107_bytes_and_may_have_nul() {
        assert!(LocalName::abstract_name([0; 107]).is_ok());
        assert!(LocalName::abstract_name([0; 108]).is_err());
        assert!(LocalName::abstract_name("").is_ok());
    }

    #[test]
    fn names_are_strings_in_lisp() {
        for (text, name) in [
            (Text::from(""), LocalName::Unnamed),
            (Text::from("/tmp/é"), LocalName::path("/tmp/é").unwrap()),
            (
                Text::from("\0cli\0x"),
                LocalName::abstract_name("cli\0x").unwrap(),
            ),
            (Text::from("\0"), LocalName::abstract_name("").unwrap()),
            (
                Text::from_bytes(b"/\xFF"),
                LocalName::path(b"/\xFF").unwrap(),
            ),
        ] {
            assert_eq!(LocalName::from_text(&text), Ok(name.clone()));
            assert_eq!(name.to_text(), text);
        }
    }
}
