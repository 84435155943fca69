//! The side that opens.

use std::fmt;
use std::sync::Arc;

use futures_io::{AsyncRead, AsyncWrite};
use netproc_lisp::Value;
use rustls::ClientConfig;
use rustls::SignatureScheme;
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::files;
use crate::handshake::{Handshake, Side};
use crate::provider::narrowed;
use crate::verify::Examiner;
use crate::{Error, FileFault, Parameters};

/// A TLS client: what is the same for all its handshakes, made once.
///
/// A clone is the same client. Handshakes of one client resume each other's sessions.
///
/// ```
/// use netproc_tls::{Client, Parameters};
///
/// let client = Client::new(&Parameters::client("example.org"))?;
/// assert_eq!(client.host(), "example.org");
/// // let stream = client.connect(pipe).deadline(timer).await?;
/// # Ok::<(), netproc_tls::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    state: ClientState,
    name: ServerName<'static>,
    host: Arc<str>,
}

/// What a client needs for a handshake, by the library that makes it.
#[derive(Clone)]
pub(crate) enum ClientState {
    Certificates {
        config: Arc<ClientConfig>,
        examiner: Arc<Examiner>,
    },
    #[cfg(feature = "anonymous")]
    Anonymous(Arc<crate::anonymous::Engine>),
}

impl Client {
    /// Reads the files that `parameters` name, and the trusted authorities of the platform.
    ///
    /// What the platform trusts is read by the first client of the program, and again when its
    /// bundle has changed. The other files are read each time. An anonymous client reads nothing.
    /// Sessions are resumed by the client that had them, so keep it.
    ///
    /// # Errors
    ///
    /// [`Error::HostMissing`] and [`Error::Host`]; [`Error::File`] and [`Error::KeyMismatch`] for
    /// files that are of no use; [`Error::Value`] for an application protocol that is not of 1 to
    /// 255 bytes; [`Error::Unsupported`] when nothing can be negotiated, and for what an anonymous
    /// session cannot have; [`Error::Anonymous`] and [`Error::Library`] when it cannot be had.
    pub fn new(parameters: &Parameters) -> Result<Self, Error> {
        let host = parameters
            .host()
            .ok_or(Error::HostMissing { value: Value::Nil })?;
        let name = server_name(host)?;
        parameters.check_alpn()?;
        parameters.check_anonymous()?;
        let state = if parameters.is_anonymous() {
            ClientState::anonymous(parameters)?
        } else {
            ClientState::with_certificates(parameters)?
        };
        Ok(Self {
            state,
            name,
            host: host.into(),
        })
    }

    /// Returns a client that is the same but for the host; no file is read again.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] when `host` is neither a DNS name in ASCII nor an IP address.
    pub fn for_host(&self, host: &str) -> Result<Self, Error> {
        Ok(Self {
            name: server_name(host)?,
            host: host.into(),
            ..self.clone()
        })
    }

    /// Returns the host that the server's certificate has to be for.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Asks for a handshake with the server at the other end of `pipe`.
    pub fn connect<'a, IO>(&self, pipe: IO) -> Handshake<'a, IO>
    where
        IO: AsyncRead + AsyncWrite + Unpin,
    {
        let side = Side::Client {
            state: self.state.clone(),
            name: self.name.clone(),
            host: Arc::clone(&self.host),
        };
        Handshake::new(side, pipe)
    }
}

impl ClientState {
    fn with_certificates(parameters: &Parameters) -> Result<Self, Error> {
        let provider = narrowed(&parameters.priority);
        let trust = files::trust(parameters, true)?;
        let lists = files::revocation_lists(parameters)?;
        let examiner = Examiner::for_servers(parameters, trust, lists, &provider)
            .map_err(|error| unusable_lists(parameters, &error))?;
        let examiner = Arc::new(examiner);
        let keys = files::certified_keys(parameters, &provider)?;

        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&parameters.priority.protocol_versions())
            .map_err(|_| nothing_left(parameters))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&examiner) as _);
        let mut config = if keys.is_empty() {
            builder.with_no_client_auth()
        } else {
            builder.with_client_cert_resolver(Arc::new(Keys(keys)))
        };
        config.alpn_protocols.clone_from(&parameters.alpn);
        if !parameters.priority.resumes() {
            config.resumption = Resumption::disabled();
        }
        Ok(Self::Certificates {
            config: Arc::new(config),
            examiner,
        })
    }

    #[cfg(feature = "anonymous")]
    fn anonymous(parameters: &Parameters) -> Result<Self, Error> {
        let engine = crate::anonymous::Engine::client(parameters)?;
        Ok(Self::Anonymous(Arc::new(engine)))
    }

    #[cfg(not(feature = "anonymous"))]
    fn anonymous(_: &Parameters) -> Result<Self, Error> {
        Err(Error::Anonymous)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// A host may end in the dot of the root; certificates never have it.
fn server_name(host: &str) -> Result<ServerName<'static>, Error> {
    // An IPv6 address may stand in brackets or carry a scope, neither of which a certificate has.
    let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let name = inner.unwrap_or(host);
    let name = match name.split_once('%') {
        Some((address, _)) if address.contains(':') => address,
        _ => name.strip_suffix('.').unwrap_or(name),
    };
    ServerName::try_from(name.to_owned()).map_err(|_| Error::Host {
        host: host.to_owned(),
    })
}

pub(crate) fn nothing_left(parameters: &Parameters) -> Error {
    Error::Unsupported {
        keyword: ":priority",
        value: parameters.priority.as_str().to_owned(),
        instead: "nothing is left that can be negotiated; use NORMAL",
    }
}

/// The files could be read one by one, and still not all be used.
pub(crate) fn unusable_lists(parameters: &Parameters, error: &dyn fmt::Display) -> Error {
    Error::File {
        keyword: ":crlfiles",
        path: parameters.crl_files.first().cloned().unwrap_or_default(),
        fault: FileFault::Malformed {
            reason: error.to_string(),
        },
    }
}

/// The keys that a client can show.
struct Keys(Vec<Arc<CertifiedKey>>);

impl ResolvesClientCert for Keys {
    fn resolve(&self, issuers: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let signs = |key: &&Arc<CertifiedKey>| key.key.choose_scheme(schemes).is_some();
        let wanted = |key: &&Arc<CertifiedKey>| signs(key) && is_issued_by(key, issuers);
        let first = self.0.iter().find(wanted);
        // The server's hints are hints; it may know more authorities than it names.
        first.or_else(|| self.0.iter().find(signs)).cloned()
    }

    fn has_certs(&self) -> bool {
        !self.0.is_empty()
    }
}

fn is_issued_by(key: &CertifiedKey, issuers: &[&[u8]]) -> bool {
    issuers.is_empty()
        || key.cert.iter().any(|certificate| {
            X509Certificate::from_der(certificate)
                .is_ok_and(|(_, it)| issuers.contains(&it.issuer().as_raw()))
        })
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_or_addresses() {
        for host in [
            "example.org",
            "example.org.",
            "localhost",
            "127.0.0.1",
            "::1",
            "[::1]",
            "fe80::1%lo",
        ] {
            assert!(server_name(host).is_ok(), "{host}");
        }
        for host in ["", "a b", "münchen.de", "a..b", "/run/socket"] {
            let error = server_name(host).unwrap_err().to_string();
            assert!(error.contains("is no host for TLS"), "{error}");
        }
    }
}
