//! Reading values from text, with the place of every element.

mod number;

pub(crate) use self::number::parse_number;
