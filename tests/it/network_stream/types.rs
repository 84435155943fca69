//! Each `:type` against servers that can and cannot encrypt.

use netproc::Text;
use netproc::network_stream::{StreamKind, StreamType, Unencrypted};

use super::script::Turn;
use super::{ASK, Bench, GO, GREETING, INSIDE, OFFER, STARTTLS, imap_to, imap_upgraded};

const NO_OFFER: &str = "* CAPABILITY IMAP4rev1\r\n1 OK done\r\n";
const FIRST_OF_NO_OFFER: &str = "* CAPABILITY IMAP4rev1\r\n";

fn without_starttls() -> Vec<Turn> {
    let turns = [
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(NO_OFFER),
        Turn::Rest,
    ];
    turns.into()
}

#[test]
fn network_takes_a_server_without_starttls_as_it_is() {
    let bench = Bench::new();
    let server = bench.serve([without_starttls()]);
    let opened = netproc::open_network_stream(bench.network(), bench.imap(&server)).unwrap();
    assert_eq!(opened.kind, StreamKind::Plain);
    assert_eq!(opened.capabilities, Some(Text::from(FIRST_OF_NO_OFFER)));
    assert_eq!(opened.error, Some(Unencrypted::NotOffered));
    assert!(!opened.process.is_encrypted());
    assert_eq!(bench.buffer(), [GREETING, NO_OFFER].concat());
    opened.process.send("2 LOGOUT\r\n").unwrap();
    opened.process.delete();
    assert_eq!(server.join(), ["2 LOGOUT\r\n"]);
}

#[test]
fn starttls_leaves_a_server_without_it() {
    let bench = Bench::new();
    let server = bench.serve([without_starttls()]);
    let port = server.port();
    let error = netproc::open_network_stream(bench.network(), bench.required(&server)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "localhost/{port}: capabilities: encryption is required, and the server does not \
             offer STARTTLS"
        )
    );
    let condition = error.condition().to_string();
    assert_eq!(condition, r#"(error "Server does not support TLS")"#);
    assert_eq!(server.join(), [""]);
    assert!(bench.network().processes().is_empty());
    let all = [GREETING, NO_OFFER, "\nProcess x deleted\n"].concat();
    assert_eq!(bench.buffer(), all);
}

#[test]
fn starttls_leaves_a_server_that_refuses() {
    let bench = Bench::new();
    let mut turns = imap_to("1 NO later\r\n");
    turns.push(Turn::Rest);
    let server = bench.serve([turns]);
    let port = server.port();
    let error = netproc::open_network_stream(bench.network(), bench.required(&server)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "localhost/{port}: STARTTLS: encryption is required, and the server answered \
             \"1 NO later\\r\\n\""
        )
    );
    let condition = error.condition().to_string();
    assert_eq!(condition, r#"(error "Server does not support TLS")"#);
    assert_eq!(server.join(), [""]);
    assert!(bench.network().processes().is_empty());
}

#[test]
fn starttls_is_taken_where_it_is_required() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let opened = netproc::open_network_stream(bench.network(), bench.required(&server)).unwrap();
    assert_eq!(opened.kind, StreamKind::Tls);
    opened.process.delete();
    assert_eq!(server.join(), [""]);
}

#[test]
fn starttls_leaves_a_server_that_cuts() {
    let bench = Bench::new();
    let server = bench.serve([imap_to(GO)]);
    let port = server.port();
    let error = netproc::open_network_stream(bench.network(), bench.required(&server)).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        format!(r#"(error "Unable to negotiate a TLS connection with localhost/{port}")"#)
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("localhost/{port}: TLS handshake: ")),
        "{error}"
    );
    server.join();
    assert!(bench.network().processes().is_empty());
}

#[test]
fn network_comes_back_in_clear_to_a_server_that_cuts() {
    let bench = Bench::new();
    let mut cut = imap_to(GO);
    cut.push(Turn::Hello);
    let second = "* OK second\r\n";
    let again = [
        Turn::Say(second),
        Turn::Hear(ASK),
        Turn::Say(OFFER),
        Turn::Rest,
    ];
    let server = bench.serve([cut, again.into()]);
    let opened = netproc::open_network_stream(bench.network(), bench.imap(&server)).unwrap();
    let reason = "the peer closed the connection".to_owned();
    assert_eq!(opened.error, Some(Unencrypted::Handshake { reason }));
    // Emacs has the second greeting for the capabilities here.
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 STARTTLS\r\n\" :type plain :error nil)"
    );
    let text = bench.buffer();
    let failed = "\nProcess x failed: TLS handshake with localhost: \
         the peer closed the connection\n";
    assert_eq!(text, [GREETING, OFFER, GO, failed, second, OFFER].concat());
    opened.process.delete();
    assert_eq!(server.join(), ["", ""]);
}

