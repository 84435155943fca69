//! An echo of 64 bytes over TCP on loopback, by a process object and by its peers.
//!
//! Each server is a process of its own with one thread that serves, those on `async-io` with that
//! crate's thread besides. The client is the same for all: blocking sockets on one thread. With
//! 64 connections it writes to all, then reads from all.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use criterion::{Criterion, Throughput};
use netproc_benches::server::{Failure, Server, serve_if_asked};
use netproc_benches::service::{Service, Transport};
use netproc_benches::subject::Subject;
use netproc_network::{Callbacks, Network, Spec};

const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo....\n";

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let mut criterion = netproc_benches::criterion();
    for count in [1, 64] {
        let mut group = criterion.benchmark_group(format!("echo/{count}"));
        group.throughput(Throughput::Elements(count));
        for subject in [Subject::Netproc, Subject::AsyncIo, Subject::Epoll] {
            let server = Server::start(subject, Service::echo(Transport::Tcp))?;
            let address = server.place().address()?;
            let mut streams: Vec<_> = (0..count).map(|_| connect(address)).collect();
            group.bench_function(subject.name(), |bencher| {
                bencher.iter(|| exchange(&mut streams));
            });
        }
        group.finish();
    }
    let server = Server::start(Subject::Netproc, Service::echo(Transport::Tcp))?;
    both_ends(&mut criterion, server.place().address()?);
    criterion.final_summary();
    Ok(())
}

fn connect(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    exchange(std::slice::from_mut(&mut stream));
    stream
}

fn exchange(streams: &mut [TcpStream]) {
    for stream in &mut *streams {
        stream.write_all(&MESSAGE).expect("a write");
    }
    for stream in streams {
        let mut answer = [0; MESSAGE.len()];
        stream.read_exact(&mut answer).expect("an echo");
    }
}

/// The client is a process object, too: it sends, and waits for output as Emacs does.
fn both_ends(criterion: &mut Criterion, address: SocketAddr) {
    let network = Network::new();
    let client = Spec::client("client")
        .host("127.0.0.1")
        .service(address.port())
        .filter(|_, _| ());
    let client = network.open(client).expect("a connection");
    let timeout = Duration::from_secs(10);
    criterion.bench_function("echo/1/netproc_both_ends", |bencher| {
        bencher.iter(|| {
            client.send(&MESSAGE).expect("a send");
            assert!(network.accept_output(&client, timeout).expect("an echo"));
        });
    });
}
