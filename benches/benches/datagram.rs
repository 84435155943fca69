//! An echo of one 64-byte datagram on loopback, by a process object and by a blocking socket.

use std::net::UdpSocket;

use netproc_benches::server::{Echo, Failure, Server, serve_if_asked};

const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo....\n";

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let mut criterion = netproc_benches::criterion();
    let mut group = criterion.benchmark_group("datagram/64");
    for echo in [Echo::NetprocDatagram, Echo::BlockingDatagram] {
        let server = Server::start(echo)?;
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.connect(server.address())?;
        group.bench_function(echo.name(), |bencher| {
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
