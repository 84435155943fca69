//! TLS that begins in the middle of a connection: STARTTLS, tunnels, and what goes wrong there.

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use futures_lite::future::{block_on, poll_once};
use netproc::network::{Callbacks, Error, Limits, Process, Service, Spec, StartTls, Status};
use netproc::tls::{Parameters, Server};
use netproc_tests::tls::{
    Answer, Authority, Client, Leaf, Meddling, Proxy, Record, Recording, SECRET, Scripted, Welcome,
    end_session, records,
};
use netproc_tests::{Peer, World, has_ipv6};

const ASK: &str = "STARTTLS\r\n";
const GO: &str = "220 go ahead\r\n";

fn trusting(authority: &Authority) -> Parameters {
    Parameters::client("localhost").trust_file(&authority.file)
}

fn serving(leaf: &Leaf) -> Arc<Server> {
    let parameters = Parameters::server(&leaf.key_file, &leaf.file);
    Arc::new(Server::new(&parameters).unwrap())
}

/// Speaks the clear words of a server, and then does what it does.
fn asked<T: Send + 'static>(then: impl FnOnce(Peer) -> T + Send + 'static) -> Scripted<T> {
    Scripted::once(move |mut peer| {
        let question = peer.receive(ASK.len());
        assert_eq!(question, ASK.as_bytes());
        peer.send(GO);
        then(peer)
    })
}

/// Opens a client in clear and has it ask for TLS.
fn asking(world: &World, port: u16) -> Process {
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {port} :coding binary :filter record
            :sentinel record)"#
    ));
    client.send(ASK).unwrap();
    world.until_line(&format!("filter c {GO:?}"));
    client
}

/// Holds that behind the clear words there is TLS and nothing else.
#[track_caller]
fn assert_upgraded(recording: &Recording) -> Vec<Record> {
    let rest = recording.caller.strip_prefix(ASK.as_bytes());
    let found = records(rest.expect("the clear words"));
    assert!(!recording.shows(&SECRET.as_bytes()[..6]), "in clear");
    found.expect("nothing but TLS behind the clear words")
}

#[test]
fn what_is_sent_after_the_upgrade_is_encrypted() {
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = asked(move |peer| welcome.listen(peer));
    let proxy = Proxy::before(server.port());
    let client = asking(&world, proxy.port());
    assert!(!client.is_encrypted());
    client.start_tls(trusting(&authority)).unwrap();
    assert!(client.is_encrypted());
    assert_eq!(client.status(), Status::Open);
    client.send(SECRET).unwrap();
    client.send_eof().unwrap();
    assert_eq!(server.join().unwrap(), SECRET.as_bytes());
    client.delete();
    let seen = assert_upgraded(&proxy.finish());
    assert!(seen.iter().any(|record| record.kind == Record::DATA));
}

#[test]
fn a_filter_may_upgrade_and_send_at_once() {
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = asked(move |peer| welcome.listen(peer));
    let proxy = Proxy::before(server.port());
    let parameters = trusting(&authority);
    let spec = Spec::client("c")
        .host("localhost")
        .service(proxy.port())
        .coding("binary")
        .filter(move |process, _| {
            process.begin_tls(&parameters)?;
            process.send(SECRET)?;
            process.send_eof()
        });
    let client = world.network.open(spec).unwrap();
    client.send(ASK).unwrap();
    world.until("the end", || !client.is_live());
    assert_eq!(server.join().unwrap(), SECRET.as_bytes());
    client.delete();
    assert_upgraded(&proxy.finish());
    assert_eq!(world.faults.lines(), [""; 0]);
}

