//! Connections of which each has one message under way, and sends the next when it is answered.

use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::retry_on_intr;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use socket2::{Domain, SockAddr, SockRef, Socket, Type};

use super::{Done, Effort, Latency, Load, PATIENCE, connect, message};
use crate::place::{Place, socket_path};
use crate::service::Transport;

/// How many connections are made before the first of them echoes, which is fewer than may wait.
const BATCH: usize = 64;

/// The clients of one server, on one thread.
#[derive(Debug)]
pub struct ClosedLoop {
    poller: OwnedFd,
    clients: Vec<Client>,
    message: Vec<u8>,
    answer: Vec<u8>,
    times: Vec<Duration>,
}

#[derive(Debug)]
struct Client {
    socket: OwnedFd,
    begun: Instant,
    /// How many bytes of the answer have come.
    received: usize,
    /// The path that answers come to, removed at the end.
    path: Option<PathBuf>,
}

impl ClosedLoop {
    /// Connects, and has every connection echo once.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached, or does not echo.
    pub fn new(
        transport: Transport,
        place: &Place,
        bytes: usize,
        connections: usize,
    ) -> io::Result<Self> {
        let mut clients = ClosedLoop {
            poller: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            clients: Vec::with_capacity(connections),
            message: message(bytes),
            answer: vec![0; bytes],
            times: Vec::new(),
        };
        while clients.clients.len() < connections {
            let batch = BATCH.min(connections - clients.clients.len());
            clients.add(transport, place, batch)?;
        }
        Ok(clients)
    }

    /// Connects some more at once, and has them echo.
    fn add(&mut self, transport: Transport, place: &Place, count: usize) -> io::Result<()> {
        let first = self.clients.len();
        for number in first..first + count {
            let mut client = Client::connect(transport, place)?;
            let data = EventData::new_u64(number as u64);
            epoll::add(&self.poller, &client.socket, data, EventFlags::IN)?;
            client.send(&self.message)?;
            self.clients.push(client);
        }
        for client in &mut self.clients[first..] {
            while !client.receive(&mut self.answer)? {}
        }
        Ok(())
    }

    /// Waits by epoll only where there is a choice.
    fn wait(&self, events: &mut Vec<epoll::Event>) -> io::Result<()> {
        events.clear();
        if self.clients.len() == 1 {
            let data = EventData::new_u64(0);
            events.push(epoll::Event {
                flags: EventFlags::IN,
                data,
            });
            return Ok(());
        }
        let patience = Timespec::try_from(PATIENCE).map_err(io::Error::other)?;
        let wait = || epoll::wait(&self.poller, spare_capacity(events), Some(&patience));
        // A machine that was stopped and goes on interrupts waits, too.
        match retry_on_intr(wait)? {
            0 => Err(io::ErrorKind::TimedOut.into()),
            _ => Ok(()),
        }
    }
}

impl Load for ClosedLoop {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        self.times.clear();
        let begun = Instant::now();
        for client in &mut self.clients {
            client.send(&self.message)?;
        }
        let mut under_way = self.clients.len();
        let mut events = Vec::with_capacity(256);
        let mut in_time = None;
        while under_way > 0 {
            self.wait(&mut events)?;
            for event in &events {
                let number = usize::try_from(event.data.u64()).unwrap_or_default();
                let client = &mut self.clients[number];
                if !client.receive(&mut self.answer)? {
                    continue;
                }
                let now = Instant::now();
                self.times.push(now - client.begun);
                if now - begun < effort.turn {
                    client.send(&self.message)?;
                } else {
                    // What is answered after the end of the turn is waited for, not counted.
                    in_time.get_or_insert((self.times.len(), now - begun));
                    under_way -= 1;
                }
            }
        }
        let (work, wall) = in_time.ok_or(io::ErrorKind::TimedOut)?;
        Ok(Done {
            latency: Latency::of(&mut self.times),
            ..Done::new(work as f64, wall)
        })
    }
}

impl Client {
    fn connect(transport: Transport, place: &Place) -> io::Result<Self> {
        let mut path = None;
        let socket: OwnedFd = match transport {
            Transport::Tcp => {
                let stream = connect(place.address()?)?;
                // Of thousands that are closed at once nothing stays behind in the kernel.
                SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
                stream.into()
            }
            Transport::Tls => return Err(io::ErrorKind::Unsupported.into()),
            Transport::Udp => {
                let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
                socket.connect(place.address()?)?;
                socket.set_read_timeout(Some(PATIENCE))?;
                socket.into()
            }
            Transport::LocalStream => {
                let socket = UnixStream::connect(place.path()?)?;
                socket.set_read_timeout(Some(PATIENCE))?;
                socket.into()
            }
            Transport::LocalDatagram => {
                let own = path.insert(socket_path("client"));
                let socket = UnixDatagram::bind(own)?;
                socket.connect(place.path()?)?;
                socket.set_read_timeout(Some(PATIENCE))?;
                socket.into()
            }
            Transport::LocalSeqpacket => {
                let socket = Socket::new(Domain::UNIX, Type::SEQPACKET, None)?;
                socket.connect(&SockAddr::unix(place.path()?)?)?;
                socket.set_read_timeout(Some(PATIENCE))?;
                socket.into()
            }
        };
        Ok(Client {
            socket,
            begun: Instant::now(),
            received: 0,
            path,
        })
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.begun = Instant::now();
        let sent = send(&self.socket, message, SendFlags::NOSIGNAL)?;
        if sent == message.len() {
            Ok(())
        } else {
            Err(io::ErrorKind::WriteZero.into())
        }
    }

    /// Receives what is there; says whether the answer is complete.
    fn receive(&mut self, answer: &mut [u8]) -> io::Result<bool> {
        let (count, _) = recv(
            &self.socket,
            &mut answer[self.received..],
            RecvFlags::empty(),
        )?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.received += count;
        let complete = self.received == answer.len();
        if complete {
            self.received = 0;
        }
        Ok(complete)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // It is in a folder for such files.
            let _removed = std::fs::remove_file(path);
        }
    }
}