#[test]
fn plain_asks_only_where_it_is_always_to_ask() {
    let bench = Bench::new();
    let asked = [
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(OFFER),
        Turn::Rest,
    ];
    let server = bench.serve([vec![Turn::Say(GREETING), Turn::Rest], asked.into()]);
    let mut plain = bench.imap(&server).stream_type(StreamType::Plain);
    plain.tls_parameters = netproc::Value::Nil;
    let silent = plain.clone().always_query_capabilities(false);
    let opened = netproc::open_network_stream(bench.network(), silent).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting \"* OK ready\r\n\" :capabilities nil :type plain :error nil)"
    );
    assert_eq!(bench.buffer(), GREETING);
    opened.process.delete();

    let opened = netproc::open_network_stream(bench.network(), plain).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 STARTTLS\r\n\" :type plain :error nil)"
    );
    opened.process.delete();
    assert_eq!(server.join(), ["", ""]);
}

#[test]
fn plain_to_a_server_that_closes_is_a_closed_process() {
    let bench = Bench::new();
    let server = bench.serve([vec![]]);
    let mut plain = bench.imap(&server).stream_type(StreamType::Plain);
    plain.tls_parameters = netproc::Value::Nil;
    plain.always_query_capabilities = false;
    let opened = netproc::open_network_stream(bench.network(), plain).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting nil :capabilities nil :type plain :error nil)"
    );
    assert_eq!(opened.process.status().to_string(), "closed");
    assert_eq!(
        bench.buffer(),
        "\nProcess x connection broken by remote peer\n"
    );
    server.join();
}

#[test]
fn tls_encrypts_from_the_first_byte() {
    let bench = Bench::new();
    let turns = [
        Turn::Tls,
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(INSIDE),
        Turn::Rest,
    ];
    let server = bench.serve([turns.into()]);
    let request = bench.imap(&server).stream_type(StreamType::Tls);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n\" :type tls :error nil)"
    );
    opened.process.delete();
    assert_eq!(server.join(), [""]);
}

#[test]
fn tls_to_a_server_in_clear_is_an_error_that_says_so() {
    let bench = Bench::new();
    let server = bench.serve([vec![Turn::Say(GREETING), Turn::Hello, Turn::Rest]]);
    let request = bench.imap(&server).stream_type(StreamType::Tls);
    let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer does not speak TLS: it begins with \
         \"* OK ready\\r\\n\"; ask it for STARTTLS before the handshake"
    );
    let rest = server.join().remove(0);
    assert!(!rest.contains("CAPABILITY"), "{rest}");
    assert!(bench.network().processes().is_empty());
}

#[test]
fn a_certificate_of_an_unknown_authority_is_an_error_and_no_reason_for_clear_text() {
    let bench = Bench::new();
    let mut turns = imap_to(GO);
    turns.extend([Turn::TryTls, Turn::Rest]);
    let server = bench.serve([turns.clone(), turns]);
    let port = server.port();
    for mut request in [bench.imap(&server), bench.required(&server)] {
        request.tls_parameters = netproc::Value::Nil;
        let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
        assert_eq!(
            error.condition().to_string(),
            r#"(error "Certificate validation failed localhost, verification code 42")"#
        );
        let beginning = format!("localhost/{port}: TLS handshake: ");
        assert!(error.to_string().starts_with(&beginning), "{error}");
        assert!(bench.network().processes().is_empty());
    }
    assert_eq!(server.join(), ["", ""]);
}

#[test]
fn without_a_dialogue_nothing_is_waited_for() {
    let bench = Bench::new();
    let server = bench.serve([vec![
        Turn::Say("hello\r\n"),
        Turn::Hear(STARTTLS),
        Turn::Rest,
    ]]);
    let mut request = bench.imap(&server).return_list(false);
    request.capability_command = None;
    request.tls_parameters = netproc::Value::Nil;
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!((opened.kind, opened.greeting), (StreamKind::Plain, None));
    assert_eq!(opened.process.coding_systems().0, None);
    opened.process.send(STARTTLS).unwrap();
    // Lines are found from the data, as without a dialogue.
    bench.world.until("a word", || bench.buffer() == "hello\n");
    opened.process.delete();
    server.join();
}