/// Has an upgrade fail, waiting and not, and returns the words that both were told.
fn fails<T: Send + 'static>(
    deadline: Duration,
    then: impl Fn(Peer) -> T + Clone + Send + 'static,
) -> String {
    let limits = Limits {
        handshake: deadline,
        ..Limits::default()
    };
    let authority = Authority::new();
    let mut told = Vec::new();
    for waits in [true, false] {
        let world = World::with(|builder| builder.limits(limits));
        let server = asked(then.clone());
        let proxy = Proxy::before(server.port());
        let client = asking(&world, proxy.port());
        if waits {
            let error = client.start_tls(trusting(&authority)).unwrap_err();
            assert!(matches!(error, Error::Tls(_)), "{error:?}");
            told.push(error.to_string());
        } else {
            client.begin_tls(trusting(&authority)).unwrap();
            // Outside of callbacks this waits for the upgrade, inside it would be queued.
            let _refused = client.send(SECRET);
        }
        let lines = world.until_lines(2);
        let [_, line] = &lines[..] else {
            panic!("the answer and the failure: {lines:?}");
        };
        let words = line
            .strip_prefix("sentinel c \"failed: ")
            .and_then(|line| line.split_once("\\n\" "))
            .unwrap_or_else(|| panic!("{line}"));
        told.push(words.0.replace("\\\"", "\"").replace("\\\\", "\\"));
        assert!(!client.is_live(), "{line}");
        assert!(client.send(SECRET).is_err());
        assert!(!client.is_encrypted());
        client.delete();
        server.join();
        assert_upgraded(&proxy.finish());
        assert_eq!(world.transcript.count("filter"), 1, "{lines:?}");
    }
    assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:?}");
    told.remove(0)
}

#[test]
fn an_upgrade_that_fails_closes_the_process_and_says_nothing_in_clear() {
    for (answer, expected) in [
        (
            Answer::Bytes(b"454 TLS not available\r\n".to_vec()),
            "the peer does not speak TLS: it begins with \"454 TLS not avai\"",
        ),
        (
            Answer::Bytes(vec![21, 3, 3, 0, 2, 2, 80]),
            "the peer sent the alert \"internal error\"",
        ),
        (Answer::CloseAfterHello, "the peer closed the connection"),
        (Answer::Silence, "not done before the deadline"),
    ] {
        let deadline = match answer {
            Answer::Silence => Duration::from_millis(150),
            _ => Limits::default().handshake,
        };
        let words = fails(deadline, move |peer| answer.clone().play(peer));
        assert_eq!(words, format!("TLS handshake with localhost: {expected}"));
    }
}

#[test]
fn an_upgrade_to_a_stranger_closes_the_process_and_says_nothing() {
    let stranger = Authority::called("Stranger");
    let welcome = Welcome::showing(&stranger.leaf("localhost"));
    let words = fails(Limits::default().handshake, move |peer| {
        let heard = welcome.listen(peer);
        assert!(heard.is_err(), "it took {heard:?} for a session");
    });
    let begins = "TLS handshake with localhost: the certificate was refused: its issuer";
    assert!(words.starts_with(begins), "{words}");
}

#[test]
fn words_slipped_in_behind_the_answer_are_not_taken_for_those_of_the_session() {
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = asked(move |mut peer| {
        peer.send("250 slipped in\r\n");
        welcome.listen(peer)
    });
    let proxy = Proxy::before(server.port());
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {} :coding binary :buffer "b")"#,
        proxy.port()
    ));
    client.send(ASK).unwrap();
    let buffer = client.buffer().unwrap();
    world.until("all clear words", || {
        buffer.text().to_string_lossy().ends_with("in\r\n")
    });
    let text = buffer.text().to_string_lossy().into_owned();
    let rest = text.strip_prefix(GO).unwrap();
    let how = StartTls::client(trusting(&authority)).read_ahead(rest.as_bytes());
    let error = client.start_tls(how).unwrap_err();
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer does not speak TLS: \
         it begins with \"250 slipped in\\r\\n\""
    );
    assert!(client.send(SECRET).is_err());
    client.delete();
    assert!(server.join().is_err());
    assert_upgraded(&proxy.finish());
}

/// A server in clear that upgrades its connections when asked, and echoes in TLS.
fn upgrading(world: &World, leaf: &Leaf) -> Process {
    let tls = serving(leaf);
    let transcript = world.transcript.clone();
    let spec = Spec::server("s")
        .service(Service::Any)
        .coding("binary")
        .sentinel(move |process, event| {
            let status = process.status();
            transcript.add(format!("sentinel {event:?} {status}"));
        })
        .filter(move |process, text| {
            if process.is_encrypted() {
                return process.send(text);
            }
            let bytes = text.as_bytes();
            let ahead = bytes.strip_prefix(ASK.as_bytes()).expect("the question");
            process.send(GO)?;
            process.begin_tls(StartTls::server(Arc::clone(&tls)).read_ahead(ahead))
        });
    world.network.open(spec).unwrap()
}

