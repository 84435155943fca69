//! What must never happen again: text in clear after a handshake that failed, and failures that
//! nobody is told of (probes 22-tls and 23-tls-more).

use std::time::{Duration, Instant};

use netproc::network::Status;
use netproc_tests::tls::{
    Answer, Attempt, Authority, Leaf, Meddling, Proxy, Record, SECRET, Scripted, Welcome,
    leaf_params, records, send_during,
};
use netproc_tests::{Peer, World};

fn answering(answer: &Answer) -> Scripted<Vec<u8>> {
    let answer = answer.clone();
    Scripted::once(move |peer| answer.play(peer))
}

/// Peers that make no handshake, and how what they do is told.
fn strangers() -> Vec<(Answer, &'static str)> {
    vec![
        (
            Answer::Greeting(b"220 mail.test ESMTP\r\n".to_vec()),
            "the peer does not speak TLS: it begins with \"220 mail.test ES\"; \
             ask it for STARTTLS before the handshake",
        ),
        (
            Answer::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
            "the peer does not speak TLS: it begins with \"HTTP/1.1 400 Bad\"",
        ),
        (
            Answer::Bytes(vec![21, 3, 3, 0, 2, 2, 40]),
            "no cipher suite in common; RSA key exchange, finite-field DHE, CBC ciphers and \
             anonymous suites are not supported: let the peer offer ECDHE with AES-GCM or \
             ChaCha20, and check :priority",
        ),
        (
            Answer::Bytes(vec![21, 3, 3, 0, 2, 2, 80]),
            "the peer sent the alert \"internal error\"",
        ),
        (Answer::CloseAfterHello, "the peer closed the connection"),
    ]
}

#[test]
fn a_blocking_open_whose_handshake_fails_is_an_error_and_no_process() {
    let authority = Authority::new();
    let attempt = Attempt::new(authority.client("localhost"));
    for (answer, expected) in strangers() {
        let refusal = attempt.blocking(answering(&answer));
        let expected = format!("TLS handshake with localhost: {expected}");
        assert_eq!(refusal.words, expected, "{answer:?}");
        assert_eq!(
            refusal.condition,
            Some(format!("(error {expected:?})")),
            "{answer:?}"
        );
        let hello = records(&refusal.heard).unwrap();
        assert_eq!(hello[0].kind, Record::HANDSHAKE, "{answer:?}");
    }
}

#[test]
fn a_handshake_that_fails_in_the_background_is_told_once() {
    let authority = Authority::new();
    let attempt = Attempt::new(authority.client("localhost"));
    for (answer, expected) in strangers() {
        let refusal = attempt.nowait(answering(&answer));
        let expected = format!("TLS handshake with localhost: {expected}");
        assert_eq!(refusal.words, expected, "{answer:?}");
    }
}

#[test]
fn peers_that_leave_are_told_however_they_leave() {
    let authority = Authority::new();
    let attempt = Attempt::new(authority.client("localhost"));
    for answer in [Answer::Close, Answer::CloseAfterHello, Answer::Reset] {
        for refusal in [
            attempt.blocking(answering(&answer)),
            attempt.nowait(answering(&answer)),
        ] {
            let begins = "TLS handshake with localhost: ";
            assert!(refusal.words.starts_with(begins), "{}", refusal.words);
        }
    }
}

/// Servers whose certificate is refused, and how that is told.
fn impostors(authority: &Authority) -> Vec<(Leaf, &'static str)> {
    let mut old = leaf_params("localhost");
    old.not_before = rcgen::date_time_ymd(2019, 1, 1);
    old.not_after = rcgen::date_time_ymd(2020, 1, 1);
    vec![
        (authority.sign(&old), "it expired on 2020-01-01"),
        (
            authority.self_signed(&leaf_params("localhost")),
            "it is self-signed and not among the trusted ones; \
             if it is the right one, add it to :trustfiles",
        ),
        (authority.leaf("elsewhere.test"), "it is for elsewhere.test"),
    ]
}

#[test]
fn a_certificate_that_is_refused_ends_it_before_a_word_is_said() {
    let authority = Authority::new();
    let attempt = Attempt::new(authority.client("localhost"));
    for (leaf, expected) in impostors(&authority) {
        let expected =
            format!("TLS handshake with localhost: the certificate was refused: {expected}");
        for welcome in [Welcome::showing(&leaf), Welcome::tls12(&leaf)] {
            let listening = || {
                let welcome = welcome.clone();
                Scripted::once(move |peer| welcome.listen(peer))
            };
            for refusal in [attempt.blocking(listening()), attempt.nowait(listening())] {
                assert_eq!(refusal.words, expected);
                let heard = refusal.heard;
                assert!(heard.is_err(), "the peer took {heard:?} for a session");
            }
        }
    }
}

