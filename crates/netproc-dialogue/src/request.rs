//! The parameters of `open-network-stream`, written with setters.

mod list;
mod tls;

use std::time::Duration;

use netproc_lisp::Value;

use crate::error::Error;
use crate::function::{CapabilityCommand, CertificateFiles, CertificateSource, CommandFunction};
use crate::pattern::Pattern;

pub use list::keywords;

/// How long a server may take for an answer: mail servers may take so long to greet
/// (RFC 5321, section 4.5.3.2.1), and Emacs waits for ever.
const ANSWER_WITHIN: Duration = Duration::from_secs(5 * 60);

/// How many bytes an answer may have.
const ANSWER_LIMIT: usize = 64 * 1024;

/// What `open-network-stream` is asked to do: the four arguments, and the keywords behind them.
///
/// The fields are what the keywords of the same names hold, in Emacs's words; each has a setter.
/// [`StreamRequest::from_values`] reads the arguments as Lisp has them.
///
/// # Examples
///
/// ```
/// use netproc_dialogue::{Pattern, StreamRequest, StreamType};
///
/// let request = StreamRequest::new("nntpd", "news.example.org", "nntp")
///     .stream_type(StreamType::Plain)
///     .return_list(true)
///     .end_of_command(Pattern::emacs("^\\([2345]\\|[.]\\).*\n")?);
/// assert_eq!(request.name, "nntpd");
/// # Ok::<(), netproc_dialogue::PatternError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a keyword that is on or off"
)]
pub struct StreamRequest {
    /// The name of the process, made unique.
    pub name: String,
    /// The buffer or its name; nil for none.
    pub buffer: Value,
    /// The host, by name or address; letters other than ASCII are encoded.
    pub host: String,
    /// The port or the name of the service.
    pub service: Value,
    /// `:type`, how the connection is encrypted; with [`StreamType::Network`] if it can be.
    pub stream_type: StreamType,
    /// `:nowait`: whether to return before the connection stands, where nothing is to be said.
    pub nowait: bool,
    /// `:return-list`: whether the greeting is wanted even where nothing else is said.
    pub return_list: bool,
    /// `:nogreeting`: whether the server says nothing before it is asked.
    pub nogreeting: bool,
    /// `:capability-command`, which asks what the server can do.
    pub capability_command: Option<CapabilityCommand>,
    /// `:end-of-command`, the end of an answer; without it no answer is waited for.
    pub end_of_command: Option<Pattern>,
    /// `:end-of-capability`, the end of the answer about capabilities, where it is another one.
    pub end_of_capability: Option<Pattern>,
    /// `:success`, what an answer to STARTTLS has if the server agrees.
    pub success: Option<Pattern>,
    /// `:starttls-function`: of the capabilities, the command for STARTTLS if it is offered.
    pub starttls_function: Option<CommandFunction>,
    /// `:client-certificate`, shown to a server that asks for one.
    pub client_certificate: ClientCertificate,
    /// Where `:client-certificate t` looks; nothing is found without it.
    pub certificate_source: Option<CertificateSource>,
    /// `:warn-unless-encrypted`: whether the result is to have a warning if it is in clear text.
    pub warn_unless_encrypted: bool,
    /// `:always-query-capabilities`: whether to ask even where encryption is not wanted.
    pub always_query_capabilities: bool,
    /// `:use-starttls-if-possible`, which matters in an Emacs without TLS; here it does nothing.
    pub use_starttls_if_possible: bool,
    /// `:coding`, as `make-network-process` has it.
    pub coding: Value,
    /// `:tls-parameters`, as `make-network-process` has them; nil for the usual ones.
    pub tls_parameters: Value,
    /// How long the server may take for each answer; five minutes by default.
    pub answer_within: Duration,
    /// How many bytes an answer may have; 65,536 by default.
    pub answer_limit: usize,
}

/// How a stream is encrypted: the values of `:type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamType {
    /// By STARTTLS if both ends can, else not at all; `network` or nil. The default.
    #[default]
    Network,
    /// Not at all; `plain`.
    Plain,
    /// By STARTTLS, or there is no stream; `starttls`.
    Starttls,
    /// From the first byte; `tls` or `ssl`.
    Tls,
}

/// The values of `:client-certificate`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientCertificate {
    /// There is none; nil. The default.
    #[default]
    None,
    /// It is in these files; `(KEY CERTIFICATE)`.
    Files(CertificateFiles),
    /// The program knows, see [`StreamRequest::certificate_source`]; `t`.
    Ask,
}

impl StreamRequest {
    /// Starts a request for a stream to a service of a host.
    pub fn new(
        name: impl Into<String>,
        host: impl Into<String>,
        service: impl Into<Value>,
    ) -> Self {
        StreamRequest {
            name: name.into(),
            buffer: Value::Nil,
            host: host.into(),
            service: service.into(),
            stream_type: StreamType::default(),
            nowait: false,
            return_list: false,
            nogreeting: false,
            capability_command: None,
            end_of_command: None,
            end_of_capability: None,
            success: None,
            starttls_function: None,
            client_certificate: ClientCertificate::default(),
            certificate_source: None,
            warn_unless_encrypted: false,
            always_query_capabilities: false,
            use_starttls_if_possible: false,
            coding: Value::Nil,
            tls_parameters: Value::Nil,
            answer_within: ANSWER_WITHIN,
            answer_limit: ANSWER_LIMIT,
        }
    }

