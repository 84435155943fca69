//! Peers that are not ours: TLS of another implementation, and scripts that do it wrong.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::ops::{Deref, DerefMut};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, ConnectionCommon, RootCertStore, ServerConfig,
    ServerConnection, SideData, StreamOwned, SupportedProtocolVersion,
};

use super::certificates::{Authority, Leaf};
use super::proxy::limit_accept;
use crate::peer::Peer;

/// The server's end of a session.
pub type Secured = StreamOwned<ServerConnection, Peer>;

/// The client's end of a session.
pub type Caller = StreamOwned<ClientConnection, Peer>;

/// Sends the end of a session, and leaves the connection below as it is.
///
/// A receiver that is gone is not told.
pub fn end_session<C, S>(stream: &mut StreamOwned<C, Peer>)
where
    C: DerefMut + Deref<Target = ConnectionCommon<S>>,
    S: SideData,
{
    stream.conn.send_close_notify();
    let _gone = send_all(&mut stream.conn, &mut stream.sock);
}

fn send_all<S: SideData>(session: &mut ConnectionCommon<S>, peer: &mut Peer) -> io::Result<()> {
    while session.wants_write() {
        session.write_tls(peer)?;
    }
    Ok(())
}

/// Shakes hands; when that fails all that there is to tell is told, and what comes is read.
fn shake<C, S>(stream: &mut StreamOwned<C, Peer>) -> io::Result<()>
where
    C: DerefMut + Deref<Target = ConnectionCommon<S>>,
    S: SideData,
{
    while stream.conn.is_handshaking() {
        if let Err(error) = stream.conn.complete_io(&mut stream.sock) {
            let _gone = send_all(&mut stream.conn, &mut stream.sock);
            // What is left unread would make the end a reset, which may overtake the alert.
            stream.sock.finish();
            stream.sock.receive_rest();
            return Err(error);
        }
    }
    Ok(())
}

/// A server for one connection, on a thread of its own.
#[derive(Debug)]
pub struct Scripted<T> {
    port: u16,
    running: JoinHandle<T>,
}

impl<T: Send + 'static> Scripted<T> {
    /// Serves one connection over IPv4.
    pub fn once(script: impl FnOnce(Peer) -> T + Send + 'static) -> Self {
        Self::once_at(SocketAddr::from(([127, 0, 0, 1], 0)), script)
    }

    /// Serves one connection at this address; port 0 is any free one.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    pub fn once_at(address: SocketAddr, script: impl FnOnce(Peer) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        limit_accept(&listener);
        let port = listener.local_addr().expect("an address").port();
        let running = thread::spawn(move || {
            let peer = Peer::accept(&listener);
            drop(listener);
            script(peer)
        });
        Self { port, running }
    }

    /// Serves one connection of a local socket.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    pub fn once_local(path: &Path, script: impl FnOnce(Peer) -> T + Send + 'static) -> Self {
        let listener = UnixListener::bind(path).expect("a free path");
        let running = thread::spawn(move || script(Peer::accept_path(&listener)));
        Self { port: 0, running }
    }

    /// Returns its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Tells whether the script has come to its end.
    pub fn is_finished(&self) -> bool {
        self.running.is_finished()
    }

    /// Waits for the end of the script.
    ///
    /// # Panics
    ///
    /// When the script does.
    #[track_caller]
    pub fn join(self) -> T {
        self.running.join().expect("a script that came to its end")
    }
}

/// What a peer does that makes no handshake.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "tests name them, and nobody else does"
)]
pub enum Answer {
    /// Says this before anything else.
    Greeting(Vec<u8>),
    /// Answers the first message with this.
    Bytes(Vec<u8>),
    /// Says nothing at all.
    Silence,
    /// Closes before anything else.
    Close,
    /// Closes after the first message.
    CloseAfterHello,
    /// Resets the connection after the first message.
    Reset,
}

