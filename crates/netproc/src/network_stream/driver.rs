//! Doing over sockets what a dialogue says.

use std::sync::Arc;
use std::time::Instant;

use async_channel::Receiver;
use async_io::Timer;
use futures_lite::future;
use netproc_dialogue::{
    Dialogue, Effect, Error as DialogueError, Event, Outcome, StreamRequest, encode_host,
};
use netproc_keywords::RawSpec;
use netproc_lisp::Value;
use netproc_network::tls::{self, Cause, Parameters};
use netproc_network::{Error as NetworkError, Network, Process, StartTls};

use super::error::StreamError;
use super::opened::Opened;
use super::talk::Talk;
use crate::error::Error;

/// What text of a dialogue is in unless `:coding` says so: line ends are left as they are, since
/// patterns name them.
const DECODING: &str = "undecided-unix";
const ENCODING: &str = "utf-8-unix";

/// Opens a stream; the network is served by the caller.
pub(super) async fn drive(network: &Network, request: StreamRequest) -> Result<Opened, Error> {
    let refused = |error| StreamError::new(error, &request.name);
    // Before anything is opened: a list that is wrong is no reason to connect.
    let tls = request.tls_list().map_err(refused)?;
    Parameters::from_value(&tls, network.tls_profile()).map_err(NetworkError::from)?;
    let dialogue = Dialogue::new(request.clone()).map_err(refused)?;
    let is_silent = dialogue.is_silent();
    let (talk, happened) = Talk::new(dialogue);
    let mut driver = Driver {
        network,
        request,
        tls,
        is_silent,
        talk,
        happened,
        process: Unfinished(None),
        deadline: None,
        cause: None,
    };
    let outcome = driver.run().await?;
    driver.finish(outcome)
}

struct Driver<'a> {
    network: &'a Network,
    request: StreamRequest,
    tls: Value,
    is_silent: bool,
    talk: Arc<Talk>,
    happened: Receiver<()>,
    process: Unfinished,
    /// When the answer that is waited for has to be there.
    deadline: Option<Instant>,
    /// How the handshake failed.
    cause: Option<NetworkError>,
}

/// The process of a dialogue that is not over; dropped, it is deleted.
struct Unfinished(Option<Process>);

impl Unfinished {
    fn discard(&mut self) {
        if let Some(process) = self.0.take() {
            process.delete();
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.discard();
    }
}

impl Driver<'_> {
    async fn run(&mut self) -> Result<Outcome, Error> {
        loop {
            match self.talk.poll() {
                None => self.wait().await,
                Some(Effect::Connect { nowait, encrypted }) => {
                    self.connect(nowait, encrypted).await?;
                }
                Some(Effect::Reconnect) => {
                    self.process.discard();
                    self.connect(false, false).await?;
                }
                Some(Effect::Send(command)) => {
                    if let Some(process) = &self.process.0 {
                        // What cannot be sent is told by the end of the connection.
                        let _closed = process.send_async(&command).await;
                    }
                }
                Some(Effect::ReadBytes) => {
                    let parameters = Parameters::from_value(&self.tls, self.network.tls_profile());
                    let parameters = parameters.map_err(NetworkError::from)?;
                    if let Some(process) = &self.process.0 {
                        self.talk.read_bytes(process, StartTls::client(parameters));
                    }
                }
                Some(Effect::StartTls) => self.encrypt().await,
                Some(Effect::Finish(Ok(outcome))) => return Ok(outcome),
                Some(Effect::Finish(Err(error))) => return Err(self.failed(error).into()),
                Some(Effect::Hear(_)) => {
                    self.deadline = Instant::now().checked_add(self.request.answer_within);
                }
                // There are no others yet.
                Some(_) => {}
            }
        }
    }

    /// Waits until something happens, or an answer takes too long.
    async fn wait(&self) {
        let something = async {
            // The talk of this driver has the other end, so it is there.
            let _something = self.happened.recv().await;
            true
        };
        let too_late = async {
            match self.deadline {
                Some(deadline) => Timer::at(deadline).await,
                None => future::pending().await,
            };
            false
        };
        if !future::or(something, too_late).await {
            self.talk.tell(Event::TimedOut);
        }
    }

    async fn connect(&mut self, nowait: bool, encrypted: bool) -> Result<(), Error> {
        let spec = RawSpec::from_value(&self.list(nowait, encrypted))?.resolve()?;
        self.process.0 = Some(self.network.open_async(spec).await?);
        self.talk.tell(Event::Connected);
        Ok(())
    }

    /// Makes the list for `make-network-process`, in the order in which Emacs writes it.
    fn list(&self, nowait: bool, encrypted: bool) -> Value {
        let request = &self.request;
        let coding = if request.coding.is_nil() && !self.is_silent {
            Value::cons(Value::symbol(DECODING), Value::symbol(ENCODING))
        } else {
            request.coding.clone()
        };
        let tls = if encrypted {
            self.tls.clone()
        } else {
            Value::Nil
        };
        let (filter, sentinel) = self.talk.callbacks();
        let entries = [
            (":name", Value::from(request.name.as_str())),
            (":buffer", request.buffer.clone()),
            (":host", Value::from(encode_host(&request.host))),
            (":service", request.service.clone()),
            (":nowait", Value::from(nowait)),
            (":tls-parameters", tls),
            (":coding", coding),
            (":filter", filter.into()),
            (":sentinel", sentinel.into()),
        ];
        Value::list(
            entries
                .into_iter()
                .flat_map(|(keyword, value)| [Value::keyword(keyword), value]),
        )
    }

    /// Waits for the handshake that the filter has begun.
    async fn encrypt(&mut self) {
        let outcome = match self.talk.handshake() {
            Some(Ok(handshake)) => handshake.await,
            Some(Err(error)) => Err(error),
            // The filter begins one whenever this is asked for.
            None => Err(NetworkError::NotRunning {
                process: self.request.name.as_str().into(),
            }),
        };
        match outcome {
            Ok(()) => self.talk.tell(Event::TlsDone),
            Err(error) => {
                self.talk.tell(Event::TlsFailed {
                    protocol: is_of_protocol(&error),
                    reason: &reason_of(&error),
                });
                self.cause = Some(error);
            }
        }
    }

    fn failed(&mut self, error: DialogueError) -> StreamError {
        let name = self.process.0.as_ref().map(Process::name);
        StreamError {
            process: name.unwrap_or(&self.request.name).to_owned(),
            cause: self.cause.take(),
            error,
        }
    }

    /// Hands the process over, with the callbacks that Emacs would have left it.
    fn finish(mut self, outcome: Outcome) -> Result<Opened, Error> {
        // There is a process wherever a dialogue came to a good end.
        let Some(process) = self.process.0.take() else {
            let process = self.request.name.as_str().into();
            return Err(NetworkError::NotRunning { process }.into());
        };
        self.talk.read_text(&process);
        process.set_filter_value(&Value::Nil)?;
        process.set_sentinel_value(&Value::Nil)?;
        self.talk.end();
        Ok(Opened::new(process, outcome, &self.request))
    }
}

/// Tells whether the two ends could not agree, as against one of them having refused the other.
fn is_of_protocol(error: &NetworkError) -> bool {
    match error {
        NetworkError::Tls(tls::Error::Connection { cause, .. }) => {
            !matches!(cause, Cause::CertificateRefused { .. })
        }
        _ => false,
    }
}

/// Returns why a handshake failed, without saying once more that it is one, and with whom.
fn reason_of(error: &NetworkError) -> String {
    match error {
        NetworkError::Tls(tls::Error::Connection { cause, .. }) => cause.to_string(),
        other => other.to_string(),
    }
}
