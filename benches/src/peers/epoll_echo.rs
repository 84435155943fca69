//! An echo server on bare epoll: the least that any server of many connections can do.
//!
//! It never waits to write, for a benchmark never has more under way than a socket holds; a
//! connection where that is not so is closed.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};

use super::READ_SIZE;

/// The event data of the listener; no descriptor has that number.
const LISTENER: u64 = u64::MAX;

/// Serves until accepting or waiting fails.
pub(crate) fn serve(listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let poller = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let data = EventData::new_u64(LISTENER);
    epoll::add(&poller, &listener, data, EventFlags::IN)?;
    Server::new(poller, listener).run()
}

struct Server {
    poller: OwnedFd,
    listener: TcpListener,
    connections: HashMap<u64, TcpStream>,
    buffer: Vec<u8>,
}

impl Server {
    fn new(poller: OwnedFd, listener: TcpListener) -> Self {
        Server {
            poller,
            listener,
            connections: HashMap::new(),
            buffer: vec![0; READ_SIZE],
        }
    }

    fn run(mut self) -> io::Result<()> {
        let mut events = Vec::with_capacity(1024);
        loop {
            epoll::wait(&self.poller, spare_capacity(&mut events), None)?;
            for event in events.drain(..) {
                match event.data.u64() {
                    LISTENER => self.accept()?,
                    key => self.echo(key),
                }
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok((connection, _peer)) => {
                    connection.set_nonblocking(true)?;
                    let key = u64::from(connection.as_raw_fd().unsigned_abs());
                    let data = EventData::new_u64(key);
                    epoll::add(&self.poller, &connection, data, EventFlags::IN)?;
                    self.connections.insert(key, connection);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads once and writes it back; what is left is told again, for epoll is level-triggered.
    fn echo(&mut self, key: u64) {
        let Some(connection) = self.connections.get_mut(&key) else {
            return;
        };
        let echoed = match connection.read(&mut self.buffer) {
            Ok(0) => false,
            Ok(count) => connection.write_all(&self.buffer[..count]).is_ok(),
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        if !echoed {
            // Closing takes the descriptor out of the poller, too.
            self.connections.remove(&key);
        }
    }
}
