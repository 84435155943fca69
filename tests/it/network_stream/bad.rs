//! Servers that inject, stall, end or talk nonsense: an error that names the step, and no process.

use std::time::{Duration, Instant};

use netproc::Error;
use netproc::network_stream::{PeerError, PeerFault, Step, StreamRequest};
use netproc::{Limits, Text};
use netproc_tests::tls::{Meddling, Proxy, Recording, SECRET};
use netproc_tests::{PATIENCE, World};

use super::script::{Mail, Turn};
use super::{ASK, Bench, GO, GREETING, INSIDE, OFFER, STARTTLS, imap_to, imap_upgraded};

/// Opens what has to fail, and returns what the server did wrong.
#[track_caller]
fn fails(bench: &Bench, request: StreamRequest) -> PeerError {
    let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
    assert!(bench.network().processes().is_empty());
    match error {
        Error::Stream(error) => error.error.peer().expect("the server's fault").clone(),
        other => panic!("{other:?}"),
    }
}

const EVIL: &str = "* CAPABILITY EVIL\r\n";

#[test]
fn words_in_the_packet_of_the_answer_end_the_dialogue() {
    let bench = Bench::new();
    let mut turns = imap_to("1 OK go\r\n* CAPABILITY EVIL\r\n");
    turns.push(Turn::Rest);
    let server = bench.serve([turns.clone(), turns]);
    for request in [bench.imap(&server), bench.required(&server)] {
        let peer = fails(&bench, request);
        assert_eq!(peer.step, Step::Starttls);
        assert_eq!(peer.fault, PeerFault::ReadAhead { bytes: EVIL.len() });
        assert_eq!(peer.host, "localhost");
    }
    assert!(!bench.buffer().contains("EVIL"), "{}", bench.buffer());
    // Not even a handshake was begun.
    assert_eq!(server.join(), ["", ""]);
}

#[test]
fn bytes_that_are_no_text_are_counted_as_bytes() {
    let bench = Bench::new();
    let mut turns = imap_to("");
    let mut bytes = GO.as_bytes().to_vec();
    bytes.extend([0xC3, 0xFF, 0x00]);
    turns.extend([Turn::Bytes(bytes), Turn::Rest]);
    let server = bench.serve([turns]);
    let fault = fails(&bench, bench.required(&server)).fault;
    assert_eq!(fault, PeerFault::ReadAhead { bytes: 3 });
    server.join();
}

#[test]
fn half_a_character_before_the_answer_is_no_part_of_the_handshake() {
    let bench = Bench::new();
    // The rest of the offer ends within a character, which only the next bytes show.
    let mut offer = OFFER.as_bytes().to_vec();
    offer.push(0xC3);
    let turns = vec![
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Bytes(offer),
        Turn::Hear(STARTTLS),
        Turn::Say(GO),
        Turn::Tls,
        Turn::Hear(ASK),
        Turn::Say(INSIDE),
        Turn::Rest,
    ];
    let server = bench.serve([turns]);
    let opened = netproc::open_network_stream(bench.network(), bench.required(&server)).unwrap();
    assert!(opened.process.is_encrypted());
    opened.process.delete();
    server.join();
}

#[test]
fn words_in_the_middle_of_the_handshake_end_it() {
    let bench = Bench::new();
    let mut turns = imap_to(GO);
    turns.extend([Turn::Hello, Turn::Say(EVIL), Turn::Rest]);
    let server = bench.serve([turns]);
    let peer = fails(&bench, bench.required(&server));
    assert_eq!(peer.step, Step::Handshake);
    assert!(matches!(peer.fault, PeerFault::Handshake { .. }), "{peer}");
    assert!(!bench.buffer().contains("EVIL"), "{}", bench.buffer());
    let rest = server.join().remove(0);
    assert!(!rest.contains("CAPABILITY"), "{rest}");
}

/// What a proxy saw of ours after STARTTLS: nothing but TLS.
#[track_caller]
fn is_tls_after_starttls(recording: Recording) {
    let clear = [ASK, STARTTLS].concat();
    let Recording { caller, called, .. } = recording;
    assert!(caller.starts_with(clear.as_bytes()));
    let caller = caller[clear.len()..].to_vec();
    let mut rest = Recording::default();
    (rest.caller, rest.called) = (caller, called);
    assert!(!rest.assert_only_tls().is_empty());
}

