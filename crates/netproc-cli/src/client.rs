//! A client: standard input to the wire, the wire to standard output.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use netproc::address::Kind;
use netproc::coding::{CodingSystem, Decoder};
use netproc::keywords::Role;
use netproc::network::{Error, FaultKind};
use netproc::prelude::{Filter, Network, Process, Sentinel, Text};
use netproc::tls::{self, PeerStatus};

use crate::events::{Event, Reporter};
use crate::failure::Failure;
use crate::functions::{EventFunction, FilterFunction};
use crate::outbox::Outbox;
use crate::plan::Plan;
use crate::tls::with_flags;

/// How long a datagram client waits for another answer after the end of input.
const GRACE: Duration = Duration::from_millis(500);

/// How much is read from standard input at once to be sent as a stream.
const STREAM_READ: usize = 64 * 1024;

/// How much is read from standard input at once to be sent as one message.
const MESSAGE_READ: usize = 8 * 1024;

/// Why a client is over.
enum End {
    /// The process is closed, or a datagram client has waited long enough.
    Closed,
    /// The session failed after it had begun.
    Failed(String),
    /// Nobody reads standard output any more.
    OutputClosed,
    /// Standard output cannot be written.
    OutputFailed(io::Error),
    /// Standard input cannot be read.
    InputFailed(io::Error),
    /// A message cannot be sent.
    SendFailed(Error),
}

/// Makes the client and serves it until it is over.
///
/// # Errors
///
/// Why it could not be made, or did not do what was asked.
pub(crate) fn run(plan: Plan, reporter: Reporter) -> Result<(), Failure> {
    let losses = Arc::new(Losses::default());
    let network = network(reporter, &losses);
    let outbox = Arc::new(Outbox::default());
    // Room for the end that counts and those that follow from it.
    let (ends, ended) = async_channel::bounded(8);
    let mut spec = plan.spec;
    // There is nothing else to do meanwhile, and a refusal is told with all its addresses.
    spec.role = Role::Client { nowait: false };
    if let Some(filter) = filter(plan.filter, &outbox) {
        spec.filter = filter.into();
    }
    let show = plan.sentinel == EventFunction::Print;
    let over = ends.clone();
    spec.sentinel = Sentinel::new(move |process, message| {
        if let Some(reason) = message.strip_prefix("failed: ") {
            // This is how the command ends, and told then.
            let _over_already = over.try_send(End::Failed(reason.trim_end().to_owned()));
            return;
        }
        // A client in TLS hears of its opening, which is told with the addresses below.
        if show && message != "open\n" {
            // Events of clients go to standard error, which may be closed.
            let _nobody_to_tell = reporter.report_message(process, message);
        }
        if !process.is_live() {
            let _over_already = over.try_send(End::Closed);
        }
    })
    .into();
    let is_text = !plan.is_binary
        && spec
            .coding
            .as_ref()
            .is_some_and(|pair| is_text(pair.encode));
    let process = network.open(spec)?;
    if show {
        report_open(reporter, &process);
    }
    report_problems(reporter, &process);
    let output = duplicate(io::stdout().as_fd(), "standard output")?;
    let writer = start_writer(&outbox, output, ends.clone())?;
    let input = duplicate(io::stdin().as_fd(), "standard input")?;
    start_reader(process.clone(), input, is_text, ends)?;
    // An end always comes: the sentinel holds a sender as long as the process lives.
    let end = async_io::block_on(network.run(ended.recv())).unwrap_or(End::Closed);
    match end {
        End::Closed => {
            outbox.close();
            let written = writer
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("the thread that writes it ended early")));
            if let Err(error) = written
                && error.kind() != io::ErrorKind::BrokenPipe
            {
                return Err(Failure::System("writing standard output", error));
            }
            losses.outcome()
        }
        End::Failed(reason) => {
            outbox.close();
            // What came before is good, and that it was not all is told beside it.
            let _told_less = writer.join();
            Err(Failure::Session(reason))
        }
        End::OutputClosed => Ok(()),
        End::OutputFailed(error) => Err(Failure::System("writing standard output", error)),
        End::InputFailed(error) => Err(Failure::System("reading standard input", error)),
        End::SendFailed(error) => Err(Failure::Network(error)),
    }
}

/// What did not reach one side or the other.
#[derive(Default)]
struct Losses {
    /// How many bytes were not sent.
    unsent: AtomicUsize,
    /// How the session of TLS ended before its end.
    cut: OnceLock<tls::Error>,
}

impl Losses {
    fn outcome(&self) -> Result<(), Failure> {
        match (self.cut.get(), self.unsent.load(Ordering::Relaxed)) {
            (Some(cut), _) => Err(Failure::Session(cut.to_string())),
            (None, 0) => Ok(()),
            (None, count) => Err(Failure::Unsent(count)),
        }
    }
}

/// Makes the network, which notes what did not reach its destination.
fn network(reporter: Reporter, losses: &Arc<Losses>) -> Network {
    let losses = Arc::clone(losses);
    Network::builder()
        .on_fault(move |fault| match &fault.kind {
            FaultKind::LostBytes(count) => {
                losses.unsent.fetch_add(*count, Ordering::Relaxed);
            }
            FaultKind::Tls(error) => {
                let _first_counts = losses.cut.set(error.clone());
            }
            _ => {
                let _nobody_to_tell = reporter.report(Event {
                    kind: "warning",
                    process: Some(fault.process.name()),
                    message: &fault.to_string(),
                    ..Event::default()
                });
            }
        })
        .build()
}

