//! What the peer does on a thread of its own, while the network waits for a handshake.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use socket2::Socket;

/// Accepts a connection, says `data` once it has heard something, and closes.
pub(super) fn answer(listener: Socket, data: Vec<u8>) {
    serve(listener, move |mut connection| {
        let _first = connection.read(&mut [0; 4096])?;
        connection.write_all(&data)
    });
}

/// Accepts a TLS session with a new certificate, which it writes to `folder`, and echoes until one
/// says `end`.
pub(super) fn echo(listener: Socket, folder: &Path) -> io::Result<()> {
    let config = Arc::new(config(folder)?);
    serve(listener, move |mut connection| {
        let mut session = ServerConnection::new(config).map_err(io::Error::other)?;
        let mut stream = Stream::new(&mut session, &mut connection);
        let mut data = [0; 4096];
        loop {
            let length = stream.read(&mut data)?;
            if length == 0 || data[..length] == *b"end\n" {
                break;
            }
            stream.write_all(&data[..length])?;
        }
        session.send_close_notify();
        let mut stream = Stream::new(&mut session, &mut connection);
        stream.flush()?;
        // The end of the other side, so that nothing is cut off.
        stream.read(&mut data).map(drop)
    });
    Ok(())
}

/// Accepts one connection on another thread. A client that goes away in the middle may do so.
fn serve(listener: Socket, work: impl FnOnce(TcpStream) -> io::Result<()> + Send + 'static) {
    thread::spawn(move || {
        listener.set_read_timeout(Some(super::LIMIT))?;
        let (connection, _) = listener.accept()?;
        connection.set_read_timeout(Some(super::LIMIT))?;
        work(connection.into())
    });
}

/// Makes a certificate such as `openssl req -x509` makes.
fn config(folder: &Path) -> io::Result<ServerConfig> {
    let mut params = CertificateParams::new(["localhost".to_owned()]).map_err(io::Error::other)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let secret = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
    let certificate = CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)?;
    std::fs::write(folder.join("cert.pem"), certificate.pem())?;
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .map_err(io::Error::other)
}
