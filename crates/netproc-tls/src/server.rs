//! The side that is called.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use futures_io::{AsyncRead, AsyncWrite};
use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::pki_types::ServerName;
use rustls::server::{ClientHello, NoServerSessionStorage, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::client::{nothing_left, unusable_lists};
use crate::files;
use crate::handshake::{Handshake, Side};
use crate::provider::narrowed;
use crate::verify::Examiner;
use crate::{ClientCertificates, Error, Parameters};

/// A TLS server: certificates and rules for all its handshakes, which can be replaced.
///
/// Which certificate is shown depends on the name that the client asks for: the first whose names
/// match and whose key the client can use. When none matches, or the client asks for no name, it
/// is the first that the client can use.
pub struct Server {
    current: RwLock<(Parameters, Arc<State>)>,
}

/// What one handshake needs, by the library that makes it; lives as long as a stream that was made
/// with it.
pub(crate) enum State {
    Certificates {
        config: Arc<ServerConfig>,
        examiner: Arc<Examiner>,
    },
    #[cfg(feature = "anonymous")]
    Anonymous(crate::anonymous::Engine),
}

impl Server {
    /// Reads the files that `parameters` name.
    ///
    /// The authorities of the platform are not among those that clients are judged by.
    ///
    /// # Errors
    ///
    /// [`Error::NoIdentity`] and [`Error::NoClientAuthority`]; [`Error::File`] and
    /// [`Error::KeyMismatch`] for files that are of no use; [`Error::Value`] for an application
    /// protocol that is not of 1 to 255 bytes; [`Error::Unsupported`] when nothing can be
    /// negotiated, and for what an anonymous session cannot have; [`Error::Anonymous`] and
    /// [`Error::Library`] when it cannot be had.
    pub fn new(parameters: &Parameters) -> Result<Self, Error> {
        let state = Arc::new(State::new(parameters)?);
        Ok(Self {
            current: RwLock::new((parameters.clone(), state)),
        })
    }

    /// Asks for a handshake with the client at the other end of `pipe`.
    pub fn accept<'a, IO>(&self, pipe: IO) -> Handshake<'a, IO>
    where
        IO: AsyncRead + AsyncWrite + Unpin,
    {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Handshake::new(Side::Server(Arc::clone(&current.1)), pipe)
    }

    /// Reads all files again, for the handshakes that begin from now on.
    ///
    /// Streams and handshakes under way go on as they are. Sessions from before are not resumed.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the server then goes on with what it had.
    pub fn reload(&self) -> Result<(), Error> {
        let parameters = self.parameters();
        self.replace(&parameters)
    }

    /// Replaces the parameters, for the handshakes that begin from now on.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the server then goes on with what it had.
    pub fn replace(&self, parameters: &Parameters) -> Result<(), Error> {
        let state = Arc::new(State::new(parameters)?);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = (parameters.clone(), state);
        Ok(())
    }

    /// Returns the parameters in use.
    pub fn parameters(&self) -> Parameters {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.0.clone()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("parameters", &self.parameters())
            .finish_non_exhaustive()
    }
}

impl State {
    fn new(parameters: &Parameters) -> Result<Self, Error> {
        parameters.check_alpn()?;
        parameters.check_anonymous()?;
        if parameters.is_anonymous() {
            Self::anonymous(parameters)
        } else {
            Self::with_certificates(parameters)
        }
    }

    #[cfg(feature = "anonymous")]
    fn anonymous(parameters: &Parameters) -> Result<Self, Error> {
        crate::anonymous::Engine::server(parameters).map(Self::Anonymous)
    }

    #[cfg(not(feature = "anonymous"))]
    fn anonymous(_: &Parameters) -> Result<Self, Error> {
        Err(Error::Anonymous)
    }

    fn with_certificates(parameters: &Parameters) -> Result<Self, Error> {
        if parameters.identities.is_empty() {
            return Err(Error::NoIdentity);
        }
        let provider = narrowed(&parameters.priority);
        let trust = files::trust(parameters, false)?;
        let asks = parameters.client_certificates != ClientCertificates::Ignored;
        if asks && trust.same.is_empty() && parameters.verifies_chain() {
            return Err(Error::NoClientAuthority);
        }
        let lists = files::revocation_lists(parameters)?;
        let examiner = Examiner::for_clients(parameters, trust, lists, &provider)
            .map_err(|error| unusable_lists(parameters, &error))?;
        let examiner = Arc::new(examiner);
        let keys = files::certified_keys(parameters, &provider)?;

        let builder = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&parameters.priority.protocol_versions())
            .map_err(|_| nothing_left(parameters))?;
        let builder = if asks {
            builder.with_client_cert_verifier(Arc::clone(&examiner) as _)
        } else {
            builder.with_no_client_auth()
        };
        let mut config = builder.with_cert_resolver(Arc::new(Keys(keys)));
        config.alpn_protocols.clone_from(&parameters.alpn);
        config.ignore_client_order = parameters.priority.server_precedence();
        if !parameters.priority.resumes() {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(Self::Certificates {
            config: Arc::new(config),
            examiner,
        })
    }
}

/// The certificates that a server can show.
struct Keys(Vec<Arc<CertifiedKey>>);

impl ResolvesServerCert for Keys {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let schemes = hello.signature_schemes();
        let signs = |key: &&Arc<CertifiedKey>| key.key.choose_scheme(schemes).is_some();
        let name = hello
            .server_name()
            .and_then(|name| ServerName::try_from(name).ok());
        let named = name.and_then(|name| {
            let mut usable = self.0.iter().filter(signs);
            usable.find(|key| is_for(key, &name))
        });
        named.or_else(|| self.0.iter().find(signs)).cloned()
    }
}

fn is_for(key: &CertifiedKey, name: &ServerName<'_>) -> bool {
    key.cert.first().is_some_and(|certificate| {
        ParsedCertificate::try_from(certificate)
            .is_ok_and(|certificate| verify_server_name(&certificate, name).is_ok())
    })
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}
