//! Certificates of clients, `:nowait`, coding systems, and what else a request may say.

use std::sync::Arc;
use std::thread;

use netproc::network_stream::{
    CertificateFiles, CertificateSource, ClientCertificate, CommandFunction, PeerFault, StreamKind,
    StreamType,
};
use netproc::socket::{Backend, MemoryNetwork};
use netproc::{
    Callbacks, Error, Network, Process, ServerCallbacks, Service, Spec, Status, StreamRequest,
    Text, Value, tls,
};
use netproc_tests::tls::{Leaf, SECRET, Welcome};

use super::script::{Mail, Turn};
use super::{ASK, Bench, GO, GREETING, INSIDE, OFFER, STARTTLS, emacs, imap_to, imap_upgraded};

fn files(leaf: &Leaf) -> CertificateFiles {
    CertificateFiles {
        key: leaf.key_file.clone(),
        certificate: leaf.file.clone(),
    }
}

fn for_members(bench: &Bench, turns: Vec<Turn>) -> Mail {
    let welcome = Welcome::for_members(&bench.leaf, &bench.authority);
    Mail::welcoming(welcome, vec![turns])
}

#[test]
fn a_client_certificate_is_shown_after_starttls() {
    let bench = Bench::new();
    let member = bench.authority.leaf("member");
    let server = for_members(&bench, imap_upgraded());
    let certificate = ClientCertificate::Files(files(&member));
    let request = bench.required(&server).client_certificate(certificate);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.kind, StreamKind::Tls);
    opened.process.delete();
    server.join();
}

#[test]
fn a_client_certificate_is_looked_for_where_the_program_says() {
    let bench = Bench::new();
    let member = bench.authority.leaf("member");
    let turns = [
        Turn::Tls,
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(INSIDE),
        Turn::Rest,
    ];
    let server = for_members(&bench, turns.into());
    let (files, port) = (files(&member), server.port().to_string());
    let source = CertificateSource::new(move |host, service| {
        (host == "localhost" && service == port).then(|| files.clone())
    });
    let request = bench
        .imap(&server)
        .stream_type(StreamType::Tls)
        .certificate_source(source);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.kind, StreamKind::Tls);
    opened.process.delete();
    server.join();
}

#[test]
fn a_server_that_wants_a_certificate_and_gets_none_is_no_stream() {
    let bench = Bench::new();
    let mut turns = imap_to(GO);
    turns.push(Turn::TryTls);
    let server = for_members(&bench, turns);
    // Nobody knows where to look, as in an Emacs whose auth-source has nothing.
    let request = bench
        .required(&server)
        .client_certificate(ClientCertificate::Ask);
    let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
    let Error::Stream(error) = error else {
        panic!("{error:?}")
    };
    // TLS 1.3 lets the client think that the handshake is done; then the server ends it.
    let fault = &error.error.peer().expect("the server's doing").fault;
    assert!(
        matches!(fault, PeerFault::Closed | PeerFault::Handshake { .. }),
        "{error}"
    );
    assert!(bench.network().processes().is_empty());
    server.join();
}

#[test]
fn a_missing_certificate_file_is_an_error_and_no_reason_for_clear_text() {
    let bench = Bench::new();
    let mut turns = imap_to(GO);
    turns.push(Turn::Rest);
    let server = bench.serve([turns]);
    let nowhere = ClientCertificate::Files(CertificateFiles {
        key: "/nonexistent/key.pem".into(),
        certificate: "/nonexistent/cert.pem".into(),
    });
    let request = bench.imap(&server).client_certificate(nowhere);
    let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/"), "{error}");
    assert!(bench.network().processes().is_empty());
    assert_eq!(server.join(), [""]);
}

#[test]
fn wrong_tls_parameters_are_told_before_a_connection_is_made() {
    let bench = Bench::new();
    let (_held, port) = netproc_tests::Peer::closed_port();
    let mut request = StreamRequest::new("x", "localhost", port);
    request.stream_type = StreamType::Tls;
    let request = request.tls_parameters(Value::list([Value::symbol("foo")]));
    let error = netproc::open_network_stream(bench.network(), request).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        r#"(error "Invalid GnuTLS credential type")"#
    );
}

