//! Bytes to text, in chunks split anywhere.

use std::fmt;
use std::mem;

use netproc_lisp::Text;

use crate::codecs::euc_jp::EucJp;
use crate::codecs::gb18030::Gb18030;
use crate::codecs::iso2022::Shift;
use crate::codecs::single_byte::Ascii;
use crate::codecs::{LONGEST, eight_bit, utf8, utf16};
use crate::detect::{self, Finding};
use crate::eol::{self, Eol};
use crate::names::{Kind, Signature};
use crate::sink::Sink;
use crate::system::CodingSystem;

/// Turns a stream of bytes into text, chunk by chunk, as the decoding half of
/// `process-coding-system` does.
///
/// A character or line end that is cut off at the end of a chunk is held back, at most eight bytes,
/// until the next chunk or [`finish`](Self::finish). What the coding system leaves open is found
/// from the data and then kept; [`coding_system`](Self::coding_system) reports it.
///
/// It costs 16 bytes or so, whatever went through it.
///
/// # Examples
///
/// ```
/// use netproc_coding::{CodingSystem, Decoder, Text};
///
/// let mut decoder = Decoder::new(CodingSystem::UTF_8);
/// let mut text = Text::new();
/// for chunk in [&b"one\r"[..], b"\ntw\xC3", b"\xB6\r\n"] {
///     decoder.decode(chunk, &mut text);
/// }
/// decoder.finish(&mut text);
/// assert_eq!(text, "one\ntwö\n");
/// assert_eq!(decoder.coding_system().name(), "utf-8-dos");
/// ```
#[derive(Clone)]
#[doc(alias = "decode-coding-string")]
pub struct Decoder {
    system: CodingSystem,
    /// Whether the start of the data, where a byte order mark can be, is past.
    started: bool,
    /// Whether undecoded bytes are wanted as characters rather than as bytes.
    multibyte: bool,
    shift: Shift,
    held: [u8; LONGEST],
    held_length: u8,
}

impl Decoder {
    /// Returns a decoder of `system` at the start of its data.
    pub const fn new(system: CodingSystem) -> Self {
        Self {
            system,
            started: false,
            multibyte: false,
            shift: Shift::INITIAL,
            held: [0; LONGEST],
            held_length: 0,
        }
    }

    /// Appends to `out` the text of `bytes`, the next chunk of the stream.
    ///
    /// An empty `out` is made multibyte or unibyte as [`is_multibyte`](Self::is_multibyte) says
    /// afterwards; to a text that is not empty characters are appended as it is.
    pub fn decode(&mut self, bytes: &[u8], out: &mut Text) {
        if bytes.is_empty() {
            return;
        }
        if self.takes_all() {
            self.started = true;
            self.prepare(out);
            out.push_bytes(bytes);
        } else {
            self.feed(bytes, false, out);
        }
    }

    /// Returns the text of `bytes`, the next chunk of the stream, which are taken over if they are
    /// the text as they stand; else they are left as they are.
    pub fn decode_owned(&mut self, bytes: &mut Vec<u8>) -> Text {
        if self.takes_all() && !self.is_multibyte() {
            self.started |= !bytes.is_empty();
            return Text::unibyte(mem::take(bytes));
        }
        let mut text = Text::new();
        self.decode(bytes, &mut text);
        text
    }

    /// Appends to `out` what was held back, for nothing will follow, as Emacs does before it calls
    /// the sentinel.
    ///
    /// Bytes of a character that is not complete become raw bytes. The decoder is then at the start
    /// of new data, but keeps what it found about the coding system.
    pub fn finish(&mut self, out: &mut Text) {
        if self.held_length > 0 {
            // Emacs has settled on UTF-8 by then, and keeps the incomplete character as raw bytes.
            let held = &self.held[..usize::from(self.held_length)];
            let cut_off = held
                .iter()
                .position(|byte| !byte.is_ascii())
                .is_some_and(|at| {
                    matches!(utf8::sequence(&held[at..]), utf8::Sequence::Incomplete)
                });
            if self.system.is_undecided() && cut_off {
                self.system = CodingSystem::UTF_8.with_eol_of(self.system);
            }
            self.feed(&[], true, out);
        }
        self.restart();
    }

    /// Appends to `out` the text of one whole message, as of a datagram or seqpacket socket.
    ///
    /// Messages are decoded independently: nothing is held back for the next one, and a byte order
    /// mark or escape sequence counts only in its own message. What was found about the coding
    /// system is kept.
    pub fn decode_message(&mut self, bytes: &[u8], out: &mut Text) {
        self.held_length = 0;
        self.restart();
        self.feed(bytes, true, out);
        self.restart();
    }