#[test]
fn a_peer_that_says_nothing_is_given_up_at_the_deadline() {
    let authority = Authority::new();
    let soon = Duration::from_millis(150);
    let attempt = Attempt::new(authority.client("localhost")).within(soon);
    let expected = "TLS handshake with localhost: not done before the deadline";
    let before = Instant::now();
    let refusal = attempt.blocking(answering(&Answer::Silence));
    assert!(before.elapsed() >= soon);
    assert_eq!(refusal.words, expected);
    let refusal = attempt.nowait(answering(&Answer::Silence));
    assert_eq!(refusal.words, expected);
}

#[test]
fn a_listener_that_never_accepts_is_given_up_at_the_deadline() {
    let authority = Authority::new();
    let limits = netproc::network::Limits {
        handshake: Duration::from_millis(150),
        ..Default::default()
    };
    let world = World::with(|builder| builder.limits(limits));
    let (_listener, port) = Peer::listen();
    let error = world.refuse(&format!(
        r#"(:name "c" :host "localhost" :service {port} :tls-parameters {})"#,
        authority.client("localhost")
    ));
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: not done before the deadline"
    );
    assert!(world.network.processes().is_empty());
}

/// The lengths of what a good server of TLS 1.2 and one of TLS 1.3 say in a handshake.
fn good_server(leaf: &Leaf, only_tls12: bool) -> Scripted<std::io::Result<Vec<u8>>> {
    let welcome = if only_tls12 {
        Welcome::tls12(leaf)
    } else {
        Welcome::showing(leaf)
    };
    Scripted::once(move |peer| welcome.listen(peer))
}

/// Offsets that fall into every message of a handshake, its records' headers among them.
const OFFSETS: [usize; 12] = [0, 1, 3, 5, 6, 44, 90, 127, 130, 180, 300, 500];

#[test]
fn a_wire_that_stalls_within_the_handshake_is_given_up_at_the_deadline() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    for at in OFFSETS {
        for only_tls12 in [true, false] {
            let attempt = Attempt::new(authority.client("localhost"))
                .within(Duration::from_millis(40))
                .harming_theirs(Meddling::Stall(at));
            let refusal = attempt.nowait(good_server(&leaf, only_tls12));
            let expected = "TLS handshake with localhost: not done before the deadline";
            assert_eq!(refusal.words, expected, "stalled at {at}");
        }
    }
}

#[test]
fn a_wire_that_is_cut_within_the_handshake_is_an_error_at_every_place() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    for at in OFFSETS {
        for only_tls12 in [true, false] {
            let attempt =
                Attempt::new(authority.client("localhost")).harming_theirs(Meddling::Cut(at));
            let refusal = attempt.blocking(good_server(&leaf, only_tls12));
            assert_eq!(
                refusal.words, "TLS handshake with localhost: the peer closed the connection",
                "cut at {at}"
            );
            // Before the first byte it may be the connection that is reset, and told as such.
            let attempt = Attempt::new(authority.client("localhost"))
                .harming_theirs(Meddling::Reset(at.max(1)));
            let refusal = attempt.nowait(good_server(&leaf, only_tls12));
            let begins = "TLS handshake with localhost: ";
            assert!(
                refusal.words.starts_with(begins),
                "reset at {at}: {}",
                refusal.words
            );
        }
    }
}

#[test]
fn text_slipped_in_before_or_within_the_handshake_ends_it() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    for at in OFFSETS {
        let own = b"250 all is well\r\n".to_vec();
        // What is behind it may be taken for the length of a record that never comes.
        let attempt = Attempt::new(authority.client("localhost"))
            .within(Duration::from_millis(100))
            .harming_theirs(Meddling::Inject(at, own));
        for refusal in [
            attempt.blocking(good_server(&leaf, true)),
            attempt.nowait(good_server(&leaf, false)),
        ] {
            let begins = "TLS handshake with localhost: ";
            assert!(refusal.words.starts_with(begins), "{}", refusal.words);
        }
    }
}

