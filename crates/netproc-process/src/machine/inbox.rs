//! Text that was decoded and waits for the filter.

use std::collections::VecDeque;

use netproc_lisp::Text;

/// Nearly always empty or one text, so that costs no memory beside the machine.
#[derive(Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "without the box every machine were a word larger"
)]
pub(super) enum Inbox {
    #[default]
    Empty,
    One(Text),
    Many(Box<VecDeque<Text>>),
}

impl Inbox {
    pub(super) fn push(&mut self, text: Text) {
        match self {
            Inbox::Empty => *self = Inbox::One(text),
            Inbox::One(first) => {
                let first = std::mem::take(first);
                *self = Inbox::Many(Box::new(VecDeque::from([first, text])));
            }
            Inbox::Many(texts) => texts.push_back(text),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Text> {
        let text = match self {
            Inbox::Empty => return None,
            Inbox::One(text) => std::mem::take(text),
            Inbox::Many(texts) => {
                let text = texts.pop_front()?;
                if !texts.is_empty() {
                    return Some(text);
                }
                text
            }
        };
        *self = Inbox::Empty;
        Some(text)
    }

    pub(super) fn clear(&mut self) {
        *self = Inbox::Empty;
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Inbox::Empty => 0,
            Inbox::One(_) => 1,
            Inbox::Many(texts) => texts.len(),
        }
    }
}
