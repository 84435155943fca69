//! Two ends of a byte pipe in memory, which can be narrow, cut, and read back.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_io::{Timer, block_on};
use futures_io::{AsyncRead, AsyncWrite};
use futures_lite::future;

#[derive(Default)]
struct Way {
    bytes: VecDeque<u8>,
    ended: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// Everything that was ever written.
    log: Vec<u8>,
}

/// How many bytes may wait in each direction.
const LIMIT: usize = 64 * 1024;

/// One end of a pipe; dropping it cuts both directions.
pub(crate) struct End {
    input: Arc<Mutex<Way>>,
    output: Arc<Mutex<Way>>,
    /// The most bytes that one read or write moves.
    step: usize,
}

/// Reads back what one end wrote.
pub(crate) struct Record(Arc<Mutex<Way>>);

impl Record {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().log.clone()
    }
}

/// Returns two ends that move at most `step` bytes at a time.
pub(crate) fn pipe_by(step: usize) -> (End, End) {
    let (one, other) = (Arc::default(), Arc::default());
    let end = |input: &Arc<_>, output: &Arc<_>| End {
        input: Arc::clone(input),
        output: Arc::clone(output),
        step,
    };
    (end(&one, &other), end(&other, &one))
}

/// Returns two ends.
pub(crate) fn pipe() -> (End, End) {
    pipe_by(usize::MAX)
}

impl End {
    /// Returns a record of what this end writes.
    pub(crate) fn record(&self) -> Record {
        Record(Arc::clone(&self.output))
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

impl AsyncRead for End {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut way = self.input.lock().unwrap();
        let count = buffer.len().min(self.step).min(way.bytes.len());
        if count == 0 && !way.ended && !buffer.is_empty() {
            way.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        let count = way.bytes.read(&mut buffer[..count])?;
        wake(&mut way.writer);
        Poll::Ready(Ok(count))
    }
}

impl AsyncWrite for End {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut way = self.output.lock().unwrap();
        if way.ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let count = bytes.len().min(self.step).min(LIMIT - way.bytes.len());
        if count == 0 && !bytes.is_empty() {
            way.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        way.bytes.extend(&bytes[..count]);
        way.log.extend(&bytes[..count]);
        wake(&mut way.reader);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut way = self.output.lock().unwrap();
        way.ended = true;
        wake(&mut way.reader);
        Poll::Ready(Ok(()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        for way in [&self.input, &self.output] {
            let mut way = way.lock().unwrap();
            way.ended = true;
            wake(&mut way.reader);
            wake(&mut way.writer);
        }
    }
}

/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Runs both sides to their ends, on this thread, and not for ever.
pub(crate) fn run<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    block_on(future::or(future::zip(one, other), async {
        Timer::after(PATIENCE).await;
        panic!("not done in {} s", PATIENCE.as_secs())
    }))
}
