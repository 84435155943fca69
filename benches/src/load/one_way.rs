//! A stream in one direction, as fast as it goes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::{Done, Effort, Load, connect, message};
use crate::service::PORTION;

/// How much is written at once.
const PIECE: usize = 256 * 1024;

/// A connection to a server that counts.
#[derive(Debug)]
pub struct OneWay {
    stream: TcpStream,
    piece: Vec<u8>,
}

impl OneWay {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub fn new(server: SocketAddr) -> io::Result<Self> {
        Ok(OneWay {
            stream: connect(server)?,
            piece: message(PIECE),
        })
    }
}

impl Load for OneWay {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        Done::repeat(effort.turn, || {
            let mut left = PORTION;
            while left > 0 {
                self.stream.write_all(&self.piece)?;
                left -= self.piece.len() as u64;
            }
            self.stream.read_exact(&mut [0])?;
            Ok(PORTION as f64)
        })
    }
}
