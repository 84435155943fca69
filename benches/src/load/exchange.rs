//! Blocking connections on one thread: a message to each, then the echo of each.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::{Done, Effort, Load, connect, message};

/// Connections that all have a message under way at once.
#[derive(Debug)]
pub struct Exchange<S> {
    streams: Vec<S>,
    message: Vec<u8>,
    answer: Vec<u8>,
}

impl Exchange<TcpStream> {
    /// Connects, and has every connection echo once.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached, or does not echo.
    pub fn plain(server: SocketAddr, bytes: usize, connections: usize) -> io::Result<Self> {
        Self::begin(bytes, connections, || connect(server))
    }
}

impl<S: Read + Write> Exchange<S> {
    pub(super) fn begin(
        bytes: usize,
        connections: usize,
        connect: impl Fn() -> io::Result<S>,
    ) -> io::Result<Self> {
        let mut exchange = Exchange {
            streams: (0..connections)
                .map(|_| connect())
                .collect::<Result<_, _>>()?,
            message: message(bytes),
            answer: vec![0; bytes],
        };
        exchange.once()?;
        Ok(exchange)
    }

    fn once(&mut self) -> io::Result<()> {
        for stream in &mut self.streams {
            stream.write_all(&self.message)?;
        }
        for stream in &mut self.streams {
            stream.read_exact(&mut self.answer)?;
        }
        Ok(())
    }
}

impl<S: Read + Write> Load for Exchange<S> {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        Done::repeat(effort.turn, || {
            self.once()?;
            Ok(self.streams.len() as f64)
        })
    }
}