#[test]
fn nowait_with_tls_returns_at_once_and_encrypts_later() {
    let bench = Bench::new();
    let server = bench.serve([vec![Turn::Tls, Turn::Say(GREETING), Turn::Rest]]);
    let request = bench
        .imap(&server)
        .stream_type(StreamType::Tls)
        .nowait(true);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting nil :capabilities nil :type tls :error nil)"
    );
    let process = opened.process;
    assert_eq!(process.status(), Status::Connect);
    process.send(SECRET).unwrap();
    bench.world.until("encryption", || process.is_encrypted());
    bench
        .world
        .until("a greeting", || bench.buffer() == "* OK ready\n");
    assert_eq!(process.status(), Status::Open);
    process.delete();
    assert_eq!(server.join(), [SECRET]);
}

#[test]
fn nowait_with_tls_to_a_server_in_clear_fails_and_sends_nothing() {
    let bench = Bench::new();
    let server = bench.serve([vec![Turn::Say(GREETING), Turn::Hello, Turn::Rest]]);
    let request = bench
        .imap(&server)
        .stream_type(StreamType::Tls)
        .nowait(true);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    let process = opened.process;
    process
        .set_sentinel_value(&bench.world.transcript.sentinel().into())
        .unwrap();
    bench
        .world
        .until("a failure", || process.status() == Status::Failed);
    let lines = bench.world.until_lines(1);
    assert!(
        lines[0].starts_with("sentinel x \"failed: TLS handshake"),
        "{lines:?}"
    );
    process.send(SECRET).unwrap_err();
    let rest = server.join().remove(0);
    assert!(!rest.contains(SECRET), "{rest}");
}

#[test]
fn nowait_in_clear_has_no_greeting_in_its_list() {
    let bench = Bench::new();
    let server = bench.serve([vec![Turn::Say(GREETING), Turn::Rest]]);
    let mut request = bench
        .imap(&server)
        .stream_type(StreamType::Plain)
        .nowait(true);
    request.tls_parameters = Value::Nil;
    request.always_query_capabilities = false;
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(
        opened.to_value().to_string(),
        "(#<process x> :greeting nil :capabilities nil :type plain :error nil)"
    );
    bench
        .world
        .until("a greeting", || !bench.buffer().is_empty());
    opened.process.delete();
    server.join();
}

/// Emacs 28.2 gives the same text, a byte that is no character included.
#[test]
fn a_greeting_is_decoded() {
    let bench = Bench::new();
    let greeting = [b"* OK Gr\xC3\xBC\xC3\x9Fe \xC2\xA0".as_slice(), b"\xFF\r\n"].concat();
    let server = bench.serve([vec![Turn::Bytes(greeting.clone()), Turn::Rest]]);
    let mut request = bench.imap(&server).stream_type(StreamType::Plain);
    request.tls_parameters = Value::Nil;
    request.always_query_capabilities = false;
    let request = request.coding(Value::symbol("utf-8-unix"));
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    let mut expected = Text::from("* OK Grüße \u{A0}");
    expected.push_raw(0xFF);
    expected.push_str("\r\n");
    assert_eq!(opened.greeting, Some(expected));
    opened.process.delete();
    server.join();
}

#[test]
fn what_is_utf_8_is_found_so_without_a_coding_system() {
    let bench = Bench::new();
    let mut turns = imap_upgraded();
    turns[0] = Turn::Say("* OK Grüße\r\n");
    turns[7] = Turn::Say("* CAPABILITÉ\r\n");
    let server = bench.serve([turns]);
    let opened = netproc::open_network_stream(bench.network(), bench.imap(&server)).unwrap();
    assert_eq!(opened.greeting, Some(Text::from("* OK Grüße\r\n")));
    assert_eq!(opened.capabilities, Some(Text::from("* CAPABILITÉ\r\n")));
    opened.process.delete();
    server.join();
}

#[test]
fn without_a_buffer_the_answers_are_returned_all_the_same() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let mut request = bench.imap(&server);
    request.buffer = Value::Nil;
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.greeting, Some(Text::from(GREETING)));
    assert_eq!(opened.process.buffer(), None);
    opened.process.delete();
    server.join();
}

#[test]
fn what_stands_in_the_buffer_already_is_no_answer() {
    let bench = Bench::new();
    let buffer = bench.network().buffer("*d*").unwrap();
    buffer.with(|buffer| {
        let end = buffer.create_marker();
        buffer.insert_at(end, &Text::from("* OK old\r\n"));
    });
    let server = bench.serve([imap_upgraded()]);
    let opened = netproc::open_network_stream(bench.network(), bench.imap(&server)).unwrap();
    assert_eq!(opened.greeting, Some(Text::from(GREETING)));
    assert!(bench.buffer().starts_with("* OK old\r\n* OK ready\r\n"));
    opened.process.delete();
    server.join();
}

