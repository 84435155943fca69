//! One end of TLS sessions, joined to standard input and output; says on standard error what happens.
//!
//! ```console
//! $ cargo run -p netproc --example tls_join -- server '(gnutls-x509pki :keylist (("key" "cert")))'
//! port 40123
//! $ cargo run -p netproc --example tls_join -- client 40123 '(gnutls-x509pki :trustfiles ("cert"))'
//! open TLS1.3, exchange nil, resumed nil, protocol nil, peer CN=localhost
//! ```
//!
//! The end of standard input is the end of our side; the other side may go on. A client can be told
//! to begin reading only then (`late`), or to begin a second session when something has come in the
//! first (`twice`), which resumes the first if the server lets it. With `--features anonymous` the
//! lists may be `(gnutls-anon)`, without certificates.

mod client;
mod server;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use netproc::lisp::read;
use netproc::prelude::*;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["client", port, list, modes @ ..] => run_client(port, list, modes),
        ["server", list] => read(list)
            .map_err(Into::into)
            .and_then(|list| server::run(&list)),
        _ => Err("the arguments are client PORT LIST [late] [twice], or server LIST".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run_client(port: &str, list: &str, modes: &[&str]) -> Result<(), Box<dyn Error>> {
    client::Client {
        port: port.parse()?,
        parameters: read(list)?,
        late: modes.contains(&"late"),
        twice: modes.contains(&"twice"),
    }
    .run()
}

/// Says one line, whole, even when several threads have something to say.
fn say(line: &str) {
    // Nobody to tell when standard error is closed.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Says what was agreed on with the other end, and who that is.
fn say_open(process: &Process) {
    let Some(status) = process.peer_status() else {
        return say("open in clear");
    };
    let version = status.protocol.map(|it| it.to_string());
    let protocol = status.application_protocol.as_deref();
    let exchange = status.key_exchange.map(|it| it.to_string());
    let peer = status.certificates.first().map(|it| it.subject.as_str());
    say(&format!(
        "open {}, exchange {}, resumed {}, protocol {}, peer {}",
        version.as_deref().unwrap_or("unknown"),
        exchange.as_deref().unwrap_or("nil"),
        if status.is_resumed() { "t" } else { "nil" },
        protocol.map_or("nil".into(), String::from_utf8_lossy),
        peer.unwrap_or("nil"),
    ));
}

/// Writes to standard output what has come.
fn show(bytes: &[u8]) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(bytes)?;
    output.flush()
}