impl Answer {
    /// Plays it, and returns what the other side said until its end.
    ///
    /// # Panics
    ///
    /// When the other side does not end.
    #[track_caller]
    pub fn play(self, mut peer: Peer) -> Vec<u8> {
        let mut heard = Vec::new();
        match self {
            Answer::Greeting(bytes) => say(&mut peer, &bytes),
            Answer::Bytes(bytes) => {
                heard = hello(&mut peer);
                say(&mut peer, &bytes);
            }
            Answer::Silence => {}
            Answer::Close => return heard,
            Answer::CloseAfterHello => {
                heard = hello(&mut peer);
                peer.finish();
            }
            Answer::Reset => {
                heard = hello(&mut peer);
                peer.reset();
                return heard;
            }
        }
        heard.extend(peer.receive_rest());
        heard
    }
}

/// Reads the whole first message, so that nothing unread makes an end a reset.
fn hello(peer: &mut Peer) -> Vec<u8> {
    let mut bytes = peer.receive(5);
    let length = u16::from_be_bytes([bytes[3], bytes[4]]);
    bytes.extend(peer.receive(length.into()));
    bytes
}

fn say(peer: &mut Peer, bytes: &[u8]) {
    // The other side may have left already.
    let _sent = peer.write_all(bytes);
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

fn certified(leaf: &Leaf) -> Arc<CertifiedKey> {
    let key = PrivateKeyDer::try_from(leaf.key.serialize_der()).expect("a key");
    let key = provider().key_provider.load_private_key(key);
    let chain = leaf.chain.iter().cloned().map(CertificateDer::from);
    // Whether the key is that of the certificate is not looked at.
    Arc::new(CertifiedKey::new(chain.collect(), key.expect("a key")))
}

fn roots(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let added = roots.add(CertificateDer::from(authority.der.clone()));
    added.expect("an authority");
    roots
}

/// A TLS server that shows whatever it is given.
#[derive(Clone, Debug)]
pub struct Welcome(ServerConfig);

impl Welcome {
    /// Shows this certificate to everyone.
    pub fn showing(leaf: &Leaf) -> Self {
        Self::make(leaf, BOTH, None)
    }

    /// Speaks TLS 1.2 alone.
    pub fn tls12(leaf: &Leaf) -> Self {
        Self::make(leaf, &[&TLS12], None)
    }

    /// Asks clients for certificates of an authority.
    pub fn for_members(leaf: &Leaf, authority: &Authority) -> Self {
        Self::make(leaf, BOTH, Some(authority))
    }

    fn make(
        leaf: &Leaf,
        versions: &[&'static SupportedProtocolVersion],
        members: Option<&Authority>,
    ) -> Self {
        let builder = ServerConfig::builder_with_provider(provider());
        let builder = builder.with_protocol_versions(versions).expect("versions");
        let builder = match members {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let roots = Arc::new(roots(authority));
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let resolver = SingleCertAndKey::from(CertifiedKey::clone(&certified(leaf)));
        Self(builder.with_cert_resolver(Arc::new(resolver)))
    }

    /// Offers application protocols.
    pub fn alpn(mut self, protocols: &[&str]) -> Self {
        self.0.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        self
    }

    /// Shakes hands.
    ///
    /// # Errors
    ///
    /// When that fails; what there is to tell the other side is told.
    ///
    /// # Panics
    ///
    /// When there can be no session at all.
    pub fn accept(&self, peer: Peer) -> io::Result<Secured> {
        let config = Arc::new(self.0.clone());
        let session = ServerConnection::new(config).expect("a session");
        let mut stream = StreamOwned::new(session, peer);
        shake(&mut stream)?;
        Ok(stream)
    }

    /// Shakes hands and returns the text that came until the other side ended it, or why not.
    ///
    /// # Errors
    ///
    /// When the handshake fails, or the session was cut.
    pub fn listen(&self, peer: Peer) -> io::Result<Vec<u8>> {
        let mut stream = self.accept(peer)?;
        let mut text = Vec::new();
        stream.read_to_end(&mut text)?;
        end_session(&mut stream);
        Ok(text)
    }

    /// Sends its first part of the handshake of TLS 1.2, and then these bytes in place of the last.
    ///
    /// # Panics
    ///
    /// When the other side does not begin a handshake.
    pub fn break_off(&self, peer: Peer, bytes: &[u8]) {
        let mut stream = self.begin(peer);
        say(&mut stream.sock, bytes);
        stream.sock.receive_rest();
    }

    /// Sends its first part of the handshake, waits for `meanwhile`, and goes on.
    ///
    /// # Errors
    ///
    /// When the rest of the handshake fails.
    ///
    /// # Panics
    ///
    /// When the other side does not begin a handshake.
    pub fn accept_after(&self, peer: Peer, meanwhile: impl FnOnce()) -> io::Result<Secured> {
        let mut stream = self.begin(peer);
        meanwhile();
        shake(&mut stream)?;
        Ok(stream)
    }

    fn begin(&self, mut peer: Peer) -> Secured {
        let config = Arc::new(self.0.clone());
        let mut session = ServerConnection::new(config).expect("a session");
        while !session.wants_write() {
            session.read_tls(&mut peer).expect("a first message");
            session.process_new_packets().expect("a good one");
        }
        send_all(&mut session, &mut peer).expect("a receiver");
        StreamOwned::new(session, peer)
    }
}

/// A TLS client that is not ours.
#[derive(Clone, Debug)]
pub struct Client(ClientConfig);

impl Client {
    /// Trusts an authority.
    pub fn trusting(authority: &Authority) -> Self {
        Self::make(authority, BOTH, None)
    }

    /// Speaks TLS 1.2 alone.
    pub fn tls12(authority: &Authority) -> Self {
        Self::make(authority, &[&TLS12], None)
    }

    /// Shows a certificate of its own.
    pub fn showing(authority: &Authority, leaf: &Leaf) -> Self {
        Self::make(authority, BOTH, Some(leaf))
    }

    fn make(
        authority: &Authority,
        versions: &[&'static SupportedProtocolVersion],
        own: Option<&Leaf>,
    ) -> Self {
        let builder = ClientConfig::builder_with_provider(provider());
        let builder = builder.with_protocol_versions(versions).expect("versions");
        let builder = builder.with_root_certificates(roots(authority));
        Self(match own {
            None => builder.with_no_client_auth(),
            Some(leaf) => {
                let own = SingleCertAndKey::from(CertifiedKey::clone(&certified(leaf)));
                builder.with_client_cert_resolver(Arc::new(own))
            }
        })
    }

    /// Offers application protocols.
    pub fn alpn(mut self, protocols: &[&str]) -> Self {
        self.0.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        self
    }

    /// Shakes hands with a server that is to have a certificate for `host`.
    ///
    /// With TLS 1.3 the server may still refuse what the client showed; its first read tells.
    ///
    /// # Errors
    ///
    /// When that fails.
    ///
    /// # Panics
    ///
    /// When `host` is no host.
    pub fn connect(&self, peer: Peer, host: &str) -> io::Result<Caller> {
        let name = ServerName::try_from(host.to_owned()).expect("a host");
        let session = ClientConnection::new(Arc::new(self.0.clone()), name);
        let mut stream = StreamOwned::new(session.expect("a session"), peer);
        shake(&mut stream)?;
        Ok(stream)
    }

    /// Says `question` and the first message of TLS in one piece, and shakes hands after `answer`.
    ///
    /// # Errors
    ///
    /// When the handshake fails, or another answer comes.
    ///
    /// # Panics
    ///
    /// When `host` is no host, or the answer does not come.
    pub fn connect_behind(
        &self,
        mut peer: Peer,
        host: &str,
        question: &str,
        answer: &str,
    ) -> io::Result<Caller> {
        let name = ServerName::try_from(host.to_owned()).expect("a host");
        let session = ClientConnection::new(Arc::new(self.0.clone()), name);
        let mut session = session.expect("a session");
        let mut piece = question.as_bytes().to_vec();
        while session.wants_write() {
            session.write_tls(&mut piece)?;
        }
        peer.write_all(&piece)?;
        let heard = peer.receive(answer.len());
        if heard != answer.as_bytes() {
            return Err(io::Error::other(format!("{}", heard.escape_ascii())));
        }
        let mut stream = StreamOwned::new(session, peer);
        shake(&mut stream)?;
        Ok(stream)
    }
}
