//! Many bytes that both ends of a session can be held to: made without end, compared without keeping.

use std::fmt::Write as _;
use std::io;

/// Bytes of one block, its line of head included.
pub(crate) const BLOCK: usize = 64 * 1024;

/// The bytes of a line, with its line end.
const LINE: usize = 64;

/// A sequence of bytes: digits in short lines, no two blocks alike.
///
/// Only digits, spaces and line ends, since some programs take other characters at the beginning
/// of what they read for commands of their own. Each block begins with its number, so that one
/// that is lost, doubled or out of place is seen.
#[derive(Clone)]
pub(crate) struct Bytes {
    block: Vec<u8>,
    blocks: usize,
}

impl Bytes {
    /// Returns the sequence that belongs to `seed`; its length is in blocks.
    pub(crate) fn new(seed: u32, blocks: usize) -> Self {
        let mut text = head(seed, 0);
        let mut state = u64::from(seed) + 1;
        while text.len() < BLOCK {
            while text.len() % LINE < LINE - 1 {
                // An xorshift: no digit follows from its neighbours by eye.
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let digits = format!("{state:020}");
                let room = LINE - 1 - text.len() % LINE;
                text.push_str(&digits[..room.min(digits.len())]);
            }
            text.push('\n');
        }
        Self {
            block: text.into_bytes(),
            blocks,
        }
    }

    /// Returns how many bytes there are.
    pub(crate) fn len(&self) -> usize {
        self.blocks * BLOCK
    }

    /// Returns the bytes by which the beginning is known among other text.
    pub(crate) fn opening(&self) -> &[u8] {
        &self.block[..LINE]
    }

    /// Writes everything.
    pub(crate) fn write(&self, mut to: impl io::Write) -> io::Result<()> {
        let mut block = self.block.clone();
        for number in 0..self.blocks {
            renumber(&mut block, number);
            to.write_all(&block)?;
        }
        to.flush()
    }
}

/// Bytes that arrive, compared with those that should.
pub(crate) struct Comparison {
    bytes: Bytes,
    /// The block that stands at `done`.
    block: Vec<u8>,
    done: usize,
}

impl Comparison {
    /// Begins at the first byte.
    pub(crate) fn new(bytes: Bytes) -> Self {
        Self {
            block: bytes.block.clone(),
            bytes,
            done: 0,
        }
    }

    /// Returns the bytes that are expected.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns how many bytes have arrived and were right.
    pub(crate) fn done(&self) -> usize {
        self.done
    }

    /// Says whether everything has arrived.
    pub(crate) fn is_complete(&self) -> bool {
        self.done == self.bytes.len()
    }

    /// Compares the next bytes, and returns how many of them belong to the sequence.
    ///
    /// An error says where the first wrong byte stands.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) -> Result<usize, String> {
        let begun = self.done;
        while !bytes.is_empty() && !self.is_complete() {
            let place = self.done % BLOCK;
            if place == 0 {
                renumber(&mut self.block, self.done / BLOCK);
            }
            let count = bytes.len().min(BLOCK - place);
            let (now, rest) = bytes.split_at(count);
            let expected = &self.block[place..place + count];
            if now != expected {
                let right = now.iter().zip(expected).take_while(|(a, b)| a == b);
                return Err(format!("byte {} is wrong", self.done + right.count()));
            }
            self.done += count;
            bytes = rest;
        }
        Ok(self.done - begun)
    }
}

/// The beginning of a block: which sequence it belongs to, and its number.
fn head(seed: u32, number: usize) -> String {
    let mut text = String::with_capacity(BLOCK);
    // Writing to a string does not fail.
    let _ = write!(text, "{seed:010} {number:010} ");
    text
}

fn renumber(block: &mut [u8], number: usize) {
    let digits = format!("{number:010}");
    block[11..21].copy_from_slice(digits.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &Bytes) -> Vec<u8> {
        let mut all = Vec::new();
        bytes.write(&mut all).unwrap();
        all
    }

    #[test]
    fn what_is_written_is_what_is_expected_in_any_pieces() {
        let bytes = Bytes::new(3, 3);
        let all = written(&bytes);
        assert_eq!(all.len(), bytes.len());
        assert!(all.starts_with(bytes.opening()));
        let mut comparison = Comparison::new(bytes);
        for piece in all.chunks(1000) {
            assert_eq!(comparison.take(piece), Ok(piece.len()));
        }
        assert!(comparison.is_complete());
        assert_eq!(comparison.take(b"more"), Ok(0));
    }

    #[test]
    fn a_wrong_byte_and_a_lost_block_are_seen() {
        let bytes = Bytes::new(1, 3);
        let mut all = written(&bytes);
        all.drain(BLOCK..2 * BLOCK);
        let lost = Comparison::new(bytes.clone()).take(&all);
        assert_eq!(lost, Err(format!("byte {} is wrong", BLOCK + 20)));
        all[5000] = b'x';
        let wrong = Comparison::new(bytes).take(&all);
        assert_eq!(wrong, Err("byte 5000 is wrong".to_owned()));
    }

    #[test]
    fn lines_are_short_and_of_digits() {
        let all = written(&Bytes::new(7, 1));
        for line in all.split_inclusive(|byte| *byte == b'\n') {
            assert_eq!(line.len(), LINE);
            assert!(
                line[..LINE - 1]
                    .iter()
                    .all(|it| it.is_ascii_digit() || *it == b' ')
            );
        }
    }
}
