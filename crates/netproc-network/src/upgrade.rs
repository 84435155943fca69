//! Going on in TLS in the middle of a connection, as after STARTTLS.
//!
//! What was queued before is sent in clear, then the handshake has the socket to itself, and
//! whatever is sent after the call is sent in TLS. When the handshake fails the process is closed:
//! nothing of it ever goes on in clear.

use std::sync::Arc;

use async_io::Timer;
use futures_lite::future;
use netproc_address::Kind;
use netproc_process::{Failure, Input, State as MachineState};
use netproc_socket::Socket;
use netproc_tls::{Cause, Client, Error as TlsError, Parameters, Server, Step, TlsStream};

use crate::drive::{block_on_driving, drive};
use crate::error::Error;
use crate::link::{Link, Pipe, Session};
use crate::process::Process;
use crate::security::{host_of, named};
use crate::shared::{Shared, State};
use crate::traffic::failure_of;

/// How to go on in TLS: as which side, and with what.
///
/// # Examples
///
/// ```
/// use netproc_network::StartTls;
/// use netproc_network::tls::Parameters;
///
/// let how = StartTls::client(Parameters::client("mail.example.org")).read_ahead(*b"\x16\x03");
/// # let _ = how;
/// ```
#[derive(Clone, Debug)]
pub struct StartTls {
    side: Side,
    ahead: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Side {
    Client(Box<Parameters>),
    Server(Arc<Server>),
}

impl StartTls {
    /// Goes on as a TLS client; without a host in the parameters it is that of `:host`.
    pub fn client(parameters: impl Into<Parameters>) -> Self {
        Self::new(Side::Client(Box::new(parameters.into())))
    }

    /// Goes on as a TLS server, as connections do that a server in clear has accepted.
    pub fn server(server: Arc<Server>) -> Self {
        Self::new(Side::Server(server))
    }

    /// Hands in bytes that were read already and belong to the handshake; none by default.
    ///
    /// They are taken for TLS and nothing else: words in clear among them end the handshake.
    pub fn read_ahead(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.ahead = bytes.into();
        self
    }

    fn new(side: Side) -> Self {
        StartTls {
            side,
            ahead: Vec::new(),
        }
    }
}

impl From<Parameters> for StartTls {
    fn from(parameters: Parameters) -> Self {
        Self::client(parameters)
    }
}

impl From<&Parameters> for StartTls {
    fn from(parameters: &Parameters) -> Self {
        Self::client(parameters.clone())
    }
}

impl From<Arc<Server>> for StartTls {
    fn from(server: Arc<Server>) -> Self {
        Self::server(server)
    }
}

impl From<&Arc<Server>> for StartTls {
    fn from(server: &Arc<Server>) -> Self {
        Self::server(Arc::clone(server))
    }
}

/// An upgrade that is under way.
pub(crate) struct Upgrade {
    /// The process has sent so many bytes when everything queued before the upgrade is sent.
    pub(crate) clear_until: u64,
    /// The user has sent everything: the session is to end once it stands.
    pub(crate) ends: bool,
}

/// Encrypting an open connection.
impl Process {
    /// Encrypts the connection from here on, and waits until the handshake is done.
    ///
    /// What was sent before goes out in clear, what is sent afterwards in TLS. Nothing is read
    /// meanwhile but by the handshake. In a callback prefer [`Process::begin_tls`].
    ///
    /// # Errors
    ///
    /// [`Error::NoUpgrade`] for processes that are no open, plain stream connection: nothing is
    /// changed then. [`Error::Tls`] when the handshake fails, or a file is of no use; the process
    /// is closed then and its sentinel hears why.
    #[doc(alias = "gnutls-negotiate")]
    pub fn start_tls(&self, how: impl Into<StartTls>) -> Result<(), Error> {
        let upgrade = self.tls_handshake(how.into())?;
        match self.network() {
            Some(network) => block_on_driving(&network, upgrade),
            None => future::block_on(upgrade),
        }
    }

    /// Does what [`Process::start_tls`] does without holding a thread.
    ///
    /// Dropped half way it closes the process.
    ///
    /// # Errors
    ///
    /// As [`Process::start_tls`].
    pub async fn start_tls_async(&self, how: impl Into<StartTls>) -> Result<(), Error> {
        let upgrade = self.tls_handshake(how.into())?;
        match self.network() {
            Some(network) => drive(&network, upgrade).await,
            None => upgrade.await,
        }
    }

    /// Begins to encrypt the connection without waiting, for callbacks.
    ///
    /// Sends are taken at once and leave when the handshake is done. When it fails the process is
    /// closed and its sentinel hears why.
    ///
    /// # Errors
    ///
    /// [`Error::NoUpgrade`] as for [`Process::start_tls`].
    pub fn begin_tls(&self, how: impl Into<StartTls>) -> Result<(), Error> {
        let upgrade = self.tls_handshake(how.into())?;
        if let Some(inner) = self.shared().inner() {
            inner.spawn(async {
                let _the_sentinel_hears = upgrade.await;
            });
        }
        Ok(())
    }

