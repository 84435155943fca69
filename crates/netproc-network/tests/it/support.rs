//! What the tests share: bounded waits, peers of the standard library, wakers that count.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use netproc_network::{Network, Process};

/// How long anything may take before a test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Serves the network on this thread until the condition holds.
pub(crate) fn drive_until(network: &Network, what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        network
            .accept_output(None, Duration::from_millis(5))
            .expect("no callback is running");
    }
}

/// Looks until the condition holds; others do the work.
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        thread::yield_now();
    }
}

/// Runs `work` on a thread of its own and fails instead of hanging.
pub(crate) fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, outcome) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    outcome
        .recv_timeout(PATIENCE)
        .expect("the work ended in time")
}

/// Connects a plain socket to a server of the network.
pub(crate) fn connect_to(server: &Process) -> TcpStream {
    let port = server.port().expect("a port");
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a connection");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a read timeout");
    stream
}

/// Makes a plain listener, and returns its port.
pub(crate) fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

/// Writes so many bytes and then ends its side.
pub(crate) fn write_then_end(mut stream: &TcpStream, count: usize) {
    let piece = [b'x'; 16 * 1024];
    let mut left = count;
    while left > 0 {
        let now = left.min(piece.len());
        stream.write_all(&piece[..now]).expect("a peer that reads");
        left -= now;
    }
    stream
        .shutdown(std::net::Shutdown::Write)
        .expect("a half-close");
}

/// Reads to the end and returns how many bytes came.
pub(crate) fn count_to_end(mut stream: &TcpStream) -> usize {
    let mut piece = vec![0; 64 * 1024];
    let mut count = 0;
    loop {
        match stream.read(&mut piece).expect("a peer that writes") {
            0 => return count,
            more => count += more,
        }
    }
}

/// What callbacks were told, in order.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().expect("no panic").push(what.into());
    }

    pub(crate) fn entries(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }

    pub(crate) fn has(&self, what: &str) -> bool {
        self.entries().iter().any(|entry| entry == what)
    }
}

/// A waker that counts.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn waker() -> (Arc<Count>, Waker) {
        let count = Arc::<Count>::default();
        let waker = Waker::from(Arc::clone(&count));
        (count, waker)
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
