//! What the crate promises, seen from outside.

mod characters;
mod decoding;
mod encoding;
mod properties;
mod sets;

use netproc_coding::{Char, CodingSystem, Text};

/// Returns the coding system of that name.
fn system(name: &str) -> CodingSystem {
    CodingSystem::parse(name).unwrap_or_else(|error| panic!("{error}"))
}

/// Writes a text with raw bytes as `<E9>` and characters beyond Unicode as `<+110000>`.
fn shown(text: &Text) -> String {
    text.chars()
        .map(|character| match character {
            Char::Unicode(unicode) => unicode.to_string(),
            Char::Raw(byte) => format!("<{byte:02X}>"),
            Char::Extended(code) => format!("<+{code:X}>"),
        })
        .collect()
}
