//! What is said in clear before the handshake, in the protocols that have STARTTLS.

use std::fmt;
use std::io;
use std::time::Duration;

use async_io::Timer;
use futures_lite::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, future};
use netproc::dialogue::{
    CommandFunction, Dialogue, Effect, Error, Event, Pattern, PatternError, StreamRequest,
    StreamType, Text,
};
use netproc::socket::bare_text;

/// A protocol in which a connection in clear can go on in TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// RFC 9051, section 6.2.1.
    Imap,
    /// RFC 3207.
    Smtp,
    /// RFC 2595, section 4.
    Pop3,
    /// RFC 4642.
    Nntp,
}

impl Protocol {
    /// Their names, as the command line has them.
    pub(crate) const NAMES: &str = "imap, smtp, pop3 or nntp";

    /// Finds the protocol of that name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "imap" => Protocol::Imap,
            "smtp" => Protocol::Smtp,
            "pop3" => Protocol::Pop3,
            "nntp" => Protocol::Nntp,
            _ => return None,
        })
    }

    /// Returns how the protocol is spoken until the handshake.
    fn words(self) -> Words {
        match self {
            Protocol::Imap => Words {
                ask: "a1 CAPABILITY\r\n",
                // The greeting is not tagged, the answers to our commands are.
                end: r"(?m)^(\* (OK|PREAUTH|BYE)\b|a[12] ).*\r?\n",
                end_of_list: r"(?m)^(\* BYE\b|a1 ).*\r?\n",
                offer: r"(?i)\bSTARTTLS\b",
                starttls: "a2 STARTTLS\r\n",
                success: r"(?mi)^a2 OK\b",
            },
            Protocol::Smtp => Words {
                ask: "EHLO localhost\r\n",
                end: r"(?m)^\d{3}( .*)?\r?\n",
                end_of_list: r"(?m)^\d{3}( .*)?\r?\n",
                offer: r"(?mi)^250[- ]STARTTLS\b",
                starttls: "STARTTLS\r\n",
                success: r"(?m)^220\b",
            },
            Protocol::Pop3 => Words {
                ask: "CAPA\r\n",
                end: r"(?m)^(\+OK|-ERR).*\r?\n",
                end_of_list: r"(?m)^(\.|-ERR.*)\r?\n",
                offer: r"(?mi)^STLS\b",
                starttls: "STLS\r\n",
                success: r"(?m)^\+OK",
            },
            Protocol::Nntp => Words {
                ask: "CAPABILITIES\r\n",
                end: r"(?m)^\d{3}\b.*\r?\n",
                end_of_list: r"(?m)^(\.|[45]\d\d\b.*)\r?\n",
                offer: r"(?mi)^STARTTLS\b",
                starttls: "STARTTLS\r\n",
                success: r"(?m)^382\b",
            },
        }
    }

    fn request(
        self,
        host: &str,
        service: &str,
        patience: Duration,
    ) -> Result<StreamRequest, PatternError> {
        let words = self.words();
        let offer = Pattern::regex(words.offer)?;
        Ok(StreamRequest::new("peer", host, service)
            .stream_type(StreamType::Starttls)
            .answer_within(patience)
            .capability_command(words.ask)
            .end_of_command(Pattern::regex(words.end)?)
            .end_of_capability(Pattern::regex(words.end_of_list)?)
            .starttls_function(CommandFunction::when(offer, words.starttls))
            .success(Pattern::regex(words.success)?))
    }
}

/// The commands of a protocol, and what marks the ends of the answers.
struct Words {
    ask: &'static str,
    end: &'static str,
    end_of_list: &'static str,
    offer: &'static str,
    starttls: &'static str,
    success: &'static str,
}

/// Why no handshake follows.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server did not do its part.
    Dialogue(Error),
    /// A pattern of ours is wrong.
    Pattern(PatternError),
    /// The connection broke.
    Pipe(String, io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Dialogue(error) => error.fmt(formatter),
            Failure::Pattern(error) => error.fmt(formatter),
            Failure::Pipe(host, error) => {
                write!(
                    formatter,
                    "asking {host} for STARTTLS: {}",
                    bare_text(error)
                )
            }
        }
    }
}

/// Speaks until the handshake is due; nothing of it has been read then.
pub(crate) async fn speak(
    protocol: Protocol,
    (host, service): (&str, &str),
    pipe: &mut (impl AsyncRead + AsyncWrite + Unpin),
    patience: Duration,
) -> Result<(), Failure> {
    let request = protocol.request(host, service, patience);
    let request = request.map_err(Failure::Pattern)?;
    let mut dialogue = Dialogue::new(request).map_err(Failure::Dialogue)?;
    let broken = |error| Failure::Pipe(host.to_owned(), error);
    let mut buffer = vec![0; 4096];
    loop {
        while let Some(effect) = dialogue.poll() {
            match effect {
                Effect::Connect { .. } => {
                    dialogue.handle(Event::Connected);
                }
                Effect::Send(words) => {
                    pipe.write_all(words.as_bytes()).await.map_err(broken)?;
                    pipe.flush().await.map_err(broken)?;
                }
                Effect::StartTls | Effect::Finish(Ok(_)) => return Ok(()),
                Effect::Finish(Err(error)) => return Err(Failure::Dialogue(error)),
                // Bytes are what is read all the time, and there is no second connection.
                _ => {}
            }
        }
        let late = async {
            Timer::after(patience).await;
            Ok(None)
        };
        let read = async { pipe.read(&mut buffer).await.map(Some) };
        match future::or(read, late).await.map_err(broken)? {
            None => dialogue.handle(Event::TimedOut),
            Some(0) => dialogue.handle(Event::Closed),
            Some(count) => dialogue.handle(Event::Text(&Text::from_bytes(&buffer[..count]))),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_protocol_has_patterns_that_can_be_looked_for() {
        for name in ["imap", "smtp", "pop3", "nntp"] {
            let protocol = Protocol::find(name).expect("a protocol");
            assert!(Protocol::NAMES.contains(name));
            let request = protocol.request("h", "1", Duration::from_secs(1));
            assert!(request.is_ok_and(|it| Dialogue::new(it).is_ok()), "{name}");
        }
        assert_eq!(Protocol::find("http"), None);
    }
}
