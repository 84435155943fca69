//! What a server's first message says that OpenSSL does not hand out.

/// The extensions that a server agreed to (RFC 5246, section 7.4.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Agreed {
    /// RFC 7366.
    pub(super) encrypt_then_mac: bool,
    /// RFC 5746.
    pub(super) safe_renegotiation: bool,
}

/// Reads the first record that a server sent; nothing is agreed when it is not as expected.
pub(super) fn agreed(record: &[u8]) -> Agreed {
    extensions(record).map_or_else(Agreed::default, |extensions| Agreed {
        encrypt_then_mac: has(extensions, 22),
        safe_renegotiation: has(extensions, 0xff01),
    })
}

fn extensions(record: &[u8]) -> Option<&[u8]> {
    let (_, message) = record
        .split_at_checked(5)
        .filter(|(head, _)| head[0] == 22)?;
    let (_, body) = message
        .split_at_checked(4)
        .filter(|(head, _)| head[0] == 2)?;
    // The version and the random bytes, then the name of the session, suite and compression.
    let (length, rest) = body.get(34..)?.split_first()?;
    let rest = rest.get(usize::from(*length) + 3..)?;
    let (length, rest) = rest.split_at_checked(2)?;
    rest.get(..usize::from(u16::from_be_bytes([length[0], length[1]])))
}

fn has(mut extensions: &[u8], wanted: u16) -> bool {
    while let Some((head, rest)) = extensions.split_at_checked(4) {
        let (kind, length) = (&head[..2], &head[2..]);
        if kind == wanted.to_be_bytes() {
            return true;
        }
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        extensions = rest.get(length..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message with a session name of `name` bytes and these extensions.
    fn record(name: u8, extensions: &[u8]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([9; 32]);
        body.push(name);
        body.extend(vec![7; usize::from(name)]);
        body.extend([0xc0, 0x19, 0]);
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
        let length = u8::try_from(body.len()).unwrap();
        [&[22, 3, 3, 0, length + 4, 2, 0, 0, length][..], &body].concat()
    }

    #[test]
    fn extensions_are_found_wherever_they_stand() {
        let both = [0xff, 1, 0, 1, 0, 0, 23, 0, 0, 0, 22, 0, 0];
        for name in [0, 32] {
            let found = agreed(&record(name, &both));
            assert!(found.encrypt_then_mac && found.safe_renegotiation);
        }
        let one = agreed(&record(32, &both[..5]));
        assert!(!one.encrypt_then_mac && one.safe_renegotiation);
    }

    #[test]
    fn what_is_cut_off_anywhere_agrees_to_nothing_and_harms_nobody() {
        let whole = record(32, &[0, 22, 0, 0]);
        for length in 0..whole.len() {
            assert_eq!(agreed(&whole[..length]), Agreed::default());
        }
        assert!(agreed(&whole).encrypt_then_mac);
    }
}
