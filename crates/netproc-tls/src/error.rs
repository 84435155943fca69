//! The one error of this crate.

use std::fmt;
use std::io;
use std::path::PathBuf;

use netproc_lisp::Value;

use crate::{Cause, Certificate, FileFault, Problem, Step, Warning};

/// What went wrong: with the parameters, with a file, with the peer's certificate, or on the way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The parameters are not a proper list.
    NotAList {
        /// The value.
        value: Value,
    },
    /// The list begins with neither `gnutls-x509pki` nor `gnutls-anon`.
    Type {
        /// What it begins with.
        value: Value,
    },
    /// Anonymous sessions, `gnutls-anon`, are asked for, and this build does not have the feature
    /// `anonymous`.
    Anonymous,
    /// A client has no `:hostname`, or one that is not a string.
    HostMissing {
        /// The value of `:hostname`.
        value: Value,
    },
    /// The host is neither a DNS name in ASCII nor an IP address.
    Host {
        /// The host.
        host: String,
    },
    /// A keyword that TLS parameters do not have.
    UnknownKeyword {
        /// The keyword.
        keyword: Value,
        /// A keyword that is like it.
        nearest: Option<&'static str>,
    },
    /// A keyword without a value after it.
    NoValue {
        /// The keyword.
        keyword: Value,
    },
    /// A value that its keyword does not take.
    Value {
        /// The keyword.
        keyword: &'static str,
        /// The value.
        value: Value,
        /// What the keyword takes, as the end of a sentence.
        expected: &'static str,
    },
    /// A value that GnuTLS knows and that has no meaning here.
    Unsupported {
        /// The keyword.
        keyword: &'static str,
        /// The value, or the part of it that is meant.
        value: String,
        /// Why not, and what to use instead.
        instead: &'static str,
    },
    /// A file of a certificate, a key or a revocation list is of no use.
    File {
        /// The keyword that named it.
        keyword: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// A private key does not belong to the certificate beside it.
    KeyMismatch {
        /// The file of the key.
        key: PathBuf,
        /// The file of the certificate.
        certificate: PathBuf,
    },
    /// The library for anonymous sessions cannot do what was asked of it.
    Library {
        /// Why, in its words.
        reason: String,
    },
    /// A server has no certificate.
    NoIdentity,
    /// Certificates of clients are required, and nothing says whom to trust.
    NoClientAuthority,
    /// The peer's certificate was not accepted.
    Certificate {
        /// The host that was meant; for a client of a server, its name if the caller gave one.
        host: Option<String>,
        /// Every fault that was found, those that decided and those that did not.
        problems: Vec<Problem>,
        /// The certificates that were shown, the peer's own first, as far as they can be read.
        certificates: Vec<Certificate>,
    },
    /// A step failed for another reason.
    Connection {
        /// What was being done.
        step: Step,
        /// The host that was meant; for a client of a server, its name if the caller gave one.
        host: Option<String>,
        /// Why it failed.
        cause: Cause,
    },
}

impl Error {
    /// Returns the step that failed, none for parameters and files.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Certificate { .. } => Some(Step::Handshake),
            Self::Connection { step, .. } => Some(*step),
            _ => None,
        }
    }

    /// Returns the host that was meant, where one was.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Certificate { host, .. } | Self::Connection { host, .. } => host.as_deref(),
            Self::Host { host } => Some(host),
            _ => None,
        }
    }

    /// Returns why a connection failed, none for parameters, files and certificates.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Connection { cause, .. } => Some(cause),
            _ => None,
        }
    }

    /// Returns the faults of the peer's certificate; none for other errors.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Certificate { problems, .. } => problems,
            _ => &[],
        }
    }

    /// Returns the certificates that were refused, the peer's own first; none for other errors.
    pub fn certificates(&self) -> &[Certificate] {
        match self {
            Self::Certificate { certificates, .. } => certificates,
            _ => &[],
        }
    }

    /// Returns the error as a condition of Emacs, `(SYMBOL . DATA)`.
    ///
    /// Where Emacs has words for a failure they are these words; where it has none, as for a
    /// handshake that fails, the data is the message of this error.
    ///
    /// ```
    /// use netproc_lisp::read;
    /// use netproc_tls::{Parameters, Profile};
    ///
    /// let error = Parameters::from_value(&read("(foo)").unwrap(), Profile::Safe).unwrap_err();
    /// assert_eq!(error.condition().to_string(), r#"(error "Invalid GnuTLS credential type")"#);
    /// ```
    pub fn condition(&self) -> Value {
        let message = match self {
            Self::NotAList { value } => {
                return Value::list([
                    Value::symbol("wrong-type-argument"),
                    Value::symbol("listp"),
                    value.clone(),
                ]);
            }
            Self::Type { .. } => "Invalid GnuTLS credential type".to_owned(),
            Self::HostMissing { .. } => {
                "gnutls-boot: invalid :hostname parameter (not a string)".to_owned()
            }
            Self::Value { keyword, .. } => match *keyword {
                ":trustfiles" => "Invalid trustfile".to_owned(),
                ":crlfiles" => "Invalid CRL file".to_owned(),
                ":keylist" => "Invalid client key file".to_owned(),
                ":verify-error" => {
                    "gnutls-boot: invalid :verify_error parameter (not a list)".to_owned()
                }
                _ => self.to_string(),
            },
            Self::Certificate { host, problems, .. } => {
                certificate_condition(host.as_deref().unwrap_or("client"), problems)
            }
            _ => self.to_string(),
        };
        Value::list([Value::symbol("error"), Value::string(&message)])
    }

    /// Returns the number that GnuTLS has for the failure, where Emacs would show one.
    ///
    /// -50 for a priority string, -64 for a file, -60 for a key that does not belong to its
    /// certificate. Emacs keeps such a number as the exit status of a failed process.
    pub fn gnutls_code(&self) -> Option<i32> {
        match self {
            Self::Unsupported { keyword, .. } if *keyword == ":priority" => Some(-50),
            Self::File { .. } => Some(-64),
            Self::KeyMismatch { .. } => Some(-60),
            _ => None,
        }
    }

    /// Returns the error that an [`io::Error`] of a [`TlsStream`](crate::TlsStream) carries.
    pub fn from_io(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Makes the [`io::Error`] in which a stream hands this error out.
    pub(crate) fn into_io(self) -> io::Error {
        let kind = match &self {
            Self::Connection { cause, .. } => cause.kind(),
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, self)
    }
}

