//! Work that is done in a process of its own whenever it is told to: what needs no load from
//! outside.

use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::server::Failure;
use crate::subject::Subject;

mod connect;
mod decode;
mod dialogue;
mod insert;
mod lists;
mod machine;
mod many;
mod memory_echo;
mod records;

pub use decode::Material;

/// What a worker does when it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every worker says for each whether it can do it"
)]
pub enum Job {
    /// Connects to a port and closes; counted in connections.
    Connect,
    /// Makes processes in a network in memory and deletes them, one at a time.
    MakeAndDelete,
    /// The same, and nobody ever waits for anything.
    NeverWait,
    /// Makes so many processes, finds each by its name, walks the table, deletes them all; counted
    /// in processes.
    Many(usize),
    /// Decodes text into what a filter is called with; counted in bytes.
    Decode(Material),
    /// Makes a spec of a keyword list of ten keywords that is Lisp data.
    ListToSpec,
    /// The same from text.
    TextToSpec,
    /// Makes an address of Lisp data, and socket-address bytes of that.
    AddressFromLisp,
    /// Makes an address of socket-address bytes, and Lisp data of that.
    AddressToLisp,
    /// Reads a keyword list as Lisp, which is most of making a spec of text.
    ReadLisp,
    /// Prints one.
    PrintLisp,
    /// An echo between two processes in memory.
    Echo,
    /// An echo through the machine of a process.
    MachineEcho,
    /// The life of a connection, through its machine.
    MachineLife,
    /// A name in the table of processes.
    Registry,
    /// What an IMAP client says until it is encrypted.
    Starttls,
    /// An echo between two TLS sessions in memory.
    RecordEcho,
    /// A TLS handshake in memory.
    Handshake,
    /// Connects to a port and has the default filter insert what comes; it is not told when, for
    /// whoever accepts the connection is the clock.
    Insert,
}

impl Job {
    /// Returns every job but those whose number is free.
    fn all() -> impl Iterator<Item = Job> {
        [
            Job::Connect,
            Job::MakeAndDelete,
            Job::NeverWait,
            Job::ListToSpec,
            Job::TextToSpec,
            Job::AddressFromLisp,
            Job::AddressToLisp,
            Job::ReadLisp,
            Job::PrintLisp,
            Job::Echo,
            Job::MachineEcho,
            Job::MachineLife,
            Job::Registry,
            Job::Starttls,
            Job::RecordEcho,
            Job::Handshake,
            Job::Insert,
        ]
        .into_iter()
        .chain(Material::ALL.map(Job::Decode))
    }

    /// Returns the word for it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Job::Connect => "connect".into(),
            Job::MakeAndDelete => "make-and-delete".into(),
            Job::NeverWait => "never-wait".into(),
            Job::Many(count) => format!("many-{count}"),
            Job::Decode(material) => format!("decode-{}", material.name()),
            Job::ListToSpec => "list-to-spec".into(),
            Job::TextToSpec => "text-to-spec".into(),
            Job::AddressFromLisp => "address-from-lisp".into(),
            Job::AddressToLisp => "address-to-lisp".into(),
            Job::ReadLisp => "read-lisp".into(),
            Job::PrintLisp => "print-lisp".into(),
            Job::Echo => "echo-in-memory".into(),
            Job::MachineEcho => "machine-echo".into(),
            Job::MachineLife => "machine-life".into(),
            Job::Registry => "registry".into(),
            Job::Starttls => "starttls".into(),
            Job::RecordEcho => "tls-records".into(),
            Job::Handshake => "tls-handshake".into(),
            Job::Insert => "insert".into(),
        }
    }

    /// Returns the job of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if let Some(count) = name.strip_prefix("many-") {
            return count.parse().ok().map(Job::Many);
        }
        Job::all().find(|job| job.name() == name)
    }
}

/// One message of an echo.
const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo....\n";

/// Does a part of a job and returns how much it was.
pub type Step = Box<dyn FnMut() -> Result<f64, Failure>>;

impl Job {
    /// Prepares it on the way of a subject; the port is where it connects to, if it does.
    ///
    /// # Errors
    ///
    /// When the subject does not do such work.
    pub fn prepare(self, subject: Subject, port: u16) -> Result<Step, Failure> {
        Ok(match self {
            Job::Connect => connect::connect(subject, port)?,
            Job::MakeAndDelete => many::make_and_delete(true)?,
            Job::NeverWait => many::make_and_delete(false)?,
            Job::Many(count) => many::many(count)?,
            Job::Decode(material) => decode::decode(material, subject)?,
            Job::ListToSpec => lists::list_to_spec()?,
            Job::TextToSpec => lists::text_to_spec(),
            Job::AddressFromLisp => lists::address_from_lisp()?,
            Job::AddressToLisp => lists::address_to_lisp()?,
            Job::ReadLisp => lists::read_lisp(),
            Job::PrintLisp => lists::print_lisp()?,
            Job::Echo => memory_echo::echo()?,
            Job::MachineEcho => machine::echo()?,
            Job::MachineLife => machine::life()?,
            Job::Registry => machine::registry(),
            Job::Starttls => dialogue::starttls()?,
            Job::RecordEcho => records::echo()?,
            Job::Handshake => records::handshake()?,
            Job::Insert => return Err("it is its own clock".into()),
        })
    }
}

/// Works until standard input ends: a line there says for how many nanoseconds, and the answer how
/// much was done in how many.
///
/// The answer is in processor time: who never waits takes that long where nobody else wants the
/// processor.
///
/// # Errors
///
/// When the subject does not do such work, or the work fails.
pub(crate) fn work(job: Job, subject: Subject, port: u16) -> Result<(), Failure> {
    if job == Job::Insert {
        return insert::insert(port);
    }
    let mut step = job.prepare(subject, port)?;
    println!("ready");
    for order in io::stdin().lock().lines() {
        let turn = Duration::from_nanos(order?.parse()?);
        let (begun, before) = (Instant::now(), processor_time());
        let mut done = 0.0;
        while done == 0.0 || begun.elapsed() < turn {
            done += step()?;
        }
        let taken = processor_time().saturating_sub(before);
        println!("{done} {}", taken.as_nanos());
    }
    Ok(())
}

/// Returns the processor time that this process has taken.
fn processor_time() -> Duration {
    let told = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(told).unwrap_or_default()
}

/// Returns a step that does something small so often that looking at the clock costs nothing.
fn often<T>(mut once: impl FnMut() -> T + 'static) -> Step {
    const OFTEN: u32 = 1000;
    Box::new(move || {
        for _ in 0..OFTEN {
            std::hint::black_box(once());
        }
        Ok(f64::from(OFTEN))
    })
}