    /// Marks where the clear bytes end, at once, and returns the handshake to be awaited.
    ///
    /// In a filter this leaves no gap: nothing is read in clear after the text that the filter was
    /// called with. The handshake goes on while it is awaited, with the network served, as in
    /// [`Network::run`](crate::Network::run); dropped, it closes the process.
    ///
    /// # Errors
    ///
    /// [`Error::NoUpgrade`] as for [`Process::start_tls`], whose other errors are those of the
    /// handshake.
    pub fn tls_handshake(
        &self,
        how: StartTls,
    ) -> Result<impl Future<Output = Result<(), Error>> + Send + use<>, Error> {
        let shared = Arc::clone(self.shared());
        {
            let mut state = shared.lock();
            if let Some(reason) = obstacle(&mut state) {
                return Err(Error::NoUpgrade {
                    process: Arc::clone(&shared.name),
                    reason,
                });
            }
            let clear_until = state.sent + state.machine.queued() as u64;
            state.rare().upgrade = Some(Upgrade {
                clear_until,
                ends: false,
            });
        }
        let unfinished = Unfinished {
            shared,
            finished: false,
        };
        Ok(async move {
            let outcome = unfinished.shared.shake(how).await;
            unfinished.finish(outcome)
        })
    }
}

/// Returns why a process cannot be encrypted, as the end of a sentence.
fn obstacle(state: &mut State) -> Option<&'static str> {
    if state.kind() != Kind::Stream || state.machine.is_server() {
        Some("is no stream connection")
    } else if state.upgrade().is_some() {
        Some("is being encrypted already")
    } else if matches!(state.link, Some(Link::Secure(_))) {
        Some("is encrypted already")
    } else if state.is_stream() {
        Some("is read as a stream of bytes; put TLS over that")
    } else if state.machine.state() != MachineState::Open {
        Some("is not open")
    } else if state.machine.output_ended() {
        Some("has sent its end already")
    } else {
        None
    }
}

impl Shared {
    /// Waits until the clear bytes are sent, then makes the handshake.
    async fn shake(&self, how: StartTls) -> Result<TlsStream<Pipe>, Error> {
        let not_running = || Error::NotRunning {
            process: Arc::clone(&self.name),
        };
        let made = async {
            let inner = self.inner().ok_or_else(not_running)?;
            let mut deadline = Timer::after(inner.limits().handshake);
            let side = match how.side {
                Side::Client(parameters) => {
                    let parameters = self.with_host(*parameters);
                    Ready::Client(inner.tls_clients().client(parameters).await?)
                }
                Side::Server(server) => Ready::Server(server),
            };
            drop(inner);
            let clear = async {
                self.wait_until(|state| (state.clear_room() == Some(0)).then_some(()))
                    .await;
                Ok(())
            };
            let too_late = async {
                (&mut deadline).await;
                Err(TlsError::Connection {
                    step: Step::Handshake,
                    host: side.host(),
                    cause: Cause::Deadline,
                })
            };
            future::or(clear, too_late).await?;
            let remote = self.lock().machine.remote().cloned();
            let pipe = Pipe::new(self.take_socket().ok_or_else(not_running)?);
            let handshake = match &side {
                Ready::Client(client) => client.connect(pipe),
                Ready::Server(server) => match remote {
                    Some(remote) => named(server.accept(pipe), &remote),
                    None => server.accept(pipe),
                },
            };
            Ok(handshake.read_ahead(how.ahead).deadline(deadline).await?)
        };
        let closed = async {
            self.wait_until(|state| state.link.is_none().then_some(()))
                .await;
            Err(not_running())
        };
        future::or(made, closed).await
    }

    /// Fills in the host of the connection where the parameters have none.
    fn with_host(&self, parameters: Parameters) -> Parameters {
        if parameters.host().is_some() {
            return parameters;
        }
        match host_of(&self.lock().machine.spec().endpoint) {
            Some(host) => parameters.with_host(&host),
            None => parameters,
        }
    }

    fn take_socket(&self) -> Option<Socket> {
        let mut state = self.lock();
        match state.link.replace(Link::Shaking) {
            Some(Link::Plain(socket)) => Some(socket),
            other => {
                state.link = other;
                None
            }
        }
    }
}

/// A side whose files were read.
enum Ready {
    Client(Client),
    Server(Arc<Server>),
}

impl Ready {
    fn host(&self) -> Option<String> {
        match self {
            Ready::Client(client) => Some(client.host().to_owned()),
            Ready::Server(_) => None,
        }
    }
}

/// An upgrade under way; dropped, it closes the process.
struct Unfinished {
    shared: Arc<Shared>,
    finished: bool,
}

impl Unfinished {
    fn finish(mut self, outcome: Result<TlsStream<Pipe>, Error>) -> Result<(), Error> {
        self.finished = true;
        let mut state = self.shared.lock();
        let ends = state.rare().upgrade.take().is_some_and(|it| it.ends);
        let outcome = match outcome {
            Ok(stream) if matches!(state.link, Some(Link::Shaking)) => {
                state.set_link(Link::Secure(Box::new(Session::new(stream))));
                if ends {
                    self.shared.send_end(&mut state);
                }
                Ok(())
            }
            Ok(_) => Err(Error::NotRunning {
                process: Arc::clone(&self.shared.name),
            }),
            Err(error) => {
                let failure = match &error {
                    Error::Tls(error) => failure_of(error),
                    other => reason(other.to_string()),
                };
                self.shared
                    .handle(&mut state, Input::SessionFailed(failure));
                Err(error)
            }
        };
        drop(state);
        self.shared.notify();
        Process::from_shared(Arc::clone(&self.shared)).deliver_now();
        outcome
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.finished {
            let mut state = self.shared.lock();
            state.rare().upgrade = None;
            let failure = reason("the TLS handshake was given up".to_owned());
            self.shared
                .handle(&mut state, Input::SessionFailed(failure));
            drop(state);
            self.shared.notify();
            self.shared.wakers.wake_all();
        }
    }
}

fn reason(reason: String) -> Failure {
    Failure::Other { reason, code: None }
}