#[test]
fn a_name_in_use_is_numbered() {
    let bench = Bench::new();
    let other = bench
        .network()
        .open(Spec::server("x").service(Service::Any))
        .unwrap();
    let server = bench.serve([imap_upgraded()]);
    let opened = netproc::open_network_stream(bench.network(), bench.imap(&server)).unwrap();
    assert_eq!(opened.process.name(), "x<1>");
    opened.process.delete();
    other.delete();
    server.join();
}

#[test]
fn a_silent_server_is_asked_without_a_greeting() {
    let bench = Bench::new();
    let mut turns = imap_upgraded();
    turns.remove(0);
    let server = bench.serve([turns]);
    let mut request = bench.imap(&server).nogreeting(true);
    request.end_of_capability = Some(emacs("^1 OK.*\r\n"));
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(opened.greeting, None);
    assert_eq!(opened.capabilities, Some(Text::from(INSIDE)));
    opened.process.delete();
    server.join();
}

#[test]
fn nothing_of_the_request_is_kept_while_the_process_lives() {
    let bench = Bench::new();
    let server = bench.serve([imap_upgraded()]);
    let held = Arc::new(());
    let kept = Arc::clone(&held);
    let ask = CommandFunction::new(move |_| {
        drop(Arc::clone(&kept));
        Some(ASK)
    });
    let request = bench.required(&server).capability_command(ask);
    let opened = netproc::open_network_stream(bench.network(), request).unwrap();
    assert_eq!(Arc::strong_count(&held), 1);
    opened.process.delete();
    server.join();
}

/// A mail server of this workspace, in the same network as its clients.
fn own_server(bench: &Bench) -> Process {
    let parameters = tls::Parameters::server(&bench.leaf.key_file, &bench.leaf.file);
    let secure = Arc::new(tls::Server::new(&parameters).expect("a certificate"));
    let spec = Spec::server("mail")
        .service(Service::Any)
        .log(|_, connection, _| connection.map(|it| it.send(GREETING)).transpose())
        .filter(move |process, command| {
            if *command != "1 STARTTLS\n" {
                return process.send(OFFER);
            }
            process.send(GO)?;
            process.begin_tls(&secure)
        });
    bench.network().open(spec).expect("a server")
}

#[test]
fn many_threads_open_streams_in_one_network() {
    let bench = Bench::new();
    let server = own_server(&bench);
    let port = server.port().expect("a port");
    let request = StreamRequest::new("x", "localhost", port)
        .stream_type(StreamType::Starttls)
        .tls_parameters(bench.trust())
        .capability_command(ASK)
        .end_of_command(emacs("\r\n"))
        .success(emacs(" OK "))
        .starttls_function(CommandFunction::when(emacs("STARTTLS"), STARTTLS));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let opened =
                        netproc::open_network_stream(bench.network(), request.clone()).unwrap();
                    assert_eq!(opened.kind, StreamKind::Tls);
                    assert_eq!(opened.greeting, Some(Text::from(GREETING)));
                    opened.process.delete();
                }
            });
        }
    });
    server.delete();
}

#[test]
fn a_network_in_memory_has_streams_too() {
    let memory = MemoryNetwork::new(1);
    memory.add_host("mail.example", ["192.0.2.1".parse().unwrap()]);
    let backend = Backend::memory(&memory);
    let network = Network::builder().backend(backend).build();
    let server = Spec::server("mail")
        .host("mail.example")
        .service(25)
        .log(|_, connection, _| connection.map(|it| it.send("220 ready\r\n")).transpose())
        .filter(|process, _| process.send("250 hello\r\n"));
    network.open(server).unwrap();
    let request = StreamRequest::new("smtp", "mail.example", 25)
        .return_list(true)
        .capability_command("EHLO me\r\n")
        .end_of_command(emacs("^[0-9]+ .*\r\n"));
    let opening = netproc::open_network_stream_async(&network, request);
    let opened = memory
        .run(opening)
        .expect("it does not wait for ever")
        .unwrap();
    assert_eq!(opened.greeting, Some(Text::from("220 ready\r\n")));
    assert_eq!(opened.capabilities, Some(Text::from("250 hello\r\n")));
}
