//! Upgrades that go well, with the parameters of Gnus, smtpmail, nntp.el, pop3.el and
//! sieve-manage.el.

use netproc::Text;
use netproc::network_stream::{CommandFunction, StreamKind, StreamRequest, Unencrypted};

use super::script::Turn;
use super::{ASK, Bench, GREETING, INSIDE, OFFER, emacs, imap_upgraded};

#[test]
fn imap_is_upgraded_and_asked_again() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let opened = netproc::open_network_stream(bench.network(), bench.imap(&server)).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n\" :type tls :error nil)"
    );
    assert_eq!((opened.error, opened.warning), (None, None));
    let all = [GREETING, OFFER, "1 OK go\r\n", INSIDE].concat();
    bench
        .world
        .until("the last line", || bench.buffer().len() == all.len());
    assert_eq!(bench.buffer(), all);
    let process = opened.process;
    assert!(process.is_encrypted());
    assert!(process.peer_status().is_some());
    let coding = process.coding_systems().0.map(netproc::CodingSystem::name);
    assert_eq!(coding, Some("undecided-unix"));
    assert_eq!(
        process.filter_value().to_string(),
        "internal-default-process-filter"
    );
    assert_eq!(
        process.sentinel_value().to_string(),
        "internal-default-process-sentinel"
    );

    process.send("2 LOGOUT\r\n").unwrap();
    process.delete();
    assert_eq!(server.join(), ["2 LOGOUT\r\n"]);
    assert_eq!(bench.world.faults.lines(), [""; 0]);
}

/// As `smtpmail-via-smtp`.
fn smtp(bench: &Bench, port: u16) -> StreamRequest {
    StreamRequest::new("smtpmail", "localhost", port)
        .buffer("*d*")
        .tls_parameters(bench.trust())
        .return_list(true)
        .capability_command("EHLO me\r\n")
        .end_of_command(emacs("^[0-9]+ .*\r\n"))
        .success(emacs("^2.*\n"))
        .always_query_capabilities(true)
        .starttls_function(CommandFunction::when(emacs("[ -]STARTTLS"), "STARTTLS\r\n"))
        .client_certificate(netproc::network_stream::ClientCertificate::Ask)
}

const SMTP_GREETING: &str = "220-mail.example\r\n220 ready\r\n";
const SMTP_OFFER: &str = "250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n";
const SMTP_INSIDE: &str = "250-mail.example\r\n250 AUTH PLAIN\r\n";

fn smtp_to(answer: &'static str) -> Vec<Turn> {
    vec![
        Turn::Say(SMTP_GREETING),
        Turn::Hear("EHLO me\r\n"),
        Turn::Say(SMTP_OFFER),
        Turn::Hear("STARTTLS\r\n"),
        Turn::Say(answer),
    ]
}

#[test]
fn smtp_is_upgraded_and_asked_again() {
    let bench = Bench::new();
    let mut turns = smtp_to("220 go ahead\r\n");
    let inside = [
        Turn::Tls,
        Turn::Hear("EHLO me\r\n"),
        Turn::Say(SMTP_INSIDE),
        Turn::Rest,
    ];
    turns.extend(inside);
    let server = bench.serve([turns]);
    let request = smtp(&bench, server.port());
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process smtpmail> :greeting \"220-mail.example\r\n220 ready\r\n\" \
         :capabilities \"250-mail.example\r\n250 AUTH PLAIN\r\n\" :type tls :error nil)"
    );
    let all = [SMTP_GREETING, SMTP_OFFER, "220 go ahead\r\n", SMTP_INSIDE].concat();
    assert_eq!(bench.buffer(), all);
    opened.process.delete();
    assert_eq!(server.join(), [""]);
}

#[test]
fn smtp_that_refuses_goes_on_in_clear() {
    let bench = Bench::new();
    let mut turns = smtp_to("454 TLS not available\r\n");
    turns.push(Turn::Rest);
    let server = bench.serve([turns]);
    let request = smtp(&bench, server.port());
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    let answer = Text::from("454 TLS not available\r\n");
    assert_eq!(opened.error, Some(Unencrypted::Refused { answer }));
    assert_eq!(opened.kind, StreamKind::Plain);
    assert_eq!(opened.capabilities, Some(Text::from(SMTP_OFFER)));
    let all = [SMTP_GREETING, SMTP_OFFER, "454 TLS not available\r\n"].concat();
    assert_eq!(bench.buffer(), all);
    let coding = opened
        .process
        .coding_systems()
        .0
        .map(netproc::CodingSystem::name);
    assert_eq!(coding, Some("undecided-unix"));
    opened.process.delete();
    assert_eq!(server.join(), [""]);
}

