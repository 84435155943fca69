//! A client with a secret to tell meets a peer that must not hear it.

use std::pin::pin;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures_lite::future::{block_on, poll_once};
use netproc::network::{Error, ExitStatus, Limits, Network, Process, Status};

use super::proxy::{Meddling, Proxy, Recording};
use super::records::Record;
use super::{SECRET, Scripted};
use crate::World;

/// What a client was told whose handshake failed.
#[derive(Debug)]
pub struct Refusal<T> {
    /// In words: the error of an open that waits, or what the sentinel heard.
    pub words: String,
    /// The condition that Emacs would signal; none under `:nowait`.
    pub condition: Option<String>,
    /// What the peer returned.
    pub heard: T,
    /// What passed.
    pub recording: Recording,
}

/// How a client goes about it.
#[derive(Clone, Debug)]
pub struct Attempt {
    tls: String,
    caller: Meddling,
    called: Meddling,
    deadline: Duration,
}

impl Attempt {
    /// A client with these `:tls-parameters`.
    pub fn new(tls: impl Into<String>) -> Self {
        Self {
            tls: tls.into(),
            caller: Meddling::Nothing,
            called: Meddling::Nothing,
            deadline: Limits::default().handshake,
        }
    }

    /// Harms what the client sends.
    pub fn harming_ours(mut self, meddling: Meddling) -> Self {
        self.caller = meddling;
        self
    }

    /// Harms what the peer sends.
    pub fn harming_theirs(mut self, meddling: Meddling) -> Self {
        self.called = meddling;
        self
    }

    /// Gives up after that time.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    fn world(&self) -> World {
        let limits = Limits {
            handshake: self.deadline,
            ..Limits::default()
        };
        World::with(|builder| builder.limits(limits))
    }

    fn proxy<T: Send + 'static>(&self, server: &Scripted<T>) -> Proxy {
        Proxy::meddling(server.port(), self.caller.clone(), self.called.clone())
    }

    fn list(&self, proxy: &Proxy, more: &str) -> String {
        let (port, tls) = (proxy.port(), &self.tls);
        format!(
            r#"(:name "c" :host "localhost" :service {port} :coding binary :filter record
                :sentinel record :tls-parameters {tls} {more})"#
        )
    }

    /// Opens and waits, with the secret sent by another thread as soon as there is a process.
    ///
    /// # Panics
    ///
    /// When it opens, when something is left of it, or when the secret went out.
    #[track_caller]
    pub fn blocking<T: Send + 'static>(&self, server: Scripted<T>) -> Refusal<T> {
        let world = self.world();
        let proxy = self.proxy(&server);
        let (over, meanwhile) = mpsc::channel();
        let sender = thread::spawn({
            let network = world.network.clone();
            move || tell_meanwhile(&network, &meanwhile)
        });
        let list = self.list(&proxy, "");
        let error = world.refuse(&list);
        drop(over);
        let sent = sender.join().expect("a sender that came to its end");
        if let Some(sent) = sent {
            assert!(sent.is_err(), "the secret was taken although {error}");
        }
        let (heard, recording) = (server.join(), proxy.finish());
        let left = world.network.processes();
        assert!(left.is_empty(), "{left:?} is left of {error}");
        assert_eq!(world.transcript.count("filter"), 0);
        assert_silent(&recording);
        Refusal {
            words: error.to_string(),
            condition: Some(error.condition().to_string()),
            heard,
            recording,
        }
    }

    /// Opens with `:nowait` and sends the secret at once.
    ///
    /// # Panics
    ///
    /// When it opens, when the sentinel does not hear of its failure once, or when the secret
    /// went out.
    #[track_caller]
    pub fn nowait<T: Send + 'static>(&self, server: Scripted<T>) -> Refusal<T> {
        let world = self.world();
        let proxy = self.proxy(&server);
        let client = world.open(&self.list(&proxy, ":nowait t"));
        assert_eq!(client.status(), Status::Connect);
        let sent = client.send(SECRET);
        assert!(sent.is_err(), "the secret was taken");
        let lines = world.until_lines(1);
        assert_eq!(client.status(), Status::Failed, "{lines:?}");
        assert!(client.send(SECRET).is_err(), "it was taken later");
        assert!(!client.is_encrypted());
        assert!(client.peer_status().is_none());
        let words = heard_by_sentinel(&lines, &client);
        let (heard, recording) = (server.join(), proxy.finish());
        world.look();
        assert_eq!(world.transcript.lines().len(), 1, "it is told once");
        client.delete();
        assert_eq!(
            world.transcript.lines()[1],
            r#"sentinel c "deleted\n" closed"#
        );
        assert_silent(&recording);
        Refusal {
            words,
            condition: None,
            heard,
            recording,
        }
    }
}

/// Returns what the sentinel heard, which the exit status has to agree with.
#[track_caller]
fn heard_by_sentinel(lines: &[String], client: &Process) -> String {
    let [line] = lines else {
        panic!("one call of the sentinel: {lines:?}");
    };
    let words = line
        .strip_prefix("sentinel c \"failed: ")
        .and_then(|line| line.strip_suffix("\\n\" failed"));
    let Some(words) = words else {
        panic!("the reason of a failure: {line}");
    };
    // The record shows texts as they are written in a program.
    let words = words.replace("\\\"", "\"").replace("\\\\", "\\");
    assert_eq!(client.exit_status(), ExitStatus::Text(words.clone()));
    words
}

/// Sends the secret to the process as soon as it is there; none when it never was.
fn tell_meanwhile(network: &Network, over: &mpsc::Receiver<()>) -> Option<Result<(), Error>> {
    let process = loop {
        if let Some(process) = network.process("c") {
            break process;
        }
        match over.recv_timeout(Duration::from_micros(200)) {
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            _ => return None,
        }
    };
    Some(process.send(SECRET))
}

/// Starts to send, so that the text waits for the handshake, and finishes after `meanwhile`.
///
/// # Errors
///
/// What sending ends with.
///
/// # Panics
///
/// When there was nothing to wait for.
pub fn send_during(process: &Process, meanwhile: impl FnOnce()) -> Result<(), Error> {
    let mut sending = pin!(process.send_async(SECRET));
    let early = block_on(poll_once(&mut sending));
    assert!(early.is_none(), "it did not wait: {early:?}");
    meanwhile();
    block_on(sending)
}

/// Holds that nothing of the secret was on the wire, not even encrypted.
#[track_caller]
fn assert_silent(recording: &Recording) {
    let records = recording.assert_only_tls();
    assert!(!recording.shows(&SECRET.as_bytes()[..6]), "in clear");
    // An alert of TLS 1.3, and the end of its handshake, are in records of data.
    let data = records.iter().filter(|it| it.kind == Record::DATA);
    for record in data {
        let alert = 2 + 1 + 16;
        assert!(record.length <= alert, "{records:?} hold more than alerts");
    }
}