    /// Returns the text of `bytes`, one message, as [`decode_message`](Decoder::decode_message)
    /// makes it; they are taken over if they are the text as they stand.
    pub fn decode_message_owned(&mut self, bytes: &mut Vec<u8>) -> Text {
        if self.is_verbatim() && !self.is_multibyte() {
            self.held_length = 0;
            self.restart();
            return Text::unibyte(mem::take(bytes));
        }
        let mut text = Text::new();
        self.decode_message(bytes, &mut text);
        text
    }

    /// Changes the coding system in the middle of the stream.
    ///
    /// Bytes held back are kept, and decoded by the new system.
    #[doc(alias = "set-process-coding-system")]
    pub fn set_coding_system(&mut self, system: CodingSystem) {
        self.system = system;
        self.restart();
    }

    /// Asks for unibyte or multibyte strings, as `:filter-multibyte` and
    /// `set-process-filter-multibyte` do.
    ///
    /// `false` replaces the coding system by `raw-text` with the same line end; `binary` stays.
    /// `true` makes what `raw-text` and `binary` leave as bytes into multibyte text, in which bytes
    /// from 0x80 on are raw bytes. Without either, the coding system decides.
    #[doc(alias = "set-process-filter-multibyte")]
    pub fn set_multibyte(&mut self, multibyte: bool) {
        self.multibyte = multibyte;
        if !multibyte && self.system.is_multibyte() {
            self.system = CodingSystem::RAW_TEXT.with_eol_of(self.system);
            self.restart();
        }
    }

    /// Returns the coding system, with what was found from the data so far.
    #[doc(alias = "process-coding-system")]
    pub const fn coding_system(&self) -> CodingSystem {
        self.system
    }

    /// Returns whether the strings it yields are multibyte.
    #[doc(alias = "process-filter-multibyte-p")]
    pub const fn is_multibyte(&self) -> bool {
        self.multibyte || self.system.is_multibyte()
    }

    /// Returns whether bytes are held back.
    pub const fn is_holding(&self) -> bool {
        self.held_length > 0
    }

    /// Returns the bytes held back and forgets them: for a host that goes on with a decoder of its
    /// own.
    pub fn take_held(&mut self) -> Vec<u8> {
        let held = self.held[..usize::from(self.held_length)].to_vec();
        self.held_length = 0;
        held
    }

    fn restart(&mut self) {
        self.started = false;
        self.shift = Shift::INITIAL;
    }

    /// Decodes what was held back and `bytes`, and holds back what is not complete.
    fn feed(&mut self, bytes: &[u8], last: bool, out: &mut Text) {
        let held = usize::from(self.held_length);
        if held == 0 {
            let done = self.run(bytes, last, out);
            self.hold(&bytes[done..]);
            return;
        }
        if self.is_settled() {
            // Enough to complete what was held back; the rest is then decoded where it is.
            let mut window = [0; WINDOW];
            let taken = bytes.len().min(WINDOW - held);
            window[..held].copy_from_slice(&self.held[..held]);
            window[held..held + taken].copy_from_slice(&bytes[..taken]);
            let whole = taken == bytes.len();
            let done = self.run(&window[..held + taken], last && whole, out);
            if whole {
                self.hold(&window[done..held + taken]);
                return;
            }
            if done >= held {
                let rest = &bytes[done - held..];
                let done = self.run(rest, last, out);
                self.hold(&rest[done..]);
                return;
            }
        }
        let mut joined = self.held[..held].to_vec();
        joined.extend_from_slice(bytes);
        let done = self.run(&joined, last, out);
        self.hold(&joined[done..]);
    }

    fn hold(&mut self, rest: &[u8]) {
        let length = rest.len().min(LONGEST);
        debug_assert_eq!(length, rest.len(), "too much is left over");
        self.held[..length].copy_from_slice(&rest[..length]);
        self.held_length = u8::try_from(length).unwrap_or(0);
    }

    /// Returns whether nothing is left to be found from the data as a whole.
    fn is_settled(&self) -> bool {
        self.started && self.system.eol().is_some() && !self.system.is_undecided()
    }

    /// Decodes `bytes` and returns how many are done with.
    fn run(&mut self, bytes: &[u8], last: bool, out: &mut Text) -> usize {
        let mut end = bytes.len();
        if self.system.is_undecided() {
            match detect::characters(bytes, !self.started, last) {
                Finding::System(system) => self.system = system.with_eol_of(self.system),
                Finding::Ascii(length) => end = length,
            }
        }
        self.prepare(out);
        let Some(start) = self.skip_signature(&bytes[..end], last) else {
            return 0;
        };
        let last = last && end == bytes.len();
        let body = &bytes[start..end];
        let kept = self.settle_eol(body, last);
        start + self.convert(&body[..body.len() - kept], last, out)
    }

    /// Makes an empty text multibyte or unibyte, as the strings are.
    fn prepare(&self, out: &mut Text) {
        if out.is_empty() && out.is_multibyte() != self.is_multibyte() {
            out.reset(self.is_multibyte());
        }
    }

