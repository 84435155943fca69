//! Finding out what `undecided` data is.

use encoding_rs::Encoding;
use memchr::{memchr, memchr_iter, memchr2};

use crate::codecs::eight_bit::ascii_run;
use crate::codecs::iso2022::{ESCAPE, Escape, Shift, Variant};
use crate::codecs::utf8::{self, Sequence};
use crate::names::ByteOrder;
use crate::system::CodingSystem;

/// What a chunk of undecided data turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// This coding system, its line end aside.
    System(CodingSystem),
    /// Nothing yet: that many bytes are ASCII, what follows may be the beginning of anything.
    Ascii(usize),
}

/// Looks at a chunk; `first` says that nothing came before it, `last` that nothing will follow.
pub(crate) fn characters(bytes: &[u8], first: bool, last: bool) -> Finding {
    use Finding::{Ascii, System};
    if first {
        match bytes {
            [0xFE, 0xFF, ..] => return System(CodingSystem::UTF_16BE_WITH_SIGNATURE),
            [0xFF, 0xFE, ..] => return System(CodingSystem::UTF_16LE_WITH_SIGNATURE),
            [0xFE | 0xFF] if !last => return Ascii(0),
            _ => {}
        }
    }
    let special = memchr2(0, ESCAPE, bytes).unwrap_or(bytes.len());
    if memchr(0, &bytes[special..]).is_some() {
        return System(CodingSystem::NO_CONVERSION);
    }
    let ascii = ascii_run(bytes);
    if ascii == bytes.len() {
        return escapes(bytes, special, last);
    }
    let valid = Encoding::utf8_valid_up_to(bytes);
    let rest = &bytes[valid..];
    if rest.is_empty() {
        return System(CodingSystem::UTF_8);
    }
    if !last && matches!(utf8::sequence(rest), Sequence::Incomplete) {
        return if valid > ascii {
            System(CodingSystem::UTF_8)
        } else {
            Ascii(ascii)
        };
    }
    if utf8::has_shape(&bytes[..utf8_end(bytes, last)]) {
        System(CodingSystem::UTF_8)
    } else if bytes
        .iter()
        .any(|byte| matches!(byte, 0x80..=0x90 | 0x97..=0x9F))
    {
        System(CodingSystem::RAW_TEXT)
    } else {
        System(CodingSystem::LATIN_1)
    }
}

/// Looks for escape sequences of ISO 2022 in ASCII, in which there is none before `start`.
fn escapes(bytes: &[u8], start: usize, last: bool) -> Finding {
    for at in memchr_iter(ESCAPE, &bytes[start..]).map(|at| start + at) {
        match Shift::default().escape(Variant::SevenBit, &bytes[at..]) {
            Escape::Change(..) | Escape::Upper(..) => {
                return Finding::System(CodingSystem::ISO_2022_7BIT);
            }
            Escape::Incomplete if !last => return Finding::Ascii(at),
            Escape::Incomplete | Escape::Character => {}
        }
    }
    Finding::Ascii(bytes.len())
}

/// Returns where a character that is cut off at the end begins.
fn utf8_end(bytes: &[u8], last: bool) -> usize {
    let tail = bytes
        .iter()
        .rev()
        .take(3)
        .take_while(|byte| *byte & 0xC0 == 0x80)
        .count();
    let lead = bytes.len().checked_sub(tail + 1);
    match lead {
        Some(lead) if !last && matches!(utf8::sequence(&bytes[lead..]), Sequence::Incomplete) => {
            lead
        }
        _ => bytes.len(),
    }
}

/// Returns the byte order of a byte order mark at the start of UTF-16, if there is one.
pub(crate) fn byte_order(bytes: &[u8]) -> Option<ByteOrder> {
    match bytes {
        [0xFE, 0xFF, ..] => Some(ByteOrder::Big),
        [0xFF, 0xFE, ..] => Some(ByteOrder::Little),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let found = match characters(bytes, true, true) {
            Finding::System(system) => system.name(),
            Finding::Ascii(_) => "undecided",
        };
        assert_eq!(found, expected, "{bytes:x?}");
    }

    #[test]
    fn whole_data_is_taken_for_what_emacs_takes_it() {
        check(b"abc", "undecided");
        check(b"caf\xC3\xA9", "utf-8");
        check(b"caf\xE9", "iso-latin-1");
        check(b"caf\xC3", "iso-latin-1");
        check(b"caf\x93", "iso-latin-1");
        check(b"\xEF\xBB\xBF\xE9", "iso-latin-1");
        check(b"a\x80", "raw-text");
        check(b"caf\x81\x9F\xFF", "raw-text");
        check(b"\xF8\x88\x80\x80\x80", "raw-text");
        check(b"\xED\xA0\x80", "utf-8");
        check(b"\xC0\x80", "utf-8");
        check(b"\xF4\x90\x80\x80", "utf-8");
        check(b"\xC3\xA9\0", "no-conversion");
        check(b"\0a\0b\0c", "no-conversion");
        check(b"\xFE\xFF\0\0", "utf-16be-with-signature");
        check(b"\xFF\xFEa\0", "utf-16le-with-signature");
        check(b"\xA4\xB3\xA4\xF3", "iso-latin-1");
        check(b"\x1B[31mred", "undecided");
        check(b"\x1B", "undecided");
        check(b"\x1B$", "undecided");
        check(b"\x1B$B$3$s\x1B(B", "iso-2022-7bit");
        check(b"\x1B(Babc", "iso-2022-7bit");
        check(b"\x1B$(D", "iso-2022-7bit");
        check(b"\x1B$B$3$s\x1B(B\xC3\xA9", "utf-8");
    }

    #[test]
    fn what_is_cut_off_decides_nothing() {
        assert_eq!(characters(b"caf\xC3", true, false), Finding::Ascii(3));
        assert_eq!(
            characters(b"caf\xF0\x9F\x98", true, false),
            Finding::Ascii(3)
        );
        assert_eq!(characters(b"\xFE", true, false), Finding::Ascii(0));
        assert_eq!(characters(b"a\x1B$", true, false), Finding::Ascii(1));
        assert_eq!(
            characters(b"\xC3\xA9\xC3", true, false),
            Finding::System(CodingSystem::UTF_8)
        );
    }
}
