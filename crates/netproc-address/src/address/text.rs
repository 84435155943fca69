//! Addresses as a line of text for people, which reads back to the same address.

use std::fmt::{self, Write};
use std::net::SocketAddrV6;
use std::str::FromStr;

use crate::{Address, Error, LocalName};

const UNNAMED: &str = "<unnamed>";
const FAMILY: &str = "<Family ";
const FLOW: &str = ";flow=";

impl fmt::Display for Address {
    /// Writes `127.0.0.1:80`, `[::1]:80`, `[fe80::1%2]:80`, a path, `@` and an abstract name,
    /// `<unnamed>`, or `<Family 16>` and bytes in hexadecimal.
    ///
    /// A byte of a name is written `\xHH`, and a backslash `\\`, where it would not read back.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(formatter),
            Self::V6(address) => {
                address.fmt(formatter)?;
                match address.flowinfo() {
                    0 => Ok(()),
                    flow => write!(formatter, "{FLOW}{flow}"),
                }
            }
            Self::Local(LocalName::Unnamed) => formatter.write_str(UNNAMED),
            Self::Local(LocalName::Path(path)) => {
                // A path must not look like one of the other forms.
                let ambiguous = matches!(path.first(), Some(b'@' | b'[' | b'<'))
                    || str::from_utf8(path).is_ok_and(looks_like_ipv4);
                let hidden = usize::from(ambiguous);
                path[..hidden]
                    .iter()
                    .try_for_each(|byte| write!(formatter, "\\x{byte:02x}"))?;
                write_name(&path[hidden..], formatter)
            }
            Self::Local(LocalName::Abstract(name)) => {
                formatter.write_char('@')?;
                write_name(name, formatter)
            }
            Self::Raw(raw) => {
                write!(formatter, "{FAMILY}{}>", raw.family())?;
                raw.bytes()
                    .iter()
                    .try_for_each(|byte| write!(formatter, "{byte:02x}"))
            }
        }
    }
}

/// Returns whether the text is all digits and points before its last colon, right or wrong.
fn looks_like_ipv4(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        [host, port].iter().all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    })
}

fn write_name(name: &[u8], out: &mut impl Write) -> fmt::Result {
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' => out.write_str("\\\\")?,
                _ if character.is_control() => {
                    let mut bytes = [0; 4];
                    for byte in character.encode_utf8(&mut bytes).bytes() {
                        write!(out, "\\x{byte:02x}")?;
                    }
                }
                _ => out.write_char(character)?,
            }
        }
        for byte in chunk.invalid() {
            write!(out, "\\x{byte:02x}")?;
        }
    }
    Ok(())
}

impl FromStr for Address {
    type Err = Error;

    /// Reads what `Display` writes.
    ///
    /// # Errors
    ///
    /// [`Error::Text`] with the reason; for local names [`Error::LocalNameTooLong`] and
    /// [`Error::LocalNameNul`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |reason| Error::Text {
            text: text.to_owned(),
            reason,
        };
        match text.as_bytes().first() {
            None => Err(refuse("it is empty")),
            Some(b'[') => {
                let (address, flow) = match text.split_once(FLOW) {
                    Some((address, flow)) => (
                        address,
                        flow.parse()
                            .map_err(|_| refuse("its flow is no number of 32 bits"))?,
                    ),
                    None => (text, 0),
                };
                let mut address: SocketAddrV6 = address
                    .parse()
                    .map_err(|_| refuse("expected [IPV6]:PORT"))?;
                address.set_flowinfo(flow);
                Ok(Self::V6(address))
            }
            Some(b'@') => {
                let name = read_name(&text[1..]).map_err(refuse)?;
                LocalName::abstract_name(name).map(Self::Local)
            }
            Some(b'<') if text == UNNAMED => Ok(Self::Local(LocalName::Unnamed)),
            Some(b'<') => {
                let (family, bytes) = text
                    .strip_prefix(FAMILY)
                    .and_then(|rest| rest.split_once('>'))
                    .ok_or_else(|| refuse("expected <Family N> and hexadecimal bytes"))?;
                let family = family
                    .parse()
                    .map_err(|_| refuse("its family is no number from 0 to 65535"))?;
                let bytes = read_bytes(bytes)
                    .ok_or_else(|| refuse("its bytes are not pairs of hexadecimal digits"))?;
                Self::raw(family, &bytes)
            }
            Some(_) if looks_like_ipv4(text) => text
                .parse()
                .map(Self::V4)
                .map_err(|_| refuse("expected IPV4:PORT")),
            Some(_) => LocalName::path(read_name(text).map_err(refuse)?).map(Self::Local),
        }
    }
}

