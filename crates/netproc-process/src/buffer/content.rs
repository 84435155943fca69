//! The text of a buffer and places in it, each known by characters and by bytes.

use netproc_lisp::Text;

/// A place between characters: how many characters and stored bytes stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) chars: usize,
    pub(super) bytes: usize,
}

impl Place {
    pub(super) const START: Place = Place { chars: 0, bytes: 0 };

    /// Returns the position as Emacs counts.
    pub(super) fn position(self) -> usize {
        self.chars + 1
    }

    pub(super) fn plus(self, length: Place) -> Place {
        Place {
            chars: self.chars + length.chars,
            bytes: self.bytes + length.bytes,
        }
    }

    /// Moves along if text of that length is inserted before or at this place.
    pub(super) fn shift(&mut self, at: Place, length: Place) {
        if self.chars >= at.chars {
            *self = self.plus(length);
        }
    }
}

/// The text, with its length known at all times.
#[derive(Debug, Clone)]
pub(super) struct Content {
    text: Text,
    end: Place,
}

impl Content {
    pub(super) fn new(multibyte: bool) -> Content {
        let text = if multibyte {
            Text::new()
        } else {
            Text::unibyte(Vec::new())
        };
        Content {
            text,
            end: Place::START,
        }
    }

    pub(super) fn text(&self) -> &Text {
        &self.text
    }

    pub(super) fn into_text(self) -> Text {
        self.text
    }

    pub(super) fn end(&self) -> Place {
        self.end
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.end = Place::START;
    }

    /// Inserts text, as bytes into bytes and as characters into characters; returns its length.
    pub(super) fn insert(&mut self, at: Place, text: &Text) -> Place {
        if at == self.end {
            return self.append(text);
        }
        // Cutting a text in two and joining it again keeps what it holds.
        let tail = self.split_off(at);
        let length = self.append(text);
        self.append(&tail);
        length
    }

    fn append(&mut self, text: &Text) -> Place {
        let before = self.text.byte_len();
        let chars = if self.text.is_multibyte() {
            self.text.push_text(text);
            text.char_count()
        } else {
            self.text.push_bytes(&text.as_bytes());
            self.text.byte_len() - before
        };
        let length = Place {
            chars,
            bytes: self.text.byte_len() - before,
        };
        self.end = self.end.plus(length);
        length
    }

    fn split_off(&mut self, at: Place) -> Text {
        let bytes = self.text.internal_bytes();
        let (head, tail) = bytes.split_at(at.bytes.min(bytes.len()));
        let (head, tail) = if self.text.is_multibyte() {
            (multibyte(head), multibyte(tail))
        } else {
            (Text::unibyte(head), Text::unibyte(tail))
        };
        self.text = head;
        self.end = at;
        tail
    }

    /// Returns the place of a position as Emacs counts, clipped to the text.
    pub(super) fn at_position(&self, position: usize) -> Place {
        let chars = position.saturating_sub(1);
        if chars >= self.end.chars {
            return self.end;
        }
        let bytes = self.text.internal_bytes();
        let bytes = if self.text.is_multibyte() {
            starts(bytes).nth(chars).unwrap_or(bytes.len())
        } else {
            chars
        };
        Place { chars, bytes }
    }

    /// Returns how many bytes stand before a place when raw bytes count one each.
    pub(super) fn plain_byte_of(&self, place: Place) -> usize {
        let bytes = self.text.internal_bytes();
        let before = bytes.get(..place.bytes).unwrap_or(bytes);
        if self.text.is_multibyte() {
            before.len() - raw_bytes(before)
        } else {
            before.len()
        }
    }

    /// Returns the last place with at most that many plain bytes before it.
    pub(super) fn at_plain_byte(&self, plain: usize) -> Place {
        let bytes = self.text.internal_bytes();
        if !self.text.is_multibyte() {
            let bytes = plain.min(bytes.len());
            return Place {
                chars: bytes,
                bytes,
            };
        }
        let mut place = Place::START;
        let mut raw = 0;
        for (chars, start) in starts(bytes).chain([bytes.len()]).enumerate() {
            if start - raw > plain {
                break;
            }
            place = Place {
                chars,
                bytes: start,
            };
            raw += usize::from(bytes.get(start).is_some_and(|&byte| is_raw_lead(byte)));
        }
        place
    }
}

impl From<Text> for Content {
    fn from(text: Text) -> Content {
        let end = Place {
            chars: text.char_count(),
            bytes: text.byte_len(),
        };
        Content { text, end }
    }
}

/// Makes a text of a part of the internal encoding that begins and ends between characters.
fn multibyte(bytes: &[u8]) -> Text {
    Text::from_internal(bytes.to_vec()).unwrap_or_else(|_| Text::from_bytes(bytes))
}

/// Returns where the characters of the internal encoding start.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let is_start = |&(_, byte): &(usize, &u8)| byte & 0xC0 != 0x80;
    bytes
        .iter()
        .enumerate()
        .filter(is_start)
        .map(|(start, _)| start)
}

/// A raw byte is stored as 0xC0 or 0xC1 and one more.
fn is_raw_lead(byte: u8) -> bool {
    matches!(byte, 0xC0 | 0xC1)
}

fn raw_bytes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| is_raw_lead(byte)).count()
}
