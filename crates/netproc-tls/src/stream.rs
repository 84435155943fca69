//! A byte pipe over a byte pipe, with TLS between.

use std::fmt;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite, IoSlice};
use rustls::pki_types::ServerName;

#[cfg(feature = "anonymous")]
use crate::anonymous;
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
    session: Session<IO>,
    ended: bool,
    /// The pipe told that it was given up, after which the layer below sees an end.
    aborted: bool,
    /// Whether something that was read is answered by the session itself, as a wish to renegotiate
    /// is: the answer leaves though nobody writes.
    answers: bool,
    /// Why reading failed, while there is good data from before that was not handed out.
    failure: Option<io::Error>,
}

/// Who encrypts.
#[cfg_attr(
    feature = "anonymous",
    expect(
        clippy::large_enum_variant,
        reason = "nearly all sessions have certificates, and those should not be one step away"
    )
)]
enum Session<IO> {
    Certificates(futures_rustls::TlsStream<Prefixed<IO>>, Facts),
    #[cfg(feature = "anonymous")]
    Anonymous(anonymous::Session<IO>, Option<Arc<str>>),
}

impl<IO> TlsStream<IO> {
    pub(crate) fn new(stream: futures_rustls::TlsStream<Prefixed<IO>>, facts: Facts) -> Self {
        Self {
            session: Session::Certificates(stream, facts),
            ended: false,
            aborted: false,
            answers: false,
            failure: None,
        }
    }

    #[cfg(feature = "anonymous")]
    pub(crate) fn anonymous(session: anonymous::Session<IO>, host: Option<Arc<str>>) -> Self {
        Self {
            session: Session::Anonymous(session, host),
            ended: false,
            aborted: false,
            answers: false,
            failure: None,
        }
    }

    /// Returns what the peer showed and what was negotiated.
    ///
    /// The certificates are judged again each time, at the time of the call.
    #[doc(alias = "gnutls-peer-status")]
    pub fn peer_status(&self) -> PeerStatus {
        let (stream, facts) = match &self.session {
            Session::Certificates(stream, facts) => (stream, facts),
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => return session.peer_status(),
        };
        let requested = match stream {
            futures_rustls::TlsStream::Server(stream) => stream.get_ref().1.server_name(),
            futures_rustls::TlsStream::Client(_) => None,
        };
        PeerStatus::new(stream.get_ref().1, facts, requested)
    }

    /// Returns the application protocol that both sides agreed on, such as `h2`.
    pub fn application_protocol(&self) -> Option<&[u8]> {
        match &self.session {
            Session::Certificates(stream, _) => stream.get_ref().1.alpn_protocol(),
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => session.application_protocol(),
        }
    }

    /// Returns the host that a client means; on a server, what its caller named the client.
    pub fn host(&self) -> Option<&str> {
        match &self.session {
            Session::Certificates(_, facts) => facts.host(),
            #[cfg(feature = "anonymous")]
            Session::Anonymous(_, host) => host.as_deref(),
        }
    }

    /// Returns the pipe below.
    pub fn get_ref(&self) -> &IO {
        match &self.session {
            Session::Certificates(stream, _) => &stream.get_ref().0.pipe,
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => &session.pipe.pipe,
        }
    }

    /// Returns the pipe below, to set it up; reading or writing there breaks the session.
    pub fn get_mut(&mut self) -> &mut IO {
        match &mut self.session {
            Session::Certificates(stream, _) => &mut stream.get_mut().0.pipe,
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => &mut session.pipe.pipe,
        }
    }

    /// Tells whether a read would find nothing but what the pipe below has, if it has anything.
    ///
    /// False may also mean that it is not known.
    pub fn is_drained(&self) -> bool {
        match &self.session {
            Session::Certificates(stream, _) => {
                // Text that waits, and the end of the session, keep it from wanting more.
                self.failure.is_none() && !self.aborted && stream.get_ref().1.wants_read()
            }
            #[cfg(feature = "anonymous")]
            Session::Anonymous(..) => false,
        }
    }

    fn failed(&self, step: Step, cause: Cause) -> io::Error {
        Error::Connection {
            step,
            host: self.host().map(str::to_owned),
            cause,
        }
        .into_io()
    }
}

