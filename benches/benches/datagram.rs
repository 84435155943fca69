//! An echo of one 64-byte datagram on loopback, by a process object and by a blocking socket.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;

use netproc_benches::echo_server::EchoServer;
use netproc_network::Kind;

const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo...\r\n";

fn main() {
    let mut criterion = netproc_benches::criterion();
    let netproc = EchoServer::start(Kind::Datagram).expect("a server");
    let servers = [
        ("netproc", netproc.address()),
        ("blocking", blocking_echo().expect("a server")),
    ];
    let mut group = criterion.benchmark_group("datagram/64");
    for (name, address) in servers {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.connect(address).expect("a target");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut answer = [0; MESSAGE.len()];
                socket.send(&MESSAGE).expect("a send");
                socket.recv(&mut answer).expect("an echo")
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

/// Starts a thread that does nothing but receive and send back.
fn blocking_echo() -> io::Result<SocketAddr> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let address = socket.local_addr()?;
    thread::spawn(move || -> io::Result<()> {
        let mut buffer = vec![0; 65_536];
        loop {
            let (count, from) = socket.recv_from(&mut buffer)?;
            socket.send_to(&buffer[..count], from)?;
        }
    });
    Ok(address)
}