/// As `nntp-open-connection`.
#[test]
fn nntp_asks_by_a_function_of_the_greeting() {
    let inside = "101 Capability list:\r\nVERSION 2\r\nAUTHINFO USER\r\n.\r\n";
    let offer = "101 Capability list:\r\nVERSION 2\r\nREADER\r\nSTARTTLS\r\n.\r\n";
    for (greeting, command) in [
        ("200 news.example ready\r\n", "CAPABILITIES\r\n"),
        ("200 Typhoon ready\r\n", "HELP\r\n"),
    ] {
        let bench = Bench::new();
        let server = bench.serve([vec![
            Turn::Say(greeting),
            Turn::Hear(command),
            Turn::Say(offer),
            Turn::Hear("STARTTLS\r\n"),
            Turn::Say("382 Continue\r\n"),
            Turn::Tls,
            Turn::Hear(command),
            Turn::Say(inside),
            Turn::Rest,
        ]]);
        let request = StreamRequest::new("nntpd", "localhost", server.port())
            .buffer("*d*")
            .tls_parameters(bench.trust())
            .end_of_command(emacs("^\\([2345]\\|[.]\\).*\n"))
            .capability_command(CommandFunction::new(|greeting| {
                Some(if greeting.contains("Typhoon") {
                    "HELP\r\n"
                } else {
                    "CAPABILITIES\r\n"
                })
            }))
            .success(emacs("^3"))
            .starttls_function(CommandFunction::when(emacs("STARTTLS"), "STARTTLS\r\n"));
        let opened = netproc::open_network_stream(bench.network(), request).unwrap();
        assert_eq!(opened.kind, StreamKind::Tls);
        assert_eq!(opened.greeting, Some(Text::from(greeting)));
        assert_eq!(opened.capabilities, Some(Text::from(inside)));
        assert_eq!(
            bench.buffer(),
            [greeting, offer, "382 Continue\r\n", inside].concat()
        );
        opened.process.delete();
        server.join();
    }
}

/// As `pop3-open-server`.
fn pop3(bench: &Bench, port: u16) -> StreamRequest {
    StreamRequest::new("POP", "localhost", port)
        .buffer("*d*")
        .tls_parameters(bench.trust())
        .warn_unless_encrypted(true)
        .capability_command("CAPA\r\n")
        .end_of_command(emacs("^\\(-ERR\\|+OK\\).*\n"))
        .end_of_capability(emacs("^\\.\r?\n\\|^-ERR"))
        .success(emacs("^\\+OK.*\n"))
        .return_list(true)
        .starttls_function(CommandFunction::when(emacs("\\bSTLS\\b"), "STLS\r\n"))
}

const POP3_GREETING: &str = "+OK ready <1.2@mail.example>\r\n";

#[test]
fn pop3_has_another_end_for_capabilities() {
    let bench = Bench::new();
    let offer = "+OK\r\nUIDL\r\nSTLS\r\n.\r\n";
    let inside = "+OK\r\nSASL PLAIN\r\n.\r\n";
    let server = bench.serve([vec![
        Turn::Say(POP3_GREETING),
        Turn::Hear("CAPA\r\n"),
        Turn::Say(offer),
        Turn::Hear("STLS\r\n"),
        Turn::Say("+OK Begin\r\n"),
        Turn::Tls,
        Turn::Hear("CAPA\r\n"),
        Turn::Say(inside),
        Turn::Rest,
    ]]);
    let request = pop3(&bench, server.port());
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process POP> :greeting \"+OK ready <1.2@mail.example>\r\n\" \
         :capabilities \"+OK\r\nSASL PLAIN\r\n.\r\n\" :type tls :error nil)"
    );
    assert_eq!(
        bench.buffer(),
        [POP3_GREETING, offer, "+OK Begin\r\n", inside].concat()
    );
    opened.process.delete();
    server.join();
}

