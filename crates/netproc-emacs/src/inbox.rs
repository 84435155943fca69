//! What has arrived on a process and is not text yet.
//!
//! Emacs decodes when it reads, by the coding system of that moment, and a filter may set another
//! one between two pieces. So bytes are decoded when they are handed over, and not before. What
//! only Emacs can decode as Emacs does is handed over as it is: text with charset properties, and
//! data whose coding system is to be found by what the user prefers.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;

use netproc::coding::Decoder;
use netproc::{CodingSystem, Text, Value};

/// Bytes that arrived together.
#[derive(Debug)]
pub(crate) struct Piece {
    bytes: Vec<u8>,
    /// How many of them are handed over.
    done: usize,
    extent: Extent,
    from: Option<Value>,
}

/// How far a piece belongs to what came before and comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// A part of a stream, cut anywhere.
    Stream,
    /// Cut by the sender; a character may go on in the next one.
    Record,
    /// Complete by itself.
    Message,
}

impl Piece {
    fn new(bytes: impl Into<Vec<u8>>, extent: Extent) -> Self {
        Piece {
            bytes: bytes.into(),
            done: 0,
            extent,
            from: None,
        }
    }

    /// Says where the answer to this goes.
    pub(crate) fn from(self, from: Option<Value>) -> Self {
        Piece { from, ..self }
    }

    pub(crate) fn stream(bytes: Vec<u8>) -> Self {
        Piece::new(bytes, Extent::Stream)
    }

    pub(crate) fn record(bytes: Vec<u8>) -> Self {
        Piece::new(bytes, Extent::Record)
    }

    pub(crate) fn message(bytes: impl Into<Vec<u8>>) -> Self {
        Piece::new(bytes, Extent::Message)
    }
}

/// What is handed over at a time.
pub(crate) enum Handed {
    /// Text, if the bytes made any, and the coding system if it was found from the data just now.
    Text(Option<Text>, Option<CodingSystem>),
    /// Bytes that Emacs has to decode.
    Bytes(Vec<u8>, Extent),
}

/// What waits on one process, and what decodes it.
#[derive(Default)]
pub(crate) struct Inbox {
    pieces: VecDeque<Piece>,
    decoder: Decoder,
    /// The way to a pipe process of Emacs that decodes instead.
    pub(crate) channel: Option<OwnedFd>,
}

impl Inbox {
    pub(crate) fn push(&mut self, piece: Piece) {
        self.pieces.push_back(piece);
    }

    /// Returns where the answer to what comes next goes.
    pub(crate) fn sender(&self) -> Option<Value> {
        self.pieces.front().and_then(|piece| piece.from.clone())
    }

    /// Tells whether something waits.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// Hands over the next piece; of a stream, as much as one read of `limit` bytes would bring.
    pub(crate) fn next(&mut self, limit: usize, raw: bool) -> Option<Handed> {
        let (bytes, extent) = self.take(limit.max(1))?;
        if raw || (self.decoder.coding_system().is_undecided() && !is_plain(&bytes)) {
            let mut all = self.decoder.take_held();
            all.extend_from_slice(&bytes);
            return Some(Handed::Bytes(all, extent));
        }
        let before = self.decoder.coding_system();
        let mut text = Text::with_capacity(bytes.len());
        text.reset(self.decoder.is_multibyte());
        if extent == Extent::Message {
            self.decoder.decode_message(&bytes, &mut text);
        } else {
            self.decoder.decode(&bytes, &mut text);
        }
        let after = self.decoder.coding_system();
        // An empty message is one all the same.
        let whole = extent != Extent::Stream && bytes.is_empty() || extent == Extent::Message;
        let text = (whole || !text.is_empty()).then_some(text);
        Some(Handed::Text(text, (after != before).then_some(after)))
    }

    fn take(&mut self, limit: usize) -> Option<(Vec<u8>, Extent)> {
        let mut first = self.pieces.pop_front()?;
        let extent = first.extent;
        let room = first.bytes.len() - first.done;
        if extent != Extent::Stream || (first.done == 0 && room == limit) {
            return Some((first.bytes, extent));
        }
        let taken = room.min(limit);
        let mut bytes = first.bytes[first.done..first.done + taken].to_vec();
        first.done += taken;
        if taken < room {
            self.pieces.push_front(first);
            return Some((bytes, extent));
        }
        // What has arrived since is read along.
        while bytes.len() < limit
            && let Some(next) = self.pieces.front_mut()
        {
            let taken = (next.bytes.len() - next.done).min(limit - bytes.len());
            bytes.extend_from_slice(&next.bytes[next.done..next.done + taken]);
            next.done += taken;
            if next.done == next.bytes.len() {
                self.pieces.pop_front();
            }
        }
        Some((bytes, extent))
    }

