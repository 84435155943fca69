//! A proxy on threads that keeps every byte of both directions, and can harm what passes.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::records::{Record, records};
use crate::PATIENCE;

/// What happens to one direction of a connection; offsets count its bytes from 0.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::exhaustive_enums,
    reason = "tests name them, and nobody else does"
)]
pub enum Meddling {
    /// It passes as it is.
    #[default]
    Nothing,
    /// Each byte is sent alone.
    OneByte,
    /// From this offset on it passes no more, and nobody is told.
    Stall(usize),
    /// At this offset the wire is cut in order: both ends see an end.
    Cut(usize),
    /// At this offset the receiver sees the connection reset.
    Reset(usize),
    /// Before this offset come bytes of the proxy's own.
    Inject(usize, Vec<u8>),
    /// The byte at this offset has another value.
    Flip(usize),
}

/// Everything that passed on one connection.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// What the side that called sent.
    pub caller: Vec<u8>,
    /// What the side that was called sent, before any meddling.
    pub called: Vec<u8>,
}

type Tape = Arc<Mutex<Vec<u8>>>;

/// A proxy for one connection.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    caller: Tape,
    called: Tape,
    running: JoinHandle<()>,
}

impl Proxy {
    /// Stands before a port of the loopback address.
    pub fn before(port: u16) -> Self {
        Self::meddling(port, Meddling::Nothing, Meddling::Nothing)
    }

    /// Stands before a port, and harms what the side that calls, and the one that is called, send.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub fn meddling(port: u16, caller: Meddling, called: Meddling) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let own = listener.local_addr().expect("an address").port();
        limit_accept(&listener);
        let tapes = (Tape::default(), Tape::default());
        let kept = (Arc::clone(&tapes.0), Arc::clone(&tapes.1));
        let running = thread::spawn(move || {
            let (near, _) = listener.accept().expect("a connection to the proxy");
            // Nobody else is let in.
            drop(listener);
            let far = SocketAddr::from(([127, 0, 0, 1], port));
            let far = TcpStream::connect(far).expect("a server behind the proxy");
            pass(near, far, tapes, caller, called);
        });
        Self {
            port: own,
            caller: kept.0,
            called: kept.1,
            running,
        }
    }

    /// Returns the port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns what passed so far.
    pub fn so_far(&self) -> Recording {
        let copy = |tape: &Tape| lock(tape).clone();
        Recording {
            caller: copy(&self.caller),
            called: copy(&self.called),
        }
    }

    /// Waits until both directions have ended, and returns all that passed.
    ///
    /// # Panics
    ///
    /// When that takes longer than [`PATIENCE`].
    #[track_caller]
    pub fn finish(self) -> Recording {
        let seen = (Arc::clone(&self.caller), Arc::clone(&self.called));
        self.running.join().expect("a proxy that came to its end");
        let take = |tape: Tape| std::mem::take(&mut *lock(&tape));
        Recording {
            caller: take(seen.0),
            called: take(seen.1),
        }
    }
}

impl Recording {
    /// Tells whether these bytes were to be seen on the wire, in either direction.
    pub fn shows(&self, bytes: &[u8]) -> bool {
        let within = |tape: &[u8]| tape.windows(bytes.len()).any(|window| window == bytes);
        within(&self.caller) || within(&self.called)
    }

    /// Holds that the caller sent TLS and nothing else, and returns its records.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn assert_only_tls(&self) -> Vec<Record> {
        match records(&self.caller) {
            Ok(records) => records,
            Err(error) => panic!("the caller sent something else than TLS: {error}"),
        }
    }
}

/// Lets waiting for a connection end.
pub(super) fn limit_accept(listener: &TcpListener) {
    let socket = socket2::SockRef::from(listener);
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
}

fn lock(tape: &Tape) -> std::sync::MutexGuard<'_, Vec<u8>> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes both directions until both have ended.
fn pass(near: TcpStream, far: TcpStream, tapes: (Tape, Tape), caller: Meddling, called: Meddling) {
    for stream in [&near, &far] {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("an option");
    }
    let copies = (near.try_clone(), far.try_clone());
    let (near_too, far_too) = (copies.0.expect("a copy"), copies.1.expect("a copy"));
    let back = thread::spawn(move || Way::new(far_too, near_too, called).run(&tapes.1));
    Way::new(near, far, caller).run(&tapes.0);
    back.join().expect("the way back");
}

/// One direction.
struct Way {
    from: TcpStream,
    to: TcpStream,
    meddling: Meddling,
    /// How many bytes came in.
    offset: usize,
    /// Whether what comes in is still passed on.
    open: bool,
}

impl Way {
    fn new(from: TcpStream, to: TcpStream, meddling: Meddling) -> Self {
        Self {
            from,
            to,
            meddling,
            offset: 0,
            open: true,
        }
    }

