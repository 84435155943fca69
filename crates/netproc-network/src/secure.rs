//! What a process tells of its TLS session, and new certificates for servers.

use std::sync::Arc;

use netproc_tls::{PeerStatus, Server, TlsStream};

use crate::error::Error;
use crate::link::{Link, Pipe};
use crate::process::Process;

/// TLS sessions and servers.
impl Process {
    /// Returns what the peer showed in the TLS handshake and what was negotiated.
    ///
    /// None without TLS, before the handshake is done, and after the end of the process.
    #[doc(alias = "gnutls-peer-status")]
    pub fn peer_status(&self) -> Option<PeerStatus> {
        self.with_session(TlsStream::peer_status)
    }

    /// Returns the application protocol that both sides agreed on, such as `h2`.
    pub fn application_protocol(&self) -> Option<Vec<u8>> {
        self.with_session(|stream| stream.application_protocol().map(<[u8]>::to_vec))
            .flatten()
    }

    /// Tells whether everything that is sent and received is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.with_session(|_| ()).is_some()
    }

    /// Returns what a server encrypts its connections with, to replace its parameters.
    pub fn tls_server(&self) -> Option<Arc<Server>> {
        self.shared()
            .lock()
            .tls()
            .map(|tls| Arc::clone(&tls.server))
    }

    /// Reads the certificates of a server again, for the handshakes that begin from now on.
    ///
    /// Connections and handshakes under way go on as they are. This reads files.
    ///
    /// # Errors
    ///
    /// [`Error::Tls`] when a file is of no use; the server then goes on with what it had.
    /// [`Error::NotRunning`] when the process is no server that encrypts.
    pub fn reload_tls(&self) -> Result<(), Error> {
        let server = self.tls_server().ok_or_else(|| Error::NotRunning {
            process: self.name().into(),
        })?;
        Ok(server.reload()?)
    }

    fn with_session<T>(&self, ask: impl FnOnce(&TlsStream<Pipe>) -> T) -> Option<T> {
        match &self.shared().lock().link {
            Some(Link::Secure(session)) => Some(ask(session.stream())),
            _ => None,
        }
    }
}
