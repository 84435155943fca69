//! The parameters that programs of Emacs pass, and a server that is a table.

use netproc_dialogue::{
    CommandFunction, Dialogue, Effect, Error, Event, Outcome, Pattern, StreamRequest, Text,
};

pub(crate) fn emacs(pattern: &str) -> Pattern {
    Pattern::emacs(pattern).expect("a regexp")
}

/// As nnimap of Gnus.
pub(crate) fn imap() -> StreamRequest {
    StreamRequest::new("*nnimap*", "localhost", 143)
        .return_list(true)
        .capability_command("1 CAPABILITY\r\n")
        .always_query_capabilities(true)
        .end_of_command(emacs("\r\n"))
        .success(emacs(" OK "))
        .starttls_function(CommandFunction::when(emacs("STARTTLS"), "1 STARTTLS\r\n"))
}

/// What happened in a dialogue, a line each, and how it ended.
pub(crate) struct Played {
    pub(crate) lines: Vec<String>,
    pub(crate) end: Option<Result<Outcome, Error>>,
}

/// Plays a dialogue with a server that says the next of its words whenever it is listened to.
///
/// The words `CLOSE`, `STALL`, `TLS`, `NOTLS` and `BADCERT` stand for what is no text.
pub(crate) fn play(request: StreamRequest, words: &[&str]) -> Played {
    let mut dialogue = Dialogue::new(request).expect("parameters that are complete");
    let mut played = Played {
        lines: Vec::new(),
        end: None,
    };
    let mut words = words.iter();
    loop {
        while let Some(effect) = dialogue.poll() {
            let line = match &effect {
                Effect::Connect { nowait, encrypted } => format!("connect {nowait} {encrypted}"),
                Effect::Reconnect => "reconnect".to_owned(),
                Effect::Hear(step) => format!("hear {step}"),
                Effect::Send(command) => format!("send {command:?}"),
                Effect::ReadBytes => "bytes".to_owned(),
                Effect::StartTls => "tls".to_owned(),
                Effect::Finish(_) => "finish".to_owned(),
                other => panic!("{other:?}"),
            };
            played.lines.push(line);
            match effect {
                Effect::Connect { .. } | Effect::Reconnect => {
                    dialogue.handle(Event::Connected);
                }
                Effect::Finish(end) => played.end = Some(end),
                _ => {}
            }
        }
        let reason = "it said \"garbage\"";
        match words.next() {
            None => return played,
            Some(&"CLOSE") => dialogue.handle(Event::Closed),
            Some(&"STALL") => dialogue.handle(Event::TimedOut),
            Some(&"TLS") => dialogue.handle(Event::TlsDone),
            Some(&"NOTLS") => dialogue.handle(Event::TlsFailed {
                protocol: true,
                reason,
            }),
            Some(&"BADCERT") => dialogue.handle(Event::TlsFailed {
                protocol: false,
                reason,
            }),
            Some(word) => dialogue.handle(Event::Text(&Text::from(*word))),
        };
    }
}

impl Played {
    #[track_caller]
    pub(crate) fn outcome(self) -> Outcome {
        self.end.expect("an end").expect("a good end")
    }

    #[track_caller]
    pub(crate) fn error(self) -> Error {
        self.end.expect("an end").expect_err("a bad end")
    }
}