    fn run(mut self, tape: &Tape) {
        let mut buffer = vec![0; 64 * 1024];
        self.meddle_at_start();
        loop {
            match self.from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    lock(tape).extend_from_slice(&buffer[..count]);
                    self.forward(&buffer[..count]);
                    self.offset += count;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    // One that hangs is the test's fault; one that is reset is so for both ends.
                    let hangs = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                    assert!(!hangs, "nothing came, nor an end");
                    if self.open {
                        self.reset();
                    }
                    break;
                }
            }
        }
        // Whoever stalls does not say that the other side has gone.
        if self.open {
            self.end(Shutdown::Write);
        }
    }

    /// What is to happen at offset 0 happens before anything comes.
    fn meddle_at_start(&mut self) {
        match &self.meddling {
            Meddling::Cut(0) => self.cut(),
            Meddling::Reset(0) => self.reset(),
            Meddling::Inject(0, bytes) => {
                let bytes = bytes.clone();
                self.meddling = Meddling::Nothing;
                self.write(&bytes);
            }
            _ => {}
        }
    }

    fn forward(&mut self, bytes: &[u8]) {
        let place = |at: usize| at.checked_sub(self.offset).filter(|it| *it <= bytes.len());
        match self.meddling.clone() {
            Meddling::Nothing => self.write(bytes),
            Meddling::OneByte => bytes.chunks(1).for_each(|byte| self.write(byte)),
            Meddling::Stall(at) => match place(at) {
                Some(at) => {
                    self.write(&bytes[..at]);
                    self.open = false;
                }
                None => self.write(bytes),
            },
            Meddling::Cut(at) => match place(at) {
                Some(at) => {
                    self.write(&bytes[..at]);
                    self.cut();
                }
                None => self.write(bytes),
            },
            Meddling::Reset(at) => match place(at) {
                Some(at) => {
                    self.write(&bytes[..at]);
                    self.reset();
                }
                None => self.write(bytes),
            },
            Meddling::Inject(at, own) => match place(at) {
                Some(at) => {
                    self.meddling = Meddling::Nothing;
                    self.write(&bytes[..at]);
                    self.write(&own);
                    self.write(&bytes[at..]);
                }
                None => self.write(bytes),
            },
            Meddling::Flip(at) => match place(at).filter(|it| *it < bytes.len()) {
                Some(at) => {
                    let mut bytes = bytes.to_vec();
                    bytes[at] ^= 0x55;
                    self.write(&bytes);
                }
                None => self.write(bytes),
            },
        }
    }

    /// Passes on; when the receiver is gone, the rest is only recorded.
    fn write(&mut self, bytes: &[u8]) {
        if self.open && self.to.write_all(bytes).is_err() {
            self.open = false;
        }
    }

    fn end(&self, half: Shutdown) {
        // It may have ended by itself.
        let _gone = self.to.shutdown(half);
    }

    fn cut(&mut self) {
        self.open = false;
        self.end(Shutdown::Write);
        let _gone = self.from.shutdown(Shutdown::Write);
    }

    fn reset(&mut self) {
        self.open = false;
        // Closing waits for no time, so it drops what is left and says so; it happens when the
        // other direction, woken by the end of its reading, has given its copy away too.
        let socket = socket2::SockRef::from(&self.to);
        let _set = socket.set_linger(Some(Duration::ZERO));
        self.end(Shutdown::Read);
        let _gone = self.from.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Peer;
    use crate::tls::Scripted;

    fn echo() -> Scripted<()> {
        Scripted::once(|mut peer| {
            let all = peer.receive_rest();
            // The other side may be cut off already.
            let _sent = std::io::Write::write_all(&mut peer, &all);
        })
    }

    fn through(caller: Meddling, called: Meddling) -> (Vec<u8>, Recording) {
        let server = echo();
        let proxy = Proxy::meddling(server.port(), caller, called);
        let mut peer = Peer::tcp_port(proxy.port());
        peer.send("0123456789");
        peer.finish();
        let back = peer.receive_rest();
        drop(peer);
        server.join();
        (back, proxy.finish())
    }

    #[test]
    fn everything_passes_and_is_kept() {
        for meddling in [Meddling::Nothing, Meddling::OneByte] {
            let (back, recording) = through(meddling.clone(), meddling);
            assert_eq!(back, b"0123456789");
            assert_eq!(recording.caller, b"0123456789");
            assert_eq!(recording.called, b"0123456789");
            assert!(recording.shows(b"345"));
        }
    }

    #[test]
    fn what_passes_can_be_harmed() {
        let harmed = |called| through(Meddling::Nothing, called).0;
        assert_eq!(harmed(Meddling::Cut(4)), b"0123");
        assert_eq!(harmed(Meddling::Flip(2)), b"01g3456789");
        assert_eq!(harmed(Meddling::Inject(2, b"--".to_vec())), b"01--23456789");
        assert_eq!(harmed(Meddling::Inject(0, b"--".to_vec())), b"--0123456789");
    }
}
