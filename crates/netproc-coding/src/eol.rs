//! Line ends: the three ways a line can end on the wire, and finding which one is used.

use memchr::{memchr2, memchr2_iter};

/// How a line ends in the bytes; in text a line always ends in a newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "no fourth line end is known to Emacs"
)]
pub enum Eol {
    /// A newline, `-unix`: nothing is converted.
    Unix,
    /// A carriage return and a newline, `-dos`.
    Dos,
    /// A carriage return alone, `-mac`.
    Mac,
}

impl Eol {
    /// The three line ends, in the order Emacs numbers them.
    pub const ALL: [Self; 3] = [Self::Unix, Self::Dos, Self::Mac];

    /// Returns the ending of a coding system's name, such as `-dos`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Unix => "-unix",
            Self::Dos => "-dos",
            Self::Mac => "-mac",
        }
    }
}

/// Collects the line ends seen in a chunk, to say in the end which one is used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Census {
    carriage_return: bool,
    both: bool,
}

impl Census {
    /// Notes a lone carriage return.
    pub(crate) fn carriage_return(&mut self) {
        self.carriage_return = true;
    }

    /// Notes a carriage return followed by a newline.
    pub(crate) fn both(&mut self) {
        self.both = true;
    }

    /// Returns the line end of data in which no bare newline was seen.
    pub(crate) fn verdict(self) -> Option<Eol> {
        if self.both {
            Some(Eol::Dos)
        } else if self.carriage_return {
            Some(Eol::Mac)
        } else {
            None
        }
    }
}

/// Returns the line end used in `bytes`, in which line ends are the ASCII bytes.
///
/// One bare newline decides for [`Eol::Unix`]. A carriage return at the very end counts only
/// when `last` says that nothing can follow it.
pub(crate) fn detect(bytes: &[u8], last: bool) -> Option<Eol> {
    let first = memchr2(b'\r', b'\n', bytes)?;
    let mut census = Census::default();
    let mut newline_taken = None;
    for at in memchr2_iter(b'\r', b'\n', &bytes[first..]).map(|at| at + first) {
        if bytes[at] == b'\n' {
            if newline_taken != Some(at) {
                return Some(Eol::Unix);
            }
            continue;
        }
        match bytes.get(at + 1) {
            Some(b'\n') => {
                census.both();
                newline_taken = Some(at + 1);
            }
            Some(_) => census.carriage_return(),
            None if last => census.carriage_return(),
            None => {}
        }
    }
    census.verdict()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_found_as_emacs_finds_them() {
        let check = |bytes: &str, expected| {
            assert_eq!(detect(bytes.as_bytes(), true), expected, "{bytes:?}");
        };
        check("abc", None);
        check("a\r\nb\r\n", Some(Eol::Dos));
        check("a\rb\r", Some(Eol::Mac));
        check("a\nb\n", Some(Eol::Unix));
        check("a\r\nb\n", Some(Eol::Unix));
        check("a\nb\r\n", Some(Eol::Unix));
        check("a\rb\n", Some(Eol::Unix));
        check("a\r\nb\rc\r\n", Some(Eol::Dos));
        check("a\rb\r\n", Some(Eol::Dos));
        check("a\r\nb\r\nc\r\nd\n", Some(Eol::Unix));
    }

    #[test]
    fn a_carriage_return_at_the_end_waits() {
        assert_eq!(detect(b"abc\r", false), None);
        assert_eq!(detect(b"a\r\nabc\r", false), Some(Eol::Dos));
        assert_eq!(detect(b"a\rabc\r", false), Some(Eol::Mac));
    }
}
