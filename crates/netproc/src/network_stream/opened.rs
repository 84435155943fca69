//! A stream that is open, with what is known of it.

use netproc_dialogue::{Outcome, StreamKind, StreamRequest, Unencrypted};
use netproc_lisp::{Text, Value};
use netproc_network::Process;

/// A stream, and what the server said while it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened {
    /// The process. It has the default filter and sentinel.
    pub process: Process,
    /// What the server said first; none if it was not waited for.
    pub greeting: Option<Text>,
    /// What the server said that it can do, under encryption if there is any.
    pub capabilities: Option<Text>,
    /// Whether the stream is encrypted, or will be once a connection that was not waited for
    /// stands.
    pub kind: StreamKind,
    /// Why a stream that was to be encrypted if possible is not.
    pub error: Option<Unencrypted>,
    /// What to tell a user who wants to know of clear text; only if the request says
    /// [`warn_unless_encrypted`](StreamRequest::warn_unless_encrypted).
    pub warning: Option<String>,
}

impl Opened {
    pub(super) fn new(process: Process, outcome: Outcome, request: &StreamRequest) -> Self {
        let warns = request.warn_unless_encrypted && outcome.kind == StreamKind::Plain;
        let warning = warns.then(|| {
            let (host, service) = (&request.host, request.service_text());
            format!("{host}/{service}: what goes to and fro here can be read by others")
        });
        Opened {
            process,
            greeting: outcome.greeting,
            capabilities: outcome.capabilities,
            kind: outcome.kind,
            error: outcome.unencrypted,
            warning,
        }
    }

    /// Returns the list that Emacs returns with `:return-list`: the process, then `:greeting`,
    /// `:capabilities`, `:type` and `:error`.
    ///
    /// As in Emacs `:error` is nil where there is a process. A warning stands behind, under
    /// `:warning`.
    pub fn to_value(&self) -> Value {
        list(
            Some(&self.process),
            (self.greeting.clone(), self.capabilities.clone()),
            self.kind,
            None,
            self.warning.as_deref(),
        )
    }
}

/// Makes the list of `:return-list`, of a stream or of none.
pub(crate) fn list(
    process: Option<&Process>,
    (greeting, capabilities): (Option<Text>, Option<Text>),
    kind: StreamKind,
    error: Option<&str>,
    warning: Option<&str>,
) -> Value {
    let mut list = vec![
        Value::from(process.map(Process::to_value)),
        Value::keyword(":greeting"),
        greeting.into(),
        Value::keyword(":capabilities"),
        capabilities.into(),
        Value::keyword(":type"),
        kind.into(),
        Value::keyword(":error"),
        error.into(),
    ];
    if warning.is_some() {
        list.extend([Value::keyword(":warning"), warning.into()]);
    }
    Value::list(list)
}
