//! What a recording of TLS is made of, as far as one who has no key can tell.

/// A record of TLS: its kind and the length of what it holds (RFC 8446, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// 20 for change_cipher_spec, 21 for an alert, 22 for the handshake, 23 for data.
    pub kind: u8,
    /// How many bytes it holds.
    pub length: usize,
}

impl Record {
    /// What ends a session, or says what is wrong.
    pub const ALERT: u8 = 21;
    /// A part of the handshake that is not encrypted as data is.
    pub const HANDSHAKE: u8 = 22;
    /// Data; with TLS 1.3 also everything else that is encrypted.
    pub const DATA: u8 = 23;
}

/// The longest record that anything of TLS 1.2 or 1.3 may send.
const LONGEST: usize = 16_384 + 2048;

/// Reads the records of one direction; the last may be cut.
///
/// # Errors
///
/// Says where, and by which bytes, it is not TLS.
pub fn records(mut bytes: &[u8]) -> Result<Vec<Record>, String> {
    let mut found = Vec::new();
    let whole = bytes.len();
    while let [kind, version, _, high, low, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if !(20..=23).contains(kind) || *version != 3 || length > LONGEST {
            let place = whole - bytes.len();
            let shown = bytes[..bytes.len().min(40)].escape_ascii();
            return Err(format!("no TLS record at {place}: \"{shown}\""));
        }
        found.push(Record {
            kind: *kind,
            length,
        });
        bytes = &rest[length.min(rest.len())..];
    }
    match bytes {
        [] | [20..=23] | [20..=23, 3, ..] => Ok(found),
        _ => Err(format!(
            "no TLS record at the end: \"{}\"",
            bytes.escape_ascii()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_told_from_text() {
        let hello = [22, 3, 1, 0, 2, 9, 9, 23, 3, 3, 0, 1, 7];
        let kinds: Vec<u8> = records(&hello).unwrap().iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [Record::HANDSHAKE, Record::DATA]);
        assert!(records(b"EHLO there\r\n").is_err());
        assert!(records(&[&hello[..], b"clear"].concat()).is_err());
        // A record that is cut is a record.
        assert_eq!(records(&hello[..12]).unwrap().len(), 2);
        assert_eq!(records(&hello[..9]).unwrap().len(), 1);
    }
}
