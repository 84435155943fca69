//! A byte pipe with bytes that were read before, and a memory of how its peer began.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite, IoSlice};

/// How many of the first bytes are kept.
const KEPT: usize = 16;

#[derive(Debug)]
pub(crate) struct Prefixed<IO> {
    pub(crate) pipe: IO,
    /// What was read ahead, and how much of it is used up.
    ahead: Vec<u8>,
    used: usize,
    begins: [u8; KEPT],
    kept: usize,
    shaking: bool,
    /// Something was written in the handshake and may be held back below.
    unflushed: bool,
    /// Why nothing more can be written, found out in the handshake.
    broken: Option<io::Error>,
}

impl<IO> Prefixed<IO> {
    pub(crate) fn new(pipe: IO, ahead: Vec<u8>) -> Self {
        Self {
            pipe,
            ahead,
            used: 0,
            begins: [0; KEPT],
            kept: 0,
            shaking: true,
            unflushed: false,
            broken: None,
        }
    }

    /// Tells that the handshake is done.
    ///
    /// # Errors
    ///
    /// When the peer was gone before the last message went out.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.shaking = false;
        self.unflushed = false;
        self.broken.take().map_or(Ok(()), Err)
    }

    /// Returns the first bytes that came from the peer.
    pub(crate) fn begins(&self) -> &[u8] {
        &self.begins[..self.kept]
    }

    fn take(&mut self, buffer: &mut [u8]) -> usize {
        let rest = &self.ahead[self.used..];
        let count = buffer.len().min(rest.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.used += count;
        if self.used == self.ahead.len() {
            self.ahead = Vec::new();
        }
        count
    }

    fn keep(&mut self, bytes: &[u8]) {
        let count = bytes.len().min(KEPT - self.kept);
        self.begins[self.kept..self.kept + count].copy_from_slice(&bytes[..count]);
        self.kept += count;
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncRead for Prefixed<IO> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.unflushed {
            // In a handshake the peer's answer waits for what a pipe may still hold back. When it
            // cannot be sent, the peer's reason can still be read.
            let flushed = this.poll_flushed(context);
            this.unflushed = flushed.is_pending();
        }
        let count = if this.ahead.is_empty() {
            ready!(Pin::new(&mut this.pipe).poll_read(context, buffer))?
        } else {
            this.take(buffer)
        };
        if this.kept < KEPT {
            this.keep(&buffer[..count]);
        }
        Poll::Ready(Ok(count))
    }
}

impl<IO: AsyncWrite + Unpin> Prefixed<IO> {
    fn poll_flushed(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.broken.is_some() {
            return Poll::Ready(Ok(()));
        }
        match Pin::new(&mut self.pipe).poll_flush(context) {
            Poll::Ready(Err(error)) if self.shaking && is_gone(&error) => {
                self.broken = Some(error);
                Poll::Ready(Ok(()))
            }
            other => other,
        }
    }

    /// Looks at the result of writing `length` bytes.
    ///
    /// A peer that refuses a handshake says why and closes, and then nothing can be written. Its
    /// reason can still be read, so the handshake goes on for as long as there is something to
    /// read.
    fn written(
        &mut self,
        written: Poll<io::Result<usize>>,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        match written {
            // A pipe that takes nothing, and says so without end, would be asked without end.
            Poll::Ready(Ok(0)) if length > 0 => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Poll::Ready(Err(error)) if self.shaking && is_gone(&error) => {
                self.broken = Some(error);
                Poll::Ready(Ok(length))
            }
            other => {
                self.unflushed = self.shaking;
                other
            }
        }
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Prefixed<IO> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.broken.is_some() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.pipe).poll_write(context, bytes);
        self.written(written, bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut total = 0;
        loop {
            let length = slices.iter().map(|slice| slice.len()).sum();
            if self.broken.is_some() {
                return Poll::Ready(Ok(total + length));
            }
            let written = Pin::new(&mut self.pipe).poll_write_vectored(context, slices);
            let count = match self.written(written, length) {
                Poll::Ready(Ok(count)) => count,
                _ if total > 0 => return Poll::Ready(Ok(total)),
                other => return other,
            };
            total += count;
            // A pipe may know nothing of slices and take the first alone. What is left may be the
            // alert that is written once and not again, so it is offered too.
            match rest(slices, count) {
                Some(left) if !left.is_empty() => slices = left,
                _ => return Poll::Ready(Ok(total)),
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flushed(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_close(context)
    }
}

/// Returns the slices after the first `count` bytes, when these are whole slices.
fn rest<'a, 'b>(mut slices: &'a [IoSlice<'b>], mut count: usize) -> Option<&'a [IoSlice<'b>]> {
    while let Some((first, others)) = slices.split_first()
        && count > 0
    {
        count = count.checked_sub(first.len())?;
        slices = others;
    }
    Some(slices)
}

fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
    )
}
