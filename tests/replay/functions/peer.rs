//! The peer of a case: one listener and one connection at a time, outside of the network.
//!
//! It is what `tests/conformance/lisp/peer.py` is to Emacs, with the same verbs. Every wait ends.

mod background;

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::PoisonError;
use std::time::Duration;

use netproc::Value;
use socket2::{Domain, SockAddr, Socket, Type};

use crate::lisp::{Answer, Exit, Machine, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    many("peer", 1, order),
    one_of("peer-leave", (0, 0), |_, _| Ok(Value::Nil)),
];

/// How long a wait may take.
const LIMIT: Duration = Duration::from_secs(60);

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 128;

/// What the peer has.
#[derive(Default)]
pub(crate) struct Peer {
    listener: Option<Socket>,
    socket: Option<Socket>,
}

fn order(machine: &Machine, given: &[Value]) -> Answer {
    let verb = super::data::symbol_name(&given[0])?.replace('-', "_");
    let mut peer = machine.peer.lock().unwrap_or_else(PoisonError::into_inner);
    peer.obey(&verb, &Words(&given[1..]))
        .map_err(|error| Exit::error(&format!("The peer failed: {error}")))
}

/// What follows the verb of an order.
struct Words<'a>(&'a [Value]);

impl Words<'_> {
    fn data(&self, place: usize) -> io::Result<Vec<u8>> {
        let text = self.0.get(place).and_then(Value::as_text);
        let text = text.ok_or_else(|| wrong("a string is missing"))?;
        Ok(text.as_bytes().into_owned())
    }

    fn number(&self, place: usize) -> io::Result<i64> {
        let number = self.0.get(place).and_then(Value::as_integer);
        number.ok_or_else(|| wrong("a number is missing"))
    }

    /// Returns the address of a local socket.
    fn path(&self, place: usize) -> io::Result<SockAddr> {
        let path = self.data(place)?;
        SockAddr::unix(Path::new(OsStr::from_bytes(&path)))
    }

    /// Returns a port of the loopback interface.
    fn port(&self, place: usize) -> io::Result<SockAddr> {
        let port = u16::try_from(self.number(place)?).map_err(|_| wrong("no such port"))?;
        Ok(loopback(port))
    }

    fn kind(&self, place: usize) -> Type {
        match self.0.get(place).and_then(Value::as_str) {
            Some("seqpacket") => Type::SEQPACKET,
            _ => Type::STREAM,
        }
    }
}

