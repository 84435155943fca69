//! The machine: what the server says goes in, what to do comes out.

mod state;

use std::mem;

use netproc_lisp::Text;

use crate::error::{Error, PeerError, PeerFault, Said, Step};
use crate::outcome::{Outcome, StreamKind, Unencrypted};
use crate::pattern::Pattern;
use crate::request::{StreamRequest, StreamType};
use state::{Connection, Due, State, Way};

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The connection stands, with its encryption if that was asked for, or is being made where
    /// that is not to be waited for.
    Connected,
    /// The server said something, decoded; after [`Effect::ReadBytes`] its bytes.
    Text(&'a Text),
    /// The connection is over, after everything that the server said on it.
    Closed,
    /// The server took longer than [`StreamRequest::answer_within`] since [`Effect::Hear`].
    TimedOut,
    /// The handshake succeeded.
    TlsDone,
    /// The handshake failed, and the connection is gone.
    TlsFailed {
        /// Whether the two ends could not agree, as against a certificate that was refused or
        /// parameters that are wrong: these are errors even where encryption is not required.
        protocol: bool,
        /// How it failed.
        reason: &'a str,
    },
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// Connect, and answer with [`Event::Connected`].
    Connect {
        /// Do not wait for the connection.
        nowait: bool,
        /// Shake hands before anything is said.
        encrypted: bool,
    },
    /// Delete the process, connect anew without encryption, and answer with
    /// [`Event::Connected`].
    Reconnect,
    /// Wait for what the server says, as long as [`StreamRequest::answer_within`]. After
    /// [`Effect::Send`] this is left out if the answer is there already.
    Hear(Step),
    /// Send this.
    Send(String),
    /// From here on hand in bytes as they come, without decoding, so that it is known exactly
    /// where clear text ends.
    ReadBytes,
    /// Read no more, and shake hands; decode again afterwards. Answer with [`Event::TlsDone`] or
    /// [`Event::TlsFailed`].
    StartTls,
    /// The dialogue is over. After an error the process is to be deleted.
    Finish(Result<Outcome, Error>),
}

/// The dialogue of one stream, as a value: events in, effects out.
///
/// [`poll`](Dialogue::poll) gives what is to be done until it gives `None`; then
/// [`handle`](Dialogue::handle) is told what happened. Functions of the request are called inside
/// of `poll` only. Events that come when nobody waits for them are kept or without effect; none
/// does harm.
///
/// See the introduction of the crate for an example.
#[derive(Debug)]
pub struct Dialogue {
    request: StreamRequest,
    way: Way,
    state: State,
    connection: Connection,
    /// Whoever drives this was told that an answer is waited for.
    announced: bool,
    /// What the server said since it was last spoken to.
    heard: Text,
    said: Said,
    kind: StreamKind,
    unencrypted: Option<Unencrypted>,
}

impl Dialogue {
    /// Makes the dialogue that a request asks for.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if encryption is asked for and could never come about.
    pub fn new(request: StreamRequest) -> Result<Self, Error> {
        request.check()?;
        Ok(Dialogue {
            way: Way::of(&request),
            state: State::Due(Due::Connect),
            connection: Connection::First,
            announced: false,
            heard: Text::new(),
            said: Said::default(),
            kind: StreamKind::Plain,
            unencrypted: None,
            request,
        })
    }

    /// Returns the request.
    pub fn request(&self) -> &StreamRequest {
        &self.request
    }

    /// Tells whether nothing is said and nothing waited for: there is a connection and no more.
    pub fn is_silent(&self) -> bool {
        self.way.is_simple() || (self.request.nowait && self.way != Way::Upgrade)
    }

    /// Returns what the server has said so far.
    pub fn said(&self) -> &Said {
        &self.said
    }

    /// Tells whether the handshake is due or under way: whatever arrives now, other than by TLS,
    /// ends the dialogue.
    pub fn is_handshaking(&self) -> bool {
        matches!(self.state, State::Due(Due::StartTls) | State::Handshaking)
    }

    /// Takes note of something that happened.
    ///
    /// Of text returns how many of its characters may be shown as the server's words: all, but for
    /// those that came between its answer to STARTTLS and the handshake. For other events that is
    /// 0.
    pub fn handle(&mut self, event: Event<'_>) -> usize {
        match event {
            Event::Text(text) => return self.hear(text),
            Event::Connected => {
                if matches!(self.state, State::Connecting) {
                    self.state = State::Due(Due::Greeting);
                }
            }
            Event::Closed => {
                self.connection.close();
                self.look();
            }
            Event::TimedOut => {
                if let State::Hearing(step, expected) = &self.state {
                    let fault = PeerFault::Stalled {
                        expected: expected.clone(),
                        heard: self.heard.clone(),
                        within: self.request.answer_within,
                    };
                    self.fail(*step, fault);
                }
            }
            Event::TlsDone => {
                if matches!(self.state, State::Handshaking) {
                    self.kind = StreamKind::Tls;
                    self.heard.clear();
                    self.state = State::Due(Due::AskCapabilities(Step::CapabilitiesAgain));
                }
            }
            Event::TlsFailed { protocol, reason } => self.handshake_failed(protocol, reason),
        }
        0
    }