#[test]
fn nothing_is_said_in_clear_after_starttls() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let proxy = Proxy::before(server.port());
    let mut request = bench.imap(&server);
    request.service = proxy.port().into();
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    opened.process.send(SECRET).unwrap();
    opened.process.delete();
    assert_eq!(server.join(), [SECRET]);
    let recording = proxy.finish();
    assert!(!recording.shows(SECRET.as_bytes()));
    is_tls_after_starttls(recording);
}

#[test]
fn a_byte_that_is_flipped_in_the_handshake_ends_it() {
    let bench = Bench::new();
    let mut turns = imap_to(GO);
    turns.push(Turn::TryTls);
    let server = bench.serve([turns]);
    // In the middle of the certificate.
    let place = [GREETING, OFFER, GO].concat().len() + 300;
    let proxy = Proxy::meddling(server.port(), Meddling::Nothing, Meddling::Flip(place));
    let mut request = bench.required(&server);
    request.service = proxy.port().into();
    assert_eq!(fails(&bench, request).step, Step::Handshake);
    server.join();
    is_tls_after_starttls(proxy.finish());
}

#[test]
fn words_that_a_proxy_puts_behind_the_answer_are_never_heard() {
    // One by one, behind each part of what the server says after its answer.
    let clear = [GREETING, OFFER, GO].concat().len();
    for place in [clear, clear + 1, clear + 5, clear + 100] {
        let bench = Bench::new();
        let mut turns = imap_to(GO);
        turns.push(Turn::TryTls);
        let server = bench.serve([turns]);
        let evil = Meddling::Inject(place, EVIL.into());
        let proxy = Proxy::meddling(server.port(), Meddling::Nothing, evil);
        let mut request = bench.required(&server);
        request.service = proxy.port().into();
        let peer = fails(&bench, request);
        assert!(
            matches!(peer.step, Step::Starttls | Step::Handshake),
            "{peer}"
        );
        assert!(!bench.buffer().contains("EVIL"), "{}", bench.buffer());
        server.join();
        let caller = proxy.finish().caller;
        assert!(caller.starts_with([ASK, STARTTLS].concat().as_bytes()));
    }
}

#[test]
fn an_upgrade_byte_by_byte_is_the_same() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let proxy = Proxy::meddling(server.port(), Meddling::OneByte, Meddling::OneByte);
    let mut request = bench.required(&server);
    // The second line of the offer comes behind the answer here, so it has to be awaited.
    request.end_of_capability = Some(super::emacs("^1 OK.*\r\n"));
    request.service = proxy.port().into();
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.capabilities, Some(Text::from(INSIDE)));
    opened.process.delete();
    server.join();
    is_tls_after_starttls(proxy.finish());
}

#[test]
fn a_server_that_ends_where_it_should_speak() {
    let bench = Bench::new();
    let stages: [(Vec<Turn>, Step); 3] = [
        (vec![], Step::Greeting),
        (
            vec![Turn::Say(GREETING), Turn::Hear(ASK)],
            Step::Capabilities,
        ),
        (
            vec![
                Turn::Say(GREETING),
                Turn::Hear(ASK),
                Turn::Say(OFFER),
                Turn::Hear(STARTTLS),
            ],
            Step::Starttls,
        ),
    ];
    for (turns, step) in stages {
        let server = bench.serve([turns]);
        let peer = fails(&bench, bench.imap(&server));
        assert_eq!((peer.step, peer.fault), (step, PeerFault::Closed));
        server.join();
    }
    let mut turns = imap_to(GO);
    turns.extend([Turn::Tls, Turn::Hear(ASK)]);
    let server = bench.serve([turns]);
    let peer = fails(&bench, bench.required(&server));
    assert_eq!(
        (peer.step, peer.fault),
        (Step::CapabilitiesAgain, PeerFault::Closed)
    );
    server.join();
}

