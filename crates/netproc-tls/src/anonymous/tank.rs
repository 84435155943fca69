//! The memory that OpenSSL reads from and writes to instead of a socket.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite};

/// As much as a record of TLS, and a little.
const ROOM: usize = 17 * 1024;
/// How much may wait to be written before a writer has to wait.
const HELD: usize = 64 * 1024;
/// How much of a server's side is kept for a look at its first message.
const KEPT: usize = 1024;

/// Bytes that came and were not read by OpenSSL, and bytes it wrote that have not gone out.
#[derive(Default)]
pub(super) struct Tank {
    input: Vec<u8>,
    /// How much of `input` was read.
    read: usize,
    /// The pipe has ended.
    ended: bool,
    /// OpenSSL was told of that.
    told: bool,
    output: Vec<u8>,
    /// How much of `output` has gone out.
    written: usize,
    /// The first bytes of each direction, while a handshake lasts.
    pub(super) first: Option<(Vec<u8>, Vec<u8>)>,
}

impl Tank {
    /// Returns an empty tank that keeps what comes and goes first.
    pub(super) fn new() -> Self {
        Self {
            first: Some(Default::default()),
            ..Self::default()
        }
    }

    /// Returns whether OpenSSL asked for more after the pipe had ended.
    pub(super) fn is_over(&self) -> bool {
        self.told
    }

    /// Returns whether nothing waits to be written.
    pub(super) fn is_dry(&self) -> bool {
        self.output.is_empty()
    }

    /// Returns whether so much waits that nothing should be added.
    pub(super) fn is_full(&self) -> bool {
        self.output.len() - self.written >= HELD
    }

    /// Reads from the pipe once.
    pub(super) fn poll_fill<IO: AsyncRead + Unpin>(
        &mut self,
        pipe: &mut IO,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read == self.input.len() {
            self.input.resize(ROOM, 0);
            let count = Pin::new(pipe).poll_read(context, &mut self.input);
            // An idle session holds no memory for what it does not have.
            let Poll::Ready(Ok(count)) = count else {
                self.input = Vec::new();
                self.read = 0;
                return count.map_ok(drop);
            };
            self.input.truncate(count);
            self.read = 0;
            self.ended = count == 0;
            keep(self.first.as_mut().map(|(input, _)| input), &self.input);
        }
        Poll::Ready(Ok(()))
    }

    /// Writes to the pipe until nothing is left.
    pub(super) fn poll_drain<IO: AsyncWrite + Unpin>(
        &mut self,
        pipe: &mut IO,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while self.written < self.output.len() {
            let rest = &self.output[self.written..];
            let count = ready!(Pin::new(&mut *pipe).poll_write(context, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        self.output.clear();
        self.output.shrink_to(ROOM);
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

fn keep(kept: Option<&mut Vec<u8>>, bytes: &[u8]) {
    if let Some(kept) = kept {
        let room = KEPT.saturating_sub(kept.len());
        kept.extend(&bytes[..bytes.len().min(room)]);
    }
}

impl Read for Tank {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.input[self.read..];
        if rest.is_empty() {
            if self.ended {
                self.told = true;
                return Ok(0);
            }
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.read += count;
        Ok(count)
    }
}

impl Write for Tank {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        keep(self.first.as_mut().map(|(_, output)| output), bytes);
        self.output.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
