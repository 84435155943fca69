//! The command `netproc`: any network process from a shell.

#![forbid(unsafe_code)]

mod cert;
mod chat;
mod check;
mod client;
mod command;
mod complaint;
mod events;
mod failure;
mod flags;
mod forward;
mod functions;
mod help;
mod outbox;
mod peer;
mod plan;
mod relay;
mod server;
mod signals;
mod snippet;
mod socket_file;
mod tables;
mod tls;
mod words;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::thread;

use crate::command::{Command, Run};
use crate::complaint::Complaint;
use crate::events::{Event, Reporter, Style};
use crate::failure::{REFUSED, SUCCESS, WRONG_ARGUMENTS};
use crate::snippet::Source;

fn main() {
    let status = match command::parse(std::env::args_os().skip(1)) {
        Err(complaint) => refuse(&complaint),
        Ok(Command::Help) => print(help::HELP),
        Ok(Command::Version) => print(concat!("netproc ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Command::Keywords { json, name }) => match tables::keywords(json, name.as_deref()) {
            Ok(page) => print(&page),
            Err(complaint) => refuse(&complaint),
        },
        Ok(Command::Interfaces { json }) => match tables::all_interfaces(json) {
            Ok(page) => print(&page),
            Err(error) => {
                say(&format!("netproc: interfaces: {error}"));
                REFUSED
            }
        },
        Ok(Command::Cert(order)) => match cert::run(&order) {
            Ok(page) => print(&page),
            Err(failure) => {
                say(&format!("netproc: cert: {failure}"));
                REFUSED
            }
        },
        Ok(Command::Peer(visit)) => look(&visit),
        Ok(Command::Check { file }) => check(&file),
        Ok(Command::Run(options)) => run(&options),
    };
    // Threads may still wait for standard input or output; they end here.
    std::process::exit(status.into())
}

/// Makes a network process and serves it.
fn run(options: &Run) -> u8 {
    let plan = match plan::make(&options.words, &options.tls, io::stderr().is_terminal()) {
        Ok(plan) => plan,
        Err(refusal) => {
            say(&refusal.0);
            return WRONG_ARGUMENTS;
        }
    };
    let is_server = plan.spec.role.is_server();
    let reporter = Reporter::new(match (options.quiet, options.json) {
        (true, _) => Style::Quiet,
        (false, false) => Style::Text,
        (false, true) if is_server && !plan.filter.uses_standard_output() => Style::JsonOnOutput,
        (false, true) => Style::JsonOnError,
    });
    let name = plan.spec.name.clone();
    for warning in &plan.warnings {
        let hint = warning.hint.iter().map(|hint| format!("; {hint}"));
        let message: String = std::iter::once(warning.message.clone())
            .chain(hint)
            .collect();
        let _closed = reporter.report(Event {
            kind: "warning",
            process: Some(&name),
            message: &message,
            ..Event::default()
        });
    }
    // Without more descriptors there are fewer connections, which is no reason not to begin.
    let _limit = netproc::socket::raise_descriptor_limit();
    let outcome = if is_server {
        let available = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = options.threads.map_or_else(available, NonZeroUsize::get);
        server::run(plan, reporter, threads)
    } else {
        client::run(plan, reporter)
    };
    let Err(failure) = outcome else {
        return SUCCESS;
    };
    let message = failure.to_string();
    if reporter.is_json() {
        let _closed = reporter.report(Event {
            kind: "failed",
            process: Some(&name),
            message: &message,
            ..Event::default()
        });
    }
    if !reporter.is_json_on_error() {
        say(&format!("netproc: {name}: {message}"));
    }
    failure.status()
}

/// Shows what a server presents.
fn look(visit: &peer::Visit) -> u8 {
    let failure = match peer::run(visit) {
        Ok((page, status)) => return print(&page).max(status),
        Err(failure) => failure,
    };
    if let peer::Failure::Arguments(complaint) = &failure {
        return refuse(complaint);
    }
    say(&format!("netproc: peer: {failure}"));
    REFUSED
}

/// Checks a file of keyword lists.
fn check(file: &OsStr) -> u8 {
    let name = if file == "-" {
        "standard input".to_owned()
    } else {
        file.to_string_lossy().into_owned()
    };
    let text = match check::read(file) {
        Ok(text) => text,
        Err(error) => {
            let reason = netproc::socket::bare_text(&error);
            return refuse(&Complaint::error(format!("check {name}: {reason}")));
        }
    };
    let findings = check::check(Source {
        name: &name,
        text: &text,
        coloured: io::stdout().is_terminal(),
    });
    let mut page = String::new();
    for shown in &findings.shown {
        page.push_str(shown);
        page.push_str("\n\n");
    }
    let count = |count: usize, noun: &str| {
        let ending = if count == 1 { "" } else { "s" };
        format!("{count} {noun}{ending}")
    };
    let _never_fails = writeln!(
        page,
        "{name}: {}, {}, {}",
        count(findings.lists, "list"),
        count(findings.errors, "error"),
        count(findings.shown.len() - findings.errors, "warning"),
    );
    match (print(&page), findings.errors) {
        (SUCCESS, 0) => SUCCESS,
        (SUCCESS, _) => WRONG_ARGUMENTS,
        (failed, _) => failed,
    }
}

/// Says what is wrong with the arguments.
fn refuse(complaint: &Complaint) -> u8 {
    say(&format!("netproc: {complaint}"));
    WRONG_ARGUMENTS
}

/// Writes lines to standard error; nobody can be told when that is closed.
fn say(lines: &str) {
    let _nobody_to_tell = writeln!(io::stderr(), "{lines}");
}

/// Writes a page to standard output, which may be closed before its end.
fn print(page: &str) -> u8 {
    let mut output = io::stdout().lock();
    match output
        .write_all(page.as_bytes())
        .and_then(|()| output.flush())
    {
        Ok(()) => SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => SUCCESS,
        Err(error) => {
            say(&format!("netproc: writing standard output: {error}"));
            REFUSED
        }
    }
}
