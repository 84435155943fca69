//! Encryption without certificates: what goes out is encrypted, or nothing goes out.
//!
//! Whether it is built in is a feature; each test holds what is true for the build it is in.

use std::process::Command;

use netproc::network::{Process, Status};
use netproc::tls::{Error, KeyExchange, Parameters, Profile};
use netproc_tests::tls::{
    Answer, Attempt, Authority, Meddling, Program, Proxy, Record, SECRET, Scripted, Welcome,
    has_program, records,
};
use netproc_tests::{Peer, World};

const CLIENT: &str = r#"(gnutls-anon :hostname "localhost")"#;
const SERVER: &str = "(gnutls-anon)";

/// Tells whether sessions without certificates are built in.
fn is_built_in() -> bool {
    let list = netproc::lisp::read(CLIENT).unwrap();
    match Parameters::from_value(&list, Profile::Safe) {
        Ok(_) => true,
        Err(Error::Anonymous) => false,
        Err(error) => panic!("{error}"),
    }
}

fn serve(world: &World) -> Process {
    world.open(&format!(
        r#"(:name "s" :server t :service t :coding binary :filter echo :log record
            :tls-parameters {SERVER})"#
    ))
}

fn client(port: u16, more: &str) -> String {
    format!(
        r#"(:name "c" :host "localhost" :service {port} :coding binary :buffer "b"
            :sentinel record :tls-parameters {CLIENT} {more})"#
    )
}