/// What became of a client whose wire was harmed: open, or failed with words.
fn harmed(authority: &Authority, leaf: &Leaf, only_tls12: bool, at: usize) {
    let world = World::with(|builder| {
        builder.limits(netproc::network::Limits {
            handshake: Duration::from_millis(300),
            ..Default::default()
        })
    });
    let server = good_server(leaf, only_tls12);
    let proxy = Proxy::meddling(server.port(), Meddling::Nothing, Meddling::Flip(at));
    let client = world.open(&format!(
        r#"(:name "c" :nowait t :host "localhost" :service {} :sentinel record
            :tls-parameters {})"#,
        proxy.port(),
        authority.client("localhost")
    ));
    let sent = client.send(SECRET);
    let told = world.until_lines(1).remove(0);
    let opened = told == r#"sentinel c "open\n" open"#;
    let failed = told.starts_with("sentinel c \"failed: TLS handshake with localhost: ");
    assert!(opened || failed, "{told}");
    assert_eq!(sent.is_ok(), opened, "{told}");
    client.delete();
    let (heard, recording) = (server.join(), proxy.finish());
    assert!(!recording.shows(SECRET.as_bytes()));
    recording.assert_only_tls();
    let understood = heard.is_ok_and(|text| text == SECRET.as_bytes());
    assert!(opened || !understood, "a peer that was refused heard it");
}

#[test]
fn whatever_byte_is_changed_on_the_way_nothing_goes_out_in_clear() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    for at in OFFSETS {
        for only_tls12 in [true, false] {
            harmed(&authority, &leaf, only_tls12, at);
        }
    }
}

#[test]
fn what_waits_for_a_handshake_is_dropped_with_it() {
    let authority = Authority::new();
    let world = World::new();
    let (reached, hello) = std::sync::mpsc::channel();
    let (go_on, answer) = std::sync::mpsc::channel();
    let server = Scripted::once(move |mut peer| {
        let hello = peer.receive(5);
        reached.send(hello).unwrap();
        let () = answer.recv().unwrap();
        peer.send(b"500 no\r\n");
        peer.receive_rest()
    });
    let proxy = Proxy::before(server.port());
    let client = world.open(&format!(
        r#"(:name "c" :nowait t :host "localhost" :service {} :sentinel record
            :tls-parameters {})"#,
        proxy.port(),
        authority.client("localhost")
    ));
    world.until("the first message", || hello.try_recv().is_ok());
    let driver = world.network.run_background(1).unwrap();
    let sent = send_during(&client, || go_on.send(()).unwrap());
    assert!(sent.is_err());
    drop(driver);
    assert_eq!(client.status(), Status::Failed);
    client.delete();
    server.join();
    let recording = proxy.finish();
    recording.assert_only_tls();
    assert!(!recording.shows(SECRET.as_bytes()));
}

#[test]
fn a_good_handshake_encrypts_what_waited_for_it_even_byte_by_byte() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    for (only_tls12, nowait) in [(true, "t"), (false, "t"), (true, "nil"), (false, "nil")] {
        let world = World::new();
        let server = good_server(&leaf, only_tls12);
        let proxy = Proxy::meddling(server.port(), Meddling::OneByte, Meddling::OneByte);
        let client = world.open(&format!(
            r#"(:name "c" :nowait {nowait} :host "localhost" :service {} :sentinel record
                :tls-parameters {})"#,
            proxy.port(),
            authority.client("localhost")
        ));
        client.send(SECRET).unwrap();
        client.send_eof().unwrap();
        assert!(client.is_encrypted());
        let heard = server.join();
        assert_eq!(heard.unwrap(), SECRET.as_bytes());
        client.delete();
        let recording = proxy.finish();
        let records = recording.assert_only_tls();
        assert!(records.iter().any(|record| record.kind == Record::DATA));
        assert!(!recording.shows(SECRET.as_bytes()));
    }
}

#[test]
fn the_proxy_would_see_what_is_sent_in_clear() {
    let world = World::new();
    let server = Scripted::once(|mut peer| peer.receive_rest());
    let proxy = Proxy::before(server.port());
    let client = world.open(&format!(r#"(:name "c" :service {})"#, proxy.port()));
    client.send(SECRET).unwrap();
    client.delete();
    assert_eq!(server.join(), SECRET.as_bytes());
    let recording = proxy.finish();
    assert!(recording.shows(SECRET.as_bytes()));
    assert!(records(&recording.caller).is_err());
}
