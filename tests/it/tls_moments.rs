//! The wrong moments: opens inside of callbacks, deletions at any time, networks that go, peers
//! that reset, and trust that is withdrawn while sessions could be resumed.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use futures_lite::future::block_on;
use netproc::network::{
    Callbacks, ExitStatus, Limits, Process, ServerCallbacks as _, Service, Spec, Status,
};
use netproc_tests::tls::{
    Answer, Authority, Client, Leaf, SECRET, Scripted, Welcome, end_session, leaf_params, records,
};
use netproc_tests::{Peer, World, in_own_process, open_descriptors};
use rcgen::SerialNumber;

fn serve(world: &World, tls: &str) -> Process {
    world.open(&format!(
        r#"(:name "s" :server 100 :service t :coding binary :filter echo :log record
            :tls-parameters {tls})"#
    ))
}

fn list(port: u16, tls: &str, more: &str) -> String {
    format!(
        r#"(:name "c" :host "localhost" :service {port} :coding binary :sentinel record
            :tls-parameters {tls} {more})"#
    )
}

#[test]
fn a_callback_may_open_an_encrypted_connection_and_wait_for_it() {
    let world = World::new();
    let authority = Authority::new();
    let server = serve(&world, &authority.leaf("localhost").server());
    let wanted = list(
        server.port().unwrap(),
        &authority.client("localhost"),
        ":buffer \"b\"",
    );
    let (listener, port) = Peer::listen();
    let spec = Spec::client("t").service(port).filter(move |process, _| {
        let network = process.network().expect("the network that calls");
        let opened = network.read_open(&wanted)?;
        opened.send(SECRET)
    });
    world.network.open(spec).unwrap();
    Peer::accept(&listener).send("go");
    world.until("an echo", || {
        let client = world.network.process("c");
        client.is_some_and(|client| client.buffer().unwrap().text() == SECRET)
    });
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn a_log_function_may_delete_its_server_when_a_handshake_fails() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let seen = world.transcript.clone();
    let spec = Spec::server("s")
        .service(Service::Any)
        .tls_parameters(netproc::lisp::read(&leaf.server()).unwrap())
        .log(move |server, connection, _| {
            seen.add(format!("{}", connection.is_none()));
            server.delete();
        });
    let server = world.network.open(spec).unwrap();
    let mut bad = Peer::connect(&server);
    bad.send("garbage\r\n");
    world.until_lines(1);
    world.look();
    records(&bad.receive_rest()).expect("nothing in clear");
    assert_eq!(world.transcript.lines(), ["true"]);
    assert!(world.network.processes().is_empty());
}

