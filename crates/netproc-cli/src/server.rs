//! A server: made, announced, served by threads until a signal ends it.

use std::future;
use std::io::{self, Write};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use netproc::prelude::{Filter, Log, Network, Process, Sentinel, Text};

use crate::chat::Chat;
use crate::events::{Event, Reporter};
use crate::failure::Failure;
use crate::forward::Forwarder;
use crate::functions::{EventFunction, FilterFunction};
use crate::plan::Plan;
use crate::signals::{Signals, end_server};
use crate::snippet::printable;
use crate::socket_file::SocketFile;
use crate::tls::with_server_flags;

/// How long the end of the connections may take before the program ends all the same.
const LAST_MOMENTS: Duration = Duration::from_secs(1);

/// Makes the server and serves it until a signal ends it.
///
/// # Errors
///
/// Why it could not be made.
pub(crate) fn run(plan: Plan, reporter: Reporter, threads: usize) -> Result<(), Failure> {
    let no_signals = |error: nix::Error| Failure::System("waiting for signals", error.into());
    let signals = Signals::block(plan.spec.tls.is_true()).map_err(no_signals)?;
    let network = network(reporter);
    let chat = (plan.filter == FilterFunction::Chat).then(Arc::<Chat>::default);
    let forwarder = plan
        .forward
        .map(|spec| Arc::new(Forwarder::new(&network, *spec, reporter)));
    let mut spec = plan.spec;
    if let Some(filter) = filter(plan.filter, chat.as_ref()) {
        spec.filter = filter.into();
    }
    let show_status = plan.sentinel == EventFunction::Print;
    spec.sentinel = Sentinel::new(move |process, message| {
        // First, so that whoever reads of a connection can count on its being heard.
        if let Some(chat) = &chat
            && !process.is_server()
        {
            chat.note(process);
        }
        if show_status {
            show(reporter, process, message);
        }
    })
    .into();
    let show_accepts = plan.log == EventFunction::Print;
    let joiner = forwarder.clone();
    spec.log = Log::new(move |server, connection, message| {
        if show_accepts {
            show(reporter, connection.unwrap_or(server), message);
        }
        if let (Some(joiner), Some(connection)) = (&joiner, connection) {
            joiner.join(connection);
        }
    })
    .into();
    let before = SocketFile::stamp_of(&spec.endpoint);
    let server = network.open(spec)?;
    let local = server.local_address();
    // Dropping it removes the file.
    let _socket_file = SocketFile::of(local.as_ref(), before);
    announce(reporter, &server);
    start_threads(&network, forwarder.as_ref(), threads)?;
    signals
        .wait(|| reload(reporter, &server))
        .map_err(no_signals)?;
    end(network);
    Ok(())
}

/// Reads the certificates of a server again.
fn reload(reporter: Reporter, server: &Process) {
    let outcome = server.reload_tls();
    let (kind, message) = match outcome {
        Ok(()) => ("reload", "certificates are read again".to_owned()),
        Err(error) => (
            "warning",
            format!(
                "certificates stay as they were: {}",
                with_server_flags(&error.to_string())
            ),
        ),
    };
    let local = server.local_address();
    end_if_closed(&reporter.report(Event {
        kind,
        process: Some(server.name()),
        local: local.as_ref(),
        remote: None,
        message: &message,
    }));
}

/// Makes the network, whose faults are warnings.
fn network(reporter: Reporter) -> Network {
    Network::builder()
        .on_fault(move |fault| {
            let outcome = reporter.report(Event {
                kind: "warning",
                process: Some(fault.process.name()),
                message: &with_server_flags(&fault.to_string()),
                ..Event::default()
            });
            end_if_closed(&outcome);
        })
        .build()
}

/// Makes the filter; none where connections are not to be read by one.
fn filter(function: FilterFunction, chat: Option<&Arc<Chat>>) -> Option<Filter> {
    match (function, chat) {
        (FilterFunction::Echo, _) => Some(Filter::new(|process: &Process, text: &Text| {
            process.send_message(text)
        })),
        (FilterFunction::Print, _) => Some(Filter::new(|_: &Process, text: &Text| print(text))),
        // A forwarder takes its connections over before anything is read from them.
        (FilterFunction::Discard | FilterFunction::Forward, _) => {
            Some(Filter::new(|_: &Process, _: &Text| ()))
        }
        (FilterFunction::Chat, Some(chat)) => {
            let chat = Arc::clone(chat);
            Some(Filter::new(move |process: &Process, text: &Text| {
                chat.tell(process, text);
            }))
        }
        _ => None,
    }
}

/// Writes what arrived to standard output; while nobody reads there, nothing more is read here.
fn print(text: &Text) {
    let mut output = io::stdout().lock();
    let outcome = output
        .write_all(&text.as_bytes())
        .and_then(|()| output.flush());
    end_if_closed(&outcome);
}

/// Ends the server when nobody can get what it writes.
fn end_if_closed(outcome: &io::Result<()>) {
    if outcome.is_err() {
        end_server();
    }
}

fn show(reporter: Reporter, process: &Process, message: &str) {
    let mut message = with_server_flags(message.trim_end());
    if message.starts_with("open")
        && let Some(client) = client_name(process)
    {
        message = format!("{message} as {client}");
    }
    end_if_closed(&reporter.report_message(process, &message));
}

/// Returns whom the certificate of a client is for, if it showed one.
fn client_name(connection: &Process) -> Option<String> {
    let status = connection.peer_status()?;
    Some(printable(&status.certificates.first()?.subject))
}

/// Tells where the server can be reached.
fn announce(reporter: Reporter, server: &Process) {
    let local = server.local_address();
    let place = local
        .as_ref()
        .map_or_else(String::new, |local| format!(" on {local}"));
    end_if_closed(&reporter.report(Event {
        kind: "listen",
        process: Some(server.name()),
        local: local.as_ref(),
        remote: None,
        message: &format!("listening{place}"),
    }));
}

/// Starts the threads that serve the connections, for the rest of the program.
fn start_threads(
    network: &Network,
    forwarder: Option<&Arc<Forwarder>>,
    threads: usize,
) -> Result<(), Failure> {
    let no_thread = |error| Failure::System("starting a thread", error);
    let Some(forwarder) = forwarder else {
        network.run_background(threads).map_err(no_thread)?.detach();
        return Ok(());
    };
    for number in 0..threads {
        let (network, executor) = (network.clone(), forwarder.executor());
        let serve = move || {
            let tasks = executor.run(future::pending::<()>());
            async_io::block_on(network.run(tasks));
        };
        thread::Builder::new()
            .name(format!("forward-{number}"))
            .spawn(serve)
            .map_err(no_thread)?;
    }
    Ok(())
}

/// Closes the server and its connections, unless somebody who does not read holds that up.
fn end(network: Network) {
    let (done, is_done) = mpsc::channel();
    let close = move || {
        network.delete_all();
        let _nobody_waits = done.send(());
    };
    if thread::Builder::new().spawn(close).is_ok() {
        let _late = is_done.recv_timeout(LAST_MOMENTS);
    }
}