/// Returns the warnings of `problems`, each once, in Emacs's order.
pub(crate) fn warnings_of(problems: &[Problem]) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = problems
        .iter()
        .flat_map(|problem| problem.warnings().iter().copied())
        .collect();
    warnings.sort_unstable();
    warnings.dedup();
    warnings
}

/// The chain comes first, then the name, as in Emacs.
fn certificate_condition(host: &str, problems: &[Problem]) -> String {
    let code = warnings_of(problems)
        .into_iter()
        .fold(0, |bits, warning| bits | warning.status_bit());
    if code == 0 {
        format!("The x509 certificate does not match \"{host}\"")
    } else {
        format!("Certificate validation failed {host}, verification code {code:x}")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAList { value } => {
                write!(f, "TLS parameters are {value}; expected a list")
            }
            Self::Type { value } => write!(
                f,
                "TLS parameters begin with {value}; expected gnutls-x509pki or gnutls-anon"
            ),
            Self::Anonymous => f.write_str(
                "gnutls-anon, encryption without certificates, needs OpenSSL, which this build does not have; build with the feature anonymous, or use gnutls-x509pki, with a self-signed certificate in :trustfiles where there is no authority",
            ),
            Self::HostMissing { value } => write!(
                f,
                ":hostname is {value}; expected a string, the name that the peer's certificate has to have"
            ),
            Self::Host { host } => write!(
                f,
                "{host:?} is no host for TLS; expected a DNS name in ASCII (its xn-- form) or an IP address"
            ),
            Self::UnknownKeyword { keyword, nearest } => {
                write!(f, "TLS parameters have no {keyword}")?;
                match nearest {
                    Some(nearest) => write!(f, "; is {nearest} meant?"),
                    None => Ok(()),
                }
            }
            Self::NoValue { keyword } => write!(f, "{keyword} has no value after it"),
            Self::Value {
                keyword,
                value,
                expected,
            } => write!(f, "{keyword} is {value}; expected {expected}"),
            Self::Unsupported {
                keyword,
                value,
                instead,
            } => write!(f, "{keyword}: \"{value}\" is not supported; {instead}"),
            Self::File {
                keyword,
                path,
                fault,
            } => write!(f, "{keyword}: the file {} {fault}", path.display()),
            Self::KeyMismatch { key, certificate } => write!(
                f,
                ":keylist: the key in {} does not belong to the certificate in {}",
                key.display(),
                certificate.display()
            ),
            Self::Library { reason } => {
                write!(f, "OpenSSL cannot make anonymous sessions: {reason}")
            }
            Self::NoIdentity => {
                f.write_str("a TLS server needs a certificate and its key; name them by :keylist")
            }
            Self::NoClientAuthority => f.write_str(
                "certificates of clients are required, but :trustfiles names no authority for them",
            ),
            Self::Certificate { host, problems, .. } => {
                match host {
                    Some(host) => write!(f, "TLS handshake with {host}: ")?,
                    None => f.write_str("TLS handshake with a client: ")?,
                }
                f.write_str("the certificate was refused: ")?;
                for (index, problem) in problems.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    problem.fmt(f)?;
                }
                Ok(())
            }
            Self::Connection { step, host, cause } => match host {
                Some(host) => write!(f, "TLS {step} with {host}: {cause}"),
                None => write!(f, "TLS {step} with a client: {cause}"),
            },
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File {
                fault: FileFault::Read(error),
                ..
            }
            | Self::Connection {
                cause: Cause::Pipe(error),
                ..
            } => Some(error.as_ref()),
            _ => None,
        }
    }
}
