//! UTF-8, extended as in Emacs to numbers beyond Unicode; what is no character stays raw bytes.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use netproc_lisp::Char;

use crate::sink::Sink;

/// The byte order mark in UTF-8.
pub(crate) const SIGNATURE: &[u8] = b"\xEF\xBB\xBF";

/// What stands at the front of bytes that are not valid UTF-8 there.
pub(crate) enum Sequence {
    /// A character beyond Unicode, and its length.
    Extended(Char, usize),
    /// The beginning of a character.
    Incomplete,
    /// A byte that belongs to no character.
    Invalid,
}

pub(crate) fn decode(bytes: &[u8], last: bool, sink: &mut Sink<'_>) -> usize {
    let whole = UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    if let Some(Cow::Borrowed(text)) = whole {
        sink.text(text);
        return bytes.len();
    }
    let mut done = 0;
    loop {
        let rest = &bytes[done..];
        let (text, length) = valid_prefix(rest);
        if !text.is_empty() {
            sink.text(text);
        }
        done += length;
        let Some(&first) = bytes.get(done) else {
            return done;
        };
        match sequence(&bytes[done..]) {
            Sequence::Extended(character, length) => {
                sink.extended(character);
                done += length;
            }
            Sequence::Incomplete if !last => return done,
            Sequence::Incomplete | Sequence::Invalid => {
                sink.raw(first);
                done += 1;
            }
        }
    }
}

/// Returns the text at the front of `bytes` and its length.
pub(crate) fn valid_prefix(bytes: &[u8]) -> (&str, usize) {
    let length = Encoding::utf8_valid_up_to(bytes);
    match UTF_8.decode_without_bom_handling_and_without_replacement(&bytes[..length]) {
        Some(Cow::Borrowed(text)) => (text, length),
        _ => ("", 0),
    }
}

/// Looks at the front of `bytes`, which is not valid UTF-8.
pub(crate) fn sequence(bytes: &[u8]) -> Sequence {
    let Some(&lead) = bytes.first() else {
        return Sequence::Incomplete;
    };
    let (length, seconds) = match lead {
        0xC2..=0xDF => (2, 0x80..=0xBF),
        0xE0 => (3, 0xA0..=0xBF),
        0xED => (3, 0x80..=0x9F),
        0xE1..=0xEF => (3, 0x80..=0xBF),
        0xF0 => (4, 0x90..=0xBF),
        0xF1..=0xF7 => (4, 0x80..=0xBF),
        0xF8 => (5, 0x88..=0x8F),
        _ => return Sequence::Invalid,
    };
    let mut code = u32::from(lead) & (0xFF >> (length + 1));
    for index in 1..length {
        match bytes.get(index) {
            None => return Sequence::Incomplete,
            Some(byte) if index == 1 && !seconds.contains(byte) => return Sequence::Invalid,
            Some(byte) if byte & 0xC0 != 0x80 => return Sequence::Invalid,
            Some(byte) => code = code << 6 | u32::from(byte & 0x3F),
        }
    }
    match Char::from_code(code) {
        None | Some(Char::Raw(_)) => Sequence::Invalid,
        Some(character) => Sequence::Extended(character, length),
    }
}

/// Returns whether the bytes have the shape of UTF-8, overlong forms and surrogates included.
///
/// Emacs takes such data for UTF-8 and keeps the impossible parts as raw bytes.
pub(crate) fn has_shape(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((&lead, tail)) = rest.split_first() {
        let more = match lead {
            0x00..=0x7F => 0,
            0xC0..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF7 => 3,
            _ => return false,
        };
        let Some(following) = tail.get(..more) else {
            return false;
        };
        if following.iter().any(|byte| byte & 0xC0 != 0x80) {
            return false;
        }
        rest = &tail[more..];
    }
    true
}
