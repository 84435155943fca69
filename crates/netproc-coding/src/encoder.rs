//! Text to bytes, one string after another.

use std::fmt;

use memchr::memchr;
use netproc_lisp::{Char, Text};

use self::push::{push_characters, push_coded, push_lines, push_utf8};
use crate::codecs::euc_jp::EucJp;
use crate::codecs::gb18030::Gb18030;
use crate::codecs::iso2022::Shift;
use crate::codecs::{utf8, utf16};
use crate::eol::Eol;
use crate::names::{Kind, Signature};
use crate::system::CodingSystem;

mod push;

/// Turns strings into the bytes to send, as the encoding half of `process-coding-system` does.
///
/// Unibyte strings, in Emacs every ASCII literal, have their line ends converted and nothing else.
/// The first multibyte string completes the coding system: `undecided` becomes `utf-8`, an open
/// line end becomes `-unix`. There are no errors: a character the system does not have is
/// sent as a space, or as a question mark by `us-ascii`.
///
/// # Examples
///
/// ```
/// use netproc_coding::{Encoder, Text};
///
/// let mut encoder = Encoder::new("iso-2022-jp-dos".parse()?);
/// let mut bytes = Vec::new();
/// encoder.encode(&Text::from("こ\n"), &mut bytes);
/// assert_eq!(bytes, b"\x1B$B$3\x1B(B\r\n");
/// # Ok::<(), netproc_coding::UnknownCodingSystem>(())
/// ```
#[derive(Clone)]
#[doc(alias = "encode-coding-string")]
pub struct Encoder {
    system: CodingSystem,
    /// Whether a signature has been written.
    started: bool,
    shift: Shift,
}

impl Encoder {
    /// Returns an encoder of `system` at the start of its data.
    pub const fn new(system: CodingSystem) -> Self {
        Self {
            system,
            started: false,
            shift: Shift::INITIAL,
        }
    }

    /// Appends to `out` the bytes of `text`.
    #[doc(alias = "process-send-string")]
    pub fn encode(&mut self, text: &Text, out: &mut Vec<u8>) {
        if let Some(bytes) = text.as_unibyte() {
            self.shift.reset(out);
            push_lines(bytes, self.system.eol(), out);
            return;
        }
        if text.is_empty() {
            return;
        }
        self.complete();
        let eol = self.system.eol();
        match self.system.kind() {
            Kind::NoConversion | Kind::RawText | Kind::Undecided | Kind::PreferUtf8 => {
                push_utf8(text, eol, out);
            }
            Kind::Utf8(signature) => {
                if signature == Signature::Written && !self.started {
                    out.extend_from_slice(utf8::SIGNATURE);
                }
                push_utf8(text, eol, out);
            }
            Kind::Utf16(order, signature) => {
                if signature != Signature::Text && !self.started {
                    out.extend_from_slice(&order.signature());
                }
                let place = |character, out: &mut Vec<u8>| utf16::encode(character, order, out);
                push_characters(text, eol, out, place);
            }
            Kind::Ascii => push_coded(text, eol, b'?', out, |_, _| 0),
            Kind::SingleByte(table) => {
                let bytes = table.bytes();
                push_coded(text, eol, b' ', out, |character, place| {
                    place[0] = bytes.get(character);
                    usize::from(place[0] != 0)
                });
            }
            Kind::Pairs(set) => {
                let encoding = set.encoding();
                push_coded(text, eol, b' ', out, |character, place| {
                    encoding.encode(character, place)
                });
            }
            Kind::Gb18030 => {
                let encoding = Gb18030::new();
                push_coded(text, eol, b' ', out, |character, place| {
                    encoding.encode(character, place)
                });
            }
            Kind::EucJp => {
                let encoding = EucJp::new();
                push_coded(text, eol, b' ', out, |character, place| {
                    encoding.encode(character, place)
                });
            }
            Kind::Iso2022(variant) => {
                push_characters(text, eol, out, |character, out| match character {
                    Char::Unicode(unicode) => self.shift.encode(variant, unicode, out),
                    Char::Raw(byte) => {
                        out.push(byte);
                        Some(())
                    }
                    Char::Extended(_) => None,
                });
            }
        }
        self.started = true;
    }

    /// Returns the bytes of `text` if they are those it is stored in, and nothing has to be copied.
    ///
    /// `None` says no more than that [`encode`](Self::encode) is to be called.
    pub fn encode_borrowed<'text>(&mut self, text: &'text Text) -> Option<&'text [u8]> {
        let system = if text.is_multibyte() {
            self.system.completed()
        } else {
            self.system
        };
        let bytes = match text.as_unibyte() {
            Some(bytes) if self.shift == Shift::INITIAL => bytes,
            Some(_) => return None,
            None => {
                let bytes = text.as_str()?.as_bytes();
                match system.kind() {
                    Kind::Utf8(Signature::Written) if !self.started => return None,
                    Kind::Utf8(_) | Kind::RawText | Kind::NoConversion => bytes,
                    Kind::Utf16(..) => return None,
                    _ if bytes.is_ascii() && self.shift == Shift::INITIAL => bytes,
                    _ => return None,
                }
            }
        };
        let changes = matches!(system.eol(), Some(Eol::Dos | Eol::Mac));
        if changes && memchr(b'\n', bytes).is_some() {
            return None;
        }
        if text.is_multibyte() && !bytes.is_empty() {
            self.complete();
            self.started = true;
        }
        Some(bytes)
    }

    /// Appends to `out` the bytes of one whole message, as for a datagram or seqpacket socket.
    ///
    /// What `iso-2022-*` changed is changed back within the message.
    pub fn encode_message(&mut self, text: &Text, out: &mut Vec<u8>) {
        self.encode(text, out);
        self.finish(out);
    }

    /// Appends to `out` what must come before the end: `iso-2022-*` is brought back to ASCII.
    #[doc(alias = "process-send-eof")]
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.shift.reset(out);
    }

    /// Changes the coding system; a signature will be written again.
    ///
    /// Call [`finish`](Self::finish) before, if something was sent in `iso-2022-*`.
    #[doc(alias = "set-process-coding-system")]
    pub fn set_coding_system(&mut self, system: CodingSystem) {
        *self = Self {
            shift: self.shift,
            ..Self::new(system)
        };
    }

    /// Returns the coding system, completed as the first multibyte string completed it.
    #[doc(alias = "process-coding-system")]
    pub const fn coding_system(&self) -> CodingSystem {
        self.system
    }

    fn complete(&mut self) {
        self.system = self.system.completed();
    }
}

impl Default for Encoder {
    /// Returns an encoder of `undecided`, which becomes `utf-8-unix`.
    fn default() -> Self {
        Self::new(CodingSystem::UNDECIDED)
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Encoder")
            .field("system", &self.system)
            .finish_non_exhaustive()
    }
}