    /// Sets the buffer that what the server says is put into, by its name or as a value.
    #[must_use]
    pub fn buffer(mut self, buffer: impl Into<Value>) -> Self {
        self.buffer = buffer.into();
        self
    }

    /// Sets how the stream is encrypted.
    #[must_use]
    pub fn stream_type(mut self, stream_type: StreamType) -> Self {
        self.stream_type = stream_type;
        self
    }

    /// Sets whether to return before the connection stands.
    ///
    /// It counts for [`StreamType::Tls`] and [`StreamType::Plain`], and where neither a dialogue
    /// nor a list is asked for; there is no greeting then. A dialogue waits for the connection.
    #[must_use]
    pub fn nowait(mut self, nowait: bool) -> Self {
        self.nowait = nowait;
        self
    }

    /// Sets whether the greeting is wanted even where nothing else is said.
    #[must_use]
    pub fn return_list(mut self, return_list: bool) -> Self {
        self.return_list = return_list;
        self
    }

    /// Sets whether the server says nothing before it is asked.
    #[must_use]
    pub fn nogreeting(mut self, nogreeting: bool) -> Self {
        self.nogreeting = nogreeting;
        self
    }

    /// Sets the command that asks for the capabilities, or the function of the greeting that
    /// gives it.
    #[must_use]
    pub fn capability_command(mut self, command: impl Into<CapabilityCommand>) -> Self {
        self.capability_command = Some(command.into());
        self
    }

    /// Sets what ends an answer.
    #[must_use]
    pub fn end_of_command(mut self, end: Pattern) -> Self {
        self.end_of_command = Some(end);
        self
    }

    /// Sets what ends the answer about capabilities.
    #[must_use]
    pub fn end_of_capability(mut self, end: Pattern) -> Self {
        self.end_of_capability = Some(end);
        self
    }

    /// Sets what an answer to STARTTLS has if the server agrees.
    #[must_use]
    pub fn success(mut self, success: Pattern) -> Self {
        self.success = Some(success);
        self
    }

    /// Sets the function of the capabilities that gives the command for STARTTLS, if it is
    /// offered.
    #[must_use]
    pub fn starttls_function(mut self, function: CommandFunction) -> Self {
        self.starttls_function = Some(function);
        self
    }

    /// Sets the certificate that is shown to a server that asks for one.
    #[must_use]
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.client_certificate = certificate;
        self
    }

    /// Sets where a certificate is looked for, and has it looked for.
    #[must_use]
    pub fn certificate_source(mut self, source: CertificateSource) -> Self {
        self.certificate_source = Some(source);
        self.client_certificate = ClientCertificate::Ask;
        self
    }

    /// Sets whether the result has a warning if the stream is in clear text.
    #[must_use]
    pub fn warn_unless_encrypted(mut self, warn: bool) -> Self {
        self.warn_unless_encrypted = warn;
        self
    }

    /// Sets whether the capabilities are asked for even where encryption is not wanted.
    #[must_use]
    pub fn always_query_capabilities(mut self, always: bool) -> Self {
        self.always_query_capabilities = always;
        self
    }

    /// Sets what matters in an Emacs without TLS, and here to nobody.
    #[must_use]
    pub fn use_starttls_if_possible(mut self, possible: bool) -> Self {
        self.use_starttls_if_possible = possible;
        self
    }

    /// Sets the coding systems, as `:coding` has them: a symbol, or a pair of them.
    #[must_use]
    pub fn coding(mut self, coding: impl Into<Value>) -> Self {
        self.coding = coding.into();
        self
    }

    /// Sets the TLS parameters. Without a `:hostname` they mean the host of the request.
    #[must_use]
    pub fn tls_parameters(mut self, parameters: impl Into<Value>) -> Self {
        self.tls_parameters = parameters.into();
        self
    }

    /// Sets how long the server may take for each answer.
    #[must_use]
    pub fn answer_within(mut self, duration: Duration) -> Self {
        self.answer_within = duration;
        self
    }

    /// Sets how many bytes an answer may have.
    #[must_use]
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// Returns the service as text.
    pub fn service_text(&self) -> String {
        self.service
            .as_text()
            .map_or_else(|| self.service.to_string(), ToString::to_string)
    }

    /// Returns what ends the answer about capabilities.
    pub(crate) fn capability_end(&self) -> Option<&Pattern> {
        self.end_of_capability
            .as_ref()
            .or(self.end_of_command.as_ref())
    }

    /// Tells whether the parameters say how to ask for STARTTLS.
    pub(crate) fn knows_starttls(&self) -> bool {
        self.capability_command.is_some()
            && self.success.is_some()
            && self.starttls_function.is_some()
    }

    /// Finds what would keep encryption from ever coming about.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] with the keyword that is left out.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let missing = |keyword, reason| Err(Error::Missing { keyword, reason });
        if self.stream_type == StreamType::Starttls {
            let reason = ":type starttls needs it to know how to ask for encryption";
            if self.capability_command.is_none() {
                return missing(":capability-command", reason);
            }
            if self.starttls_function.is_none() {
                return missing(":starttls-function", reason);
            }
            if self.success.is_none() {
                return missing(":success", reason);
            }
        }
        let may_upgrade = matches!(self.stream_type, StreamType::Network | StreamType::Starttls);
        if may_upgrade && self.knows_starttls() && self.end_of_command.is_none() {
            return missing(
                ":end-of-command",
                "without it the answer to STARTTLS has no end",
            );
        }
        Ok(())
    }
}
