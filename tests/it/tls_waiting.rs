//! What is done to a process while its handshake is under way (probe 23-tls-more).

use std::io::Read as _;
use std::sync::mpsc;

use futures_lite::future::{block_on, poll_once};
use netproc::network::{
    Callbacks, ExitStatus, Process, ServerCallbacks as _, Service, Spec, Status,
};
use netproc_tests::tls::{
    Authority, Client, Leaf, Proxy, SECRET, Scripted, Secured, Welcome, end_session, send_during,
};
use netproc_tests::{Peer, World, in_own_process, open_descriptors};

/// A server that has the first message and waits for a word before it goes on.
struct Slow<T> {
    server: Scripted<T>,
    proxy: Proxy,
    reached: mpsc::Receiver<()>,
    go_on: mpsc::Sender<()>,
    authority: Authority,
}

fn slow<T: Send + 'static>(script: impl FnOnce(Secured) -> T + Send + 'static) -> Slow<Option<T>> {
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let (reaching, reached) = mpsc::channel();
    let (go_on, waiting) = mpsc::channel();
    let server = Scripted::once(move |peer: Peer| {
        peer.wait_readable();
        reaching.send(()).unwrap();
        // The other end may give up meanwhile.
        let () = waiting.recv().ok()?;
        welcome.accept(peer).ok().map(script)
    });
    let proxy = Proxy::before(server.port());
    Slow {
        server,
        proxy,
        reached,
        go_on,
        authority,
    }
}

impl<T: Send + 'static> Slow<T> {
    fn list(&self, more: &str) -> String {
        format!(
            r#"(:name "c" :nowait t :host "localhost" :service {} :coding binary :filter record
                :sentinel record :tls-parameters {} {more})"#,
            self.proxy.port(),
            self.authority.client("localhost")
        )
    }

    /// Opens a client and lets it say its first message.
    fn client(&self, world: &World, more: &str) -> Process {
        let client = world.open(&self.list(more));
        world.until("the first message", || self.reached.try_recv().is_ok());
        assert_eq!(client.exit_status(), ExitStatus::Code(0));
        client
    }

    fn answer(&self) {
        self.go_on.send(()).unwrap();
    }
}

fn read_all(mut stream: Secured) -> Vec<u8> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).expect("a clean end");
    end_session(&mut stream);
    all
}

#[test]
fn what_is_sent_during_the_handshake_arrives_after_it_in_its_order() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    assert_eq!(client.status(), Status::Connect);
    let driver = world.network.run_background(1).unwrap();
    send_during(&client, || slow.answer()).unwrap();
    client.send(", or at dusk").unwrap();
    client.send_eof().unwrap();
    let heard = slow.server.join().unwrap();
    assert_eq!(heard, format!("{SECRET}, or at dusk").as_bytes());
    drop(driver);
    client.delete();
    let recording = slow.proxy.finish();
    recording.assert_only_tls();
    assert!(!recording.shows(SECRET.as_bytes()));
}

#[test]
fn what_a_callback_sends_during_the_handshake_never_goes_out_in_clear() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    let (listener, port) = Peer::listen();
    let (target, seen) = (client.clone(), world.transcript.clone());
    let spec = Spec::client("t").service(port).filter(move |_, _| {
        let sent = target.send(SECRET);
        seen.add(format!("sent {}", sent.is_ok()));
    });
    world.network.open(spec).unwrap();
    Peer::accept(&listener).send("x");
    world.until_lines(1);
    slow.answer();
    world.until_line(r#"sentinel c "open\n" open"#);
    client.send("later").unwrap();
    client.send_eof().unwrap();
    let heard = slow.server.join().unwrap();
    // Whether it was taken was said, and what was taken arrives.
    let taken = world.transcript.has("sent true");
    let expected = if taken { SECRET } else { "" };
    assert_eq!(heard, format!("{expected}later").as_bytes());
    client.delete();
    let recording = slow.proxy.finish();
    recording.assert_only_tls();
    assert!(!recording.shows(SECRET.as_bytes()));
}

