//! Bytes both ways between two streams, each way ending by itself.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_lite::{AsyncRead, AsyncWrite};

/// How many bytes are carried at once.
const PIECE: usize = 64 * 1024;

/// How many pieces are carried one way before others have their turn.
const PIECES_A_TURN: usize = 16;

thread_local! {
    /// The bytes just read: one buffer a thread, so that an idle joint needs none.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Carries bytes both ways until both sides have ended theirs.
///
/// The end of what one side sends is passed on to the other, which may go on sending. A side
/// that takes no bytes holds up the side that sends them.
///
/// # Errors
///
/// The system's error of the side that broke.
pub(crate) async fn relay(
    mut near: impl AsyncRead + AsyncWrite + Unpin,
    mut far: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut there = Way::default();
    let mut back = Way::default();
    poll_fn(|context| {
        let there = there.poll(&mut near, &mut far, context)?;
        let back = back.poll(&mut far, &mut near, context)?;
        if there.is_ready() && back.is_ready() {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    })
    .await
}

/// One of the two ways.
#[derive(Default)]
struct Way {
    /// What was read and not taken yet.
    rest: Vec<u8>,
    /// How much of it was taken.
    taken: usize,
    /// Whether something was written that may still be held back, as TLS does.
    is_held: bool,
    stage: Stage,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Carrying,
    Closing,
    Over,
}

impl Way {
    fn poll(
        &mut self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        for _ in 0..PIECES_A_TURN {
            match self.stage {
                Stage::Carrying => {
                    ready!(self.poll_rest(to, context))?;
                    let piece = self.poll_piece(from, to, context)?;
                    if piece.is_pending() {
                        // Nothing follows for now, so what was written is to leave.
                        ready!(self.poll_flush(to, context))?;
                        return Poll::Pending;
                    }
                }
                Stage::Closing => {
                    ready!(Pin::new(&mut *to).poll_close(context))?;
                    self.stage = Stage::Over;
                }
                Stage::Over => return Poll::Ready(Ok(())),
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_flush(
        &mut self,
        to: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_held {
            ready!(Pin::new(to).poll_flush(context))?;
            self.is_held = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Writes what is left of the piece before.
    fn poll_rest(
        &mut self,
        to: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while self.taken < self.rest.len() {
            let rest = &self.rest[self.taken..];
            match ready!(Pin::new(&mut *to).poll_write(context, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.taken += count,
            }
            self.is_held = true;
        }
        // The room is given back: most joints are idle most of the time.
        self.rest = Vec::new();
        self.taken = 0;
        Poll::Ready(Ok(()))
    }

    /// Reads one piece and writes what the other side takes at once.
    fn poll_piece(
        &mut self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        // Taken, not borrowed: whatever is polled may run another joint on this thread.
        let mut buffer = BUFFER.take();
        buffer.resize(PIECE, 0);
        let carried = self.carry(from, to, context, &mut buffer);
        BUFFER.set(buffer);
        carried
    }

    fn carry(
        &mut self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<()>> {
        let count = ready!(Pin::new(&mut *from).poll_read(context, buffer))?;
        if count == 0 {
            self.stage = Stage::Closing;
            return Poll::Ready(Ok(()));
        }
        let taken = match Pin::new(&mut *to).poll_write(context, &buffer[..count]) {
            Poll::Ready(taken) => taken?,
            Poll::Pending => 0,
        };
        self.is_held |= taken > 0;
        self.rest.extend_from_slice(&buffer[taken..count]);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use futures_lite::future;
    use futures_lite::io::Cursor;

    use super::*;

    /// One side of a joint whose reading runs another joint to its end.
    struct Nested {
        bytes: Cursor<Vec<u8>>,
        is_outermost: bool,
    }

    impl Nested {
        fn new(is_outermost: bool) -> Self {
            let bytes = Cursor::new(b"hello".to_vec());
            Nested {
                bytes,
                is_outermost,
            }
        }
    }

    impl AsyncRead for Nested {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut [u8],
        ) -> Poll<io::Result<usize>> {
            if self.is_outermost {
                let joint = relay(Nested::new(false), Nested::new(false));
                future::block_on(joint)?;
            }
            Pin::new(&mut self.bytes).poll_read(context, buffer)
        }
    }

    impl AsyncWrite for Nested {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            assert_eq!(bytes, b"hello");
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn a_joint_may_run_while_another_is_polled() {
        let joint = relay(Nested::new(true), Nested::new(true));
        future::block_on(joint).expect("both sides end");
    }
}
