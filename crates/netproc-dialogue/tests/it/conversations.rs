//! Conversations that end well, as Emacs 28.2 has them (probed against scripted servers).

use netproc_dialogue::{
    CommandFunction, StreamKind, StreamRequest, StreamType, Text, Unencrypted, Value,
};

use crate::support::{emacs, imap, play};

const GREETING: &str = "* OK ready\r\n";
const OFFER: &str = "* CAPABILITY IMAP4rev1 STARTTLS\r\n1 OK done\r\n";
const INSIDE: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n1 OK done\r\n";

#[test]
fn an_upgrade_is_taken_and_capabilities_are_asked_for_again() {
    let played = play(imap(), &[GREETING, OFFER, "1 OK go\r\n", "TLS", INSIDE]);
    assert_eq!(
        played.lines,
        [
            "connect false false",
            "hear greeting",
            r#"send "1 CAPABILITY\r\n""#,
            "hear capabilities",
            "bytes",
            r#"send "1 STARTTLS\r\n""#,
            "hear STARTTLS",
            "tls",
            r#"send "1 CAPABILITY\r\n""#,
            "hear capabilities once more",
            "finish",
        ]
    );
    let outcome = played.outcome();
    assert_eq!(outcome.greeting, Some(Text::from(GREETING)));
    let first_line = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n";
    assert_eq!(outcome.capabilities, Some(Text::from(first_line)));
    assert_eq!(outcome.kind, StreamKind::Tls);
    assert_eq!(outcome.unencrypted, None);
}

#[test]
fn a_server_without_starttls_is_used_in_clear_where_that_is_allowed() {
    let outcome = play(imap(), &[GREETING, "* CAPABILITY IMAP4rev1\r\n"]).outcome();
    assert_eq!(outcome.kind, StreamKind::Plain);
    assert_eq!(outcome.unencrypted, Some(Unencrypted::NotOffered));
    assert_eq!(
        outcome.capabilities,
        Some(Text::from("* CAPABILITY IMAP4rev1\r\n"))
    );
}

#[test]
fn a_server_that_refuses_is_used_in_clear_where_that_is_allowed() {
    let outcome = play(imap(), &[GREETING, OFFER, "1 NO later\r\nmore"]).outcome();
    assert_eq!(outcome.kind, StreamKind::Plain);
    let answer = Text::from("1 NO later\r\n");
    assert_eq!(outcome.unencrypted, Some(Unencrypted::Refused { answer }));
}

#[test]
fn after_a_handshake_that_failed_a_new_connection_is_made_in_clear() {
    let second = "* OK second\r\n";
    let words = [GREETING, OFFER, "1 OK go\r\n", "NOTLS", second, OFFER];
    let played = play(imap(), &words);
    assert_eq!(
        played.lines[7..],
        [
            "tls",
            "reconnect",
            "hear greeting",
            r#"send "1 CAPABILITY\r\n""#,
            "hear capabilities once more",
            "finish",
        ]
    );
    let outcome = played.outcome();
    // Emacs has the second greeting for the capabilities here.
    assert_eq!(outcome.greeting, Some(Text::from(GREETING)));
    let capabilities = "* CAPABILITY IMAP4rev1 STARTTLS\r\n";
    assert_eq!(outcome.capabilities, Some(Text::from(capabilities)));
    assert_eq!(outcome.kind, StreamKind::Plain);
    assert!(matches!(
        outcome.unencrypted,
        Some(Unencrypted::Handshake { .. })
    ));
}

#[test]
fn a_plain_stream_says_nothing_unless_capabilities_are_always_asked_for() {
    let plain = imap().stream_type(StreamType::Plain);
    let silent = play(plain.clone().always_query_capabilities(false), &[GREETING]);
    assert_eq!(
        silent.lines,
        ["connect false false", "hear greeting", "finish"]
    );
    assert_eq!(silent.outcome().capabilities, None);

    let asking = play(plain, &[GREETING, OFFER]);
    assert_eq!(asking.lines.len(), 5);
    let outcome = asking.outcome();
    let capabilities = "* CAPABILITY IMAP4rev1 STARTTLS\r\n";
    assert_eq!(outcome.capabilities, Some(Text::from(capabilities)));
    assert_eq!(outcome.unencrypted, None);
}

#[test]
fn without_a_list_and_a_dialogue_it_is_a_connection_and_no_more() {
    let simple = imap().return_list(false).stream_type(StreamType::Plain);
    for nowait in [false, true] {
        let played = play(simple.clone().nowait(nowait), &[]);
        assert_eq!(
            played.lines,
            [format!("connect {nowait} false"), "finish".to_owned()]
        );
        assert_eq!(played.outcome().greeting, None);
    }
    let network = StreamRequest::new("c", "localhost", 7).end_of_command(emacs("\n"));
    assert_eq!(play(network, &[]).lines, ["connect false false", "finish"]);
}

