//! What happens, written down as it happens: lines for people, or one JSON object a line.

use std::fmt::Write as _;
use std::io::{self, Write};

use netproc::address::Address;
use netproc::prelude::Process;

/// Where events are written and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Nowhere.
    Quiet,
    /// As text on standard error.
    Text,
    /// As JSON on standard error, where standard output carries data.
    JsonOnError,
    /// As JSON on standard output.
    JsonOnOutput,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Event<'a> {
    /// What kind of thing: `listen`, `accept`, `open`, `closed`, `failed`, `deleted`, `reload`,
    /// `warning`.
    pub(crate) kind: &'a str,
    /// The name of the process.
    pub(crate) process: Option<&'a str>,
    /// The address of this end.
    pub(crate) local: Option<&'a Address>,
    /// The address of the other end.
    pub(crate) remote: Option<&'a Address>,
    /// What happened, in words.
    pub(crate) message: &'a str,
}

/// Writes events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reporter {
    style: Style,
}

impl Reporter {
    /// Makes a reporter of that style.
    pub(crate) fn new(style: Style) -> Self {
        Reporter { style }
    }

    /// Writes one event as a line.
    ///
    /// # Errors
    ///
    /// When standard output, if the events go there, is closed. Nobody can be told when
    /// standard error is.
    pub(crate) fn report(self, event: Event<'_>) -> io::Result<()> {
        match self.style {
            Style::Quiet => Ok(()),
            Style::Text => {
                let _nobody_to_tell = io::stderr().write_all(text(event).as_bytes());
                Ok(())
            }
            Style::JsonOnError => {
                let _nobody_to_tell = io::stderr().write_all(json(event).as_bytes());
                Ok(())
            }
            Style::JsonOnOutput => {
                let mut output = io::stdout().lock();
                output.write_all(json(event).as_bytes())?;
                output.flush()
            }
        }
    }

    /// Writes what a sentinel or log function was told about a process.
    ///
    /// # Errors
    ///
    /// As [`Reporter::report`].
    pub(crate) fn report_message(self, process: &Process, message: &str) -> io::Result<()> {
        if self.style == Style::Quiet {
            return Ok(());
        }
        let (local, remote) = (process.local_address(), process.remote_address());
        let message = message.trim_end_matches('\n');
        self.report(Event {
            kind: event_name(message),
            process: Some(process.name()),
            local: local.as_ref(),
            remote: remote.as_ref(),
            message,
        })
    }

    /// Tells whether events are written as JSON.
    pub(crate) fn is_json(self) -> bool {
        matches!(self.style, Style::JsonOnError | Style::JsonOnOutput)
    }

    /// Tells whether standard error carries JSON, and so nothing else.
    pub(crate) fn is_json_on_error(self) -> bool {
        self.style == Style::JsonOnError
    }
}

/// Returns the kind of event that a message of a sentinel or log function is about.
fn event_name(message: &str) -> &'static str {
    const BEGINNINGS: [(&str, &str); 6] = [
        ("open", "open"),
        ("accept failed", "failed"),
        ("accept", "accept"),
        ("connection broken", "closed"),
        ("failed", "failed"),
        ("deleted", "deleted"),
    ];
    BEGINNINGS
        .iter()
        .find(|(beginning, _)| message.starts_with(beginning))
        .map_or("changed", |(_, event)| event)
}

fn text(event: Event<'_>) -> String {
    let mut line = String::from("netproc: ");
    if event.kind == "warning" {
        line.push_str("warning: ");
    }
    if let Some(process) = event.process {
        let _ = write!(line, "{process}: ");
    }
    line.push_str(event.message);
    line.push('\n');
    line
}

fn json(event: Event<'_>) -> String {
    let mut line = String::from("{");
    let address = |address: Option<&Address>| {
        // The end of an unnamed local socket has no address to show.
        address
            .map(ToString::to_string)
            .filter(|text| !text.is_empty())
    };
    let members = [
        ("event", Some(event.kind.to_owned())),
        ("process", event.process.map(str::to_owned)),
        ("local", address(event.local)),
        ("remote", address(event.remote)),
        ("message", Some(event.message.to_owned())),
    ];
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        let value = value.map_or(serde_json::Value::Null, serde_json::Value::String);
        let _ = write!(line, "\"{name}\":{value}");
    }
    line.push_str("}\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_every_member_in_place() {
        let local: Address = "127.0.0.1:7007".parse().expect("an address");
        let event = Event {
            kind: "listen",
            process: Some("a \"b\"\n"),
            local: Some(&local),
            remote: None,
            message: "m",
        };
        assert_eq!(
            json(event),
            "{\"event\":\"listen\",\"process\":\"a \\\"b\\\"\\n\",\
             \"local\":\"127.0.0.1:7007\",\"remote\":null,\"message\":\"m\"}\n"
        );
    }

    #[test]
    fn messages_of_sentinels_have_event_names() {
        assert_eq!(event_name("open from 127.0.0.1"), "open");
        assert_eq!(event_name("accept from -"), "accept");
        assert_eq!(event_name("accept failed with code24"), "failed");
        assert_eq!(event_name("connection broken by remote peer"), "closed");
        assert_eq!(event_name("failed with code 111"), "failed");
        assert_eq!(event_name("deleted"), "deleted");
    }
}
