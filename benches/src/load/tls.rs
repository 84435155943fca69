//! The same over TLS 1.3, and handshakes. What a client checks is left out: it is the server that is
//! measured.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
};

use super::{Done, Effort, Exchange, Load, connect};

/// A connection that says when it ends.
#[derive(Debug)]
pub struct Stream(StreamOwned<ClientConnection, TcpStream>);

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.conn.send_close_notify();
        // A server that is gone misses nothing.
        let _said = self.0.conn.write_tls(&mut self.0.sock);
    }
}

impl Exchange<Stream> {
    /// Connects over TLS, and has every connection echo once.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached, or does not echo.
    pub fn tls(server: SocketAddr, bytes: usize, connections: usize) -> io::Result<Self> {
        let config = config()?;
        Self::begin(bytes, connections, || begin(server, &config))
    }
}

/// Full handshakes, some at a time: each connection is made, echoes a byte and is closed.
#[derive(Debug)]
pub struct Handshakes {
    server: SocketAddr,
    config: Arc<ClientConfig>,
    at_a_time: usize,
}

impl Handshakes {
    /// Begins with a first round.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached, or does not echo.
    pub fn new(server: SocketAddr, at_a_time: usize) -> io::Result<Self> {
        let mut handshakes = Handshakes {
            server,
            config: config()?,
            at_a_time,
        };
        handshakes.once()?;
        Ok(handshakes)
    }

    fn once(&mut self) -> io::Result<()> {
        let mut streams = Vec::with_capacity(self.at_a_time);
        for _ in 0..self.at_a_time {
            let mut stream = begin(self.server, &self.config)?;
            // The first flight only: the server has work while the others begin.
            stream.0.conn.write_tls(&mut stream.0.sock)?;
            streams.push(stream);
        }
        for stream in &mut streams {
            stream.write_all(b"x")?;
        }
        for mut stream in streams {
            stream.read_exact(&mut [0])?;
        }
        Ok(())
    }
}

impl Load for Handshakes {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        Done::repeat(effort.turn, || {
            self.once()?;
            Ok(self.at_a_time as f64)
        })
    }
}

fn config() -> io::Result<Arc<ClientConfig>> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

fn begin(server: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<Stream> {
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    Ok(Stream(StreamOwned::new(connection, connect(server)?)))
}

/// Takes any server for the one that is meant.
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}
