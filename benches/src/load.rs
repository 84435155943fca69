//! What clients do to a server that is measured: the same for each of them.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

mod arrivals;
mod closed_loop;
mod connects;
mod exchange;
mod flood;
mod idle;
mod insertion;
mod latency;
mod one_way;
mod start;
mod tls;

pub use arrivals::Arrivals;
pub use closed_loop::ClosedLoop;
pub use connects::Connects;
pub use exchange::Exchange;
pub use flood::Flood;
pub use idle::Idle;
pub use insertion::Insertion;
pub use latency::Latency;
pub use one_way::OneWay;
pub use start::Start;
pub use tls::Handshakes;

/// How long one answer may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a turn is, and how large what has a size of its own.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by whoever measures")]
pub struct Effort {
    /// How long work without an end goes on.
    pub turn: Duration,
    /// Whether work with an end is done in full; otherwise a small part of it.
    pub whole: bool,
}

/// What was done in one turn.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by every load")]
pub struct Done {
    /// How often, or how many bytes.
    pub work: f64,
    /// In what time.
    pub wall: Duration,
    /// How long each answer took, where that is watched.
    pub latency: Option<Latency>,
    /// The processor time that it took whoever is measured.
    pub processor: Option<Duration>,
    /// The resident memory of whoever is measured, in bytes: after it, or what it added where the
    /// work is to add.
    pub resident: Option<u64>,
}

impl Done {
    /// So much, in so long.
    #[must_use]
    pub fn new(work: f64, wall: Duration) -> Self {
        Done {
            work,
            wall,
            latency: None,
            processor: None,
            resident: None,
        }
    }

    /// Repeats something until the turn is over; it returns how much it did.
    pub(crate) fn repeat(
        turn: Duration,
        mut once: impl FnMut() -> io::Result<f64>,
    ) -> io::Result<Self> {
        let begun = Instant::now();
        let mut work = 0.0;
        loop {
            work += once()?;
            let wall = begun.elapsed();
            if wall >= turn {
                return Ok(Done::new(work, wall));
            }
        }
    }
}

/// Something that is done again and again, and timed.
pub trait Load {
    /// Goes on for a turn.
    ///
    /// # Errors
    ///
    /// When the server does not do its part.
    fn run(&mut self, effort: Effort) -> io::Result<Done>;
}

/// Returns a message of that length: lines of text.
fn message(bytes: usize) -> Vec<u8> {
    const LINE: &[u8] = b"sixty-four bytes of plain text make one message of the echo....\n";
    LINE.iter().copied().cycle().take(bytes).collect()
}

/// Connects with a limit on how long an answer may take.
fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
