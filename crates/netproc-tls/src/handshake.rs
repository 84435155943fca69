//! A handshake that was asked for and has not been made yet.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use futures_io::{AsyncRead, AsyncWrite};
use futures_lite::{AsyncWriteExt as _, future};
use futures_rustls::{TlsAcceptor, TlsConnector};
use rustls::pki_types::ServerName;

#[cfg(feature = "anonymous")]
use crate::anonymous::Session;
use crate::client::ClientState;
use crate::explain::explain;
use crate::prefixed::Prefixed;
use crate::server::State;
use crate::stream::Facts;
use crate::{Cause, Error, Step, TlsStream};

/// Which side is ours.
pub(crate) enum Side {
    Client {
        state: ClientState,
        name: ServerName<'static>,
        host: Arc<str>,
    },
    Server(Arc<State>),
}

/// A handshake over a byte pipe; `.await` makes it and gives the [`TlsStream`].
///
/// Nothing is read or written before. When the handshake fails, or is dropped half way, the pipe
/// is dropped with it: no one can go on in clear by mistake.
///
/// # Errors
///
/// The output is [`Error::Certificate`] when the peer's certificate is refused, and
/// [`Error::Connection`] with [`Step::Handshake`] for every other failure.
#[must_use = "a handshake is made by `.await`"]
pub struct Handshake<'a, IO> {
    side: Side,
    pipe: IO,
    /// The name of the peer, for messages.
    peer: Option<Arc<str>>,
    ahead: Vec<u8>,
    deadline: Option<Pin<Box<dyn Future<Output = ()> + Send + 'a>>>,
}

impl<'a, IO> Handshake<'a, IO> {
    pub(crate) fn new(side: Side, pipe: IO) -> Self {
        let peer = match &side {
            Side::Client { host, .. } => Some(Arc::clone(host)),
            Side::Server(_) => None,
        };
        Self {
            side,
            pipe,
            peer,
            ahead: Vec::new(),
            deadline: None,
        }
    }

    /// Hands in bytes that were read from the pipe already, as after STARTTLS; default: none.
    ///
    /// They are the beginning of what the peer says in TLS. What it said before, in clear, is not
    /// to be among them: such bytes end the handshake.
    pub fn read_ahead(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.ahead = bytes.into();
        self
    }

    /// Names the peer of a server for the messages of errors, by its address for instance;
    /// default: "a client". The peer of a client is its host.
    pub fn peer(mut self, name: impl Into<Arc<str>>) -> Self {
        if matches!(self.side, Side::Server(_)) {
            self.peer = Some(name.into());
        }
        self
    }

    /// Ends the handshake with [`Cause::Deadline`] when `deadline` is ready first; default: none.
    ///
    /// Any timer will do; this crate has none of its own.
    pub fn deadline<D>(mut self, deadline: D) -> Self
    where
        D: Future + Send + 'a,
    {
        self.deadline = Some(Box::pin(async move {
            deadline.await;
        }));
        self
    }
}

impl<'a, IO> IntoFuture for Handshake<'a, IO>
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'a,
{
    type Output = Result<TlsStream<IO>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let host = self.peer.as_deref().map(str::to_owned);
        let pipe = Prefixed::new(self.pipe, self.ahead);
        let made = make(self.side, self.peer, pipe);
        match self.deadline {
            None => Box::pin(made),
            Some(deadline) => Box::pin(future::or(made, async move {
                deadline.await;
                Err(Error::Connection {
                    step: Step::Handshake,
                    host,
                    cause: Cause::Deadline,
                })
            })),
        }
    }
}

async fn make<IO>(
    side: Side,
    peer: Option<Arc<str>>,
    pipe: Prefixed<IO>,
) -> Result<TlsStream<IO>, Error>
where
    IO: AsyncRead + AsyncWrite + Unpin,
{
    let (made, facts) = match side {
        Side::Client {
            state: ClientState::Certificates { config, examiner },
            name,
            host: _,
        } => {
            let connect = TlsConnector::from(config).connect(name.clone(), pipe);
            let made = connect.into_fallible().await;
            let facts = Facts::new(examiner, Some(name), peer);
            (made.map(futures_rustls::TlsStream::from), facts)
        }
        #[cfg(feature = "anonymous")]
        Side::Client {
            state: ClientState::Anonymous(engine),
            name,
            host: _,
        } => {
            let session = Session::shake(&engine, Some(&name), peer.as_deref(), pipe).await?;
            return Ok(TlsStream::anonymous(session, peer));
        }
        Side::Server(state) => match &*state {
            State::Certificates { config, examiner } => {
                let accept = TlsAcceptor::from(Arc::clone(config)).accept(pipe);
                let made = accept.into_fallible().await;
                let facts = Facts::new(Arc::clone(examiner), None, peer);
                (made.map(futures_rustls::TlsStream::from), facts)
            }
            #[cfg(feature = "anonymous")]
            State::Anonymous(engine) => {
                let session = Session::shake(engine, None, peer.as_deref(), pipe).await?;
                return Ok(TlsStream::anonymous(session, peer));
            }
        },
    };
    let failed = |error, begins: &[u8]| explain(Step::Handshake, facts.host(), begins, error);
    let mut stream = match made {
        Ok(stream) => stream,
        Err((error, mut pipe)) => {
            // The alert that tells the peer why, which a pipe may hold back.
            let _ = future::poll_once(pipe.flush()).await;
            return Err(failed(error, pipe.begins()));
        }
    };
    // rustls does not wait for its last message to leave.
    let left = stream.get_mut().0.flush().await;
    left.map_err(|error| failed(error, &[]))?;
    let finished = stream.get_mut().0.finish();
    finished.map_err(|error| failed(error, &[]))?;
    Ok(TlsStream::new(stream, facts))
}

impl<IO> fmt::Debug for Handshake<'_, IO> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match &self.side {
            Side::Client { host, .. } => host,
            Side::Server(_) => "server",
        };
        f.debug_tuple("Handshake").field(&side).finish()
    }
}