#[test]
fn deleting_during_the_handshake_says_deleted_and_nothing_else() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    client.delete();
    world.look();
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "deleted\n" closed"#]
    );
    assert!(world.network.processes().is_empty());
    assert!(client.send(SECRET).is_err());
    drop(slow.go_on);
    assert!(slow.server.join().is_none());
    slow.proxy.finish().assert_only_tls();
}

#[test]
fn a_sender_that_waits_for_a_handshake_is_told_of_the_deletion() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    let sent = send_during(&client, || client.delete());
    assert!(sent.is_err());
    world.look();
    drop(slow.go_on);
    slow.server.join();
    slow.proxy.finish().assert_only_tls();
}

#[test]
fn a_sentinel_may_delete_inside_of_open() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    let seen = world.transcript.clone();
    client.set_sentinel(move |process, event| {
        seen.add(format!("{event:?} {}", process.status()));
        process.delete();
    });
    slow.answer();
    world.until("the end", || !client.is_live());
    assert!(slow.server.join().is_some_and(|heard| heard.is_empty()));
    world.look();
    assert_eq!(
        world.transcript.lines(),
        [r#""open\n" open"#, r#""deleted\n" closed"#]
    );
    assert_eq!(world.faults.lines(), [""; 0]);
    slow.proxy.finish().assert_only_tls();
}

#[test]
fn a_sentinel_may_send_and_end_inside_of_open() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    client.set_sentinel(move |process, event| {
        if event == "open\n" {
            process.send(SECRET)?;
            process.send_eof()?;
        }
        Ok::<(), netproc::network::Error>(())
    });
    slow.answer();
    world.until("the end", || !client.is_live());
    assert_eq!(slow.server.join().unwrap(), SECRET.as_bytes());
    assert_eq!(world.faults.lines(), [""; 0]);
    assert!(!slow.proxy.finish().shows(SECRET.as_bytes()));
}

#[test]
fn a_filter_may_delete_in_the_middle_of_a_record() {
    let world = World::with(|builder| {
        builder.limits(netproc::network::Limits {
            read_size: 10,
            ..Default::default()
        })
    });
    let slow = slow(|mut stream: Secured| {
        std::io::Write::write_all(&mut stream, &[b'x'; 1000]).unwrap();
        let mut rest = Vec::new();
        // Its end may come as a reset, for not all was read.
        let _end = stream.read_to_end(&mut rest);
        rest
    });
    let client = slow.client(&world, "");
    let seen = world.transcript.clone();
    client.set_filter(move |process, text| {
        seen.add(text.to_string_lossy());
        process.delete();
    });
    slow.answer();
    world.until("the end", || !client.is_live());
    world.look();
    assert_eq!(
        world.transcript.lines(),
        [
            r#"sentinel c "open\n" open"#,
            "xxxxxxxxxx",
            r#"sentinel c "deleted\n" closed"#
        ]
    );
    slow.server.join();
}