fn read_name(text: &str) -> Result<Vec<u8>, &'static str> {
    let mut pieces = text.split('\\');
    let mut name = pieces.next().unwrap_or_default().as_bytes().to_vec();
    while let Some(piece) = pieces.next() {
        let rest = if piece.is_empty() {
            // An escaped backslash: what follows it is the next piece, if there is one.
            name.push(b'\\');
            pieces.next().ok_or("it ends in a lone backslash")?
        } else {
            let (byte, rest) = piece
                .strip_prefix('x')
                .and_then(|hexadecimal| hexadecimal.split_at_checked(2))
                .and_then(|(digits, rest)| Some((read_bytes(digits)?, rest)))
                .ok_or("expected \\\\ or \\xHH after a backslash")?;
            name.extend(byte);
            rest
        };
        name.extend_from_slice(rest.as_bytes());
    }
    Ok(name)
}

fn read_bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    hexadecimal
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let &[high, low] = pair else { return None };
            let digit = |digit: u8| char::from(digit).to_digit(16);
            u8::try_from(digit(high)? << 4 | digit(low)?).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(path: &[u8]) -> Address {
        Address::Local(LocalName::path(path).unwrap())
    }

    #[test]
    fn addresses_print_as_people_write_them() {
        for (address, expected) in [
            (Address::from(([127, 0, 0, 1], 7007)), "127.0.0.1:7007"),
            (
                Address::from(([0, 0, 0, 0, 0, 0, 0, 1], 7007)),
                "[::1]:7007",
            ),
            (local(b"/tmp/a b"), "/tmp/a b"),
            (local("/tmp/é".as_bytes()), "/tmp/é"),
            (
                Address::Local(LocalName::abstract_name("bus").unwrap()),
                "@bus",
            ),
            (Address::Local(LocalName::Unnamed), "<unnamed>"),
            (
                Address::raw(16, &[0, 0x0A, 0xFF]).unwrap(),
                "<Family 16>000aff",
            ),
        ] {
            assert_eq!(address.to_string(), expected);
            assert_eq!(expected.parse(), Ok(address));
        }
    }

    #[test]
    fn odd_paths_are_escaped_and_read_back() {
        for (path, expected) in [
            (&b"127.0.0.1:80"[..], r"\x3127.0.0.1:80"),
            (b"1:2", r"\x31:2"),
            (b"@x", r"\x40x"),
            (b"[x", r"\x5bx"),
            (b"<unnamed>", r"\x3cunnamed>"),
            (b"a\\b\\", r"a\\b\\"),
            (b"a\n\x1B", r"a\x0a\x1b"),
            (b"a\xFF", r"a\xff"),
            ("\u{85}".as_bytes(), r"\xc2\x85"),
            (b"\\x41", r"\\x41"),
        ] {
            assert_eq!(local(path).to_string(), expected);
            assert_eq!(expected.parse(), Ok(local(path)), "{expected}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for text in [
            "",
            "127.0.0.1:65536",
            "300.0.0.1:80",
            "[::1]",
            "[::1]:80;flow=x",
            "<Family x>",
            "<Family 5>0",
            "<Family 5>zz",
            "<Family 65536>",
            "<odd",
            "a\\",
            "a\\xf",
            "a\\x+f",
            "a\\y",
            "\\xé",
        ] {
            assert!(
                matches!(text.parse::<Address>(), Err(Error::Text { .. })),
                "{text}"
            );
        }
    }
}