#[test]
fn a_server_keeps_what_came_right_behind_the_question() {
    let world = World::new();
    let authority = Authority::new();
    let server = upgrading(&world, &authority.leaf("localhost"));
    let peer = Peer::connect(&server);
    let client = Client::trusting(&authority);
    let talking = std::thread::spawn(move || {
        // The question and the first message of TLS go out in one piece.
        let mut stream = client.connect_behind(peer, "localhost", ASK, GO).unwrap();
        stream.write_all(SECRET.as_bytes()).unwrap();
        let mut back = vec![0; SECRET.len()];
        stream.read_exact(&mut back).unwrap();
        end_session(&mut stream);
        back
    });
    world.until("an echo", || talking.is_finished());
    assert_eq!(talking.join().unwrap(), SECRET.as_bytes());
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn both_ends_upgrade_over_every_kind_of_stream() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let hosts = if has_ipv6() {
        &["127.0.0.1", "::1"][..]
    } else {
        &["127.0.0.1"]
    };
    for host in hosts {
        let tls = serving(&leaf);
        let spec = Spec::server("s")
            .host(*host)
            .service(Service::Any)
            .coding("binary")
            .filter(move |process, text| {
                if process.is_encrypted() {
                    process.send(text)
                } else {
                    process.send(GO)?;
                    process.begin_tls(&tls)
                }
            });
        let server = world.network.open(spec).unwrap();
        let spec = Spec::client("c")
            .host(*host)
            .service(server.service())
            .coding("binary")
            .buffer(format!("buffer {host}"));
        let client = world.network.open(spec).unwrap();
        client.send(ASK).unwrap();
        let buffer = client.buffer().unwrap();
        world.until("the answer", || buffer.text() == GO);
        client.start_tls(trusting(&authority)).unwrap();
        client.send(SECRET).unwrap();
        world.until("an echo", || {
            buffer.text() == format!("{GO}{SECRET}").as_str()
        });
        client.delete();
        server.delete();
    }
}

#[test]
fn a_client_that_answers_the_upgrade_with_garbage_harms_no_other() {
    let world = World::new();
    let authority = Authority::new();
    let server = upgrading(&world, &authority.leaf("localhost"));
    let bad = Peer::connect(&server);
    let address = bad.address();
    let talking = std::thread::spawn(move || {
        let mut bad = bad;
        bad.send(ASK);
        let answer = bad.receive(GO.len());
        assert_eq!(answer, GO.as_bytes());
        bad.send("MAIL FROM:<me>\r\n");
        bad.receive_rest()
    });
    world.until("the end", || talking.is_finished());
    records(&talking.join().unwrap()).expect("nothing but an alert");
    let told = format!(
        "failed: TLS handshake with {address}: the peer does not speak TLS: \
         it begins with \"MAIL FROM:<me>\\r\\n\"\n"
    );
    world.until_line(&format!("sentinel {told:?} closed"));
    let client = Client::trusting(&authority);
    let peer = Peer::connect(&server);
    let talking = std::thread::spawn(move || {
        let mut stream = client.connect_behind(peer, "localhost", ASK, GO).unwrap();
        stream.write_all(b"x").unwrap();
        stream.read_exact(&mut [0])
    });
    world.until("an echo", || talking.is_finished());
    talking.join().unwrap().unwrap();
}

#[test]
fn what_was_queued_before_goes_out_in_clear_and_all_of_it() {
    const MUCH: usize = 6_000_000;
    let world = World::with(|builder| {
        builder.limits(Limits {
            high_water: 32_000_000,
            ..Limits::default()
        })
    });
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let (go_on, waiting) = std::sync::mpsc::channel();
    let server = Scripted::once(move |mut peer| {
        let () = waiting.recv().unwrap();
        let clear = peer.receive(MUCH);
        (clear, welcome.listen(peer))
    });
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {} :coding binary)"#,
        server.port()
    ));
    let text: Vec<u8> = (0..=250).cycle().take(MUCH).collect();
    client.send(&text).unwrap();
    assert!(client.queued_bytes() > 0, "the peer does not read yet");
    client.begin_tls(trusting(&authority)).unwrap();
    go_on.send(()).unwrap();
    client.send(SECRET).unwrap();
    client.send_eof().unwrap();
    world.until("the end", || !client.is_live());
    let (clear, secured) = server.join();
    assert!(clear == text, "all of it and nothing else");
    assert_eq!(secured.unwrap(), SECRET.as_bytes());
}