    /// Returns the length of the byte order mark to remove, or `None` to wait for more of it.
    fn skip_signature(&mut self, bytes: &[u8], last: bool) -> Option<usize> {
        if self.started || bytes.is_empty() {
            return Some(0);
        }
        let skipped = match self.system.kind() {
            Kind::Utf8(Signature::Text) | Kind::Utf16(_, Signature::Text) => 0,
            Kind::Utf8(signature) => {
                let found = bytes.starts_with(utf8::SIGNATURE);
                if !found && !last && utf8::SIGNATURE.starts_with(bytes) {
                    return None;
                }
                if signature == Signature::Found {
                    let system = CodingSystem::UTF_8_WITH_SIGNATURE;
                    let system = if found { system } else { CodingSystem::UTF_8 };
                    self.system = system.with_eol_of(self.system);
                }
                if found { utf8::SIGNATURE.len() } else { 0 }
            }
            Kind::Utf16(order, signature) => {
                if bytes.len() < 2 && !last {
                    return None;
                }
                match detect::byte_order(bytes) {
                    Some(found) if signature == Signature::Found => {
                        self.system = found.with_signature().with_eol_of(self.system);
                        2
                    }
                    Some(found) if found == order => 2,
                    _ => 0,
                }
            }
            _ => 0,
        };
        self.started = true;
        Some(skipped)
    }

    /// Finds the line end if it is open, and returns how many bytes at the end must wait for it.
    fn settle_eol(&mut self, bytes: &[u8], last: bool) -> usize {
        let order = match self.system.kind() {
            Kind::Utf16(order, _) => Some(order),
            _ => None,
        };
        if self.system.eol().is_none() {
            let found = match order {
                Some(order) => utf16::detect_eol(bytes, order, last),
                None => eol::detect(bytes, last),
            };
            if let Some(eol) = found {
                self.system = self.system.with_eol(eol);
            }
        }
        if last || matches!(self.system.eol(), Some(Eol::Unix | Eol::Mac)) {
            return 0;
        }
        match order {
            // Converted unit by unit, there a fixed line end sees to itself.
            Some(order) if self.system.eol().is_none() => {
                if utf16::ends_in_carriage_return(bytes, order) {
                    2 + bytes.len() % 2
                } else {
                    0
                }
            }
            Some(_) => 0,
            None => usize::from(bytes.last() == Some(&b'\r') && !self.is_verbatim()),
        }
    }

    /// Tells whether nothing is to be found, converted or held back.
    fn takes_all(&self) -> bool {
        self.is_verbatim() && self.held_length == 0
    }

    fn is_verbatim(&self) -> bool {
        matches!(self.system.kind(), Kind::NoConversion)
    }

    /// Decodes `bytes`, of which nothing is to be found any more.
    fn convert(&mut self, bytes: &[u8], last: bool, out: &mut Text) -> usize {
        let eol = self.system.eol();
        out.reserve(bytes.len());
        let kind = self.system.kind();
        let mut sink = Sink::new(out, eol.filter(|_| !matches!(kind, Kind::Utf16(..))));
        match kind {
            Kind::NoConversion => {
                sink.raw_bytes(bytes);
                bytes.len()
            }
            Kind::RawText => {
                sink.bytes(bytes);
                bytes.len()
            }
            Kind::Ascii => eight_bit::decode(&Ascii, bytes, last, &mut sink),
            // As long as it is not known what the bytes are, they are ASCII.
            Kind::Undecided | Kind::PreferUtf8 | Kind::Utf8(_) => {
                utf8::decode(bytes, last, &mut sink)
            }
            Kind::Utf16(order, _) => utf16::decode(bytes, order, eol, last, &mut sink),
            Kind::SingleByte(table) => eight_bit::decode(table, bytes, last, &mut sink),
            Kind::Pairs(set) => eight_bit::decode(&set.encoding(), bytes, last, &mut sink),
            Kind::Gb18030 => eight_bit::decode(&Gb18030::new(), bytes, last, &mut sink),
            Kind::EucJp => eight_bit::decode(&EucJp::new(), bytes, last, &mut sink),
            Kind::Iso2022(variant) => self.shift.decode(variant, bytes, last, &mut sink),
        }
    }
}

impl Default for Decoder {
    /// Returns a decoder that finds everything from the data.
    fn default() -> Self {
        Self::new(CodingSystem::UNDECIDED)
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Decoder")
            .field("system", &self.system)
            .field("multibyte", &self.is_multibyte())
            .field("held", &&self.held[..usize::from(self.held_length)])
            .finish_non_exhaustive()
    }
}

/// Room for what was held back and enough after it to complete it.
const WINDOW: usize = LONGEST + 16;
