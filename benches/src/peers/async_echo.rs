//! An echo server as one writes it on async-io: a task for each connection, one buffer each.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use async_executor::Executor;
use async_io::Async;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

use super::READ_SIZE;

/// Serves until accepting fails.
pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    let listener = Async::new(listener)?;
    let executor = Arc::new(Executor::new());
    async_io::block_on(executor.run(accept(&listener, &executor)))
}

async fn accept(listener: &Async<TcpListener>, executor: &Arc<Executor<'_>>) -> io::Result<()> {
    loop {
        let (connection, _peer) = listener.accept().await?;
        executor.spawn(echo(connection)).detach();
    }
}

async fn echo(mut connection: Async<TcpStream>) -> io::Result<()> {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let count = connection.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        connection.write_all(&buffer[..count]).await?;
    }
}
