//! Sockets without a process: one message of 64 bytes between two of them, by the system and in
//! memory.

use criterion::Criterion;
use netproc_address::{Address, Kind};
use netproc_benches::server::Failure;
use netproc_socket::{Backend, BindOptions, ConnectOptions, MemoryNetwork, Socket};

const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo....\n";

fn main() -> Result<(), Failure> {
    let mut criterion = netproc_benches::criterion();
    let memory = MemoryNetwork::new(1);
    for (name, backend) in [
        ("system", Backend::system()),
        ("memory", Backend::memory(&memory)),
    ] {
        stream(&mut criterion, name, &backend)?;
        datagram(&mut criterion, name, &backend)?;
    }
    criterion.final_summary();
    Ok(())
}

fn stream(criterion: &mut Criterion, name: &str, backend: &Backend) -> Result<(), Failure> {
    let here: Address = "127.0.0.1:0".parse()?;
    let server = backend.listen(Kind::Stream, &here, 5, &BindOptions::default())?;
    let place = vec![server.local_address()?];
    let options = ConnectOptions::default();
    let connect = backend.connect(Kind::Stream, place, &options);
    let client = async_io::block_on(connect)?.socket;
    let (accepted, _peer) = server.try_accept()?;
    criterion.bench_function(&format!("socket/{name}/stream"), |bencher| {
        bencher.iter(|| {
            let mut answer = [0; MESSAGE.len()];
            client.try_write(&MESSAGE).expect("room");
            accepted.try_read(&mut answer).expect("a message")
        });
    });
    Ok(())
}

fn datagram(criterion: &mut Criterion, name: &str, backend: &Backend) -> Result<(), Failure> {
    let here: Address = "127.0.0.1:0".parse()?;
    let bind = || -> Result<Socket, Failure> {
        Ok(backend.bind_datagram(&here, &BindOptions::default())?)
    };
    let (one, other) = (bind()?, bind()?);
    let place = other.local_address()?;
    criterion.bench_function(&format!("socket/{name}/datagram"), |bencher| {
        bencher.iter(|| {
            let mut answer = [0; MESSAGE.len()];
            one.try_send_to(&MESSAGE, Some(&place)).expect("room");
            other.try_receive(&mut answer).expect("a message")
        });
    });
    Ok(())
}
