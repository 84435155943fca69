//! One process: inputs in, effects out, nothing else.

mod accepted;
mod contact;
mod datagram;
mod flags;
mod inbox;
mod input;
mod output;
mod poll;
mod slots;
mod steps;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use netproc_address::{Address, Kind};
use netproc_coding::{CodingSystem, Decoder, Encoder};
use netproc_keywords::{Endpoint, Role, Spec};
use netproc_lisp::Value;

use crate::send_queue::SendQueue;
use crate::{
    Announcement, Error, Event, ExitStatus, Failure, Input, Party, State, Status, message,
    transition,
};
use flags::{Flag, Flags};
use inbox::Inbox;
use slots::Slots;

pub use accepted::Accepted;
pub use slots::FilterKind;

/// How many bytes may wait to be sent before reading stops. The default high-water mark.
pub const HIGH_WATER: u32 = 1024 * 1024;

/// How few bytes must wait to be sent before reading goes on. The default low-water mark.
pub const LOW_WATER: u32 = 256 * 1024;

/// A network process without its socket (Emacs manual, Network Processes).
///
/// The machine neither reads, writes, waits nor calls anybody. Whoever owns the socket tells it
/// what happens, asks it what to do, and does that:
///
/// 1. [`handle`](Machine::handle) whatever the socket or the user does.
/// 2. [`poll_socket_effect`](Machine::poll_socket_effect) until `None`: shut down, close, retire.
/// 3. [`poll_callback_effect`](Machine::poll_callback_effect) until `None`: call the user's
///    functions. Poll only when the callback polled before has returned: that is how the machine
///    knows that the text was dealt with. One after the other is also what keeps the order.
///    [`poll_effect`](Machine::poll_effect) does steps 2 and 3 in one.
/// 4. Wait for [`interest`](Machine::interest), and write [`front`](Machine::front) when the
///    socket takes it.
///
/// For each process the user's functions are called in one order: the log function of the server,
/// `open`, data, and one last event, after which nothing comes. A process that `failed` stays in
/// the table until it is deleted, and only then hears `deleted`.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use netproc_keywords::Spec;
/// use netproc_process::{Effect, Input, Machine, Status};
///
/// let spec: Spec = r#"(:name "web" :host "localhost" :service 80 :nowait t)"#.parse()?;
/// let mut web = Machine::from_spec(&Arc::new(spec), "web".into());
/// assert_eq!(web.status(), Status::Connect);
///
/// let local = "127.0.0.1:40000".parse::<std::net::SocketAddr>()?.into();
/// let remote = "127.0.0.1:80".parse::<std::net::SocketAddr>()?.into();
/// web.handle(Input::Connected { local, remote })?;
/// web.handle(Input::Received(b"hello"))?;
/// web.handle(Input::PeerClosed)?;
///
/// let effects: Vec<_> = std::iter::from_fn(|| web.poll_effect()).collect();
/// assert_eq!(
///     effects,
///     [
///         Effect::Sentinel("open\n".into()),
///         Effect::Insert("hello".into()),
///         Effect::Close,
///         Effect::Retire,
///         Effect::Sentinel("connection broken by remote peer\n".into()),
///     ],
/// );
/// assert_eq!(web.status(), Status::Closed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "make-network-process")]
pub struct Machine {
    spec: Arc<Spec>,
    name: Arc<str>,
    /// What setters changed; absent while everything is as the spec says. Shared with the
    /// connections that a server accepts, and copied when one of them changes.
    slots: Option<Arc<Slots>>,
    local: Option<Address>,
    /// The peer; of a datagram process, where it sends to.
    remote: Option<Address>,
    decoder: Decoder,
    encoder: Encoder,
    inbox: Inbox,
    queue: Option<Box<SendQueue>>,
    rare: Option<Box<Rare>>,
    /// Bytes that could not be sent and were not reported yet.
    lost: usize,
    high_water: u32,
    low_water: u32,
    flags: Flags,
    state: State,
    party: Party,
    /// The last event that the sentinel has yet to hear.
    last_event: Option<Announcement>,
}

/// What most processes never have.
#[derive(Debug, Default)]
struct Rare {
    failure: Option<Failure>,
    buffer_name: Option<Arc<str>>,
    buffer: Value,
    /// The log function of the server that accepted this connection, until it was called.
    accept_log: Value,
    accept_errors: VecDeque<Failure>,
}

