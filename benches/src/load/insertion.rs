//! Text for one who connects, until that one says that all of it is where it belongs.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Instant;

use super::{Done, Effort, Load, PATIENCE};

/// How much text there is in a whole turn.
const TEXT: usize = 200_000_000;

/// How much there is otherwise.
const LITTLE: usize = 1_000_000;

/// Lines of which most characters are ASCII.
const LINE: &str =
    "Größe: 12 m², naïve café, Привет, 日本語, and then plain words until the end.\n";

/// A place that sends text to whoever connects.
#[derive(Debug)]
pub struct Insertion {
    listener: TcpListener,
    piece: String,
}

impl Insertion {
    /// Listens.
    ///
    /// # Errors
    ///
    /// When there is no port left.
    pub fn new() -> io::Result<Self> {
        Ok(Insertion {
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
            piece: LINE.repeat(1000),
        })
    }

    /// Returns where to connect to.
    ///
    /// # Errors
    ///
    /// When the system does not tell.
    pub fn port(&self) -> io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }
}

impl Load for Insertion {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        let (mut stream, _peer) = self.listener.accept()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let text = if effort.whole { TEXT } else { LITTLE };
        let begun = Instant::now();
        let mut left = text;
        while left > 0 {
            stream.write_all(self.piece.as_bytes())?;
            left = left.saturating_sub(self.piece.len());
        }
        // The last character is one that the text has not.
        stream.write_all(b"\0")?;
        stream.read_exact(&mut [0])?;
        let sent = text.next_multiple_of(self.piece.len());
        Ok(Done::new(sent as f64, begun.elapsed()))
    }
}
