//! Where the entries of the sockets stand: found by number without a lock, and never moved.

use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::entry::{Direction, Entry};

/// How many entries are made at a time.
const BLOCK: usize = 1024;

/// How many blocks there can be: four million sockets.
const BLOCKS: usize = 4096;

/// The name of a socket in the set: its entry, and which of the sockets that had the entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    index: u32,
    generation: u32,
}

impl Token {
    /// What the notice is called, beyond all entries.
    pub(super) const NOTICE: Token = Token {
        index: u32::MAX,
        generation: u32::MAX,
    };

    pub(super) fn to_number(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.index)
    }

    #[expect(clippy::cast_possible_truncation, reason = "each half by itself")]
    pub(super) fn from_number(number: u64) -> Token {
        Token {
            index: number as u32,
            generation: (number >> 32) as u32,
        }
    }
}

/// The entries of all sockets, those that are not in use any more included.
pub(super) struct Table {
    blocks: [OnceLock<Box<[Entry]>>; BLOCKS],
    free: Mutex<Free>,
}

struct Free {
    /// The first entry that was never used.
    next: u32,
    /// Those that were used, the last one first.
    used: Vec<u32>,
}

impl Table {
    #[expect(
        clippy::large_stack_arrays,
        reason = "made by the compiler, for a static"
    )]
    pub(super) const fn new() -> Table {
        Table {
            blocks: [const { OnceLock::new() }; BLOCKS],
            free: Mutex::new(Free {
                next: 0,
                used: Vec::new(),
            }),
        }
    }

    /// Gives an entry to a socket.
    ///
    /// # Errors
    ///
    /// When there are more sockets than any system opens.
    pub(super) fn take(&self, first: Direction) -> io::Result<Token> {
        let index = {
            let mut free = self.lock();
            if let Some(index) = free.used.pop() {
                index
            } else {
                let index = free.next;
                let (block, _) = place(index);
                let block = self.blocks.get(block).ok_or(io::ErrorKind::QuotaExceeded)?;
                block.get_or_init(|| (0..BLOCK).map(|_| Entry::default()).collect());
                free.next += 1;
                index
            }
        };
        let entry = self.entry(index).ok_or(io::ErrorKind::NotFound)?;
        let generation = entry.begin(first);
        Ok(Token { index, generation })
    }

    /// Takes the entry away from its socket, for the next one.
    pub(super) fn give_back(&self, token: Token) {
        if let Some(entry) = self.entry(token.index) {
            entry.end();
            self.lock().used.push(token.index);
        }
    }

    /// Returns the entry that a token names, and the generation that it must have.
    pub(super) fn find(&self, token: Token) -> Option<(&Entry, u32)> {
        Some((self.entry(token.index)?, token.generation))
    }

    fn entry(&self, index: u32) -> Option<&Entry> {
        let (block, place) = place(index);
        self.blocks.get(block)?.get()?.get(place)
    }

    fn lock(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(index: u32) -> (usize, usize) {
    let index = index as usize;
    (index / BLOCK, index % BLOCK)
}
