//! TLS records between two sessions over a pipe in memory: no socket, no process.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_lite::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, future};
use netproc_network::tls::{Client, Parameters, Server, TlsStream};
use piper::{Reader, Writer, pipe};

use super::{MESSAGE, Step};
use crate::identity::Identity;
use crate::server::Failure;

/// How much a pipe holds.
const CAPACITY: usize = 64 * 1024;

/// One end of two pipes.
struct End(Reader, Writer);

fn ends() -> (End, End) {
    let (to_one, from_one) = (pipe(CAPACITY), pipe(CAPACITY));
    (End(to_one.0, from_one.1), End(from_one.0, to_one.1))
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for End {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.1).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.1).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.1).poll_close(context)
    }
}

/// Returns both sides of a session.
fn session() -> Result<(TlsStream<End>, TlsStream<End>), Failure> {
    let folder = tempfile::tempdir()?;
    let server = Server::new(&Identity::new()?.write(folder.path())?)?;
    let trusting = Parameters::client("localhost").dangerously_verify_nothing();
    let client = Client::new(&trusting)?;
    shake(&client, &server)
}

/// Shakes hands over a new pipe.
fn shake(client: &Client, server: &Server) -> Result<(TlsStream<End>, TlsStream<End>), Failure> {
    let (one, other) = ends();
    let both = future::zip(
        client.connect(one).into_future(),
        server.accept(other).into_future(),
    );
    let (client, server) = future::block_on(both);
    Ok((client?, server?))
}

/// Returns a step in which one message is encrypted, decrypted, and the same back.
pub(super) fn echo() -> Result<Step, Failure> {
    let (mut client, mut server) = session()?;
    Ok(Box::new(move || {
        let mut text = [0; MESSAGE.len()];
        let echoed = future::block_on(async {
            client.write_all(&MESSAGE).await?;
            client.flush().await?;
            server.read_exact(&mut text).await?;
            server.write_all(&text).await?;
            server.flush().await?;
            client.read_exact(&mut text).await
        });
        echoed?;
        Ok(1.0)
    }))
}

/// Returns a step that is one handshake.
pub(super) fn handshake() -> Result<Step, Failure> {
    let folder = tempfile::tempdir()?;
    let server = Server::new(&Identity::new()?.write(folder.path())?)?;
    let client = Client::new(&Parameters::client("localhost").dangerously_verify_nothing())?;
    Ok(Box::new(move || {
        drop(shake(&client, &server)?);
        Ok(1.0)
    }))
}
