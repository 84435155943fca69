//! A message that cannot be sent is one message lost, and said to be; the process goes on.

use std::path::PathBuf;

use netproc_network::{Callbacks, FaultKind, Network, Process, Service, Spec, Status};

use crate::support::{Journal, drive_until};

/// A socket file that is removed at the end.
struct SocketFile(PathBuf);

impl SocketFile {
    fn new(name: &str) -> Self {
        let file = format!("netproc-{name}-{}", std::process::id());
        SocketFile(std::env::temp_dir().join(file))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a plain path")
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const TOO_LONG: usize = 16 * 1024 * 1024;

fn network_with_faults() -> (Network, Journal) {
    let faults = Journal::default();
    let journal = faults.clone();
    let network = Network::builder()
        .on_fault(move |fault| match &fault.kind {
            FaultKind::MessageRefused { bytes, .. } => journal.note(format!("refused {bytes}")),
            other => journal.note(format!("{other:?}")),
        })
        .build();
    (network, faults)
}

fn record_server(network: &Network, file: &SocketFile, heard: &Journal) -> Process {
    let journal = heard.clone();
    network
        .open(
            Spec::server("records")
                .seqpacket()
                .local_path(file.path())
                .filter(move |_, text| journal.note(text.to_string())),
        )
        .expect("a server")
}

#[test]
fn a_record_that_is_too_long_is_refused_and_the_next_one_sent() {
    let (network, faults) = network_with_faults();
    let (file, heard) = (SocketFile::new("direct"), Journal::default());
    record_server(&network, &file, &heard);
    let client = network
        .open(Spec::client("c").seqpacket().local_path(file.path()))
        .expect("a client");
    client
        .send(vec![b'x'; TOO_LONG].as_slice())
        .expect_err("too long");
    assert_eq!(client.status(), Status::Open);
    client.send("short").expect("an open process");
    drive_until(&network, "the short record", || heard.has("short"));
    assert!(faults.entries().is_empty(), "{:?}", faults.entries());
}

/// Inside a callback a connecting process queues; the refusal comes when the queue is sent.
#[test]
fn a_queued_record_that_is_too_long_is_reported_and_the_next_one_sent() {
    let (network, faults) = network_with_faults();
    let (file, heard) = (SocketFile::new("queued"), Journal::default());
    let server = record_server(&network, &file, &heard);
    let client = network
        .open(
            Spec::client("c")
                .seqpacket()
                .local_path(file.path())
                .nowait(true),
        )
        .expect("a client");
    let sender = client.clone();
    let helper = Spec::client("helper").datagram().service(Service::Port(9));
    let helper = helper.sentinel(move |_, _| {
        sender.send(vec![b'x'; TOO_LONG].as_slice())?;
        sender.send("short")
    });
    network.open(helper).expect("a helper").delete();
    drive_until(&network, "the short record", || heard.has("short"));
    assert_eq!(faults.entries(), [format!("refused {TOO_LONG}")]);
    assert_eq!(client.status(), Status::Open);
    assert!(server.is_live());
}

#[test]
fn a_datagram_that_is_too_long_is_refused_and_the_next_one_sent() {
    let (network, _) = network_with_faults();
    let heard = Journal::default();
    let journal = heard.clone();
    let server = network
        .open(
            Spec::server("s")
                .datagram()
                .service(Service::Any)
                .filter(move |_, text| journal.note(text.to_string())),
        )
        .expect("a server");
    let client = network
        .open(Spec::client("c").datagram().service(server.service()))
        .expect("a client");
    client
        .send(vec![b'x'; 70_000].as_slice())
        .expect_err("too long");
    client.send("short").expect("an open process");
    drive_until(&network, "the short datagram", || heard.has("short"));
}
