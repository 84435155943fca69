//! What can go wrong between this crate and the kernel, with the words Emacs shows for it.

use std::error::Error;
use std::fmt;
use std::io;

use netproc_address::{Address, NetworkOption};

/// An error number of the system, with the C library's bare text for it.
///
/// `io::Error` prints `Connection refused (os error 111)`; Emacs shows `Connection refused`, and
/// so does this type.
///
/// # Examples
///
/// ```
/// use netproc_socket::OsError;
///
/// let refused = OsError::from_code(111);
/// assert_eq!(refused.to_string(), "Connection refused");
/// assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OsError {
    code: i32,
}

impl OsError {
    /// Returns the error of this `errno` value.
    pub const fn from_code(code: i32) -> OsError {
        OsError { code }
    }

    /// Returns the `errno` value, which is also the exit status Emacs shows for a failed process.
    pub const fn code(self) -> i32 {
        self.code
    }

    /// Returns the kind by which the standard library knows this error.
    pub fn kind(self) -> io::ErrorKind {
        io::Error::from(self).kind()
    }

    /// Tells whether the system lacks something that may be free again soon: descriptors, buffers,
    /// memory. A server that accepts does well to rest then.
    pub const fn is_shortage(self) -> bool {
        matches!(
            self.code,
            libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM
        )
    }

    /// Returns the C library's text, without the number.
    pub fn text(self) -> String {
        bare_text(&io::Error::from(self))
    }
}

impl From<io::Error> for OsError {
    /// Keeps the error number; an error that has none becomes `EIO`, or the nearest by its kind.
    fn from(error: io::Error) -> OsError {
        let code = error.raw_os_error().unwrap_or(match error.kind() {
            io::ErrorKind::InvalidInput => libc::EINVAL,
            io::ErrorKind::WouldBlock => libc::EAGAIN,
            io::ErrorKind::TimedOut => libc::ETIMEDOUT,
            io::ErrorKind::Unsupported => libc::EOPNOTSUPP,
            _ => libc::EIO,
        });
        OsError { code }
    }
}

impl From<OsError> for io::Error {
    fn from(error: OsError) -> io::Error {
        io::Error::from_raw_os_error(error.code)
    }
}

impl fmt::Display for OsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl fmt::Debug for OsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OsError({}, {:?})", self.code, self.text())
    }
}

impl Error for OsError {}

/// Returns the text of an I/O error without the ` (os error N)` that the standard library adds.
///
/// # Examples
///
/// ```
/// let error = std::io::Error::from_raw_os_error(98);
/// assert_eq!(netproc_socket::bare_text(&error), "Address already in use");
/// ```
pub fn bare_text(error: &io::Error) -> String {
    let mut text = error.to_string();
    if error.raw_os_error().is_some()
        && let Some(end) = text.rfind(" (os error ")
    {
        text.truncate(end);
    }
    text
}

/// The step at which opening a socket failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Making the socket: `socket(2)`.
    Socket,
    /// Setting this option: `setsockopt(2)`.
    Option(NetworkOption),
    /// Giving the socket its name: `bind(2)`.
    Bind,
    /// Turning it into a listener: `listen(2)`.
    Listen,
    /// Reaching the peer: `connect(2)`.
    Connect,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Socket => formatter.write_str("make socket for"),
            Step::Option(option) => {
                write!(formatter, "set {} on", option.name().keyword())
            }
            Step::Bind => formatter.write_str("bind"),
            Step::Listen => formatter.write_str("listen on"),
            Step::Connect => formatter.write_str("connect to"),
        }
    }
}

/// What the file system knows of a local address that could not be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// A socket file that no socket is behind any more: removing it frees the path.
    StaleSocketFile,
    /// A file that is no socket.
    NotASocket,
    /// A live socket has this address.
    Live,
}

impl fmt::Display for Hint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Hint::StaleSocketFile => {
                "no socket is behind this file any more; remove it to bind here"
            }
            Hint::NotASocket => "a file that is not a socket is in the way",
            Hint::Live => "another socket has this address",
        })
    }
}

/// Why a socket could not be opened: the step, the address and the system's reason.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenError {
    step: Step,
    address: Option<Address>,
    cause: OsError,
    hint: Option<Hint>,
}

