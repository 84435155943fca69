//! An echo server as one writes it on tokio: a task for each connection, one buffer each, on one
//! thread.

use std::io;
use std::net::TcpListener;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::READ_SIZE;

/// Serves until accepting fails.
pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    runtime()?.block_on(async {
        let listener = listen(listener)?;
        loop {
            let (connection, _peer) = listener.accept().await?;
            tokio::spawn(echo(connection));
        }
    })
}

/// Makes a runtime of one thread, as the network that is measured has one thread.
pub(super) fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
}

/// Hands a listener to tokio.
pub(super) fn listen(listener: TcpListener) -> io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

/// Echoes until the end.
pub(super) async fn echo(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
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
