//! Connections that are held and do nothing: what they cost is the server's memory.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use super::{Done, Effort, Load, connect};
use crate::measure::Measured;

/// How many connections are made before the first reading, so that buffers, tables and threads
/// that the server makes once are not counted as if each connection had them.
const WARM_UP: usize = 100;

/// How many connections are made before the first of them echoes.
const BATCH: usize = 64;

/// Connections to one server, each of which has echoed one byte: accepted, served, and known to be
/// so.
///
/// A server is good for one turn. What the kernel holds for a socket is not counted.
#[derive(Debug)]
pub struct Idle {
    server: SocketAddr,
    measured: Measured,
    connections: usize,
}

impl Idle {
    /// Remembers what to do.
    #[must_use]
    pub fn new(server: SocketAddr, measured: Measured, connections: usize) -> Self {
        Idle {
            server,
            measured,
            connections,
        }
    }

    fn hold(&self, held: &mut Vec<TcpStream>, wanted: usize) -> io::Result<u64> {
        while held.len() < wanted {
            let first = held.len();
            for _ in first..wanted.min(first + BATCH) {
                let mut stream = connect(self.server)?;
                stream.write_all(b"x")?;
                held.push(stream);
            }
            for stream in &mut held[first..] {
                stream.read_exact(&mut [0])?;
            }
        }
        self.measured.resident()
    }
}

impl Load for Idle {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        let more = if effort.whole {
            self.connections
        } else {
            WARM_UP
        };
        let mut held = Vec::with_capacity(WARM_UP + more);
        let before = self.hold(&mut held, WARM_UP)?;
        let begun = Instant::now();
        let after = self.hold(&mut held, WARM_UP + more)?;
        Ok(Done {
            resident: Some(after.saturating_sub(before)),
            ..Done::new(more as f64, begun.elapsed())
        })
    }
}
