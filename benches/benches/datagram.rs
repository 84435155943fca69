//! An echo of one 64-byte datagram on loopback, by a process object and by a blocking socket.

use std::net::UdpSocket;

use netproc_benches::server::{Failure, Server, serve_if_asked};
use netproc_benches::service::{Service, Transport};
use netproc_benches::subject::Subject;

const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo....\n";

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let mut criterion = netproc_benches::criterion();
    let mut group = criterion.benchmark_group("datagram/64");
    for subject in [Subject::Netproc, Subject::Blocking] {
        let server = Server::start(subject, Service::echo(Transport::Udp))?;
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.connect(server.place().address()?)?;
        group.bench_function(subject.name(), |bencher| {
            bencher.iter(|| {
                let mut answer = [0; MESSAGE.len()];
                socket.send(&MESSAGE).expect("a send");
                socket.recv(&mut answer).expect("an echo")
            });
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
