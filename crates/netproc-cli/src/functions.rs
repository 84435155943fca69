//! The functions that a keyword list on the command line can name.

use netproc::address::Kind;
use netproc::lisp::Value;

use crate::complaint::Complaint;

/// What a filter named on the command line does with the text that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterFunction {
    /// None was named.
    Default,
    /// `:filter t`: nothing is read.
    Off,
    /// Writes it to standard output.
    Print,
    /// Sends it back.
    Echo,
    /// Drops it.
    Discard,
    /// Sends it to all other connections of the server.
    Chat,
    /// Sends it on through a connection of its own, and back what that answers.
    Forward,
}

const FILTERS: [(&str, FilterFunction); 5] = [
    ("print", FilterFunction::Print),
    ("echo", FilterFunction::Echo),
    ("discard", FilterFunction::Discard),
    ("chat", FilterFunction::Chat),
    ("forward", FilterFunction::Forward),
];

impl FilterFunction {
    /// Finds the function that a value of `:filter` names.
    pub(crate) fn find(value: &Value) -> Result<Self, Complaint> {
        if value.is_nil() {
            return Ok(FilterFunction::Default);
        }
        if value.is_symbol("t") {
            return Ok(FilterFunction::Off);
        }
        FILTERS
            .iter()
            .find(|(name, _)| value.is_symbol(name))
            .map(|(_, function)| *function)
            .ok_or_else(|| {
                let names = FILTERS.map(|(name, _)| name).join(", ");
                Complaint::error(format!(
                    ":filter {value}: expected one of {names}, t or nil"
                ))
            })
    }

    /// Refuses what has no meaning for a process of that role and kind.
    pub(crate) fn check(self, is_server: bool, kind: Kind) -> Result<(), Complaint> {
        let name = match self {
            FilterFunction::Chat => "chat",
            FilterFunction::Forward => "forward",
            _ => return Ok(()),
        };
        if is_server && kind != Kind::Datagram {
            return Ok(());
        }
        Err(Complaint::error(format!(
            ":filter {name}: expected a server that accepts connections"
        ))
        .hint("give :server t, and no :type datagram"))
    }

    /// Tells whether received bytes go to standard output.
    pub(crate) fn uses_standard_output(self) -> bool {
        self == FilterFunction::Print
    }
}

/// What a sentinel or log function named on the command line does with what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventFunction {
    /// Writes it among the events.
    Print,
    /// Nothing.
    Quiet,
}

impl EventFunction {
    /// Finds the function that a value of `:sentinel` or `:log` names; nil is `print`.
    pub(crate) fn find(keyword: &str, value: &Value) -> Result<Self, Complaint> {
        if value.is_nil() || value.is_symbol("print") {
            Ok(EventFunction::Print)
        } else if value.is_symbol("quiet") {
            Ok(EventFunction::Quiet)
        } else {
            Err(Complaint::error(format!(
                "{keyword} {value}: expected print, quiet or nil"
            )))
        }
    }
}
