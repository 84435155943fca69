//! Datagrams in one direction, more than the server can take: what counts is how many it took.
//!
//! The kernel cuts one long send into datagrams (udp(7), `UDP_SEGMENT`), so that sending costs a
//! small part of receiving.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use nix::sys::socket::{setsockopt, sockopt::UdpGsoSegment};

use super::{Done, Effort, Load, message};
use crate::service::HOW_MANY;

/// How long a datagram is.
const LENGTH: u16 = 64;

/// How many are sent at once, which is what every kernel takes.
const AT_ONCE: usize = 64;

/// How long to wait for an answer before asking again: the question may have been dropped, too.
const AGAIN: Duration = Duration::from_millis(20);

/// A socket that sends to a server that counts.
#[derive(Debug)]
pub struct Flood {
    server: SocketAddr,
    sender: UdpSocket,
    messages: Vec<u8>,
}

impl Flood {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When the kernel cannot cut datagrams.
    pub fn new(server: SocketAddr) -> io::Result<Self> {
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        sender.connect(server)?;
        setsockopt(&sender, UdpGsoSegment, &i32::from(LENGTH))?;
        Ok(Flood {
            server,
            sender,
            messages: message(usize::from(LENGTH) * AT_ONCE),
        })
    }

    fn count(&self) -> io::Result<u64> {
        // A socket of its own: an answer that comes too late for one count must not be the next.
        let asker = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        asker.connect(self.server)?;
        asker.set_read_timeout(Some(AGAIN))?;
        let mut answer = [0; 8];
        for _ in 0..500 {
            asker.send(HOW_MANY)?;
            match asker.recv(&mut answer) {
                Ok(_) => return newest(&asker, answer),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::TimedOut.into())
    }
}

/// Returns the newest answer: the question may have been asked again.
fn newest(asker: &UdpSocket, mut answer: [u8; 8]) -> io::Result<u64> {
    asker.set_nonblocking(true)?;
    while asker.recv(&mut answer).is_ok() {}
    Ok(u64::from_be_bytes(answer))
}

impl Load for Flood {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        let before = self.count()?;
        let begun = Instant::now();
        while begun.elapsed() < effort.turn {
            self.sender.send(&self.messages)?;
        }
        // What is asked stands behind what waits at the server, so all of that is counted.
        let taken = self.count()? - before;
        Ok(Done::new(taken as f64, begun.elapsed()))
    }
}
