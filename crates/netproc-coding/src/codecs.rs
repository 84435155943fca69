//! One module for each way of turning bytes into characters and back.
//!
//! A decoder is given bytes and whether they are the last; it appends what it can to a sink and
//! returns how many bytes it is done with. The rest is the beginning of something longer, at
//! most [`LONGEST`] bytes, and comes again with what follows; of the last bytes nothing remains.
//!
//! An encoder is given a character that is not ASCII; it writes its bytes and returns how many they
//! are, none if there are none for this character.

pub(crate) mod character_map;
pub(crate) mod eight_bit;
pub(crate) mod euc_jp;
pub(crate) mod gb18030;
pub(crate) mod iso2022;
pub(crate) mod pairs;
pub(crate) mod single_byte;
pub(crate) mod utf16;
pub(crate) mod utf8;

/// Room for the bytes of one character.
pub(crate) type Place = [u8; 4];

/// The most bytes that can be left over.
pub(crate) const LONGEST: usize = 8;
