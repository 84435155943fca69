//! What can be sent: text, a Rust string, or bytes.

use std::borrow::Cow;

use netproc_lisp::Text;

/// Something to send on a process.
///
/// Text and strings go through the process's encoder. Bytes do too, as Emacs's unibyte strings
/// do: only their line ends are converted, and only if the coding system asks for it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "strings are text or bytes")]
pub enum Payload<'a> {
    /// Text as a filter gets it.
    Text(&'a Text),
    /// A Rust string.
    Str(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> Payload<'a> {
    /// Returns the payload as text.
    pub(crate) fn to_text(self) -> Cow<'a, Text> {
        match self {
            Payload::Text(text) => Cow::Borrowed(text),
            Payload::Str(string) => Cow::Owned(Text::from(string)),
            Payload::Bytes(bytes) => Cow::Owned(Text::unibyte(bytes)),
        }
    }
}

impl<'a> From<&'a Text> for Payload<'a> {
    fn from(text: &'a Text) -> Self {
        Payload::Text(text)
    }
}

impl<'a> From<&'a str> for Payload<'a> {
    fn from(string: &'a str) -> Self {
        Payload::Str(string)
    }
}

impl<'a> From<&'a String> for Payload<'a> {
    fn from(string: &'a String) -> Self {
        Payload::Str(string)
    }
}

impl<'a> From<&'a [u8]> for Payload<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Payload::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Payload<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Payload::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Payload<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Payload::Bytes(bytes)
    }
}