#[test]
fn pop3_without_capabilities_stays_in_clear_and_is_warned_of() {
    let bench = Bench::new();
    let server = bench.serve([vec![
        Turn::Say(POP3_GREETING),
        Turn::Hear("CAPA\r\n"),
        Turn::Say("-ERR what\r\n"),
        Turn::Rest,
    ]]);
    let request = pop3(&bench, server.port());
    let port = server.port();
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    let warning = format!("localhost/{port}: what goes to and fro here can be read by others");
    assert_eq!(
        opened.to_value().to_string(),
        format!(
            "(#<process POP> :greeting \"+OK ready <1.2@mail.example>\r\n\" \
             :capabilities \"-ERR\" :type plain :error nil :warning \"{warning}\")"
        )
    );
    assert_eq!(opened.error, Some(Unencrypted::NotOffered));
    opened.process.delete();
    server.join();
}

/// As `sieve-manage-open`; the server speaks first after the handshake.
#[test]
fn sieve_may_speak_before_it_is_asked() {
    let bench = Bench::new();
    let offer = "\"STARTTLS\"\r\nOK \"ready\"\r\n";
    let (unasked, inside) = (
        "\"SASL\"\r\nOK \"unasked\"\r\n",
        "\"SASL\"\r\nOK \"asked\"\r\n",
    );
    let server = bench.serve([vec![
        Turn::Say(offer),
        Turn::Hear("CAPABILITY\r\n"),
        Turn::Say(offer),
        Turn::Hear("STARTTLS\r\n"),
        Turn::Say("OK \"begin\"\r\n"),
        Turn::Tls,
        Turn::Say(unasked),
        Turn::Hear("CAPABILITY\r\n"),
        Turn::Say(inside),
        Turn::Rest,
    ]]);
    let request = StreamRequest::new("SIEVE", "localhost", server.port())
        .buffer("*d*")
        .tls_parameters(bench.trust())
        .capability_command("CAPABILITY\r\n")
        .end_of_command(emacs("^\\(OK\\|NO\\).*\n"))
        .success(emacs("^OK.*\n"))
        .return_list(true)
        .starttls_function(CommandFunction::when(
            emacs("\\bSTARTTLS\\b"),
            "STARTTLS\r\n",
        ));
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.kind, StreamKind::Tls);
    // What came before the question was no answer; what came after it may be taken for one.
    let capabilities = opened.capabilities.unwrap().to_string();
    assert!(
        [unasked, inside].contains(&capabilities.as_str()),
        "{capabilities}"
    );
    let all = [offer, offer, "OK \"begin\"\r\n", unasked, inside].concat();
    bench
        .world
        .until("the answer", || bench.buffer().len() == all.len());
    assert_eq!(bench.buffer(), all);
    opened.process.delete();
    server.join();
}

#[test]
fn imap_in_an_executor_of_somebody_else() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let request = bench.imap(&server);
    let opening = netproc::open_network_stream_async(bench.network(), request);
    let opened = futures_lite::future::block_on(opening).unwrap();
    assert_eq!(opened.kind, StreamKind::Tls);
    opened.process.delete();
    server.join();
}

#[test]
fn imap_while_threads_serve_the_network() {
    let bench = Bench::new();
    let _threads = bench.network().run_background(2).unwrap();
    let server = bench.serve([imap_upgraded(), imap_upgraded(), imap_upgraded()]);
    for _ in 0..3 {
        let request = bench.imap(&server);
        let opened = netproc::open_network_stream(bench.network(), request).unwrap();
        assert_eq!(opened.kind, StreamKind::Tls);
        opened.process.delete();
    }
    server.join();
}

/// A function of the request may do what it likes, even wait for the network.
#[test]
fn a_function_that_waits_for_the_network_does_no_harm() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let network = bench.network().clone();
    let ask = CommandFunction::new(move |_| {
        network
            .accept_output(None, std::time::Duration::from_millis(5))
            .expect("outside of callbacks");
        Some(ASK)
    });
    let request = bench.imap(&server).capability_command(ask);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.kind, StreamKind::Tls);
    opened.process.delete();
    server.join();
}