    /// Returns what was held back for more that will not come.
    pub(crate) fn rest(&mut self) -> Text {
        let mut text = Text::new();
        text.reset(self.decoder.is_multibyte());
        self.decoder.finish(&mut text);
        text
    }

    /// Decodes by `system` from now on, unless only Emacs can.
    pub(crate) fn set_coding_system(&mut self, system: Option<CodingSystem>) -> bool {
        let system = system.unwrap_or(CodingSystem::UNDECIDED);
        let ours = is_ours(system);
        if ours {
            self.decoder.set_coding_system(system);
        }
        ours
    }

    /// Begins with bytes of a character that is not complete.
    pub(crate) fn hold(&mut self, bytes: &[u8]) {
        let mut text = Text::new();
        self.decoder.decode(bytes, &mut text);
    }

    pub(crate) fn take_held(&mut self) -> Vec<u8> {
        self.decoder.take_held()
    }

    /// Has the filter get characters or bytes; returns the coding system after that.
    pub(crate) fn set_multibyte(&mut self, multibyte: bool) -> CodingSystem {
        self.decoder.set_multibyte(multibyte);
        self.decoder.coding_system()
    }

    pub(crate) fn is_multibyte(&self) -> bool {
        self.decoder.is_multibyte()
    }
}

/// Tells whether text in `system` is the same whoever decodes it.
fn is_ours(system: CodingSystem) -> bool {
    let base = system.canonical().base();
    let name = base.name();
    base.is_undecided()
        || base == CodingSystem::BINARY
        || base == CodingSystem::RAW_TEXT
        || name == "no-conversion"
        || name.starts_with("utf-8")
        || name.starts_with("mule-utf-8")
        || name.starts_with("utf-16")
}

/// Tells whether bytes are ASCII, and begin nothing else in any coding system.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.is_ascii()
        && !bytes
            .iter()
            .any(|byte| matches!(byte, 0 | 0x0e | 0x0f | 0x1b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(system: &str) -> Inbox {
        let mut inbox = Inbox::default();
        let system = CodingSystem::parse(system).expect("a coding system");
        assert!(inbox.set_coding_system(Some(system)));
        inbox
    }

    fn text(inbox: &mut Inbox, limit: usize) -> String {
        match inbox.next(limit, false) {
            Some(Handed::Text(Some(text), _)) => text.to_string_lossy().into_owned(),
            Some(Handed::Text(None, _)) => "no text".into(),
            Some(Handed::Bytes(..)) => "bytes".into(),
            None => "nothing".into(),
        }
    }

    #[test]
    fn a_stream_is_read_to_the_limit_and_over_pieces() {
        let mut inbox = inbox("utf-8-unix");
        inbox.push(Piece::stream(b"abcdef".to_vec()));
        inbox.push(Piece::stream(b"gh".to_vec()));
        assert_eq!(text(&mut inbox, 4), "abcd");
        assert_eq!(text(&mut inbox, 3), "efg");
        assert_eq!(text(&mut inbox, 3), "h");
        assert_eq!(text(&mut inbox, 3), "nothing");
        inbox.push(Piece::stream("é".into()));
        assert_eq!(text(&mut inbox, 1), "no text");
        assert_eq!(text(&mut inbox, 1), "é");
    }

    #[test]
    fn a_message_is_whole() {
        let mut inbox = inbox("utf-8-unix");
        inbox.push(Piece::message(*b"abc"));
        inbox.push(Piece::message(*b""));
        assert_eq!(text(&mut inbox, 1), "abc");
        assert_eq!(text(&mut inbox, 1), "");
        assert!(!inbox.is_waiting());
    }

    #[test]
    fn the_coding_system_is_that_of_the_moment() {
        let mut inbox = inbox("utf-8-unix");
        inbox.push(Piece::stream("é\r\né".into()));
        assert_eq!(text(&mut inbox, 4), "é\r\n");
        inbox.set_coding_system(Some(CodingSystem::BINARY));
        assert!(matches!(
            inbox.next(4, false),
            Some(Handed::Text(Some(text), None)) if text.as_unibyte() == Some(&b"\xc3\xa9"[..])
        ));
    }

    #[test]
    fn what_is_undecided_is_left_to_emacs() {
        let mut inbox = inbox("undecided");
        inbox.push(Piece::stream(b"plain\n".to_vec()));
        inbox.push(Piece::stream(b"\xe9\n".to_vec()));
        assert_eq!(text(&mut inbox, 6), "plain\n");
        assert_eq!(text(&mut inbox, 6), "bytes");
        let latin = CodingSystem::parse("latin-1").expect("a coding system");
        assert!(!inbox.set_coding_system(Some(latin)));
    }
}
