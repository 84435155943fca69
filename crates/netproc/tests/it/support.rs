//! Making processes of text, and reading what they show.

use std::fmt::Display;
use std::time::Duration;

use netproc::functions::{default_network, make_network_process, process_list, wait_until};
use netproc::{Error, Network, Process, Value, lisp};

/// How long a test waits before it fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// Reads Lisp data.
pub(crate) fn read(text: &str) -> Value {
    lisp::read(text).expect("Lisp data")
}

/// Makes a process of the text of a keyword list.
pub(crate) fn make(list: &str) -> Process {
    make_network_process(&read(list))
        .expect("a process")
        .expect("a list that is not empty")
}

/// Makes a process in a network that no other test drives.
pub(crate) fn make_in(network: &Network, list: &str) -> Process {
    network.open_list(&read(list)).expect("a process")
}

/// Makes a stream server on a free port of 127.0.0.1.
pub(crate) fn server(name: &str) -> Process {
    make(&format!("(:name \"{name}\" :server t :service t)"))
}

/// Makes a client of a server.
pub(crate) fn client(name: &str, server: &Process) -> Process {
    make(&format!("(:name \"{name}\" :service {})", port(server)))
}

/// Returns the port that a process is bound to.
pub(crate) fn port(process: &Process) -> u16 {
    process.port().expect("a port")
}

/// Waits for what other tests may be about to do, since all drive the one network: the end of a
/// process that one thread deletes may be told on another, a moment later.
#[track_caller]
pub(crate) fn wait_for(condition: impl FnMut() -> bool) {
    assert!(wait_until(DEADLINE, condition), "it never came to hold");
}

/// Waits for the connection that a server accepted first.
pub(crate) fn accepted(server: &Process) -> Process {
    let prefix = format!("{} <", server.name());
    let find = || {
        process_list()
            .into_iter()
            .rfind(|process| process.name().starts_with(&prefix))
    };
    assert!(
        wait_until(DEADLINE, || find().is_some()),
        "{server} accepted nothing"
    );
    find().expect("it was there")
}

/// Waits until the buffer of a process holds a text.
pub(crate) fn wait_for_text(process: &Process, text: &str) {
    let buffer = process.buffer().expect("a buffer");
    let arrived = wait_until(DEADLINE, || buffer.text() == text);
    assert!(
        arrived,
        "{process} holds {:?}, expected {text:?}",
        buffer.text()
    );
}

/// Returns the condition of an outcome that is an error.
pub(crate) fn condition<T>(outcome: Result<T, Error>) -> String {
    match outcome {
        Ok(_) => "no error".to_owned(),
        Err(error) => error.condition().to_string(),
    }
}

/// Returns `(error "TEXT")`.
pub(crate) fn plain_error(text: impl Display) -> String {
    format!("(error \"{text}\")")
}

/// Gives the default network a filter of that name that does nothing.
pub(crate) fn define_silent_filter(name: &str) {
    default_network().define_filter(name, |_, _| {});
}
