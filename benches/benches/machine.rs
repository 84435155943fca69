//! The process object without its socket: one echo through a machine, and the table of processes.

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;

use criterion::{BatchSize, Criterion};
use netproc_address::Address;
use netproc_keywords::Spec;
use netproc_process::{Accepted, Effect, Input, Machine, Registry};

/// One message of the echo.
const MESSAGE: [u8; 64] = *b"sixty-four bytes of plain text make one message of the echo....\n";

/// How many processes the table holds beside the one that comes and goes.
const TENANTS: usize = 10_000;

fn main() {
    let mut criterion = netproc_benches::criterion();
    echo(&mut criterion);
    life(&mut criterion);
    registry(&mut criterion);
    criterion.final_summary();
}

fn address(text: &str) -> Address {
    Address::from(text.parse::<SocketAddr>().expect("an address"))
}

fn server() -> Machine {
    let list = r#"(:name "echo" :server t :host "127.0.0.1" :service 7007 :filter echo)"#;
    let spec: Spec = list.parse().expect("a keyword list");
    let mut server = Machine::from_spec(&Arc::new(spec), "echo".into());
    let local = address("127.0.0.1:7007");
    server
        .handle(Input::Listening { local })
        .expect("listening");
    server
}

fn accept(server: &Machine) -> Machine {
    let remote = address("127.0.0.1:40000");
    let connection = Accepted {
        name: server.accepted_name(&remote, 1).into(),
        local: address("127.0.0.1:7007"),
        remote,
    };
    Machine::accepted(server, connection)
}

/// Takes the text that the filter would be called with.
fn received(machine: &mut Machine) -> netproc_lisp::Text {
    machine
        .handle(Input::Received(black_box(&MESSAGE)))
        .expect("an open process");
    loop {
        match machine.poll_effect() {
            Some(Effect::Filter(text)) => return text,
            Some(_) => {}
            None => unreachable!("what was received is handed out"),
        }
    }
}

fn echo(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("machine/echo_64");
    let server = server();
    group.bench_function("written_at_once", |bencher| {
        let mut machine = accept(&server);
        bencher.iter(|| {
            let text = received(&mut machine);
            let written = machine.begin_send(&text).expect("an open process");
            let length = written.map_or(0, |bytes| black_box(&*bytes).len());
            assert!(machine.poll_effect().is_none());
            (length, machine.interest())
        });
    });
    group.bench_function("queued", |bencher| {
        let mut machine = accept(&server);
        bencher.iter(|| {
            let text = received(&mut machine);
            machine.send(&text).expect("an open process");
            let length = machine
                .front()
                .map_or(0, |front| black_box(front.bytes).len());
            machine.handle(Input::Sent(length)).expect("a full queue");
            assert!(machine.poll_effect().is_none());
            (length, machine.interest())
        });
    });
    group.finish();
}

/// A connection's whole life: accepted, announced, closed by its peer, out of the table.
fn life(criterion: &mut Criterion) {
    let server = server();
    criterion.bench_function("machine/accepted_to_closed", |bencher| {
        bencher.iter(|| {
            let mut machine = accept(&server);
            machine.handle(Input::PeerClosed).expect("an open process");
            std::iter::from_fn(|| machine.poll_effect()).count()
        });
    });
}

fn registry(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("machine/registry_10000");
    let mut distinct = Registry::new();
    let mut alike = Registry::new();
    for number in 0..TENANTS {
        distinct.insert(&format!("echo <127.0.0.1:{number}>"), |_, _| ());
        alike.insert("echo", |_, _| ());
    }
    group.bench_function("insert_and_remove", |bencher| {
        bencher.iter(|| {
            let id = distinct.insert(black_box("echo <127.0.0.2:7>"), |_, _| ());
            distinct.remove(id)
        });
    });
    group.bench_function("insert_and_remove_same_name", |bencher| {
        bencher.iter(|| {
            let id = alike.insert(black_box("echo"), |_, _| ());
            alike.remove(id)
        });
    });
    group.bench_function("find", |bencher| {
        bencher.iter(|| distinct.find(black_box("echo <127.0.0.1:5000>")));
    });
    group.bench_function("fill", |bencher| {
        bencher.iter_batched(
            Registry::new,
            |mut registry| {
                for _ in 0..TENANTS {
                    registry.insert(black_box("echo"), |_, _| ());
                }
                registry
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}