    /// Returns the next thing to do; `None` until something happens.
    pub fn poll(&mut self) -> Option<Effect> {
        loop {
            let due = match &mut self.state {
                State::Due(due) => mem::replace(due, Due::Nothing),
                State::Hearing(step, _) if !self.announced => {
                    self.announced = true;
                    return Some(Effect::Hear(*step));
                }
                _ => return None,
            };
            if let Some(effect) = self.advance(due) {
                return Some(effect);
            }
        }
    }

    /// Does one step; none if it has no effect outside.
    fn advance(&mut self, due: Due) -> Option<Effect> {
        match due {
            Due::Nothing => {
                self.state = State::Over;
                None
            }
            Due::Connect => {
                self.state = State::Connecting;
                Some(Effect::Connect {
                    nowait: self.request.nowait && self.way != Way::Upgrade,
                    encrypted: self.way.is_encrypted(),
                })
            }
            Due::Reconnect => {
                self.state = State::Connecting;
                self.connection = Connection::Second { closed: false };
                self.heard.clear();
                Some(Effect::Reconnect)
            }
            Due::Greeting => {
                self.greeting();
                None
            }
            Due::AskCapabilities(step) => self.ask(step),
            Due::Decide => self.decide(),
            Due::SendStarttls(command) => {
                let end = self.request.end_of_command.clone();
                Some(self.say(command, Step::Starttls, end))
            }
            Due::StartTls => {
                self.state = State::Handshaking;
                Some(Effect::StartTls)
            }
            Due::Finish => {
                self.state = State::Over;
                Some(Effect::Finish(Ok(Outcome {
                    greeting: self.said.greeting.take(),
                    capabilities: self.said.capabilities.take(),
                    kind: self.kind,
                    unencrypted: self.unencrypted.take(),
                })))
            }
            Due::Fail(error) => {
                self.state = State::Over;
                Some(Effect::Finish(Err(error)))
            }
        }
    }

    fn greeting(&mut self) {
        if self.way.is_encrypted() {
            self.kind = StreamKind::Tls;
        }
        if self.is_silent() {
            self.state = State::Due(Due::Finish);
        } else if self.request.nogreeting {
            self.state = State::Due(self.after_greeting());
        } else {
            self.await_greeting();
        }
    }

    fn after_greeting(&self) -> Due {
        match (self.way, &self.connection) {
            (Way::Plain, _) => Due::Finish,
            (_, Connection::Second { .. }) => Due::AskCapabilities(Step::CapabilitiesAgain),
            _ => Due::AskCapabilities(Step::Capabilities),
        }
    }

    /// Asks for the capabilities; what was known of them counts no more.
    fn ask(&mut self, step: Step) -> Option<Effect> {
        let greeting = self.said.greeting.as_ref().map(Text::to_string_lossy);
        let command = self
            .request
            .capability_command
            .as_ref()
            .and_then(|command| command.command(&greeting.unwrap_or_default()));
        self.said.capabilities = None;
        let Some(command) = command else {
            self.state = State::Due(after_capabilities(step));
            return None;
        };
        let end = self.request.capability_end().cloned();
        Some(self.say(command, step, end))
    }

    /// Says something, from where on what the server says is the answer.
    ///
    /// Whoever drives this may hear the answer before it knows that it has sent the command, so
    /// the answer counts from here on.
    fn say(&mut self, command: String, step: Step, end: Option<Pattern>) -> Effect {
        self.heard.clear();
        match end {
            None => self.answered(step, None),
            Some(_) if self.connection.is_closed() => self.fail(step, PeerFault::Closed),
            Some(end) => self.state = State::Hearing(step, end),
        }
        self.announced = false;
        Effect::Send(command)
    }

    /// Finds out whether to ask for STARTTLS.
    fn decide(&mut self) -> Option<Effect> {
        let may = self.way == Way::Upgrade && self.request.stream_type != StreamType::Plain;
        if !may || !self.request.knows_starttls() {
            self.state = State::Due(Due::Finish);
            return None;
        }
        let capabilities = self.said.capabilities.as_ref().map(Text::to_string_lossy);
        let command = self
            .request
            .starttls_function
            .as_ref()
            .zip(capabilities)
            .and_then(|(function, capabilities)| function.call(&capabilities));
        let Some(command) = command else {
            self.stay_plain(PeerFault::NotOffered, Unencrypted::NotOffered);
            return None;
        };
        self.state = State::Due(Due::SendStarttls(command));
        Some(Effect::ReadBytes)
    }

