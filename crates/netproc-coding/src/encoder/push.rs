//! Appending the bytes of a text, its newlines as the line ends that they stand for.

use memchr::{memchr_iter, memchr2_iter};
use netproc_lisp::{Char, Text};

use crate::codecs::Place;
use crate::codecs::eight_bit::{LONG, WORD, ascii_run, copy_ascii};
use crate::eol::Eol;

/// Appends bytes, each newline as the line end it stands for.
pub(super) fn push_lines(bytes: &[u8], eol: Option<Eol>, out: &mut Vec<u8>) {
    out.reserve(bytes.len());
    let Some(line_end) = line_end(eol) else {
        out.extend_from_slice(bytes);
        return;
    };
    let mut start = 0;
    for at in memchr_iter(b'\n', bytes) {
        out.extend_from_slice(&bytes[start..at]);
        out.extend_from_slice(line_end);
        start = at + 1;
    }
    out.extend_from_slice(&bytes[start..]);
}

/// Has `push` append what stands between newlines, and appends line ends for these.
fn push_by_line(
    text: &str,
    eol: Option<Eol>,
    out: &mut Vec<u8>,
    mut push: impl FnMut(&str, &mut Vec<u8>),
) {
    out.reserve(text.len());
    let Some(line_end) = line_end(eol) else {
        push(text, out);
        return;
    };
    let mut start = 0;
    for at in memchr_iter(b'\n', text.as_bytes()) {
        push(&text[start..at], out);
        out.extend_from_slice(line_end);
        start = at + 1;
    }
    push(&text[start..], out);
}

/// Returns the bytes that end a line, if they are not a newline.
fn line_end(eol: Option<Eol>) -> Option<&'static [u8]> {
    match eol {
        None | Some(Eol::Unix) => None,
        Some(Eol::Dos) => Some(b"\r\n"),
        Some(Eol::Mac) => Some(b"\r"),
    }
}

/// Appends multibyte text in UTF-8, each raw byte as that byte.
pub(super) fn push_utf8(text: &Text, eol: Option<Eol>, out: &mut Vec<u8>) {
    let bytes = text.internal_bytes();
    if text.as_str().is_some() {
        push_lines(bytes, eol, out);
        return;
    }
    // Only raw bytes have these leads in the internal encoding.
    let mut start = 0;
    for at in memchr2_iter(0xC0, 0xC1, bytes) {
        push_lines(&bytes[start..at], eol, out);
        start = at + 1;
        if let Some(low) = bytes.get(start) {
            out.push(low | (bytes[at] & 1) << 6);
            start += 1;
        }
    }
    push_lines(&bytes[start..], eol, out);
}

/// Appends multibyte text, ASCII as it is, all other characters by `encode`.
pub(super) fn push_coded(
    text: &Text,
    eol: Option<Eol>,
    substitute: u8,
    out: &mut Vec<u8>,
    encode: impl Fn(char, &mut Place) -> usize,
) {
    let encode = |character, place: &mut Place| match encode(character, place) {
        0 => {
            place[0] = substitute;
            1
        }
        length => length,
    };
    if let Some(text) = text.as_str() {
        push_by_line(text, eol, out, |line, out| push_run(line, out, encode));
        return;
    }
    for character in text.chars() {
        match character {
            Char::Raw(byte) => out.push(byte),
            Char::Unicode('\n') => out.extend_from_slice(line_end(eol).unwrap_or(b"\n")),
            Char::Unicode(ascii @ '\0'..='\x7F') => out.push(ascii as u8),
            Char::Unicode(unicode) => {
                let mut place = [0; 4];
                let length = encode(unicode, &mut place);
                out.extend_from_slice(&place[..length]);
            }
            Char::Extended(_) => out.push(substitute),
        }
    }
}

/// Appends text without line ends to be converted, each character that is not ASCII by `encode`.
fn push_run(text: &str, out: &mut Vec<u8>, encode: impl Fn(char, &mut Place) -> usize) {
    let mut batch = [0; BATCH];
    let mut used = 0;
    let mut rest = text;
    while let Some(&first) = rest.as_bytes().first() {
        let place = batch.get_mut(used..).and_then(<[u8]>::first_chunk_mut);
        let Some(place) = place else {
            out.extend_from_slice(&batch[..used]);
            used = 0;
            continue;
        };
        if first.is_ascii() {
            let run = copy_ascii(rest.as_bytes(), place);
            used += run;
            rest = &rest[run..];
            if run == WORD
                && rest
                    .as_bytes()
                    .first_chunk::<LONG>()
                    .is_some_and(|run| run.is_ascii())
            {
                let run = ascii_run(rest.as_bytes());
                out.extend_from_slice(&batch[..used]);
                out.extend_from_slice(&rest.as_bytes()[..run]);
                used = 0;
                rest = &rest[run..];
            }
        } else {
            let mut characters = rest.chars();
            if let Some(character) = characters.next()
                && let Some(place) = place.first_chunk_mut()
            {
                used += encode(character, place);
            }
            rest = characters.as_str();
        }
    }
    out.extend_from_slice(&batch[..used]);
}

/// Appends multibyte text character by character.
pub(super) fn push_characters(
    text: &Text,
    eol: Option<Eol>,
    out: &mut Vec<u8>,
    mut encode: impl FnMut(Char, &mut Vec<u8>) -> Option<()>,
) {
    let line_end: &[char] = match eol {
        None | Some(Eol::Unix) => &['\n'],
        Some(Eol::Dos) => &['\r', '\n'],
        Some(Eol::Mac) => &['\r'],
    };
    let push = |character| {
        if character == Char::Unicode('\n') {
            for &part in line_end {
                // Every such encoding has these two characters.
                let _ = encode(Char::Unicode(part), out);
            }
        } else if encode(character, out).is_none() {
            let _ = encode(Char::Unicode(' '), out);
        }
    };
    match text.as_str() {
        Some(text) => text.chars().map(Char::Unicode).for_each(push),
        None => text.chars().for_each(push),
    }
}

/// How many bytes are gathered before they are appended.
const BATCH: usize = 512;
