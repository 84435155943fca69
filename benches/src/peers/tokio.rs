//! Servers as one writes them on tokio and tokio-rustls: a task for each connection, one buffer
//! each.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket, UnixDatagram, UnixListener};
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;

use super::{READ_SIZE, bind_local, bind_udp, listen_local, listen_tcp, not_offered, portions};
use crate::identity::Identity;
use crate::place::Place;
use crate::server::Failure;
use crate::service::{HOW_MANY, Manner, Service, Transport};

/// Serves until accepting or the socket fails.
pub(crate) fn serve(service: Service, place: &Place) -> Result<(), Failure> {
    runtime(service.threads)?.block_on(async {
        match (service.transport, service.manner) {
            (Transport::Tcp, manner) => {
                let listener = TcpListener::from_std(listen_tcp(place)?)?;
                // Where there are more threads, accepting happens on one of them, too.
                Ok(tokio::spawn(accept(listener, manner)).await??)
            }
            (Transport::LocalStream, manner) => {
                let listener = UnixListener::from_std(listen_local(place)?)?;
                loop {
                    let (connection, _peer) = listener.accept().await?;
                    begin(connection, manner);
                }
            }
            (Transport::Tls, Manner::Echo) => {
                let acceptor = acceptor()?;
                let listener = TcpListener::from_std(listen_tcp(place)?)?;
                loop {
                    let (connection, _peer) = listener.accept().await?;
                    // The answer would wait for the tickets to be acknowledged.
                    connection.set_nodelay(true)?;
                    let accepted = acceptor.accept(connection);
                    tokio::spawn(async move { echo(accepted.await?).await });
                }
            }
            (Transport::Udp, Manner::Echo) => Ok(echo_datagrams(place).await?),
            (Transport::Udp, Manner::Count) => Ok(count_datagrams(place).await?),
            (Transport::LocalDatagram, Manner::Echo) => Ok(echo_local_datagrams(place).await?),
            _ => Err(not_offered(service)),
        }
    })
}

/// Makes a runtime of as many threads as the network that is measured has.
pub(crate) fn runtime(threads: usize) -> io::Result<Runtime> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.worker_threads(threads).enable_io().build()
}

async fn accept(listener: TcpListener, manner: Manner) -> io::Result<()> {
    loop {
        let (connection, _peer) = listener.accept().await?;
        begin(connection, manner);
    }
}

fn begin<S>(connection: S, manner: Manner)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    match manner {
        Manner::Echo => drop(tokio::spawn(echo(connection))),
        Manner::Count => drop(tokio::spawn(count(connection))),
        Manner::Close => drop(connection),
    }
}

async fn echo(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let count = connection.read(&mut buffer).await?;
        if count == 0 {
            return connection.shutdown().await;
        }
        connection.write_all(&buffer[..count]).await?;
        connection.flush().await?;
    }
}

async fn count(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut buffer = vec![0; READ_SIZE];
    let mut received = 0;
    loop {
        let more = connection.read(&mut buffer).await? as u64;
        if more == 0 {
            return Ok(());
        }
        let answer = vec![b'x'; portions(received, more)];
        connection.write_all(&answer).await?;
        received += more;
    }
}

fn udp(place: &Place) -> io::Result<UdpSocket> {
    let socket = bind_udp(place)?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket)
}

async fn echo_datagrams(place: &Place) -> io::Result<()> {
    let socket = udp(place)?;
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let (count, from) = socket.recv_from(&mut buffer).await?;
        socket.send_to(&buffer[..count], from).await?;
    }
}

async fn count_datagrams(place: &Place) -> io::Result<()> {
    let socket = udp(place)?;
    let mut buffer = vec![0; READ_SIZE];
    let mut received: u64 = 0;
    loop {
        let (count, from) = socket.recv_from(&mut buffer).await?;
        if buffer.get(..count) == Some(HOW_MANY) {
            socket.send_to(&received.to_be_bytes(), from).await?;
        } else {
            received += 1;
        }
    }
}

async fn echo_local_datagrams(place: &Place) -> io::Result<()> {
    let socket = bind_local(place)?;
    socket.set_nonblocking(true)?;
    let socket = UnixDatagram::from_std(socket)?;
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let (count, from) = socket.recv_from(&mut buffer).await?;
        if let Some(path) = from.as_pathname() {
            socket.send_to(&buffer[..count], path).await?;
        }
    }
}

fn acceptor() -> Result<TlsAcceptor, Failure> {
    let Identity { certificate, key } = Identity::new()?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
