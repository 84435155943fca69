//! Connections that are made only to be closed by the server.

use std::io::{self, Read};
use std::net::SocketAddr;

use super::{Done, Effort, Load, connect};

/// How many are under way at a time.
const AT_A_TIME: usize = 16;

/// Clients of a server that closes each connection.
#[derive(Debug)]
pub struct Arrivals {
    server: SocketAddr,
}

impl Arrivals {
    /// Remembers whom to connect to.
    #[must_use]
    pub fn new(server: SocketAddr) -> Self {
        Arrivals { server }
    }
}

impl Load for Arrivals {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        Done::repeat(effort.turn, || {
            let streams = (0..AT_A_TIME).map(|_| connect(self.server));
            for stream in streams.collect::<io::Result<Vec<_>>>()? {
                let mut stream = stream;
                if stream.read(&mut [0])? != 0 {
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
            Ok(AT_A_TIME as f64)
        })
    }
}