    /// Goes on in clear text, unless encryption is required.
    fn stay_plain(&mut self, fault: PeerFault, why: Unencrypted) {
        if self.request.stream_type == StreamType::Starttls {
            let step = match fault {
                PeerFault::NotOffered => Step::Capabilities,
                _ => Step::Starttls,
            };
            self.fail(step, fault);
        } else {
            self.unencrypted = Some(why);
            self.state = State::Due(Due::Finish);
        }
    }

    fn handshake_failed(&mut self, protocol: bool, reason: &str) {
        if !matches!(self.state, State::Handshaking) {
            return;
        }
        let reason = reason.to_owned();
        if protocol && self.request.stream_type != StreamType::Starttls {
            self.unencrypted = Some(Unencrypted::Handshake { reason });
            self.state = State::Due(Due::Reconnect);
        } else {
            self.fail(Step::Handshake, PeerFault::Handshake { reason });
        }
    }

    /// Waits for the greeting; without a pattern there is nothing to wait for.
    fn await_greeting(&mut self) {
        match self.request.end_of_command.clone() {
            None => self.answered(Step::Greeting, None),
            Some(end) => {
                self.state = State::Hearing(Step::Greeting, end);
                self.announced = false;
                // It may have been said already.
                self.look();
            }
        }
    }

    fn hear(&mut self, text: &Text) -> usize {
        let length = text.char_count();
        match self.state {
            State::Due(Due::StartTls) | State::Handshaking => {
                let bytes = text.as_bytes().len();
                self.fail(Step::Starttls, PeerFault::ReadAhead { bytes });
                return 0;
            }
            State::Over | State::Due(Due::Finish | Due::Fail(_)) => return length,
            _ => {}
        }
        // Beyond the limit nothing can help any more; to keep it would only take memory.
        if self.heard.byte_len() <= self.request.answer_limit {
            self.heard.push_text(text);
        }
        self.look();
        if self.is_handshaking() || self.has_read_ahead() {
            length.saturating_sub(self.heard.char_count())
        } else {
            length
        }
    }

    fn has_read_ahead(&self) -> bool {
        matches!(
            &self.state,
            State::Due(Due::Fail(Error::Peer(error)))
                if matches!(error.fault, PeerFault::ReadAhead { .. })
        )
    }

    /// Looks whether the answer that is waited for is there, or can never be.
    fn look(&mut self) {
        let State::Hearing(step, end) = &self.state else {
            return;
        };
        let (step, expected) = (*step, end.clone());
        if let Some((answer, rest)) = expected.split(&self.heard) {
            self.heard = rest;
            self.answered(step, Some(answer));
        } else if self.heard.byte_len() > self.request.answer_limit {
            let limit = self.request.answer_limit;
            self.fail(step, PeerFault::TooLong { expected, limit });
        } else if self.connection.is_closed() {
            if self.way == Way::Plain {
                // Nothing was to be said, so nothing is missing but the greeting.
                self.answered(step, None);
            } else {
                self.fail(step, PeerFault::Closed);
            }
        }
    }

    fn answered(&mut self, step: Step, answer: Option<Text>) {
        let due = match step {
            Step::Greeting => {
                if matches!(self.connection, Connection::First | Connection::FirstClosed) {
                    self.said.greeting = answer;
                }
                self.after_greeting()
            }
            Step::Capabilities | Step::CapabilitiesAgain => {
                self.said.capabilities = answer;
                after_capabilities(step)
            }
            Step::Starttls | Step::Handshake => return self.starttls_answered(answer),
        };
        self.state = State::Due(due);
    }

    fn starttls_answered(&mut self, answer: Option<Text>) {
        let answer = answer.unwrap_or_default();
        let success = self.request.success.as_ref();
        if !success.is_some_and(|success| success.is_match(&answer)) {
            let fault = PeerFault::Refused {
                answer: answer.clone(),
            };
            self.stay_plain(fault, Unencrypted::Refused { answer });
        } else if self.heard.is_empty() {
            self.state = State::Due(Due::StartTls);
        } else {
            let bytes = self.heard.as_bytes().len();
            self.fail(Step::Starttls, PeerFault::ReadAhead { bytes });
        }
    }

    fn fail(&mut self, step: Step, fault: PeerFault) {
        let error = PeerError {
            host: self.request.host.clone(),
            service: self.request.service_text(),
            step,
            fault,
            said: mem::take(&mut self.said),
            kind: self.kind,
        };
        self.state = State::Due(Due::Fail(error.into()));
    }
}

fn after_capabilities(step: Step) -> Due {
    if step == Step::Capabilities {
        Due::Decide
    } else {
        Due::Finish
    }
}
