//! What is said before encryption: greeting, capabilities, STARTTLS, as a machine without I/O.
//!
//! `open-network-stream` of Emacs (Emacs Lisp manual, Network) opens a connection, waits for a
//! greeting, asks for the capabilities, has the server switch to TLS where both can, and asks
//! again. This crate is that conversation and nothing else: no sockets, no TLS, no clock.
//!
//! - [`StreamRequest`]: the parameters, written with setters or read from a property list.
//! - [`Pattern`]: what ends an answer, an Emacs regexp.
//! - [`Dialogue`]: the machine. [`Event`]s in, [`Effect`]s out, and an [`Outcome`] or an [`Error`]
//!   at the end.
//!
//! What was said in clear text is never taken for words said under encryption: bytes that a server,
//! or somebody in between, sends after its answer to STARTTLS end the dialogue with an error
//! ([`PeerFault::ReadAhead`]). Where encryption is required nothing else but encryption or an error
//! comes out.
//!
//! # Examples
//!
//! ```
//! use netproc_dialogue::{CommandFunction, Dialogue, Effect, Event, Pattern, StreamKind};
//! use netproc_dialogue::{Step, StreamRequest, StreamType, Text};
//!
//! let request = StreamRequest::new("mail", "localhost", 25)
//!     .stream_type(StreamType::Starttls)
//!     .capability_command("EHLO me\r\n")
//!     .end_of_command(Pattern::emacs("^[0-9]+ .*\r\n")?)
//!     .success(Pattern::emacs("^2.*\n")?)
//!     .starttls_function(CommandFunction::when(Pattern::emacs("[ -]STARTTLS")?, "STARTTLS\r\n"));
//! let mut dialogue = Dialogue::new(request)?;
//!
//! assert_eq!(dialogue.poll(), Some(Effect::Connect { nowait: false, encrypted: false }));
//! dialogue.handle(Event::Connected);
//! assert_eq!(dialogue.poll(), Some(Effect::Hear(Step::Greeting)));
//! dialogue.handle(Event::Text(&Text::from("220 ready\r\n")));
//! assert_eq!(dialogue.poll(), Some(Effect::Send("EHLO me\r\n".into())));
//! assert_eq!(dialogue.poll(), Some(Effect::Hear(Step::Capabilities)));
//! dialogue.handle(Event::Text(&Text::from("250-hello\r\n250 STARTTLS\r\n")));
//! assert_eq!(dialogue.poll(), Some(Effect::ReadBytes));
//! assert_eq!(dialogue.poll(), Some(Effect::Send("STARTTLS\r\n".into())));
//! assert_eq!(dialogue.poll(), Some(Effect::Hear(Step::Starttls)));
//! dialogue.handle(Event::Text(&Text::from("220 go ahead\r\n")));
//! assert_eq!(dialogue.poll(), Some(Effect::StartTls));
//! dialogue.handle(Event::TlsDone);
//! assert_eq!(dialogue.poll(), Some(Effect::Send("EHLO me\r\n".into())));
//! assert_eq!(dialogue.poll(), Some(Effect::Hear(Step::CapabilitiesAgain)));
//! dialogue.handle(Event::Text(&Text::from("250 AUTH PLAIN\r\n")));
//!
//! let Some(Effect::Finish(Ok(outcome))) = dialogue.poll() else { panic!("it is over") };
//! assert_eq!(outcome.kind, StreamKind::Tls);
//! assert_eq!(outcome.capabilities, Some(Text::from("250 AUTH PLAIN\r\n")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod dialogue;
mod error;
mod function;
mod outcome;
mod pattern;
mod puny;
mod request;

pub use dialogue::{Dialogue, Effect, Event};
pub use error::{Error, PeerError, PeerFault, Said, Step};
pub use function::{CapabilityCommand, CertificateFiles, CertificateSource, CommandFunction};
pub use netproc_lisp::{Text, Value};
pub use outcome::{Outcome, StreamKind, Unencrypted};
pub use pattern::{Pattern, PatternError, PatternFault};
pub use puny::encode_host;
pub use request::{ClientCertificate, StreamRequest, StreamType, keywords};

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct ReadmeExamples;