#[test]
fn connections_deleted_at_any_time_leave_nothing() {
    if !in_own_process("tls_moments::connections_deleted_at_any_time_leave_nothing") {
        return;
    }
    let world = World::new();
    let authority = Authority::new();
    let server = serve(&world, &authority.leaf("localhost").server());
    let port = server.port().unwrap();
    let tls = authority.client("localhost");
    let open = |number: usize| {
        let more = format!(":nowait t :buffer \"b{number}\"");
        world.open(&list(port, &tls, &more).replace(r#""c""#, &format!("\"c{number}\"")))
    };
    let background = world.network.run_background(2).unwrap();
    // What lasts is made by the first.
    let first = open(0);
    first.send(SECRET).unwrap();
    first.delete();
    world.until("the end", || world.network.processes().len() == 1);
    let before = open_descriptors();
    for round in 0..10 {
        let clients: Vec<Process> = (0..20).map(|number| open(round * 20 + number)).collect();
        for (number, client) in clients.iter().enumerate() {
            match number % 4 {
                // At once, in whatever state.
                0 => client.delete(),
                // When it is open.
                1 => {
                    client.send(SECRET).unwrap();
                    client.delete();
                }
                // With an end under way.
                2 => {
                    client.send(SECRET).unwrap();
                    client.send_eof().unwrap();
                    client.delete();
                }
                // When the echo is there.
                _ => {
                    client.send(SECRET).unwrap();
                    let buffer = client.buffer().unwrap();
                    world.until("an echo", || !buffer.text().is_empty());
                    client.delete();
                }
            }
        }
    }
    world.until("the end", || {
        world.network.processes() == [server.clone()] && open_descriptors() <= before
    });
    drop(background);
    let lines = world.transcript.lines();
    let panics = world.faults.lines();
    assert!(
        !panics.iter().any(|fault| fault.contains("panic")),
        "{panics:?}"
    );
    // Whether the peer or the deletion is first, there is one end.
    let told = |words: &str| lines.iter().filter(|line| line.contains(words)).count();
    let ends = (told("deleted"), told("broken"));
    assert_eq!(ends.0 + ends.1, 201, "each hears of its end once: {ends:?}");
}

#[test]
fn a_network_that_goes_ends_its_handshakes_and_its_sessions() {
    if !in_own_process("tls_moments::a_network_that_goes_ends_its_handshakes_and_its_sessions") {
        return;
    }
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let round = || {
        let world = World::new();
        let server = serve(&world, &leaf.server());
        let mut half = Peer::connect(&server);
        half.send([22, 3, 1]);
        let (reached, hello) = mpsc::channel();
        let silent = Scripted::once(move |mut peer| {
            let begun = peer.receive(5);
            reached.send(()).unwrap();
            let mut all = begun;
            all.extend(peer.receive_rest());
            all
        });
        let tls = authority.client("localhost");
        world.open(&list(silent.port(), &tls, ":nowait t"));
        world.until("the first message", || hello.try_recv().is_ok());
        let welcome = Welcome::showing(&leaf);
        let whole = Scripted::once(move |peer| welcome.listen(peer));
        let client = world.open(&list(whole.port(), &tls, ""));
        client.send(SECRET).unwrap();
        drop((client, server, world));
        records(&half.receive_rest()).expect("nothing in clear");
        records(&silent.join()).expect("nothing in clear");
        assert_eq!(whole.join().unwrap(), SECRET.as_bytes());
    };
    round();
    let before = open_descriptors();
    round();
    round();
    assert_eq!(open_descriptors(), before);
}

#[test]
fn a_peer_that_resets_later_breaks_the_connection() {
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let (reset, go_on) = mpsc::channel();
    let server = Scripted::once(move |peer| {
        let stream = welcome.accept(peer).unwrap();
        let () = go_on.recv().unwrap();
        stream.sock.reset();
    });
    let tls = authority.client("localhost");
    let client = world.open(&list(server.port(), &tls, ""));
    reset.send(()).unwrap();
    world.until_line(r#"sentinel c "connection broken by remote peer\n" closed"#);
    assert_eq!(client.exit_status(), ExitStatus::Code(256));
    server.join();
}

#[test]
fn sending_to_a_peer_that_is_gone_is_refused_in_the_end() {
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = Scripted::once(move |peer| {
        let mut stream = welcome.accept(peer).unwrap();
        end_session(&mut stream);
    });
    // Stopped, so that the end is noticed by writing and not by reading.
    let tls = authority.client("localhost");
    let client = world.open(&list(server.port(), &tls, ":stop t"));
    server.join();
    world.until("a refusal", || client.send(SECRET).is_err());
    assert!(!client.is_live());
}

#[test]
fn a_local_socket_is_encrypted_in_the_background_too() {
    let world = World::new();
    let authority = Authority::new();
    let path = world.path("u");
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = Scripted::once_local(&path, move |peer| welcome.listen(peer));
    let client = world.open(&format!(
        r#"(:name "c" :nowait t :family local :service {} :sentinel record
            :tls-parameters {})"#,
        World::quoted(&path),
        authority.client("localhost")
    ));
    assert_eq!(client.status(), Status::Connect);
    client.send(SECRET).unwrap();
    client.send_eof().unwrap();
    assert_eq!(server.join().unwrap(), SECRET.as_bytes());
    world.until("the end", || !client.is_live());
    assert_eq!(world.transcript.lines()[0], r#"sentinel c "open\n" open"#);
}

#[test]
fn a_local_peer_that_does_not_speak_tls_is_told_nothing() {
    let world = World::new();
    let authority = Authority::new();
    for (number, answer) in [
        Answer::Close,
        Answer::Greeting(b"hello\r\n".to_vec()),
        Answer::CloseAfterHello,
    ]
    .into_iter()
    .enumerate()
    {
        let path = world.path(&number.to_string());
        let server = Scripted::once_local(&path, move |peer| answer.play(peer));
        let error = world.refuse(&format!(
            r#"(:name "c" :family local :service {} :tls-parameters {})"#,
            World::quoted(&path),
            authority.client("localhost")
        ));
        let words = error.to_string();
        assert!(
            words.starts_with("TLS handshake with localhost: "),
            "{words}"
        );
        records(&server.join()).expect("nothing in clear");
    }
}

#[test]
fn empty_text_sends_nothing_and_flushing_waits_until_all_has_left() {
    const MUCH: usize = 3_000_000;
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = Scripted::once(move |peer| welcome.listen(peer));
    let tls = authority.client("localhost");
    let client = world.open(&list(server.port(), &tls, ""));
    client.send("").unwrap();
    client.send(&vec![b'x'; MUCH]).unwrap();
    block_on(client.flush_async()).unwrap();
    assert_eq!(client.bytes_sent(), MUCH as u64);
    assert_eq!(client.queued_bytes(), 0);
    client.delete();
    assert_eq!(server.join().unwrap().len(), MUCH, "nothing is lost");
}

#[test]
fn what_was_sent_before_a_deletion_arrives_though_the_server_still_has_tickets_to_send() {
    const MUCH: usize = 500_000;
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let (deleted, go_on) = mpsc::channel();
    let server = Scripted::once(move |peer| {
        let waiting = || go_on.recv().unwrap();
        let mut stream = welcome.accept_after(peer, waiting)?;
        // What the tickets meet at the other end must not take back what comes here.
        stream.sock.wait_readable();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).map(|_| all)
    });
    let tls = authority.client("localhost");
    let client = world.open(&list(server.port(), &tls, ""));
    client.send(&vec![b'x'; MUCH]).unwrap();
    block_on(client.flush_async()).unwrap();
    client.delete();
    deleted.send(()).unwrap();
    assert_eq!(server.join().unwrap().len(), MUCH, "nothing is lost");
}

#[test]
fn no_time_at_all_is_not_enough() {
    let world = World::with(|builder| {
        builder.limits(Limits {
            handshake: Duration::ZERO,
            ..Limits::default()
        })
    });
    let authority = Authority::new();
    let server = Scripted::once(move |peer| Answer::Silence.play(peer));
    let tls = authority.client("localhost");
    let error = world.refuse(&list(server.port(), &tls, ""));
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: not done before the deadline"
    );
    records(&server.join()).expect("nothing in clear");
}

/// Writes a file again so that it looks changed, however fast the test is.
fn rewrite(from: &Path, to: &Path, number: u64) {
    std::fs::copy(from, to).unwrap();
    let later = SystemTime::now() + Duration::from_secs(10 * number);
    let file = File::options().append(true).open(to).unwrap();
    file.set_modified(later).unwrap();
}

fn numbered(authority: &Authority, host: &str) -> Leaf {
    let mut params = leaf_params(host);
    params.serial_number = Some(SerialNumber::from(vec![7]));
    authority.sign(&params)
}

/// Opens, echoes and deletes, so that the next session could be resumed; or says why not.
fn talk(world: &World, port: u16, tls: &str) -> Result<(), String> {
    let opened = world.network.read_open(&list(port, tls, ":buffer \"b\""));
    let client = opened.map_err(|error| error.to_string())?;
    let buffer = client.buffer().unwrap();
    buffer.take();
    client.send("x").unwrap();
    world.until("an echo or the end", || {
        !buffer.text().is_empty() || !client.is_live()
    });
    let served = buffer.take() == "x";
    client.delete();
    if served {
        Ok(())
    } else {
        Err("no echo".to_owned())
    }
}

#[test]
fn a_server_that_is_revoked_is_refused_though_its_session_could_be_resumed() {
    let world = World::new();
    let authority = Authority::new();
    let server = serve(&world, &numbered(&authority, "localhost").server());
    let port = server.port().unwrap();
    let crl = authority.revoke(&[8], 2090);
    let tls = authority.client_with("localhost", &format!(r#":crlfiles ("{}")"#, crl.display()));
    talk(&world, port, &tls).unwrap();
    talk(&world, port, &tls).unwrap();
    rewrite(&authority.revoke(&[7], 2090), &crl, 1);
    assert_eq!(
        talk(&world, port, &tls).unwrap_err(),
        "TLS handshake with localhost: the certificate was refused: its authority has revoked it"
    );
}

#[test]
fn a_client_that_is_revoked_is_refused_after_a_reload_though_it_could_resume() {
    let world = World::new();
    let authority = Authority::new();
    let crl = authority.revoke(&[8], 2090);
    let more = format!(r#":crlfiles ("{}")"#, crl.display());
    let leaf = authority.leaf("localhost");
    let server = serve(&world, &authority.server_for_members(&leaf, &more));
    let port = server.port().unwrap();
    for priority in ["NORMAL", "NORMAL:-VERS-TLS1.3"] {
        let member = numbered(&authority, "member");
        let own = format!(r#":priority "{priority}" {}"#, member.keylist());
        let tls = authority.client_with("localhost", &own);
        rewrite(&authority.revoke(&[8], 2090), &crl, 1);
        server.reload_tls().unwrap();
        talk(&world, port, &tls).unwrap();
        talk(&world, port, &tls).unwrap();
        rewrite(&authority.revoke(&[7], 2090), &crl, 2);
        server.reload_tls().unwrap();
        talk(&world, port, &tls).unwrap_err();
        world.until("the log", || {
            let lines = world.transcript.lines();
            lines.iter().any(|line| line.contains("has revoked it"))
        });
    }
}

#[test]
fn a_session_of_one_server_is_no_ticket_to_another() {
    let world = World::new();
    let (one, two) = (Authority::new(), Authority::called("Other"));
    let first = serve(&world, &one.leaf("localhost").server());
    let second = serve(&world, &two.leaf("localhost").server());
    let tls = one.client("localhost");
    talk(&world, first.port().unwrap(), &tls).unwrap();
    // The same host, another port: what was kept of the first does not vouch for the second.
    let error = talk(&world, second.port().unwrap(), &tls).unwrap_err();
    assert!(error.contains("the certificate was refused"), "{error}");
}

#[test]
fn the_client_s_view_of_a_refusal_that_comes_late_is_told() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    // With TLS 1.3 a client without certificate is open before it is refused.
    let welcome = Welcome::for_members(&leaf, &authority);
    let server = Scripted::once(move |peer| welcome.listen(peer));
    let tls = authority.client("localhost");
    let client = world.open(&list(server.port(), &tls, ":nowait t"));
    world.until("the end", || !client.is_live());
    world.look();
    assert!(server.join().is_err());
    let told = world.transcript.lines();
    assert_eq!(
        told.last().unwrap(),
        "sentinel c \"failed: TLS read with localhost: the peer wants a client certificate; \
         name one by :keylist\\n\" closed"
    );
}

#[test]
fn a_client_that_is_not_ours_sees_a_clean_end_of_a_deleted_connection() {
    let world = World::new();
    let authority = Authority::new();
    let server = serve(&world, &authority.leaf("localhost").server());
    let peer = Peer::connect(&server);
    let client = Client::trusting(&authority);
    let talking = std::thread::spawn(move || {
        let mut stream = client.connect(peer, "localhost")?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all).map(|_| all)
    });
    let accepted = world.accepted(&server);
    accepted.send(SECRET).unwrap();
    accepted.delete();
    world.until("the end", || talking.is_finished());
    assert_eq!(talking.join().unwrap().unwrap(), SECRET.as_bytes());
}