impl Peer {
    fn obey(&mut self, verb: &str, words: &Words<'_>) -> io::Result<Value> {
        match verb {
            "listen" => {
                let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                let port = bind(&listener)?;
                listener.listen(BACKLOG)?;
                self.listener = Some(listener);
                return Ok(port);
            }
            "listen_local" => {
                let listener = Socket::new(Domain::UNIX, words.kind(1), None)?;
                listener.bind(&words.path(0)?)?;
                listener.listen(BACKLOG)?;
                self.listener = Some(listener);
            }
            // The port stays bound, so nobody else takes it.
            "refuse" => {
                let bound = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                let port = bind(&bound)?;
                self.listener = Some(bound);
                return Ok(port);
            }
            "accept" => {
                let listener = self.listener.as_ref().ok_or_else(|| wrong("no listener"))?;
                listener.set_read_timeout(Some(LIMIT))?;
                let (socket, _) = listener.accept()?;
                self.take(socket)?;
            }
            "connect" => {
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                socket.connect(&words.port(0)?)?;
                self.take(socket)?;
            }
            "connect_local" => {
                let socket = Socket::new(Domain::UNIX, words.kind(2), None)?;
                if words.0.get(1).is_some_and(Value::is_true) {
                    socket.bind(&words.path(1)?)?;
                }
                socket.connect(&words.path(0)?)?;
                self.take(socket)?;
            }
            "answer_later" => {
                let listener = self.listener.as_ref().ok_or_else(|| wrong("no listener"))?;
                background::answer(listener.try_clone()?, words.data(0)?);
            }
            "tls_server" => {
                let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                let port = bind(&listener)?;
                listener.listen(BACKLOG)?;
                let folder = words.data(0)?;
                background::echo(listener, Path::new(OsStr::from_bytes(&folder)))?;
                return Ok(port);
            }
            "datagram" => {
                let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
                let port = bind(&socket)?;
                self.take(socket)?;
                return Ok(port);
            }
            "send" => match &*words.data(0)? {
                // On a stream this is nothing, else an empty record.
                [] => drop(self.socket()?.send(&[])?),
                data => self.socket()?.write_all(data)?,
            },
            "urgent" => drop(self.socket()?.send_out_of_band(&words.data(0)?)?),
            "send_to" => drop(self.socket()?.send_to(&words.data(1)?, &words.port(0)?)?),
            "receive" => return receive(self.socket()?, words.number(0)?),
            "receive_all" => {
                let received = receive_all(self.socket()?)?;
                return Ok(received.told(Value::bytes));
            }
            "count_all" => {
                let received = receive_all(self.socket()?)?;
                return Ok(received.told(|data| count(data.len())));
            }
            "receive_from" => return receive_from(self.socket()?),
            "finish" => self.socket()?.shutdown(Shutdown::Write)?,
            "reset" => {
                self.socket()?.set_linger(Some(Duration::ZERO))?;
                self.socket = None;
            }
            "close" => self.socket = None,
            "close_listener" => self.listener = None,
            other => return Err(wrong(&format!("it does not know {other}"))),
        }
        Ok(Value::t())
    }

    fn take(&mut self, socket: Socket) -> io::Result<()> {
        socket.set_read_timeout(Some(LIMIT))?;
        socket.set_write_timeout(Some(LIMIT))?;
        self.socket = Some(socket);
        Ok(())
    }

    fn socket(&mut self) -> io::Result<&mut Socket> {
        self.socket.as_mut().ok_or_else(|| wrong("no connection"))
    }
}

/// All that came before the end, and whether that was a reset.
struct Received {
    data: Vec<u8>,
    reset: bool,
}

impl Received {
    fn told(&self, told: impl FnOnce(&[u8]) -> Value) -> Value {
        let data = told(&self.data);
        if self.reset {
            Value::list([data, Value::symbol("reset")])
        } else {
            data
        }
    }
}

fn wrong(message: &str) -> io::Error {
    io::Error::other(message.to_owned())
}

fn count(count: usize) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}

fn loopback(port: u16) -> SockAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into()
}

/// Binds to a port that the system chooses, and returns it.
fn bind(socket: &Socket) -> io::Result<Value> {
    socket.bind(&loopback(0))?;
    let address = socket.local_addr()?.as_socket();
    let address = address.ok_or_else(|| wrong("no port"))?;
    Ok(Value::from(address.port()))
}

/// Receives so many bytes, or what came before the end.
fn receive(socket: &mut Socket, count: i64) -> io::Result<Value> {
    let mut data = Vec::new();
    let count = u64::try_from(count).unwrap_or(0);
    socket.take(count).read_to_end(&mut data)?;
    Ok(Value::bytes(&data))
}

fn receive_all(socket: &mut Socket) -> io::Result<Received> {
    let mut data = Vec::new();
    match socket.read_to_end(&mut data) {
        Ok(_) => Ok(Received { data, reset: false }),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
            Ok(Received { data, reset: true })
        }
        Err(error) => Err(error),
    }
}

/// Receives a datagram, and tells the port it came from.
fn receive_from(socket: &mut Socket) -> io::Result<Value> {
    let mut room = vec![MaybeUninit::<u8>::uninit(); 65_536];
    let (length, from) = socket.peek_from(&mut room)?;
    let mut data = vec![0; length];
    let _taken = socket.read(&mut data)?;
    let port = from.as_socket().map_or(0, |from| from.port());
    Ok(Value::list([Value::bytes(&data), Value::from(port)]))
}