/// Reads what arrived whole before reading failed.
fn read_decrypted<IO>(
    stream: &mut futures_rustls::TlsStream<Prefixed<IO>>,
    buffer: &mut [u8],
) -> usize {
    let read = match stream {
        futures_rustls::TlsStream::Client(stream) => stream.get_mut().1.reader().read(buffer),
        futures_rustls::TlsStream::Server(stream) => stream.get_mut().1.reader().read(buffer),
    };
    // The error is told already.
    read.unwrap_or(0)
}

/// Makes the error of a step out of what a library of TLS says.
fn told(facts: &Facts, step: Step, error: io::Error) -> io::Error {
    explain(step, facts.host(), &[], error).into_io()
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
        let this = &mut *self;
        match &mut this.session {
            Session::Certificates(stream, facts) => {
                if this.failure.is_some() {
                    let count = read_decrypted(stream, buffer);
                    return Poll::Ready(match this.failure.take_if(|_| count == 0) {
                        Some(error) => Err(error),
                        None => Ok(count),
                    });
                }
                let was_quiet = !stream.get_ref().1.wants_write();
                let read = Pin::new(&mut *stream).poll_read(context, buffer);
                this.answers |= was_quiet && stream.get_ref().1.wants_write();
                if this.answers && !this.ended {
                    // Who writes next finds out what is wrong with writing.
                    let flushed = Pin::new(&mut *stream).poll_flush(context);
                    this.answers = flushed.is_pending();
                }
                let read = match ready!(read) {
                    // Whoever reads on must not take this for the end of the session.
                    Ok(0) if this.aborted => Err(io::ErrorKind::UnexpectedEof.into()),
                    read => read,
                };
                let Err(error) = read else {
                    return Poll::Ready(read);
                };
                this.aborted |= error.kind() == io::ErrorKind::ConnectionAborted;
                let error = told(facts, Step::Read, error);
                match read_decrypted(stream, buffer) {
                    0 => Poll::Ready(Err(error)),
                    count => {
                        this.failure = Some(error);
                        Poll::Ready(Ok(count))
                    }
                }
            }
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => {
                let read = ready!(session.poll_read(context, buffer));
                Poll::Ready(read.map_err(|cause| this.failed(Step::Read, cause)))
            }
        }
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<IO> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Err(self.failed(Step::Write, Cause::Ended)));
        }
        match &mut self.session {
            Session::Certificates(stream, facts) => {
                let written = ready!(Pin::new(stream).poll_write(context, bytes));
                Poll::Ready(written.map_err(|error| told(facts, Step::Write, error)))
            }
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => {
                let written = ready!(session.poll_write(context, bytes));
                Poll::Ready(written.map_err(|cause| self.failed(Step::Write, cause)))
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.ended {
            return Poll::Ready(Err(self.failed(Step::Write, Cause::Ended)));
        }
        match &mut self.session {
            Session::Certificates(stream, facts) => {
                let written = ready!(Pin::new(stream).poll_write_vectored(context, slices));
                Poll::Ready(written.map_err(|error| told(facts, Step::Write, error)))
            }
            #[cfg(feature = "anonymous")]
            Session::Anonymous(..) => {
                let first = slices.iter().find(|slice| !slice.is_empty());
                self.poll_write(context, first.map_or(&[], |slice| &**slice))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.session {
            Session::Certificates(stream, facts) => {
                let flushed = ready!(Pin::new(stream).poll_flush(context));
                Poll::Ready(flushed.map_err(|error| told(facts, Step::Write, error)))
            }
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => {
                let flushed = ready!(session.poll_flush(context));
                let cause = |error| Cause::Pipe(Arc::new(error));
                Poll::Ready(flushed.map_err(|error| self.failed(Step::Write, cause(error))))
            }
        }
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.ended = true;
        match &mut self.session {
            Session::Certificates(stream, facts) => {
                let closed = ready!(Pin::new(stream).poll_close(context));
                Poll::Ready(closed.map_err(|error| told(facts, Step::Close, error)))
            }
            #[cfg(feature = "anonymous")]
            Session::Anonymous(session, _) => {
                let closed = ready!(session.poll_close(context));
                let cause = |error| Cause::Pipe(Arc::new(error));
                Poll::Ready(closed.map_err(|error| self.failed(Step::Close, cause(error))))
            }
        }
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
