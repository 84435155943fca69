//! UTF-16; a lone surrogate stays that surrogate.

use netproc_lisp::Char;

use crate::batch::Batch;
use crate::eol::{Census, Eol};
use crate::names::ByteOrder;
use crate::sink::Sink;
use crate::system::CodingSystem;

impl ByteOrder {
    fn join(self, first: u8, second: u8) -> u16 {
        match self {
            Self::Big => u16::from_be_bytes([first, second]),
            Self::Little => u16::from_le_bytes([first, second]),
        }
    }

    fn split(self, unit: u16) -> [u8; 2] {
        match self {
            Self::Big => unit.to_be_bytes(),
            Self::Little => unit.to_le_bytes(),
        }
    }

    /// Returns the coding system of this order that has a byte order mark.
    pub(crate) const fn with_signature(self) -> CodingSystem {
        match self {
            Self::Big => CodingSystem::UTF_16BE_WITH_SIGNATURE,
            Self::Little => CodingSystem::UTF_16LE_WITH_SIGNATURE,
        }
    }

    /// Returns the bytes of the byte order mark.
    pub(crate) fn signature(self) -> [u8; 2] {
        self.split(0xFEFF)
    }
}

/// Decodes; line ends are converted here, so the sink must leave them alone.
pub(crate) fn decode(
    bytes: &[u8],
    order: ByteOrder,
    eol: Option<Eol>,
    last: bool,
    sink: &mut Sink<'_>,
) -> usize {
    let unit = |at: usize| Some(order.join(*bytes.get(at)?, *bytes.get(at + 1)?));
    let mut batch = Batch::new(sink);
    let mut done = 0;
    while let Some(first) = unit(done) {
        let next = unit(done + 2);
        let waits = next.is_none() && !last;
        match first {
            CARRIAGE_RETURN if eol == Some(Eol::Mac) => batch.character('\n'),
            CARRIAGE_RETURN if eol == Some(Eol::Dos) && next == Some(NEWLINE) => {}
            CARRIAGE_RETURN if eol == Some(Eol::Dos) && waits => break,
            0xD800..=0xDBFF if waits => break,
            0xD800..=0xDBFF => {
                match next.and_then(|next| char::decode_utf16([first, next]).next()?.ok()) {
                    Some(character) => {
                        batch.character(character);
                        done += 2;
                    }
                    None => batch.extended(Char::Extended(first.into())),
                }
            }
            _ => match char::from_u32(first.into()) {
                Some(character) => batch.character(character),
                None => batch.extended(Char::Extended(first.into())),
            },
        }
        done += 2;
    }
    if last && done < bytes.len() {
        batch.raw_bytes(&bytes[done..]);
        done = bytes.len();
    }
    batch.flush();
    done
}

/// Returns the line end used in `bytes`; see [`crate::eol::detect`].
pub(crate) fn detect_eol(bytes: &[u8], order: ByteOrder, last: bool) -> Option<Eol> {
    let mut units = bytes
        .chunks_exact(2)
        .map(|pair| order.join(pair[0], pair[1]))
        .peekable();
    let mut census = Census::default();
    while let Some(unit) = units.next() {
        match unit {
            NEWLINE => return Some(Eol::Unix),
            CARRIAGE_RETURN => match units.peek() {
                Some(&NEWLINE) => {
                    census.both();
                    units.next();
                }
                Some(_) => census.carriage_return(),
                None if last => census.carriage_return(),
                None => {}
            },
            _ => {}
        }
    }
    census.verdict()
}

/// Returns whether `bytes` end in a carriage return that may yet be half of a line end.
pub(crate) fn ends_in_carriage_return(bytes: &[u8], order: ByteOrder) -> bool {
    let whole = bytes.len() & !1;
    whole >= 2 && order.join(bytes[whole - 2], bytes[whole - 1]) == CARRIAGE_RETURN
}

/// Appends one character; `None` when UTF-16 has no place for it.
pub(crate) fn encode(character: Char, order: ByteOrder, out: &mut Vec<u8>) -> Option<()> {
    match character {
        Char::Unicode(unicode) => {
            for unit in unicode.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(&order.split(*unit));
            }
        }
        Char::Raw(byte) => out.push(byte),
        Char::Extended(code) => out.extend_from_slice(&order.split(u16::try_from(code).ok()?)),
    }
    Some(())
}

const NEWLINE: u16 = 0x0A;
const CARRIAGE_RETURN: u16 = 0x0D;