/// Makes the filter; none where the process is not to read.
fn filter(function: FilterFunction, outbox: &Arc<Outbox>) -> Option<Filter> {
    match function {
        FilterFunction::Off => None,
        FilterFunction::Echo => Some(Filter::new(|process: &Process, text: &Text| {
            process.send_message(text)
        })),
        FilterFunction::Discard => Some(Filter::new(|_: &Process, _: &Text| ())),
        _ => {
            let outbox = Arc::clone(outbox);
            Some(Filter::new(move |process: &Process, text: &Text| {
                outbox.push(process, &text.as_bytes());
            }))
        }
    }
}

fn report_open(reporter: Reporter, process: &Process) {
    let (local, remote) = (process.local_address(), process.remote_address());
    let place = remote
        .as_ref()
        .map_or_else(String::new, |remote| format!(" to {remote}"));
    let place = match process.peer_status().as_ref().and_then(session) {
        Some(session) => format!("{place} with {session}"),
        None => place,
    };
    let _nobody_to_tell = reporter.report(Event {
        kind: "open",
        process: Some(process.name()),
        local: local.as_ref(),
        remote: remote.as_ref(),
        message: &format!("open{place}"),
    });
}

/// Tells what is wrong with a certificate that was taken all the same.
fn report_problems(reporter: Reporter, process: &Process) {
    let status = process.peer_status();
    for problem in status.iter().flat_map(|status| &status.problems) {
        let message = format!("the server's certificate is not verified: {problem}");
        let _nobody_to_tell = reporter.report(Event {
            kind: "warning",
            process: Some(process.name()),
            message: &with_flags(&message),
            ..Event::default()
        });
    }
}

/// Names the version and the cipher of a session.
fn session(status: &PeerStatus) -> Option<String> {
    Some(format!("{} {}", status.protocol?, status.cipher?))
}

/// Tells whether what is sent is text in UTF-8 that is to be encoded.
fn is_text(encode: Option<CodingSystem>) -> bool {
    // Undecided means that the text decides, so there must be text.
    encode.is_none_or(|system| system.is_undecided() || system.is_multibyte())
}

/// Makes a file of a standard stream, for reads and writes without a buffer between.
fn duplicate(stream: BorrowedFd<'_>, what: &'static str) -> Result<File, Failure> {
    stream
        .try_clone_to_owned()
        .map(File::from)
        .map_err(|error| Failure::System(what, error))
}

fn start_writer(
    outbox: &Arc<Outbox>,
    mut output: File,
    ends: async_channel::Sender<End>,
) -> Result<thread::JoinHandle<io::Result<()>>, Failure> {
    let outbox = Arc::clone(outbox);
    let write = move || {
        let outcome = outbox.write_to(&mut output);
        if let Err(error) = &outcome {
            let end = match error.kind() {
                io::ErrorKind::BrokenPipe => End::OutputClosed,
                kind => End::OutputFailed(io::Error::new(kind, error.to_string())),
            };
            let _over_already = ends.try_send(end);
        }
        outcome
    };
    thread::Builder::new()
        .name("output".to_owned())
        .spawn(write)
        .map_err(|error| Failure::System("starting a thread", error))
}

/// Starts to send what comes from standard input; the thread ends with the program.
fn start_reader(
    process: Process,
    mut input: File,
    is_text: bool,
    ends: async_channel::Sender<End>,
) -> Result<(), Failure> {
    let read = move || {
        if let Some(end) = send_input(&process, &mut input, is_text) {
            let _over_already = ends.try_send(end);
        }
    };
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(read)
        .map(drop)
        .map_err(|error| Failure::System("starting a thread", error))
}

/// Sends everything that comes, then says that nothing more will.
///
/// Returns the end of the client if that follows; the end of a connection is told by its sentinel.
fn send_input(process: &Process, input: &mut File, is_text: bool) -> Option<End> {
    let is_stream = process.kind() == Kind::Stream;
    let mut buffer = vec![0; if is_stream { STREAM_READ } else { MESSAGE_READ }];
    let mut decoder = is_text.then(|| Decoder::new(CodingSystem::UTF_8_UNIX));
    let mut text = Text::new();
    loop {
        let piece = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => &buffer[..count],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Some(End::InputFailed(error)),
        };
        let sent = match &mut decoder {
            None => process.send(piece),
            Some(decoder) => {
                text.clear();
                if is_stream {
                    decoder.decode(piece, &mut text);
                } else {
                    decoder.decode_message(piece, &mut text);
                }
                process.send(&text)
            }
        };
        match sent {
            // No more is read from the input before this is on its way.
            Ok(()) => {
                let _told_to_the_sentinel = async_io::block_on(process.flush_async());
            }
            Err(error @ Error::SendRefused { .. }) if !is_stream && process.is_live() => {
                return Some(End::SendFailed(error));
            }
            // The connection is over, which its sentinel is told with what was lost.
            Err(_) => return None,
        }
    }
    if let Some(decoder) = decoder.filter(Decoder::is_holding).as_mut() {
        text.clear();
        decoder.finish(&mut text);
        let _told_to_the_sentinel = process.send(&text);
    }
    if process.kind() == Kind::Datagram {
        wait_for_answers(process);
        return Some(End::Closed);
    }
    let _told_to_the_sentinel = process.send_eof();
    None
}

/// Waits until no answer has come for a while.
fn wait_for_answers(process: &Process) {
    let _ended = async_io::block_on(process.flush_async());
    let mut heard = process.bytes_received();
    loop {
        thread::sleep(GRACE);
        let now = process.bytes_received();
        if now == heard {
            return;
        }
        heard = now;
    }
}
