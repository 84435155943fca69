//! Conversations that end with an error, each naming the host, the step and the cause.

use std::time::Duration;

use netproc_dialogue::{PeerFault, Step, StreamRequest, StreamType, Text};

use crate::support::{Played, imap, play};

const GREETING: &str = "* OK ready\r\n";
const OFFER: &str = "* CAPABILITY IMAP4rev1 STARTTLS\r\n";

fn required() -> StreamRequest {
    imap().stream_type(StreamType::Starttls)
}

#[track_caller]
fn ends(played: Played, step: Step, message: &str) -> PeerFault {
    assert_eq!(played.lines.last().map(String::as_str), Some("finish"));
    let error = played.error();
    assert_eq!(error.to_string(), format!("localhost/143: {message}"));
    let peer = error.peer().expect("the server's fault");
    assert_eq!(peer.step, step);
    peer.fault.clone()
}

#[test]
fn required_encryption_that_is_not_offered() {
    let played = play(required(), &[GREETING, "* CAPABILITY IMAP4rev1\r\n"]);
    assert!(!played.lines.iter().any(|line| line.contains("STARTTLS")));
    let error = played.error();
    assert_eq!(
        error.to_string(),
        "localhost/143: capabilities: encryption is required, and the server does not offer \
         STARTTLS"
    );
    assert_eq!(
        error.condition().to_string(),
        r#"(error "Server does not support TLS")"#
    );
    let peer = error.peer().unwrap();
    assert_eq!(peer.error_text(), Some("Server does not support TLS"));
    assert_eq!(peer.said.greeting, Some(Text::from(GREETING)));
    assert!(peer.said.capabilities.is_some());
}

#[test]
fn required_encryption_that_is_refused() {
    let played = play(required(), &[GREETING, OFFER, "1 NO later\r\n"]);
    let fault = ends(
        played,
        Step::Starttls,
        "STARTTLS: encryption is required, and the server answered \"1 NO later\\r\\n\"",
    );
    let answer = Text::from("1 NO later\r\n");
    assert_eq!(fault, PeerFault::Refused { answer });
}

#[test]
fn required_encryption_whose_handshake_fails() {
    let error = play(required(), &[GREETING, OFFER, "1 OK go\r\n", "NOTLS"]).error();
    assert_eq!(
        error.condition().to_string(),
        r#"(error "Unable to negotiate a TLS connection with localhost/143")"#
    );
}

#[test]
fn a_certificate_that_is_refused_is_an_error_even_where_clear_text_is_allowed() {
    for request in [required(), imap()] {
        let played = play(request, &[GREETING, OFFER, "1 OK go\r\n", "BADCERT"]);
        let message = "TLS handshake: it said \"garbage\"";
        ends(played, Step::Handshake, message);
    }
}

#[test]
fn words_after_the_answer_to_starttls_are_not_taken_for_words_of_the_session() {
    for request in [required(), imap()] {
        let together = ["1 OK go\r\n* CAPABILITY EVIL\r\n"];
        let played = play(
            request.clone(),
            &[&[GREETING, OFFER], &together[..]].concat(),
        );
        assert!(!played.lines.contains(&"tls".to_owned()));
        let message = "STARTTLS: 19 bytes came after the answer and before the handshake; \
             somebody may be injecting commands, so the connection was given up";
        let fault = ends(played, Step::Starttls, message);
        assert_eq!(fault, PeerFault::ReadAhead { bytes: 19 });

        let apart = ["1 OK go\r\n", "* CAPABILITY EVIL\r\n", "TLS", OFFER];
        let played = play(request, &[&[GREETING, OFFER], &apart[..]].concat());
        let fault = ends(played, Step::Starttls, message);
        assert_eq!(fault, PeerFault::ReadAhead { bytes: 19 });
    }
}

#[test]
fn a_server_that_closes_where_it_should_speak() {
    let closed = "the server ended the connection";
    let stages: [(&[&str], Step); 4] = [
        (&["CLOSE"], Step::Greeting),
        (&[GREETING, "CLOSE"], Step::Capabilities),
        (&[GREETING, OFFER, "CLOSE"], Step::Starttls),
        (
            &[GREETING, OFFER, "1 OK go\r\n", "TLS", "CLOSE"],
            Step::CapabilitiesAgain,
        ),
    ];
    for (words, step) in stages {
        let played = play(imap(), words);
        assert_eq!(
            ends(played, step, &format!("{step}: {closed}")),
            PeerFault::Closed
        );
    }
}

#[test]
fn an_answer_that_came_before_the_end_counts() {
    let words = [GREETING, "* CAPABILITY IMAP4rev1\r\n", "CLOSE"];
    assert!(play(imap(), &words).end.expect("an end").is_ok());
}

#[test]
fn a_server_that_stalls() {
    let request = imap().answer_within(Duration::from_secs(7));
    let played = play(request, &[GREETING, "* CAPABILITY", "STALL"]);
    let message = "capabilities: nothing like \"\\r\\n\" came within 7s; so far: \"* CAPABILITY\"";
    ends(played, Step::Capabilities, message);
}

#[test]
fn a_server_that_does_not_stop() {
    let garbage = "x".repeat(300);
    let played = play(imap().answer_limit(1000), &[garbage.as_str(); 4]);
    let message = "greeting: the server said more than 1000 bytes and nothing like \"\\r\\n\"";
    ends(played, Step::Greeting, message);

    let heard = play(imap().answer_limit(1000), &[garbage.as_str(), "STALL"]).error();
    assert!(heard.to_string().len() < 400, "{heard}");
}