#[test]
fn tls_parameters_without_a_dialogue_encrypt_from_the_start() {
    let list = Value::list([Value::symbol("gnutls-x509pki")]);
    let request = StreamRequest::new("c", "localhost", 7).tls_parameters(list);
    for stream_type in [StreamType::Network, StreamType::Plain] {
        let request = request.clone().stream_type(stream_type);
        let played = play(request.clone(), &[]);
        assert_eq!(played.lines, ["connect false true", "finish"]);
        assert_eq!(played.outcome().kind, StreamKind::Tls);
        // Emacs forgets them where a list is asked for, and sends in clear.
        let listed = play(request.return_list(true), &[]);
        assert_eq!(listed.lines, ["connect false true", "finish"]);
        assert_eq!(listed.outcome().kind, StreamKind::Tls);
    }
}

#[test]
fn tls_from_the_start_greets_and_asks_once() {
    let command =
        CommandFunction::new(|greeting| greeting.contains("ready").then_some("1 CAPABILITY\r\n"));
    let request = imap()
        .stream_type(StreamType::Tls)
        .capability_command(command);
    let played = play(request.clone(), &[GREETING, INSIDE]);
    assert_eq!(
        played.lines,
        [
            "connect false true",
            "hear greeting",
            r#"send "1 CAPABILITY\r\n""#,
            "hear capabilities",
            "finish",
        ]
    );
    assert_eq!(played.outcome().kind, StreamKind::Tls);

    let later = play(request.nowait(true), &[]);
    assert_eq!(later.lines, ["connect true true", "finish"]);
    let outcome = later.outcome();
    assert_eq!((outcome.kind, outcome.greeting), (StreamKind::Tls, None));
}

#[test]
fn a_plain_stream_that_does_not_wait_has_no_greeting() {
    let request = imap()
        .stream_type(StreamType::Plain)
        .always_query_capabilities(false)
        .nowait(true);
    let played = play(request, &[]);
    assert_eq!(played.lines, ["connect true false", "finish"]);
    assert_eq!(played.outcome().greeting, None);
}

#[test]
fn a_plain_server_that_closes_leaves_a_stream_without_a_greeting() {
    let request = imap()
        .stream_type(StreamType::Plain)
        .always_query_capabilities(false);
    assert_eq!(play(request, &["* OK", "CLOSE"]).outcome().greeting, None);
}

#[test]
fn a_silent_server_is_asked_at_once() {
    let played = play(imap().nogreeting(true), &["* CAPABILITY\r\n"]);
    assert_eq!(played.lines[1], r#"send "1 CAPABILITY\r\n""#);
    assert_eq!(played.outcome().greeting, None);
}

#[test]
fn without_an_end_no_answer_is_waited_for() {
    let request = StreamRequest::new("c", "localhost", 7)
        .return_list(true)
        .capability_command("CAPA\r\n");
    let played = play(request, &[]);
    assert_eq!(
        played.lines,
        ["connect false false", r#"send "CAPA\r\n""#, "finish"]
    );
    let outcome = played.outcome();
    assert_eq!((outcome.greeting, outcome.capabilities), (None, None));
}

#[test]
fn an_answer_counts_to_its_end_and_what_was_there_before_a_command_is_no_answer() {
    // The end of one answer comes late, with the beginning of the next.
    let words = ["* OK re", "ady\r\nnoise\r\n", "* CAPABILITY A\r\n"];
    let outcome = play(imap(), &words).outcome();
    assert_eq!(outcome.greeting, Some(Text::from(GREETING)));
    assert_eq!(outcome.capabilities, Some(Text::from("* CAPABILITY A\r\n")));
}

#[test]
fn the_end_of_capabilities_may_be_another_one() {
    // As pop3.el.
    let request = StreamRequest::new("POP", "localhost", 110)
        .return_list(true)
        .capability_command("CAPA\r\n")
        .end_of_command(emacs("^\\(-ERR\\|+OK\\).*\n"))
        .end_of_capability(emacs("^\\.\r?\n\\|^-ERR"))
        .success(emacs("^\\+OK.*\n"))
        .starttls_function(CommandFunction::when(emacs("\\bSTLS\\b"), "STLS\r\n"));
    let capabilities = "+OK list\r\nUIDL\r\nSTLS\r\n.\r\n";
    let words = [
        "+OK <1@x>\r\n",
        capabilities,
        "+OK go\r\n",
        "TLS",
        "-ERR what\r\n",
    ];
    let outcome = play(request, &words).outcome();
    assert_eq!(outcome.kind, StreamKind::Tls);
    assert_eq!(outcome.capabilities, Some(Text::from("-ERR")));
}
