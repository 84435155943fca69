//! The table of a set: from pairs to characters and back.

use crate::codecs::character_map::CharacterMap;
use crate::spelling::Spelling;

/// The characters of a set and the way back.
pub(crate) struct Table {
    cells: Vec<Spelling>,
    frame: Frame,
    pairs: CharacterMap<u16>,
}

/// The way from pairs to characters: what a loop keeps at hand.
#[derive(Clone, Copy)]
pub(crate) struct Spellings<'table> {
    cells: &'table [Spelling],
    frame: Frame,
}

/// Which pairs have cells: as many rows as there are cells for.
#[derive(Clone, Copy)]
struct Frame {
    first_lead: u8,
    first_trail: u8,
    width: u8,
}

impl Frame {
    /// Returns the cell of a pair.
    ///
    /// A lead byte below the first gives a cell beyond the last.
    #[inline]
    fn cell(self, lead: u8, trail: u8) -> Option<usize> {
        let row = usize::from(lead.wrapping_sub(self.first_lead));
        let column = trail.wrapping_sub(self.first_trail);
        (column < self.width).then(|| row * usize::from(self.width) + usize::from(column))
    }

    fn pair(self, cell: usize) -> u16 {
        let width = usize::from(self.width);
        let lead = usize::from(self.first_lead) + cell / width;
        let trail = usize::from(self.first_trail) + cell % width;
        u16::try_from(lead << 8 | trail).unwrap_or(0)
    }
}

impl Table {
    /// Returns a table of no characters, from one lead byte to another and one trail byte to
    /// another, inclusive.
    pub(super) fn empty(leads: (u8, u8), trails: (u8, u8)) -> Self {
        let frame = Frame {
            first_lead: leads.0,
            first_trail: trails.0,
            width: trails.1 - trails.0 + 1,
        };
        let cells = usize::from(leads.1 - leads.0 + 1) * usize::from(frame.width);
        Self {
            cells: vec![Spelling::NONE; cells],
            frame,
            pairs: CharacterMap::new(),
        }
    }

    pub(super) fn shift_jis(jis: &Self) -> Self {
        let mut table = Self::empty((0x81, 0xEF), (0x40, 0xFC));
        for lead in 0x81..=0xEF {
            if (0xA0..0xE0).contains(&lead) {
                continue;
            }
            for trail in (0x40..=0xFC).filter(|&trail| trail != 0x7F) {
                let row = (lead - if lead < 0xE0 { 0x81 } else { 0xC1 }) * 2;
                let column = trail - if trail < 0x7F { 0x40 } else { 0x41 };
                let (row, column) = if column < 94 {
                    (row, column)
                } else {
                    (row + 1, column - 94)
                };
                if let Some(character) = jis.character(0xA1 + row, 0xA1 + column) {
                    table.set(u16::from_be_bytes([lead, trail]), character);
                }
            }
        }
        table
    }

    pub(super) fn set(&mut self, pair: u16, character: char) {
        let [lead, trail] = pair.to_be_bytes();
        let cell = self.frame.cell(lead, trail);
        let Some(cell) = cell.and_then(|cell| self.cells.get_mut(cell)) else {
            return;
        };
        *cell = Spelling::new(character);
        // Of duplicates the first is written, but see `drop_duplicates`.
        if let Some(entry) = self.pairs.place(character)
            && *entry == 0
        {
            *entry = pair;
        }
    }

    /// Leaves each character one pair: of several pairs with one character, the one Windows
    /// writes.
    pub(super) fn drop_duplicates(&mut self) {
        for (cell, spelling) in self.cells.iter().enumerate() {
            let pair = self.frame.pair(cell);
            // Rows of NEC's selection of IBM's characters yield to IBM's own rows, all others stay.
            if let Some(character) = spelling.character()
                && let Some(entry) = self.pairs.place(character)
                && *entry != pair
                && (0xED40..=0xEEFC).contains(entry)
            {
                *entry = pair;
            }
        }
        for (cell, spelling) in self.cells.iter_mut().enumerate() {
            if let Some(character) = spelling.character()
                && self.pairs.get(character) != self.frame.pair(cell)
            {
                *spelling = Spelling::NONE;
            }
        }
    }

    /// Returns the character of a pair.
    pub(crate) fn character(&self, lead: u8, trail: u8) -> Option<char> {
        self.spellings().of(lead, trail).character()
    }

    /// Returns what finds the spellings.
    pub(crate) fn spellings(&self) -> Spellings<'_> {
        Spellings {
            cells: &self.cells,
            frame: self.frame,
        }
    }

    /// Returns the pair of a character, lead byte first.
    #[inline]
    pub(crate) fn pair(&self, character: char) -> Option<u16> {
        match self.pairs.get(character) {
            0 => None,
            pair => Some(pair),
        }
    }

    /// Returns whether `byte` may begin a pair.
    pub(crate) fn leads(&self, byte: u8) -> bool {
        self.has_cell(byte, self.frame.first_trail)
    }

    /// Returns whether there is a place for this pair, empty or not.
    pub(crate) fn has_cell(&self, lead: u8, trail: u8) -> bool {
        self.frame
            .cell(lead, trail)
            .is_some_and(|cell| cell < self.cells.len())
    }
}

impl Spellings<'_> {
    /// Returns the spelling of the character of a pair.
    #[inline]
    pub(crate) fn of(self, lead: u8, trail: u8) -> Spelling {
        self.frame
            .cell(lead, trail)
            .and_then(|cell| self.cells.get(cell))
            .map_or(Spelling::NONE, |spelling| *spelling)
    }
}
