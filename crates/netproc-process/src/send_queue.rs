//! What could not be sent yet, in order, with the borders and targets of messages.

use std::borrow::Cow;
use std::collections::VecDeque;

use netproc_address::Address;

/// Small writes are joined up to this size, so that one system call carries them.
const JOIN: usize = 64 * 1024;

/// Bytes or messages that wait for the socket.
#[derive(Debug, Default)]
pub(crate) struct SendQueue {
    chunks: VecDeque<Chunk>,
    /// Bytes of the first chunk that are sent already.
    sent: usize,
    /// Bytes that wait, over all chunks.
    len: usize,
}

#[derive(Debug)]
struct Chunk {
    bytes: Vec<u8>,
    to: Option<Address>,
}

impl SendQueue {
    /// Adds bytes of a stream.
    pub(crate) fn push_bytes(&mut self, bytes: Cow<'_, [u8]>) {
        if bytes.is_empty() {
            return;
        }
        self.len += bytes.len();
        match self.chunks.back_mut() {
            Some(last) if last.bytes.len() + bytes.len() <= JOIN => {
                last.bytes.extend_from_slice(&bytes);
            }
            _ => self.chunks.push_back(Chunk {
                bytes: bytes.into_owned(),
                to: None,
            }),
        }
    }

    /// Adds one message, empty ones too.
    pub(crate) fn push_message(&mut self, bytes: Cow<'_, [u8]>, to: Option<Address>) {
        self.len += bytes.len();
        self.chunks.push_back(Chunk {
            bytes: bytes.into_owned(),
            to,
        });
    }

    /// Returns what is to be sent next, and to whom.
    pub(crate) fn front(&self) -> Option<(&[u8], Option<&Address>)> {
        let chunk = self.chunks.front()?;
        Some((
            chunk.bytes.get(self.sent..).unwrap_or_default(),
            chunk.to.as_ref(),
        ))
    }

    /// Takes sent bytes off, all that wait if there are not so many.
    pub(crate) fn advance(&mut self, count: usize) {
        let mut count = count.min(self.len);
        self.len -= count;
        while let Some(chunk) = self.chunks.front() {
            let left = chunk.bytes.len() - self.sent;
            if count < left {
                self.sent += count;
                break;
            }
            count -= left;
            self.sent = 0;
            self.chunks.pop_front();
        }
    }

    /// Takes the first message off, sent or not; returns its length.
    pub(crate) fn pop_message(&mut self) -> Option<usize> {
        let chunk = self.chunks.pop_front()?;
        let length = chunk.bytes.len() - self.sent;
        self.sent = 0;
        self.len -= length;
        Some(length)
    }

    /// Returns the number of bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Tells whether nothing waits, not even an empty message.
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(queue: &SendQueue) -> Option<&[u8]> {
        queue.front().map(|(bytes, _)| bytes)
    }

    #[test]
    fn small_writes_are_joined() {
        let mut queue = SendQueue::default();
        queue.push_bytes(b"one ".into());
        queue.push_bytes(b"two".into());
        assert_eq!(front(&queue), Some(&b"one two"[..]));
        queue.advance(5);
        assert_eq!((front(&queue), queue.len()), (Some(&b"wo"[..]), 2));
        queue.advance(2);
        assert!(queue.is_empty());
    }

    #[test]
    fn an_advance_may_cross_chunks() {
        let mut queue = SendQueue::default();
        queue.push_bytes(vec![b'a'; JOIN].into());
        queue.push_bytes(vec![b'b'; JOIN].into());
        assert_eq!(front(&queue).map(<[u8]>::len), Some(JOIN));
        queue.advance(JOIN + 1);
        assert_eq!(front(&queue).map(<[u8]>::len), Some(JOIN - 1));
    }

    #[test]
    fn no_more_can_be_sent_than_waits() {
        let mut queue = SendQueue::default();
        queue.push_bytes(b"ab".into());
        queue.advance(3);
        assert_eq!((front(&queue), queue.len()), (None, 0));
    }

    #[test]
    fn messages_keep_their_borders() {
        let mut queue = SendQueue::default();
        queue.push_message(b"one".into(), None);
        queue.push_message(b"".into(), None);
        queue.push_message(b"two".into(), None);
        assert_eq!(front(&queue), Some(&b"one"[..]));
        assert_eq!(queue.pop_message(), Some(3));
        assert_eq!(front(&queue), Some(&b""[..]));
        assert_eq!(queue.pop_message(), Some(0));
        assert_eq!(front(&queue), Some(&b"two"[..]));
    }
}