impl OpenError {
    pub(crate) fn new(step: Step, address: Option<&Address>, cause: impl Into<OsError>) -> Self {
        OpenError {
            step,
            address: address.cloned(),
            cause: cause.into(),
            hint: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: Option<Hint>) -> OpenError {
        self.hint = hint;
        self
    }

    /// Returns the step that failed.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// Returns the address it failed for; `None` for a socket without one.
    pub fn address(&self) -> Option<&Address> {
        self.address.as_ref()
    }

    /// Returns the option that could not be set, when that was the step.
    pub fn option(&self) -> Option<&NetworkOption> {
        match &self.step {
            Step::Option(option) => Some(option),
            _ => None,
        }
    }

    /// Returns the system's reason.
    pub fn cause(&self) -> OsError {
        self.cause
    }

    /// Returns what is in the way of a local address, when that is known.
    pub fn hint(&self) -> Option<Hint> {
        self.hint
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot {}", self.step)?;
        match &self.address {
            Some(address) => write!(formatter, " {address}")?,
            None => formatter.write_str(" the socket")?,
        }
        write!(formatter, ": {}", self.cause)?;
        match self.hint {
            Some(hint) => write!(formatter, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

/// Why no connection could be made: every address that was tried, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectError {
    attempts: Vec<OpenError>,
}

impl ConnectError {
    pub(crate) fn new(attempts: Vec<OpenError>) -> ConnectError {
        ConnectError { attempts }
    }

    /// Returns the failed attempts in the order in which they failed; empty when there was no
    /// address to try.
    pub fn attempts(&self) -> &[OpenError] {
        &self.attempts
    }

    /// Returns the attempt that failed last, which is the one Emacs reports.
    pub fn last(&self) -> Option<&OpenError> {
        self.attempts.last()
    }

    /// Returns the reason of the last attempt; `EADDRNOTAVAIL` when there was no address to try.
    pub fn cause(&self) -> OsError {
        self.last()
            .map_or(OsError::from_code(libc::EADDRNOTAVAIL), OpenError::cause)
    }
}

impl From<OpenError> for ConnectError {
    fn from(error: OpenError) -> ConnectError {
        ConnectError {
            attempts: vec![error],
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.attempts.as_slice() {
            [] => formatter.write_str("cannot connect: no address to try"),
            [only] => only.fmt(formatter),
            several => {
                write!(
                    formatter,
                    "cannot connect to any of {} addresses",
                    several.len()
                )?;
                for (index, attempt) in several.iter().enumerate() {
                    formatter.write_str(if index == 0 { ": " } else { "; " })?;
                    match (&attempt.step, &attempt.address) {
                        (Step::Connect, Some(address)) => {
                            write!(formatter, "{address}: {}", attempt.cause)?;
                        }
                        _ => attempt.fmt(formatter)?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.last().map(|attempt| attempt as _)
    }
}

/// Why a name could not be looked up, as `getaddrinfo(3)` tells it.
///
/// # Examples
///
/// ```
/// use netproc_socket::LookupError;
///
/// let unknown = LookupError::from_code(LookupError::UNKNOWN_NAME);
/// assert_eq!(unknown.to_string(), "Name or service not known");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupError {
    code: i32,
    cause: Option<OsError>,
}

impl LookupError {
    /// The name or service is not known: `EAI_NONAME`.
    pub const UNKNOWN_NAME: i32 = libc::EAI_NONAME;
    /// The service is not available for the kind of socket: `EAI_SERVICE`.
    pub const UNKNOWN_SERVICE: i32 = libc::EAI_SERVICE;
    /// The address family is not supported: `EAI_FAMILY`.
    pub const UNSUPPORTED_FAMILY: i32 = libc::EAI_FAMILY;
    /// The host has no address of the family asked for: `EAI_ADDRFAMILY`.
    pub const WRONG_FAMILY: i32 = -9;

    /// Returns the error of this `EAI_` value.
    pub fn from_code(code: i32) -> LookupError {
        LookupError { code, cause: None }
    }

    /// Returns an error of the system below the resolver: `EAI_SYSTEM`.
    pub(crate) fn from_system(cause: OsError) -> LookupError {
        LookupError {
            code: libc::EAI_SYSTEM,
            cause: Some(cause),
        }
    }

    /// Returns the `EAI_` value.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// Returns the bare text of `gai_strerror(3)`, or of the system's error below it.
    pub fn text(&self) -> String {
        match self.cause {
            Some(cause) => cause.text(),
            None => crate::sys::text::lookup_error(self.code),
        }
    }

    /// Tells whether the same lookup may succeed a little later.
    pub fn is_temporary(&self) -> bool {
        self.code == libc::EAI_AGAIN
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl Error for LookupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
