//! Peers that know nothing of netproc: sockets of the standard library, and programs of their own.

use std::fs;
use std::io::{ErrorKind, IoSlice, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::Command;

use netproc::network::Process;
use socket2::{Domain, Socket, Type};

use crate::PATIENCE;

/// The other end of a stream; blocking, but never longer than [`PATIENCE`].
#[derive(Debug)]
pub enum Peer {
    /// Over TCP.
    Tcp(TcpStream),
    /// Over a local socket.
    Unix(UnixStream),
}

impl Peer {
    /// Connects to a server process over TCP.
    ///
    /// # Panics
    ///
    /// When it cannot.
    pub fn connect(server: &Process) -> Self {
        let address = server
            .local_address()
            .and_then(|address| address.to_std())
            .expect("a server with an Internet address");
        Peer::tcp(TcpStream::connect(address).expect("a server that listens"))
    }

    /// Connects to a local socket.
    ///
    /// # Panics
    ///
    /// When it cannot.
    pub fn connect_path(path: &Path) -> Self {
        Peer::unix(UnixStream::connect(path).expect("a server that listens"))
    }

    /// Connects to a port of the loopback address.
    ///
    /// # Panics
    ///
    /// When it cannot.
    pub fn tcp_port(port: u16) -> Self {
        let address = (Ipv4Addr::LOCALHOST, port);
        Peer::tcp(TcpStream::connect(address).expect("a server that listens"))
    }

    /// Takes a connection.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn accept(listener: &TcpListener) -> Self {
        Peer::tcp(listener.accept().expect("a connection").0)
    }

    /// Takes a connection of a local socket.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub fn accept_path(listener: &UnixListener) -> Self {
        Peer::unix(listener.accept().expect("a connection").0)
    }

    /// Makes a listener and returns its port.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub fn listen() -> (TcpListener, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        (listener, port)
    }

    /// Returns a port of the loopback address that nobody listens on, nor will while the socket
    /// returned with it lives; see [`reserve`].
    pub fn closed_port() -> (Socket, u16) {
        reserve(Ipv4Addr::LOCALHOST.into(), Type::STREAM)
    }

    fn tcp(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        Peer::Tcp(stream)
    }

    fn unix(stream: UnixStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        Peer::Unix(stream)
    }

    /// Returns the address of this end.
    ///
    /// # Panics
    ///
    /// For local sockets.
    pub fn address(&self) -> SocketAddr {
        match self {
            Peer::Tcp(stream) => stream.local_addr().expect("an address"),
            Peer::Unix(_) => panic!("a local socket has no port"),
        }
    }

    /// Sends all bytes.
    ///
    /// # Panics
    ///
    /// When the other end does not take them.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let sent = match self {
            Peer::Tcp(stream) => stream.write_all(bytes.as_ref()),
            Peer::Unix(stream) => stream.write_all(bytes.as_ref()),
        };
        sent.expect("a peer that takes the bytes");
    }

    /// Ends what this side sends.
    pub fn finish(&self) {
        // A peer that is gone already needs no telling.
        let _gone = match self {
            Peer::Tcp(stream) => stream.shutdown(Shutdown::Write),
            Peer::Unix(stream) => stream.shutdown(Shutdown::Write),
        };
    }

    /// Passes everything between this end and another until both ways have ended.
    ///
    /// # Panics
    ///
    /// When that cannot be.
    pub fn join_with(self, other: Peer) {
        let copies = (self.try_clone(), other.try_clone());
        let back = std::thread::spawn(move || pass(copies.1, copies.0));
        pass(self, other);
        back.join().expect("the way back");
    }

    fn try_clone(&self) -> Self {
        match self {
            Peer::Tcp(stream) => Peer::Tcp(stream.try_clone().expect("a copy")),
            Peer::Unix(stream) => Peer::Unix(stream.try_clone().expect("a copy")),
        }
    }

    /// Waits until there is something to read, or the end.
    ///
    /// # Panics
    ///
    /// When nothing comes.
    pub fn wait_readable(&self) {
        let seen = match self {
            Peer::Tcp(stream) => stream.peek(&mut [0]),
            Peer::Unix(_) => panic!("a local socket is not peeked at"),
        };
        seen.expect("something to read");
    }

    /// Resets the connection instead of closing it.
    ///
    /// # Panics
    ///
    /// For local sockets.
    pub fn reset(self) {
        match self {
            Peer::Tcp(stream) => {
                // Closing waits for no time, so it drops what is left and says so.
                let socket = socket2::SockRef::from(&stream);
                let no_time = Some(std::time::Duration::ZERO);
                socket.set_linger(no_time).expect("an option");
            }
            Peer::Unix(_) => panic!("a local socket knows no reset"),
        }
    }

    /// Reads exactly so many bytes.
    ///
    /// # Panics
    ///
    /// When fewer come.
    #[track_caller]
    pub fn receive(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.read_exact(&mut bytes).expect("enough bytes");
        bytes
    }

    /// Reads to the end of what the other side sends; a reset is an end too.
    ///
    /// # Panics
    ///
    /// When no end comes.
    #[track_caller]
    pub fn receive_rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("waited for the end: {error}"),
        }
        bytes
    }
}

impl Read for Peer {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Peer::Tcp(stream) => stream.read(buffer),
            Peer::Unix(stream) => stream.read(buffer),
        }
    }
}

impl Write for Peer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Peer::Tcp(stream) => stream.write(bytes),
            Peer::Unix(stream) => stream.write(bytes),
        }
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> std::io::Result<usize> {
        match self {
            Peer::Tcp(stream) => stream.write_vectored(slices),
            Peer::Unix(stream) => stream.write_vectored(slices),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Passes one way until its end; a peer that is gone takes no more.
fn pass(mut from: Peer, mut to: Peer) {
    let _gone = std::io::copy(&mut from, &mut to);
    to.finish();
}

/// Binds a socket to a free port and returns both.
///
/// As long as the socket lives the system gives the port to nobody who asks for any port, and a
/// connection to it is refused; who asks for this port and reuses addresses gets it.
///
/// # Panics
///
/// When there is no free port.
pub fn reserve(host: IpAddr, kind: Type) -> (Socket, u16) {
    let address = SocketAddr::from((host, 0));
    let socket = Socket::new(Domain::for_address(address), kind, None).expect("a socket");
    socket.set_reuse_address(true).expect("an option");
    socket.bind(&address.into()).expect("a free port");
    let bound = socket.local_addr().expect("an address").as_socket();
    (socket, bound.expect("an Internet address").port())
}

/// Tells whether this machine has IPv6; where it has not, says so.
pub fn has_ipv6() -> bool {
    let usable = TcpListener::bind("[::1]:0").is_ok();
    if !usable {
        eprintln!("this machine has no IPv6; it is not tested");
    }
    usable
}

/// Returns how many descriptors this program has open.
///
/// # Panics
///
/// Without `/proc`.
pub fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("proc").count()
}

/// Runs the test of that name in a program of its own, where nothing else runs beside it.
///
/// Returns true in that program, which then has to do the test.
///
/// # Panics
///
/// When the test fails there.
#[track_caller]
pub fn in_own_process(test: &str) -> bool {
    const ALONE: &str = "NETPROC_TEST_ALONE";
    if std::env::var_os(ALONE).is_some_and(|alone| alone == test) {
        return true;
    }
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args([test, "--exact", "--test-threads=1", "--nocapture"])
        .env(ALONE, test)
        .output()
        .expect("this program once more");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}
