//! An echo server as one writes it on async-io: a task for each connection, one buffer each.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use async_executor::Executor;
use async_io::Async;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

use super::READ_SIZE;

/// Starts the server on a free port of the loopback address and returns its address.
///
/// # Errors
///
/// When the system gives no socket or no thread.
pub fn spawn() -> io::Result<SocketAddr> {
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0))?;
    let address = listener.get_ref().local_addr()?;
    thread::Builder::new()
        .name("async-echo".into())
        .spawn(move || {
            let executor = Arc::new(Executor::new());
            async_io::block_on(executor.run(accept(&listener, &executor)))
        })?;
    Ok(address)
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