#[test]
fn a_build_without_it_says_so_and_connects_to_nobody() {
    if is_built_in() {
        return;
    }
    let world = World::new();
    let (listener, port) = Peer::listen();
    listener.set_nonblocking(true).unwrap();
    for more in ["", ":nowait t"] {
        let error = world.refuse(&client(port, more)).to_string();
        assert!(error.starts_with("gnutls-anon, "), "{error}");
    }
    let list = format!(r#"(:name "s" :server t :service t :tls-parameters {SERVER})"#);
    world.refuse(&list);
    world.look();
    assert!(world.network.processes().is_empty());
    let nobody = listener.accept().unwrap_err().kind();
    assert_eq!(nobody, std::io::ErrorKind::WouldBlock);
}

#[test]
fn between_two_of_ours_nothing_is_in_clear() {
    if !is_built_in() {
        return;
    }
    for more in ["", ":nowait t"] {
        let world = World::new();
        let server = serve(&world);
        let proxy = Proxy::before(server.port().unwrap());
        let client = world.open(&client(proxy.port(), more));
        client.send(SECRET).unwrap();
        let buffer = client.buffer().unwrap();
        world.until("an echo", || buffer.text() == SECRET);
        assert!(client.is_encrypted());
        let status = client.peer_status().unwrap();
        assert_eq!(status.key_exchange, Some(KeyExchange::AnonEcdh));
        assert_eq!(status.certificates, []);
        client.delete();
        world.until("the end", || world.network.processes() == [server.clone()]);
        assert_eq!(
            world.transcript.lines().last().unwrap(),
            r#"sentinel c "deleted\n" closed"#
        );
        let recording = proxy.finish();
        let ours = recording.assert_only_tls();
        assert!(ours.iter().any(|record| record.kind == Record::DATA));
        records(&recording.called).expect("nothing but TLS");
        assert!(!recording.shows(&SECRET.as_bytes()[..6]));
        assert_eq!(world.faults.lines(), [""; 0]);
    }
}

#[test]
fn single_bytes_and_ten_megabytes_arrive() {
    if !is_built_in() {
        return;
    }
    let world = World::new();
    let server = serve(&world);
    let port = server.port().unwrap();
    let proxy = Proxy::meddling(port, Meddling::OneByte, Meddling::OneByte);
    let slow = world.open(&client(proxy.port(), ""));
    slow.send(SECRET).unwrap();
    let buffer = slow.buffer().unwrap();
    world.until("an echo", || buffer.text() == SECRET);
    slow.delete();
    world.until("the end", || world.network.processes() == [server.clone()]);
    proxy.finish().assert_only_tls();

    let much: Vec<u8> = (0..=126).cycle().take(10_000_000).collect();
    let fast = world.open(&client(port, "").replace("\"b\"", "\"much\""));
    fast.send(&much).unwrap();
    fast.send_eof().unwrap();
    world.until("the end", || !fast.is_live());
    let all = fast.buffer().unwrap().text();
    // The default sentinel is not in the way, so the buffer has what came and nothing else.
    assert!(all.as_bytes() == much, "all of it");
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn peers_that_are_not_anonymous_are_refused_and_told_nothing() {
    if !is_built_in() {
        return;
    }
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = || {
        let welcome = welcome.clone();
        Scripted::once(move |peer| welcome.listen(peer))
    };
    let attempt = Attempt::new(CLIENT);
    let (blocking, nowait) = (attempt.blocking(server()), attempt.nowait(server()));
    assert_eq!(blocking.words, nowait.words);
    let begins = "TLS handshake with localhost: ";
    assert!(blocking.words.starts_with(begins), "{}", blocking.words);
    assert!(blocking.heard.is_err() && nowait.heard.is_err());
}

#[test]
fn peers_that_do_not_speak_tls_are_told_nothing() {
    if !is_built_in() {
        return;
    }
    let attempt = Attempt::new(CLIENT);
    for (answer, expected) in [
        (
            Answer::Greeting(b"220 mail.test ESMTP\r\n".to_vec()),
            "the peer does not speak TLS: it begins with \"220 mail.test ES\"; \
             ask it for STARTTLS before the handshake",
        ),
        (Answer::CloseAfterHello, "the peer closed the connection"),
        (
            Answer::Bytes(vec![21, 3, 3, 0, 2, 2, 80]),
            "the peer sent the alert \"internal error\"",
        ),
    ] {
        let server = || {
            let answer = answer.clone();
            Scripted::once(move |peer| answer.play(peer))
        };
        let expected = format!("TLS handshake with localhost: {expected}");
        assert_eq!(attempt.blocking(server()).words, expected);
        assert_eq!(attempt.nowait(server()).words, expected);
    }
}

#[test]
fn a_client_that_is_not_anonymous_is_refused_by_the_server() {
    if !is_built_in() {
        return;
    }
    let world = World::new();
    let server = serve(&world);
    let authority = Authority::new();
    let list = format!(
        r#"(:name "c" :host "localhost" :service {} :tls-parameters {})"#,
        server.port().unwrap(),
        authority.client("localhost")
    );
    world.refuse(&list);
    let told = &world.until_lines(1)[0];
    let begins = "log s nil \"accept failed: TLS handshake with 127.0.0.1:";
    assert!(told.starts_with(begins), "{told}");
    assert_eq!(world.network.processes(), [server]);
}

#[test]
fn a_cut_is_told_apart_from_an_end() {
    if !is_built_in() {
        return;
    }
    let world = World::new();
    let server = serve(&world);
    let port = server.port().unwrap();
    // Behind the handshake; what the server says there is cut.
    let whole = Proxy::before(port);
    let first = world.open(&client(whole.port(), ""));
    let handshake = whole.so_far().called.len();
    first.delete();
    world.until("the end", || world.network.processes() == [server.clone()]);
    whole.finish();
    let proxy = Proxy::meddling(port, Meddling::Nothing, Meddling::Cut(handshake + 10));
    let second = world.open(&client(proxy.port(), ""));
    second.send(SECRET).unwrap();
    world.until("the end", || !second.is_live());
    assert_eq!(second.status(), Status::Closed);
    let faults = world.faults.lines();
    let cut = "process c: TLS read with localhost: the connection ended without the end";
    assert!(
        faults.iter().any(|fault| fault.starts_with(cut)),
        "{faults:?}"
    );
    assert_eq!(second.buffer().unwrap().text(), "");
    world.until("the end", || world.network.processes() == [server.clone()]);
    proxy.finish().assert_only_tls();
}

#[test]
fn a_server_of_gnutls_hears_nothing_in_clear() {
    if !is_built_in() || !has_program("gnutls-serv") {
        return;
    }
    for exchange in ["ANON-ECDH", "ANON-DH"] {
        for more in ["", ":nowait t"] {
            let mut command = Command::new("gnutls-serv");
            command.args(["--echo", "--port", "0", "--priority"]);
            command.arg(format!("NORMAL:-VERS-TLS1.3:+{exchange}"));
            let mut server = Program::start_on_errors(&mut command);
            server.line_with("listening on IPv4");
            let port = server.listening_port();
            let world = World::new();
            let proxy = Proxy::before(port);
            let client = world.open(&client(proxy.port(), more));
            client.send(format!("{SECRET}\n").as_str()).unwrap();
            let buffer = client.buffer().unwrap();
            world.until("an echo", || {
                buffer.text().to_string_lossy().contains(SECRET)
            });
            let status = client.peer_status().unwrap();
            assert_eq!(status.key_exchange.unwrap().to_string(), exchange);
            client.delete();
            drop(server);
            let recording = proxy.finish();
            recording.assert_only_tls();
            assert!(!recording.shows(&SECRET.as_bytes()[..6]));
        }
    }
}
