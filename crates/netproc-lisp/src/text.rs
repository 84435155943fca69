//! Text as Emacs has it: characters, and bytes that belong to no character.

use std::borrow::Cow;
use std::fmt;
use std::mem;
use std::string::FromUtf8Error;

mod character;
mod chars;
mod traits;

pub use self::character::Char;
pub use self::chars::Chars;

/// A string as Emacs has it, which loses nothing of what came over a wire.
///
/// It is either *multibyte*, a sequence of [`Char`]s, or *unibyte*, a sequence of bytes. Plain
/// Unicode text, by far the most common, is held as a `String` and is there as `&str` at no cost.
/// A byte that could not be decoded is a character of its own, [`Char::Raw`].
///
/// Two texts are equal if they have the same characters, a high byte of a unibyte text counting
/// as a raw byte. (Emacs's `equal` says no when just one of two such texts is unibyte.)
///
/// ```
/// use netproc_lisp::{Char, Text};
///
/// let mut text = Text::from("naïve ");
/// assert_eq!(text.as_str(), Some("naïve "));
/// text.push_raw(0xFF);
/// assert_eq!(text.as_str(), None);
/// assert_eq!(text.chars().last(), Some(Char::Raw(0xFF)));
/// assert_eq!(text.to_string(), "naïve \u{FFFD}");
/// ```
#[derive(Clone)]
pub struct Text(Form);

#[derive(Clone)]
enum Form {
    Utf8(String),
    /// The internal encoding, with at least one character outside Unicode.
    Internal(Vec<u8>),
    Unibyte(Vec<u8>),
}

impl Text {
    /// Returns an empty multibyte text.
    pub const fn new() -> Self {
        Self(Form::Utf8(String::new()))
    }

