//! From characters to their bytes, in two array accesses.

/// What belongs to each character, zero for nothing.
///
/// Characters come in pages of 256, and only those pages exist that have something.
pub(crate) struct CharacterMap<T> {
    /// For every 256 characters, which page has theirs. The first page is that of nothing.
    numbers: [u8; PAGES],
    pages: Vec<[T; PAGE]>,
}

impl<T: Copy + Default> CharacterMap<T> {
    pub(crate) fn new() -> Self {
        Self {
            numbers: [0; PAGES],
            pages: vec![[T::default(); PAGE]],
        }
    }

    /// Returns what belongs to a character.
    #[inline]
    pub(crate) fn get(&self, character: char) -> T {
        let code = character as usize;
        let page = self.numbers.get(code / PAGE);
        page.and_then(|&page| self.pages.get(usize::from(page)))
            .map_or_else(T::default, |page| page[code % PAGE])
    }

    /// Returns the place of a character; there is none beyond plane 2, nor for the first of more
    /// than 255 pages.
    pub(crate) fn place(&mut self, character: char) -> Option<&mut T> {
        let code = character as usize;
        let page = self.numbers.get_mut(code / PAGE)?;
        if *page == 0 {
            *page = u8::try_from(self.pages.len()).ok()?;
            self.pages.push([T::default(); PAGE]);
        }
        Some(&mut self.pages.get_mut(usize::from(*page))?[code % PAGE])
    }
}

const PAGE: usize = 256;

/// The pages of planes 0 to 2.
const PAGES: usize = 0x3_0000 / PAGE;
