//! Servers on bare epoll: the least that any server of many connections can do.
//!
//! It never waits to write, for a benchmark never has more under way than a socket holds; a
//! connection where that is not so is closed.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{RecvFlags, SendFlags, SocketFlags, accept_with, recv, recvfrom, send, sendto};
use socket2::{Domain, SockAddr, Socket, Type};

use super::{
    BACKLOG, READ_SIZE, bind_local, bind_udp, listen_local, listen_tcp, not_offered, portions,
    ready,
};
use crate::place::Place;
use crate::server::Failure;
use crate::service::{HOW_MANY, Manner, Service, Transport};

/// The event data of the first socket; no descriptor has that number.
const FIRST: u64 = u64::MAX;

/// When the poller tells of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// For as long as there is something to read.
    Level,
    /// Once for what has come.
    Edge,
}

/// Serves until accepting or waiting fails.
pub(crate) fn serve(service: Service, place: &Place, trigger: Trigger) -> Result<(), Failure> {
    let manner = service.manner;
    let is_stream = matches!(service.transport, Transport::Tcp | Transport::LocalStream);
    if trigger == Trigger::Edge && !is_stream {
        return Err(not_offered(service));
    }
    let serve = |listener| Server::new(listener, manner, trigger)?.run();
    match service.transport {
        Transport::Tcp => serve(listen_tcp(place)?.into())?,
        Transport::LocalStream => serve(listen_local(place)?.into())?,
        Transport::LocalSeqpacket => serve(listen_packets(place)?)?,
        Transport::Udp => {
            let socket = bind_udp(place)?;
            socket.set_nonblocking(true)?;
            datagrams(&socket.into(), manner)?;
        }
        Transport::LocalDatagram => {
            let socket = bind_local(place)?;
            socket.set_nonblocking(true)?;
            datagrams(&socket.into(), manner)?;
        }
        Transport::Tls => return Err(not_offered(service)),
    }
    Ok(())
}

fn listen_packets(place: &Place) -> io::Result<OwnedFd> {
    let socket = Socket::new(Domain::UNIX, Type::SEQPACKET, None)?;
    socket.bind(&SockAddr::unix(place.path()?)?)?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    ready();
    Ok(socket.into())
}

fn poller(first: &OwnedFd) -> io::Result<OwnedFd> {
    let poller = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(&poller, first, EventData::new_u64(FIRST), EventFlags::IN)?;
    Ok(poller)
}

/// A connection, and how many bytes it has brought.
struct Connection {
    socket: OwnedFd,
    received: u64,
}

struct Server {
    poller: OwnedFd,
    listener: OwnedFd,
    manner: Manner,
    trigger: Trigger,
    connections: HashMap<u64, Connection>,
    buffer: Vec<u8>,
}

impl Server {
    fn new(listener: OwnedFd, manner: Manner, trigger: Trigger) -> io::Result<Self> {
        Ok(Server {
            poller: poller(&listener)?,
            listener,
            manner,
            trigger,
            connections: HashMap::new(),
            buffer: vec![0; READ_SIZE],
        })
    }

    fn run(mut self) -> io::Result<()> {
        let mut events = Vec::with_capacity(1024);
        loop {
            retry_on_intr(|| epoll::wait(&self.poller, spare_capacity(&mut events), None))?;
            for event in events.drain(..) {
                match event.data.u64() {
                    FIRST => self.accept()?,
                    key => while self.read(key, event.flags) {},
                }
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        loop {
            let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
            let socket = match accept_with(&self.listener, flags) {
                Ok(socket) => socket,
                Err(Errno::AGAIN) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            if self.manner == Manner::Close {
                continue;
            }
            let key = u64::from(socket.as_raw_fd().unsigned_abs());
            let flags = match self.trigger {
                Trigger::Level => EventFlags::IN,
                Trigger::Edge => EventFlags::IN | EventFlags::RDHUP | EventFlags::ET,
            };
            epoll::add(&self.poller, &socket, EventData::new_u64(key), flags)?;
            let connection = Connection {
                socket,
                received: 0,
            };
            self.connections.insert(key, connection);
        }
    }

    /// Reads once and answers, and says whether there may be more of which nothing will be told.
    fn read(&mut self, key: u64, told: EventFlags) -> bool {
        let Some(connection) = self.connections.get_mut(&key) else {
            return false;
        };
        let (answered, may_have_more) =
            match recv(&connection.socket, &mut self.buffer[..], RecvFlags::empty()) {
                Ok((0, _)) => (false, false),
                Ok((count, _)) => (
                    connection.answer(&self.buffer[..count], self.manner),
                    count == self.buffer.len() || told.contains(EventFlags::RDHUP),
                ),
                Err(error) => (error == Errno::AGAIN, false),
            };
        if !answered {
            // Closing takes the descriptor out of the poller, too.
            self.connections.remove(&key);
        }
        answered && may_have_more && self.trigger == Trigger::Edge
    }
}

impl Connection {
    /// Says whether all of the answer could be sent.
    fn answer(&mut self, bytes: &[u8], manner: Manner) -> bool {
        let sent =
            |answer: &[u8]| send(&self.socket, answer, SendFlags::NOSIGNAL) == Ok(answer.len());
        if manner == Manner::Echo {
            return sent(bytes);
        }
        let before = self.received;
        self.received += bytes.len() as u64;
        match portions(before, bytes.len() as u64) {
            0 => true,
            due => sent(&vec![b'x'; due]),
        }
    }
}

fn datagrams(socket: &OwnedFd, manner: Manner) -> io::Result<()> {
    let poller = poller(socket)?;
    let mut events = Vec::with_capacity(1);
    let mut buffer = vec![0; READ_SIZE];
    let mut received: u64 = 0;
    loop {
        events.clear();
        retry_on_intr(|| epoll::wait(&poller, spare_capacity(&mut events), None))?;
        loop {
            let (count, from) = match recvfrom(socket, &mut buffer[..], RecvFlags::empty()) {
                Ok((count, _, Some(from))) => (count, from),
                Ok((_, _, None)) => continue,
                Err(Errno::AGAIN) => break,
                Err(error) => return Err(error.into()),
            };
            let bytes = &buffer[..count];
            match manner {
                Manner::Echo => drop(sendto(socket, bytes, SendFlags::empty(), &from)?),
                _ if bytes == HOW_MANY => {
                    let answer = received.to_be_bytes();
                    sendto(socket, &answer, SendFlags::empty(), &from)?;
                }
                _ => received += 1,
            }
        }
    }
}