    /// Returns an empty multibyte text with room for that many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Form::Utf8(String::with_capacity(bytes)))
    }

    /// Returns a unibyte text of those bytes.
    #[doc(alias = "unibyte-string")]
    pub fn unibyte(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Form::Unibyte(bytes.into()))
    }

    /// Takes bytes of the internal encoding, as [`internal_bytes`](Self::internal_bytes) gives them
    /// for a multibyte text.
    ///
    /// This encoding is UTF-8, extended to numbers up to 0x3FFF7F in at most five bytes and to
    /// surrogates; a raw byte is 0xC0 or 0xC1 and one more byte.
    ///
    /// # Errors
    ///
    /// [`MalformedText`] with the place of the first bytes that are no character.
    pub fn from_internal(bytes: Vec<u8>) -> Result<Self, MalformedText> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::from(text)),
            Err(error) => {
                let mut offset = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                while offset < bytes.len() {
                    match character::decode_internal(&bytes[offset..]) {
                        Some((_, length)) => offset += length,
                        None => return Err(MalformedText { offset }),
                    }
                }
                Ok(Self(Form::Internal(bytes)))
            }
        }
    }

    /// Appends Unicode text.
    pub fn push_str(&mut self, text: &str) {
        match &mut self.0 {
            Form::Utf8(own) => own.push_str(text),
            Form::Internal(own) => own.extend_from_slice(text.as_bytes()),
            Form::Unibyte(own) if text.is_ascii() => own.extend_from_slice(text.as_bytes()),
            Form::Unibyte(_) => {
                self.make_multibyte();
                self.push_str(text);
            }
        }
    }

    /// Appends one character.
    ///
    /// An [`Extended`](Char::Extended) number that is no character becomes U+FFFD.
    pub fn push_char(&mut self, character: Char) {
        match character.normalized() {
            Some(Char::Unicode(unicode)) => self.push_str(unicode.encode_utf8(&mut [0; 4])),
            Some(Char::Raw(byte)) => self.push_raw(byte),
            Some(extended) => self.push_outside_unicode(extended),
            None => self.push_str("\u{FFFD}"),
        }
    }

    /// Appends one byte: ASCII as that character, any other as a raw byte.
    pub fn push_raw(&mut self, byte: u8) {
        match &mut self.0 {
            Form::Unibyte(own) => own.push(byte),
            Form::Utf8(own) if byte.is_ascii() => own.push(byte.into()),
            Form::Internal(own) if byte.is_ascii() => own.push(byte),
            _ => self.push_outside_unicode(Char::Raw(byte)),
        }
    }

    /// Appends bytes, each as [`push_raw`](Self::push_raw) does; to a unibyte text at one stroke.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        if let Form::Unibyte(own) = &mut self.0 {
            own.extend_from_slice(bytes);
        } else {
            for run in bytes.chunk_by(|one, two| one.is_ascii() == two.is_ascii()) {
                match str::from_utf8(run) {
                    Ok(ascii) if ascii.is_ascii() => self.push_str(ascii),
                    _ => run.iter().for_each(|&byte| self.push_raw(byte)),
                }
            }
        }
    }

    /// Appends a text; the result is unibyte only if both are.
    #[doc(alias = "concat")]
    pub fn push_text(&mut self, text: &Self) {
        match &text.0 {
            Form::Unibyte(bytes) => self.push_bytes(bytes),
            Form::Utf8(text) => {
                self.make_multibyte();
                self.push_str(text);
            }
            Form::Internal(bytes) => {
                self.make_multibyte();
                let mut own = mem::take(self).into_internal_bytes();
                own.extend_from_slice(bytes);
                self.0 = Form::Internal(own);
            }
        }
    }

    /// Removes everything, keeps the memory, and leaves the text as multibyte as it was.
    pub fn clear(&mut self) {
        self.reset(self.is_multibyte());
    }

    /// Removes everything, keeps the memory, and makes the text multibyte or unibyte.
    pub fn reset(&mut self, multibyte: bool) {
        let mut bytes = mem::take(self).into_internal_bytes();
        bytes.clear();
        self.0 = if multibyte {
            // No bytes are valid UTF-8.
            Form::Utf8(String::from_utf8(bytes).unwrap_or_default())
        } else {
            Form::Unibyte(bytes)
        };
    }

    /// Makes room for that many more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        match &mut self.0 {
            Form::Utf8(own) => own.reserve(bytes),
            Form::Internal(own) | Form::Unibyte(own) => own.reserve(bytes),
        }
    }

    /// Makes a unibyte text multibyte, its high bytes becoming raw bytes.
    #[doc(alias = "string-to-multibyte")]
    pub fn make_multibyte(&mut self) {
        let Form::Unibyte(bytes) = &mut self.0 else {
            return;
        };
        match String::from_utf8(mem::take(bytes)) {
            Ok(text) if text.is_ascii() => self.0 = Form::Utf8(text),
            other => {
                let bytes = other.map_or_else(FromUtf8Error::into_bytes, String::into_bytes);
                *self = Self::with_capacity(bytes.len() * 2);
                self.push_bytes(&bytes);
            }
        }
    }

    /// Returns whether the text is a sequence of characters rather than of bytes.
    #[doc(alias = "multibyte-string-p")]
    pub fn is_multibyte(&self) -> bool {
        !matches!(self.0, Form::Unibyte(_))
    }

    /// Returns the text if all its characters are Unicode.
    ///
    /// This costs nothing for a multibyte text. A unibyte text is looked through for high bytes.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Form::Utf8(text) => Some(text),
            Form::Unibyte(bytes) if bytes.is_ascii() => str::from_utf8(bytes).ok(),
            Form::Internal(_) | Form::Unibyte(_) => None,
        }
    }

    /// Returns whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.internal_bytes().is_empty()
    }

    /// Returns the number of characters.
    #[doc(alias = "length")]
    pub fn char_count(&self) -> usize {
        match &self.0 {
            Form::Utf8(text) => text.chars().count(),
            Form::Internal(bytes) => bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count(),
            Form::Unibyte(bytes) => bytes.len(),
        }
    }

    /// Returns the number of bytes it is stored in.
    #[doc(alias = "string-bytes")]
    pub fn byte_len(&self) -> usize {
        self.internal_bytes().len()
    }

    /// Returns an iterator over the characters; a high byte of a unibyte text is a raw byte.
    pub fn chars(&self) -> Chars<'_> {
        Chars::new(self.internal_bytes(), self.is_multibyte())
    }

    /// Returns the bytes as they are stored: the internal encoding of a multibyte text (see
    /// [`from_internal`](Self::from_internal)), the bytes themselves of a unibyte text.
    pub fn internal_bytes(&self) -> &[u8] {
        match &self.0 {
            Form::Utf8(text) => text.as_bytes(),
            Form::Internal(bytes) | Form::Unibyte(bytes) => bytes,
        }
    }

    /// Returns the bytes of a unibyte text.
    pub fn as_unibyte(&self) -> Option<&[u8]> {
        if let Form::Unibyte(bytes) = &self.0 {
            Some(bytes)
        } else {
            None
        }
    }

    /// Returns the text in UTF-8, with each raw byte as that byte.
    ///
    /// This is what names of files and sockets are made of. Characters outside Unicode that are
    /// not raw bytes come in their internal encoding.
    pub fn as_bytes(&self) -> Cow<'_, [u8]> {
        match &self.0 {
            Form::Utf8(text) => Cow::Borrowed(text.as_bytes()),
            Form::Unibyte(bytes) => Cow::Borrowed(bytes),
            Form::Internal(bytes) => {
                let mut out = Vec::with_capacity(bytes.len());
                for character in self.chars() {
                    match character {
                        Char::Raw(byte) => out.push(byte),
                        other => character::push_internal(other, &mut out),
                    }
                }
                Cow::Owned(out)
            }
        }
    }

    /// Makes the text of bytes that are mostly UTF-8: what is not becomes raw bytes.
    ///
    /// [`as_bytes`](Self::as_bytes) gives the same bytes back.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut text = Self::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.push_bytes(chunk.invalid());
        }
        text
    }

    /// Turns the text into a `String`.
    ///
    /// # Errors
    ///
    /// The text itself, when it has characters outside Unicode.
    pub fn into_string(self) -> Result<String, Self> {
        match self.0 {
            Form::Utf8(text) => Ok(text),
            Form::Unibyte(bytes) if bytes.is_ascii() => {
                String::from_utf8(bytes).map_err(|error| Self::unibyte(error.into_bytes()))
            }
            other => Err(Self(other)),
        }
    }

    /// Returns the text with U+FFFD in place of each character outside Unicode.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match self.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(
                self.chars()
                    .map(|character| {
                        character
                            .to_unicode()
                            .unwrap_or(char::REPLACEMENT_CHARACTER)
                    })
                    .collect(),
            ),
        }
    }

    /// Appends a normalized character that is not a Unicode one.
    fn push_outside_unicode(&mut self, character: Char) {
        self.make_multibyte();
        let mut own = mem::take(self).into_internal_bytes();
        character::push_internal(character, &mut own);
        self.0 = Form::Internal(own);
    }

    /// Returns the bytes as they are stored, and the memory they are in; see
    /// [`internal_bytes`](Self::internal_bytes).
    pub fn into_internal_bytes(self) -> Vec<u8> {
        match self.0 {
            Form::Utf8(text) => text.into_bytes(),
            Form::Internal(bytes) | Form::Unibyte(bytes) => bytes,
        }
    }
}

/// The error of bytes that are not in the internal encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedText {
    offset: usize,
}

impl MalformedText {
    /// Returns where the first malformed character starts.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for MalformedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no character's internal encoding at byte {}",
            self.offset
        )
    }
}

impl std::error::Error for MalformedText {}
