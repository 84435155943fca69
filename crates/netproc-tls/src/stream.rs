//! A byte pipe over a byte pipe, with TLS between.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite, IoSlice};
use rustls::pki_types::ServerName;

use crate::explain::explain;
use crate::prefixed::Prefixed;
use crate::verify::Examiner;
use crate::{Cause, Error, PeerStatus, Step};

/// What is known about the peer beside its certificate.
pub(crate) struct Facts {
    pub(crate) examiner: Arc<Examiner>,
    pub(crate) name: Option<ServerName<'static>>,
    host: Option<Arc<str>>,
}

impl Facts {
    pub(crate) fn new(
        examiner: Arc<Examiner>,
        name: Option<ServerName<'static>>,
        host: Option<Arc<str>>,
    ) -> Self {
        Self {
            examiner,
            name,
            host,
        }
    }

    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }
}

/// An encrypted stream: what a successful handshake gives.
///
/// Closing it ([`AsyncWrite::poll_close`]) sends the end of our side and closes the writing side
/// of the pipe below; reading goes on until the peer sends its end. A read of 0 bytes is that end.
/// When the pipe below ends without it, reading fails with [`Cause::Truncated`], since someone may
/// have cut the wire. Flush after writing: like every stream over a buffering pipe it may hold
/// data back.
///
/// Every failure is an [`io::Error`] that carries an [`Error`]; see [`Error::from_io`]. With
/// TLS 1.3 a client learns only from its first read that the server refused its certificate.
pub struct TlsStream<IO> {
    stream: futures_rustls::TlsStream<Prefixed<IO>>,
    facts: Facts,
    ended: bool,
}

impl<IO> TlsStream<IO> {
    pub(crate) fn new(stream: futures_rustls::TlsStream<Prefixed<IO>>, facts: Facts) -> Self {
        Self {
            stream,
            facts,
            ended: false,
        }
    }

    /// Returns what the peer showed and what was negotiated.
    ///
    /// The certificates are judged again each time, at the time of the call.
    #[doc(alias = "gnutls-peer-status")]
    pub fn peer_status(&self) -> PeerStatus {
        let requested = match &self.stream {
            futures_rustls::TlsStream::Server(stream) => stream.get_ref().1.server_name(),
            futures_rustls::TlsStream::Client(_) => None,
        };
        PeerStatus::new(self.stream.get_ref().1, &self.facts, requested)
    }

    /// Returns the application protocol that both sides agreed on, such as `h2`.
    pub fn application_protocol(&self) -> Option<&[u8]> {
        self.stream.get_ref().1.alpn_protocol()
    }

    /// Returns the host that a client means; on a server, what its caller named the client.
    pub fn host(&self) -> Option<&str> {
        self.facts.host()
    }

    /// Returns the pipe below.
    pub fn get_ref(&self) -> &IO {
        &self.stream.get_ref().0.pipe
    }

    /// Returns the pipe below, to set it up; reading or writing there breaks the session.
    pub fn get_mut(&mut self) -> &mut IO {
        &mut self.stream.get_mut().0.pipe
    }

    fn error(&self, step: Step, error: io::Error) -> io::Error {
        explain(step, self.host(), &[], error).into_io()
    }

    fn ended(&self) -> io::Error {
        Error::Connection {
            step: Step::Write,
            host: self.host().map(str::to_owned),
            cause: Cause::Ended,
        }
        .into_io()
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncRead for TlsStream<IO> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if buffer.is_empty() {
            // Nothing read is not the end.
            return Poll::Ready(Ok(0));
        }
        let read = ready!(Pin::new(&mut self.stream).poll_read(context, buffer));
        Poll::Ready(read.map_err(|error| self.error(Step::Read, error)))
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<IO> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Err(self.ended()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes));
        Poll::Ready(written.map_err(|error| self.error(Step::Write, error)))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Err(self.ended()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, slices));
        Poll::Ready(written.map_err(|error| self.error(Step::Write, error)))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(context));
        Poll::Ready(flushed.map_err(|error| self.error(Step::Write, error)))
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.ended = true;
        let closed = ready!(Pin::new(&mut self.stream).poll_close(context));
        Poll::Ready(closed.map_err(|error| self.error(Step::Close, error)))
    }
}

impl<IO> fmt::Debug for TlsStream<IO> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsStream")
            .field("host", &self.host())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
