//! What std asks of a text: making, comparing, hashing and printing it.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::{Char, Form, Text};

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Form::Utf8(text.to_owned()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Form::Utf8(text))
    }
}

impl FromIterator<Char> for Text {
    fn from_iter<I: IntoIterator<Item = Char>>(characters: I) -> Self {
        let mut text = Self::new();
        text.extend(characters);
        text
    }
}

impl Extend<Char> for Text {
    fn extend<I: IntoIterator<Item = Char>>(&mut self, characters: I) {
        characters
            .into_iter()
            .for_each(|character| self.push_char(character));
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        if self.is_multibyte() == other.is_multibyte() {
            self.internal_bytes() == other.internal_bytes()
        } else {
            self.chars().eq(other.chars())
        }
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // By character, since equal texts may be stored differently.
        for character in self.chars() {
            state.write_u32(character.code());
        }
        state.write_u8(0xFF);
    }
}

impl fmt::Display for Text {
    /// Writes the text itself, with U+FFFD in place of each character outside Unicode.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.to_string_lossy())
    }
}

impl fmt::Debug for Text {
    /// Writes the text as Lisp source.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::printer::write_string(self, formatter)
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}