#[test]
fn what_cannot_be_upgraded_says_so_and_goes_on_as_it_was() {
    let world = World::new();
    let authority = Authority::new();
    let parameters = trusting(&authority);
    let refused = |process: &Process| {
        let error = process.start_tls(&parameters).unwrap_err();
        assert!(matches!(error, Error::NoUpgrade { .. }), "{error}");
    };
    let server = world.open(r#"(:name "s" :server t :service t :filter echo :coding binary)"#);
    refused(&server);
    refused(&world.open(r#"(:name "d" :type datagram :service 9)"#));
    let client = world.open(&format!(
        r#"(:name "c" :service {} :buffer "b")"#,
        server.port().unwrap()
    ));
    client.send_eof().unwrap();
    refused(&client);
    client.delete();
    refused(&client);
    let tls = world.open(&format!(
        r#"(:name "t" :server t :service t :tls-parameters {})"#,
        authority.leaf("localhost").server()
    ));
    let encrypted = world.open(&format!(
        r#"(:name "e" :host "localhost" :service {} :tls-parameters {})"#,
        tls.port().unwrap(),
        authority.client("localhost")
    ));
    refused(&encrypted);
    assert!(encrypted.is_live());
}

#[test]
fn an_upgrade_that_is_dropped_closes_the_process() {
    let world = World::new();
    let authority = Authority::new();
    let (reached, hello) = std::sync::mpsc::channel();
    let server = asked(move |mut peer| {
        let mut bytes = peer.receive(5);
        reached.send(()).unwrap();
        bytes.extend(peer.receive_rest());
        bytes
    });
    let proxy = Proxy::before(server.port());
    let client = asking(&world, proxy.port());
    {
        let mut upgrade = Box::pin(client.start_tls_async(trusting(&authority)));
        world.until("the first message", || {
            assert!(block_on(poll_once(&mut upgrade)).is_none());
            hello.try_recv().is_ok()
        });
    }
    world.until("the end", || !client.is_live());
    assert!(client.send(SECRET).is_err());
    client.delete();
    records(&server.join()).expect("nothing in clear");
    assert_upgraded(&proxy.finish());
}

#[test]
fn deleting_during_the_upgrade_says_deleted_and_nothing_else() {
    let world = World::new();
    let authority = Authority::new();
    let (reached, hello) = std::sync::mpsc::channel();
    let server = asked(move |mut peer| {
        let mut bytes = peer.receive(5);
        reached.send(()).unwrap();
        bytes.extend(peer.receive_rest());
        bytes
    });
    let client = asking(&world, server.port());
    client.begin_tls(trusting(&authority)).unwrap();
    world.until("the first message", || hello.try_recv().is_ok());
    client.delete();
    world.look();
    let lines = world.transcript.lines();
    assert_eq!(lines[1..], [r#"sentinel c "deleted\n" closed"#]);
    records(&server.join()).expect("nothing in clear");
    assert!(world.network.processes().is_empty());
}

#[test]
fn a_tunnel_is_upgraded_after_its_dialogue() {
    let world = World::new();
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let inner = Scripted::once(move |peer| welcome.listen(peer));
    let port = inner.port();
    // A proxy that speaks HTTP, and passes everything after its answer.
    let tunnel = Scripted::once(move |mut peer| {
        let mut question = Vec::new();
        while !question.ends_with(b"\r\n\r\n") {
            question.extend(peer.receive(1));
        }
        let behind = Proxy::meddling(port, Meddling::OneByte, Meddling::Nothing);
        peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
        let far = Peer::tcp_port(behind.port());
        peer.join_with(far);
        (question, behind.finish())
    });
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {} :coding binary :filter record)"#,
        tunnel.port()
    ));
    client
        .send("CONNECT localhost:993 HTTP/1.1\r\n\r\n")
        .unwrap();
    world.until_lines(1);
    client.start_tls(trusting(&authority)).unwrap();
    client.send(SECRET).unwrap();
    client.send_eof().unwrap();
    assert_eq!(inner.join().unwrap(), SECRET.as_bytes());
    client.delete();
    let (question, recording) = tunnel.join();
    assert!(question.starts_with(b"CONNECT "));
    recording.assert_only_tls();
    assert!(!recording.shows(SECRET.as_bytes()));
}
