//! Coding systems: streaming bytes to text and back, losing nothing.
//!
//! A [`CodingSystem`] says what bytes on a wire mean: a character encoding and a line end, under
//! the names Emacs gives them. A [`Decoder`] turns bytes into [`Text`] however they are split, an
//! [`Encoder`] turns text into bytes. Both follow the sections on decoding and encoding of the
//! Emacs manual (Coding Systems, Process Information), with what Emacs 28 was seen to do where
//! the manual is silent.
//!
//! ```
//! use netproc_coding::{CodingSystem, Decoder, Encoder, Text};
//!
//! let mut decoder = Decoder::new(CodingSystem::UNDECIDED);
//! let mut text = Text::new();
//! decoder.decode(b"caf\xC3", &mut text);
//! decoder.decode(b"\xA9\r\n", &mut text);
//! assert_eq!(text, "café\n");
//! assert_eq!(decoder.coding_system().name(), "utf-8-dos");
//!
//! let mut encoder = Encoder::new("latin-1-dos".parse()?);
//! let mut bytes = Vec::new();
//! encoder.encode(&text, &mut bytes);
//! assert_eq!(bytes, b"caf\xE9\r\n");
//! # Ok::<(), netproc_coding::UnknownCodingSystem>(())
//! ```
//!
//! # Nothing is lost
//!
//! A byte that belongs to no character becomes a raw byte of the text, and goes out as that byte
//! again. So decoding and encoding give back the same bytes, with these exceptions: data that
//! mixes its line ends; redundant escape sequences of `iso-2022-*`, which text has no place for;
//! an odd last byte of a UTF-16 stream, if it is ASCII; a byte order mark that a system with
//! signature removes and, encoding, always writes.
//!
//! # Where this differs from Emacs on purpose
//!
//! * A carriage return at the end of a chunk waits for the next chunk before it decides the line
//!   end; Emacs takes it for `-mac` and garbles all that follows.
//! * A character or escape sequence that is cut off at the end of a chunk does not decide `undecided`
//!   data; it waits, and so does a lone escape character.
//! * A byte order mark at the very start decides `undecided` data for UTF-16, also when there is no
//!   NUL byte to support it.
//! * Pairs of bytes that Emacs maps to characters of its own beyond Unicode stay raw bytes, and so
//!   do the 398 pairs of `cp932` that duplicate another pair's character.
//! * The groups of four bytes of `gb18030` are those of the standard; many of Emacs's are off by one.
//! * A lone surrogate in UTF-16 is kept as that surrogate; raw bytes go out as bytes in UTF-16 too.
//! * `iso-2022-*` is brought back to ASCII by [`Encoder::finish`], and before a unibyte string.
//! * `iso-2022-7bit` reads and writes the sets of Chinese, Japanese and Korean that are named by its
//!   escape sequences most often, not all that Emacs knows.
//! * EBCDIC, `emacs-mule`, `utf-7`, `hz`, compound text and other rarities are not known.

#![forbid(unsafe_code)]

mod batch;
mod codecs;
mod decoder;
mod detect;
mod encoder;
mod eol;
mod error;
mod names;
mod sink;
mod spelling;
mod system;
mod tables;

pub use netproc_lisp::{Char, Text};

pub use self::decoder::Decoder;
pub use self::encoder::Encoder;
pub use self::eol::Eol;
pub use self::error::UnknownCodingSystem;
pub use self::system::{CodingSystem, names};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
