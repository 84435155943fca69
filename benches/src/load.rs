//! What clients do to a server that is measured: the same for each of them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

mod tls;

pub use tls::Handshakes;

/// How long one answer may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something that is done again and again, and timed.
pub trait Load {
    /// Does it once.
    ///
    /// # Errors
    ///
    /// When the server does not do its part.
    fn exchange(&mut self) -> io::Result<()>;
}

/// Blocking connections on one thread: a message to each, then the echo of each.
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
    fn begin(
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
        exchange.exchange()?;
        Ok(exchange)
    }
}

impl<S: Read + Write> Load for Exchange<S> {
    fn exchange(&mut self) -> io::Result<()> {
        for stream in &mut self.streams {
            stream.write_all(&self.message)?;
        }
        for stream in &mut self.streams {
            stream.read_exact(&mut self.answer)?;
        }
        Ok(())
    }
}

/// Returns a message of that length: lines of text.
fn message(bytes: usize) -> Vec<u8> {
    const LINE: &[u8] = b"sixty-four bytes of plain text make one message of the echo....\n";
    LINE.iter().copied().cycle().take(bytes).collect()
}

/// Connects with a limit on how long an answer may take.
fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}