impl Machine {
    /// Makes the process that `spec` describes, under its unique name.
    ///
    /// Its status is `connect` until the driver reports [`Input::Connected`], for servers
    /// [`Input::Listening`], for datagram sockets [`Input::Bound`]. Without `:coding` the systems are
    /// found from the data (Emacs manual, Network Processes).
    pub fn from_spec(spec: &Arc<Spec>, name: Arc<str>) -> Machine {
        let (decode, encode) = match &spec.coding {
            Some(pair) => (pair.decode, pair.encode),
            None => (None, None),
        };
        let party = match (spec.kind, spec.role) {
            (Kind::Datagram, _) => Party::Datagram,
            (_, Role::Server { .. }) => Party::Listener,
            (Kind::Stream, _) => Party::Stream,
            (Kind::SeqPacket, _) => Party::SeqPacket,
        };
        // A datagram socket to a known address is made at once, whatever `:nowait` says.
        let at_once =
            party == Party::Datagram && !matches!(spec.endpoint, Endpoint::Internet { .. });
        let background = spec.role.is_nowait() && !at_once;
        let mut machine = Machine {
            spec: Arc::clone(spec),
            name,
            slots: None,
            local: None,
            remote: None,
            decoder: Decoder::new(decode.unwrap_or(CodingSystem::UNDECIDED)),
            encoder: Encoder::new(encode.unwrap_or(CodingSystem::UNDECIDED)),
            inbox: Inbox::Empty,
            queue: None,
            rare: None,
            lost: 0,
            high_water: HIGH_WATER,
            low_water: LOW_WATER,
            flags: Flags::default(),
            state: State::Connect,
            party,
            last_event: None,
        };
        if let Some(multibyte) = spec.filter_multibyte {
            machine.decoder.set_multibyte(multibyte);
        }
        let server = spec.role.is_server();
        for (flag, on) in [
            (Flag::Server, server),
            (Flag::Stopped, spec.stopped),
            (Flag::Halted, spec.stopped),
            (Flag::Query, spec.query_on_exit),
            (Flag::TellsFailure, background),
            (
                Flag::TellsOpen,
                background || (!server && spec.tls.is_true()),
            ),
            (Flag::DecodeNil, decode.is_none()),
            (Flag::EncodeNil, encode.is_none()),
        ] {
            machine.flags.set(flag, on);
        }
        machine
    }

    /// Takes notice of something that happened.
    ///
    /// # Errors
    ///
    /// [`Error::NotRunning`] for [`Input::SendEof`] to a process that is not open,
    /// [`Error::Overrun`] for more bytes sent than queued, [`Error::OutOfPlace`] for anything that
    /// cannot happen in this state, such as data for a process that was deleted meanwhile. Nothing
    /// is changed then.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "inputs are made for one call each"
    )]
    pub fn handle(&mut self, input: Input<'_>) -> Result<(), Error> {
        let event = input.event();
        let Some(line) = transition(self.party, self.state, event) else {
            return Err(match event {
                Event::SendEof => self.not_running(),
                _ => Error::OutOfPlace {
                    event,
                    party: self.party,
                    state: self.state,
                },
            });
        };
        if let Input::Sent(sent) = input {
            self.check_sent(sent)?;
        }
        for &step in line.steps {
            self.perform(step, &input);
        }
        if let (Input::AcceptFailed(failure), true) = (&input, self.log().is_true()) {
            self.rare().accept_errors.push_back(failure.clone());
        }
        self.enter(line.to, line.announces);
        Ok(())
    }

    /// Returns where the process stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Returns which sort of process the transition table takes it for.
    pub fn party(&self) -> Party {
        self.party
    }

    /// Returns the status: closed before stopped, stopped before anything else.
    #[doc(alias = "process-status")]
    pub fn status(&self) -> Status {
        match self.state {
            State::Closed | State::Drain => Status::Closed,
            _ if self.is_stopped() => Status::Stop,
            State::Open | State::Finish => Status::Open,
            State::Listen => Status::Listen,
            State::Connect => Status::Connect,
            State::Failed => Status::Failed,
        }
    }

    /// Returns the exit status: 0 while alive and after deletion, 256 when the peer closed, else
    /// why it failed.
    #[doc(alias = "process-exit-status")]
    pub fn exit_status(&self) -> ExitStatus {
        match self.state {
            State::Closed | State::Drain if !self.flags.has(Flag::Absolved) => self
                .failure()
                .map_or(ExitStatus::Code(256), Failure::exit_status),
            State::Failed => self
                .failure()
                .map_or(ExitStatus::Code(0), Failure::exit_status),
            _ => ExitStatus::Code(0),
        }
    }

    /// Returns why the process failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.rare.as_ref()?.failure.as_ref()
    }

    /// Tells whether `stop-process` was called and `continue-process` not yet.
    #[doc(alias = "process-command")]
    pub fn is_stopped(&self) -> bool {
        self.flags.has(Flag::Stopped)
    }

    /// Tells whether there is a socket: not before it is known which, and not after closing.
    pub fn has_socket(&self) -> bool {
        match self.state {
            State::Connect => self.remote.is_some() || self.local.is_some(),
            State::Failed | State::Closed => false,
            State::Listen | State::Open | State::Finish | State::Drain => true,
        }
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    fn drop_idle_rare(&mut self) {
        let idle = self.rare.as_ref().is_some_and(|rare| {
            rare.failure.is_none()
                && rare.buffer_name.is_none()
                && rare.buffer.is_nil()
                && rare.accept_log.is_nil()
                && rare.accept_errors.is_empty()
        });
        if idle {
            self.rare = None;
        }
    }

    fn not_running(&self) -> Error {
        Error::NotRunning {
            name: Arc::clone(&self.name),
        }
    }
}

/// Prints as Emacs prints a process, in every state.
impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&message::printed(&self.name))
    }
}

impl fmt::Debug for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Machine")
            .field("name", &self.name)
            .field("state", &self.state)
            .field("party", &self.party)
            .field("local", &self.local)
            .field("remote", &self.remote)
            .field("queued", &self.queued())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
