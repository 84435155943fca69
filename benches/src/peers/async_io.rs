//! Servers as one writes them on async-io: a task for each connection, one buffer each.

use std::io;
use std::net::{TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::sync::Arc;

use async_executor::Executor;
use async_io::Async;
use futures_lite::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, Stream, StreamExt as _,
};

use super::{READ_SIZE, bind_udp, listen_local, listen_tcp, not_offered, portions};
use crate::place::Place;
use crate::server::Failure;
use crate::service::{Manner, Service, Transport};

/// Serves until accepting fails.
pub(crate) fn serve(service: Service, place: &Place) -> Result<(), Failure> {
    match (service.transport, service.manner) {
        (Transport::Tcp, manner) => {
            let listener = Async::new(listen_tcp(place)?)?;
            Ok(accept::<TcpStream>(listener.incoming(), manner)?)
        }
        (Transport::LocalStream, manner) => {
            let listener = Async::new(listen_local(place)?)?;
            Ok(accept::<UnixStream>(listener.incoming(), manner)?)
        }
        (Transport::Udp, Manner::Echo) => Ok(async_io::block_on(echo_datagrams(place))?),
        _ => Err(not_offered(service)),
    }
}

fn accept<S>(incoming: impl Stream<Item = io::Result<Async<S>>>, manner: Manner) -> io::Result<()>
where
    Async<S>: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut incoming = pin!(incoming);
    let executor = Arc::new(Executor::new());
    async_io::block_on(executor.run(async {
        while let Some(connection) = incoming.next().await {
            let connection = connection?;
            match manner {
                Manner::Echo => executor.spawn(echo(connection)).detach(),
                Manner::Count => executor.spawn(count(connection)).detach(),
                Manner::Close => drop(connection),
            }
        }
        Ok(())
    }))
}

async fn echo(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let count = connection.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        connection.write_all(&buffer[..count]).await?;
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
        connection
            .write_all(&vec![b'x'; portions(received, more)])
            .await?;
        received += more;
    }
}

async fn echo_datagrams(place: &Place) -> io::Result<()> {
    let socket: Async<UdpSocket> = Async::new(bind_udp(place)?)?;
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let (count, from) = socket.recv_from(&mut buffer).await?;
        socket.send_to(&buffer[..count], from).await?;
    }
}