/// Stalls after some turns, and returns what came of it.
#[track_caller]
fn stalls(turns: Vec<Turn>, within: Duration) -> PeerError {
    let mut bench = Bench::new();
    let limits = Limits {
        handshake: within,
        ..Limits::default()
    };
    bench.world = World::with(|builder| builder.limits(limits));
    let mut turns = turns;
    turns.push(Turn::Rest);
    let server = bench.serve([turns]);
    let begun = Instant::now();
    let peer = fails(&bench, bench.required(&server).answer_within(within));
    assert!(begun.elapsed() >= within && begun.elapsed() < PATIENCE);
    server.join();
    peer
}

/// Long enough for the steps before the one that stalls, however busy the machine is.
const LONG: Duration = Duration::from_secs(4);

#[test]
fn a_server_that_does_not_greet() {
    let peer = stalls(vec![Turn::Say("* OK")], Duration::from_millis(200));
    assert_eq!(peer.step, Step::Greeting);
    assert!(
        peer.to_string()
            .ends_with(": greeting: nothing like \"\\r\\n\" came within 200ms; so far: \"* OK\""),
        "{peer}"
    );
}

#[test]
fn a_server_that_does_not_tell_its_capabilities() {
    let peer = stalls(vec![Turn::Say(GREETING), Turn::Hear(ASK)], LONG);
    assert_eq!(peer.step, Step::Capabilities);
    assert!(matches!(peer.fault, PeerFault::Stalled { .. }), "{peer}");
    assert_eq!(peer.said.greeting, Some(Text::from(GREETING)));
}

#[test]
fn a_server_that_does_not_answer_to_starttls() {
    let mut turns = imap_to("");
    turns.pop();
    let peer = stalls(turns, LONG);
    assert_eq!(peer.step, Step::Starttls);
    assert!(matches!(peer.fault, PeerFault::Stalled { .. }), "{peer}");
}

#[test]
fn a_server_that_does_not_shake_hands() {
    let mut turns = imap_to(GO);
    turns.push(Turn::Hello);
    let peer = stalls(turns, LONG);
    assert_eq!(peer.step, Step::Handshake);
    assert!(
        peer.to_string().ends_with(": not done before the deadline"),
        "{peer}"
    );
}

#[test]
fn a_server_that_talks_nonsense_without_end() {
    let bench = Bench::new();
    let mut nonsense = [0xFF, 0x00, b'x', 0xC3, 0x28].repeat(500);
    nonsense.push(b'\n');
    let server = bench.serve([vec![Turn::Bytes(nonsense), Turn::Rest]]);
    let peer = fails(&bench, bench.imap(&server).answer_limit(2000));
    assert_eq!(peer.step, Step::Greeting);
    assert!(
        matches!(peer.fault, PeerFault::TooLong { limit: 2000, .. }),
        "{peer}"
    );
    assert_eq!(server.join(), [""]);
}

#[test]
fn an_attempt_that_is_given_up_leaves_nothing_behind() {
    let bench = Bench::new();
    let server = bench.serve([vec![Turn::Say(GREETING), Turn::Hear(ASK), Turn::Rest]]);
    let opening = netproc::open_network_stream_async(bench.network(), bench.imap(&server));
    let mut opening = Box::pin(opening);
    bench.world.until("a question", || {
        let polled = futures_lite::future::poll_once(opening.as_mut());
        assert!(futures_lite::future::block_on(polled).is_none());
        let processes = bench.network().processes();
        processes
            .first()
            .is_some_and(|it| it.bytes_sent() == ASK.len() as u64)
    });
    drop(opening);
    assert!(bench.network().processes().is_empty());
    assert_eq!(server.join(), [""]);
}

#[test]
fn a_server_that_is_not_there() {
    let bench = Bench::new();
    let (_held, port) = netproc_tests::Peer::closed_port();
    let mut request = StreamRequest::new("x", "127.0.0.1", port).return_list(true);
    request.tls_parameters = bench.trust();
    let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
    assert!(matches!(error, Error::Network(_)), "{error}");
    let server = Mail::serve(&bench.leaf, vec![]);
    server.join();
}
