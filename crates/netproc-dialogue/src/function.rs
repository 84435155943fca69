//! What a program says in the dialogue: commands, and functions that choose them.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use netproc_lisp::{Opaque, Value};

use crate::pattern::Pattern;

type CommandClosure = dyn Fn(&str) -> Option<String> + Send + Sync;
type CertificateClosure = dyn Fn(&str, &str) -> Option<CertificateFiles> + Send + Sync;

/// A function of what the server said that gives the command to send, or none.
///
/// It is called on the thread that opens the stream. Where Emacs would hand nil, for want of a
/// greeting, the text is empty; bytes that belong to no character are U+FFFD.
///
/// # Examples
///
/// ```
/// use netproc_dialogue::CommandFunction;
///
/// // As Gnus asks a news server for its capabilities.
/// let ask = CommandFunction::new(|greeting| {
///     Some(if greeting.contains("Typhoon") { "HELP\r\n" } else { "CAPABILITIES\r\n" })
/// });
/// assert_eq!(ask.call("200 Typhoon 2").as_deref(), Some("HELP\r\n"));
/// assert_eq!(ask.call("").as_deref(), Some("CAPABILITIES\r\n"));
/// ```
#[derive(Clone)]
pub struct CommandFunction(Arc<CommandClosure>);

impl CommandFunction {
    /// Makes a function of a closure.
    pub fn new<F, C>(function: F) -> Self
    where
        F: Fn(&str) -> Option<C> + Send + Sync + 'static,
        C: Into<String>,
    {
        CommandFunction(Arc::new(move |said| function(said).map(Into::into)))
    }

    /// Makes the function that gives `command` where the pattern is in what the server said.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_dialogue::{CommandFunction, Pattern};
    ///
    /// let starttls = CommandFunction::when(Pattern::emacs("\\bSTLS\\b")?, "STLS\r\n");
    /// assert_eq!(starttls.call("+OK\r\nUIDL\r\nSTLS\r\n.\r\n").as_deref(), Some("STLS\r\n"));
    /// assert_eq!(starttls.call("+OK\r\nUIDL\r\n.\r\n"), None);
    /// # Ok::<(), netproc_dialogue::PatternError>(())
    /// ```
    pub fn when(pattern: Pattern, command: impl Into<String>) -> Self {
        let command = command.into();
        CommandFunction::new(move |said| pattern.is_match(&said.into()).then(|| command.clone()))
    }

    /// Calls the function.
    pub fn call(&self, said: &str) -> Option<String> {
        (self.0)(said)
    }
}

/// The command that asks a server what it can do.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "Emacs has these two")]
pub enum CapabilityCommand {
    /// The command, sent as it stands.
    Text(String),
    /// A function of the greeting.
    Function(CommandFunction),
}

impl CapabilityCommand {
    /// Returns the command for a server that greeted so.
    pub(crate) fn command(&self, greeting: &str) -> Option<String> {
        match self {
            CapabilityCommand::Text(command) => Some(command.clone()),
            CapabilityCommand::Function(function) => function.call(greeting),
        }
    }
}

impl From<&str> for CapabilityCommand {
    fn from(command: &str) -> Self {
        CapabilityCommand::Text(command.to_owned())
    }
}

impl From<String> for CapabilityCommand {
    fn from(command: String) -> Self {
        CapabilityCommand::Text(command)
    }
}

impl From<CommandFunction> for CapabilityCommand {
    fn from(function: CommandFunction) -> Self {
        CapabilityCommand::Function(function)
    }
}

/// The files of a client certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "Emacs has a list of these two")]
pub struct CertificateFiles {
    /// The file of the private key.
    pub key: PathBuf,
    /// The file of the certificate.
    pub certificate: PathBuf,
}

/// Where `:client-certificate t` looks for a certificate, as Emacs does in its `auth-source`.
///
/// It is called with the host and the service.
#[derive(Clone)]
#[doc(alias = "auth-source-search")]
pub struct CertificateSource(Arc<CertificateClosure>);

impl CertificateSource {
    /// Makes a source of a closure.
    pub fn new<F>(source: F) -> Self
    where
        F: Fn(&str, &str) -> Option<CertificateFiles> + Send + Sync + 'static,
    {
        CertificateSource(Arc::new(source))
    }

    /// Asks for the certificate to show there.
    pub fn find(&self, host: &str, service: &str) -> Option<CertificateFiles> {
        (self.0)(host, service)
    }
}

impl fmt::Debug for CommandFunction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(COMMAND_FUNCTION)
    }
}

impl fmt::Debug for CertificateSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("#<certificate-source>")
    }
}

/// How a function prints in a list.
const COMMAND_FUNCTION: &str = "#<command-function>";

/// The function in a keyword list, for `:capability-command` and `:starttls-function`.
impl From<CommandFunction> for Value {
    fn from(function: CommandFunction) -> Value {
        Value::Opaque(Opaque::new(COMMAND_FUNCTION, function))
    }
}