#[test]
fn a_process_stopped_during_the_handshake_is_told_open_and_reads_later() {
    let world = World::new();
    let slow = slow(|mut stream: Secured| {
        std::io::Write::write_all(&mut stream, b"held").unwrap();
        read_all(stream)
    });
    let client = slow.client(&world, "");
    client.stop();
    assert_eq!(client.status(), Status::Stop);
    slow.answer();
    world.until_line(r#"sentinel c "open\n" stop"#);
    world.look();
    assert_eq!(world.transcript.count("filter"), 0);
    client.resume();
    world.until_line(r#"filter c "held""#);
    client.delete();
    slow.server.join();
}

#[test]
fn an_end_that_is_asked_for_during_the_handshake_comes_after_it() {
    let world = World::new();
    let slow = slow(read_all);
    let client = slow.client(&world, "");
    slow.answer();
    client.send(SECRET).unwrap();
    client.send_eof().unwrap();
    assert_eq!(slow.server.join().unwrap(), SECRET.as_bytes());
    world.until("the end", || !client.is_live());
}

#[test]
fn an_open_that_is_given_up_during_the_handshake_leaves_nothing() {
    if !in_own_process("tls_waiting::an_open_that_is_given_up_during_the_handshake_leaves_nothing")
    {
        return;
    }
    let world = World::new();
    let mut before = 0;
    for round in 0..12 {
        let slow = slow(read_all);
        let list = slow.list("").replace(":nowait t", "");
        {
            let value = netproc::lisp::read(&list).unwrap();
            let spec = Spec::from_value(&value).unwrap();
            let mut opening = Box::pin(world.network.open_async(spec));
            world.until("the first message", || {
                assert!(block_on(poll_once(&mut opening)).is_none());
                slow.reached.try_recv().is_ok()
            });
        }
        world.look();
        assert!(world.network.processes().is_empty());
        drop(slow.go_on);
        slow.server.join();
        slow.proxy.finish().assert_only_tls();
        if round == 2 {
            before = open_descriptors();
        }
    }
    world.until("the descriptors", || open_descriptors() == before);
    assert_eq!(world.transcript.lines(), [""; 0]);
}

/// A server of ours that encrypts.
fn serve(world: &World, leaf: &Leaf) -> Process {
    world.open(&format!(
        r#"(:name "s" :server 50 :service t :coding binary :filter echo :tls-parameters {})"#,
        leaf.server()
    ))
}

#[test]
fn a_peer_that_is_fast_is_told_open_once_all_the_same() {
    let world = World::new();
    let authority = Authority::new();
    let server = serve(&world, &authority.leaf("localhost"));
    let _fast = world.network.run_background(2).unwrap();
    for number in 0..50 {
        let client = world.open(&format!(
            r#"(:name "c{number}" :nowait t :host "localhost" :service {} :sentinel record
                :tls-parameters {})"#,
            server.port().unwrap(),
            authority.client("localhost")
        ));
        world.until_line(&format!(r#"sentinel c{number} "open\n" open"#));
        assert_eq!(client.status(), Status::Open);
    }
    world.look();
    assert_eq!(world.transcript.lines().len(), 50);
}

#[test]
fn a_blocking_open_tells_open_before_it_returns() {
    let world = World::new();
    let authority = Authority::new();
    let server = serve(&world, &authority.leaf("localhost"));
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {} :sentinel record :tls-parameters {})"#,
        server.port().unwrap(),
        authority.client("localhost")
    ));
    let told = [r#"sentinel c "open\n" open"#];
    assert_eq!(world.transcript.lines(), told);
    assert_eq!(client.status(), Status::Open);
    world.look();
    assert_eq!(world.transcript.lines(), told);
}

#[test]
fn a_connection_that_is_refused_is_told_as_without_tls() {
    let world = World::new();
    let authority = Authority::new();
    let (_reserved, port) = Peer::closed_port();
    let list = |more: &str| {
        format!(
            r#"(:name "c" :host "127.0.0.1" :service {port} :sentinel record {more}
                :tls-parameters {})"#,
            authority.client("localhost")
        )
    };
    let condition = world.condition(&list(""));
    assert!(
        condition.contains("make client process failed"),
        "{condition}"
    );
    let client = world.open(&list(":nowait t"));
    world.until_line(r#"sentinel c "failed with code 111\n" failed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(111));
}

#[test]
fn a_server_s_sentinel_may_delete_its_encrypted_connection_at_once() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let seen = world.transcript.clone();
    let spec = Spec::server("s")
        .service(Service::Any)
        .tls_parameters(netproc::lisp::read(&leaf.server()).unwrap())
        .log(|_, connection, _| connection.expect("a connection").delete())
        .sentinel(move |_, event| seen.add(event));
    let server = world.network.open(spec).unwrap();
    let peer = Peer::connect(&server);
    let client = Client::trusting(&authority);
    let client = std::thread::spawn(move || {
        let mut stream = client.connect(peer, "localhost")?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all).map(|_| all)
    });
    world.until("the end", || client.is_finished());
    assert_eq!(client.join().unwrap().unwrap(), b"", "a clean end");
    assert_eq!(world.network.processes(), [server]);
    assert_eq!(
        world.transcript.lines().last().map(String::as_str),
        Some("deleted\n")
    );
}
