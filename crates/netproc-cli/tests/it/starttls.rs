//! `netproc peer --starttls`: the words before the handshake, beside servers that are scripts.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread::{self, JoinHandle};

use async_io::{Async, block_on};
use futures_lite::AsyncReadExt;
use netproc::tls::{self, Parameters};

use crate::support::{Finished, PATIENCE, run};
use crate::tls::{file, folder};

/// One turn of a server: what it expects, and what it says then.
type Turn = (&'static str, &'static str);

const IMAP: &[Turn] = &[
    ("", "* OK ready\r\n"),
    (
        "a1 CAPABILITY",
        "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK done\r\n",
    ),
    ("a2 STARTTLS", "a2 OK begin\r\n"),
];

const SMTP: &[Turn] = &[
    ("", "220-mail.example.org\r\n220 ready\r\n"),
    (
        "EHLO localhost",
        "250-mail.example.org\r\n250-SIZE 1000\r\n250 STARTTLS\r\n",
    ),
    ("STARTTLS", "220 go ahead\r\n"),
];

const POP3: &[Turn] = &[
    ("", "+OK ready\r\n"),
    ("CAPA", "+OK list\r\nUIDL\r\nSTLS\r\n.\r\n"),
    ("STLS", "+OK begin\r\n"),
];

const NNTP: &[Turn] = &[
    ("", "200 welcome\r\n"),
    ("CAPABILITIES", "101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n"),
    ("STARTTLS", "382 begin\r\n"),
];

/// Starts a server that speaks its turns in clear and then in TLS, and returns its port.
fn serve(folder: &Path, turns: &'static [Turn]) -> (String, JoinHandle<bool>) {
    let files = Parameters::server(
        file(folder, "localhost-key.pem"),
        file(folder, "localhost.pem"),
    );
    let server = tls::Server::new(&files).expect("a server");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let thread = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        speak(&stream, turns);
        shake(&server, stream)
    });
    (port.to_string(), thread)
}

fn speak(mut stream: &TcpStream, turns: &[Turn]) {
    let mut lines = BufReader::new(stream);
    for (expected, answer) in turns {
        if !expected.is_empty() {
            let mut line = String::new();
            lines.read_line(&mut line).expect("a line");
            assert_eq!(line.trim_end(), *expected);
        }
        stream.write_all(answer.as_bytes()).expect("an answer");
    }
    // A client that says more in clear would be talking to whoever reads along.
    assert!(lines.buffer().is_empty());
}

/// Shakes hands, and tells whether the client ended the session as it should.
fn shake(server: &tls::Server, stream: TcpStream) -> bool {
    stream.set_nonblocking(true).expect("a socket");
    let stream = Async::new(stream).expect("a socket");
    block_on(async {
        let deadline = async_io::Timer::after(PATIENCE);
        let Ok(mut stream) = server.accept(stream).deadline(deadline).await else {
            return false;
        };
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await.is_ok() && said.is_empty()
    })
}

fn peer(folder: &Path, protocol: &str, port: &str) -> Finished {
    let trust = file(folder, "localhost.pem");
    let flags = [
        "peer",
        "--json",
        "--starttls",
        protocol,
        "--tls-trust",
        &trust,
    ];
    run(flags.into_iter().chain(["localhost", port]), "")
}

#[test]
fn what_is_shown_after_starttls_is_what_the_server_presents() {
    let folder = folder();
    for (protocol, turns) in [
        ("imap", IMAP),
        ("smtp", SMTP),
        ("pop3", POP3),
        ("nntp", NNTP),
    ] {
        let (port, server) = serve(folder.path(), turns);
        let finished = peer(folder.path(), protocol, &port);
        assert_eq!(finished.status, Some(0), "{protocol}: {finished:?}");
        let page: serde_json::Value = serde_json::from_str(finished.output()).expect("JSON");
        assert_eq!(page["verified"], true, "{protocol}");
        assert_eq!(page["version"], "TLS1.3", "{protocol}");
        assert!(server.join().expect("a server"), "{protocol}");
    }
}

#[track_caller]
fn fails(protocol: &str, turns: &'static [Turn], message: &str) {
    let folder = folder();
    let (port, server) = serve(folder.path(), turns);
    let finished = peer(folder.path(), protocol, &port);
    let message = message.replace("PORT", &port);
    assert_eq!(finished.stderr.trim_end(), message);
    assert_eq!((finished.status, finished.output()), (Some(1), ""));
    assert!(!server.join().expect("a server"), "no session");
}

#[test]
fn a_server_without_starttls_is_told() {
    fails(
        "imap",
        &[
            ("", "* OK ready\r\n"),
            ("a1 CAPABILITY", "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"),
        ],
        "netproc: peer: localhost/PORT: capabilities: encryption is required, and the server does not \
         offer STARTTLS",
    );
}

#[test]
fn a_server_that_will_not_is_told() {
    fails(
        "smtp",
        &[
            ("", "220 ready\r\n"),
            ("EHLO localhost", "250-hello\r\n250 STARTTLS\r\n"),
            ("STARTTLS", "454 not now\r\n"),
        ],
        "netproc: peer: localhost/PORT: STARTTLS: encryption is required, and the server answered \
         \"454 not now\\r\\n\"",
    );
}

#[test]
fn words_before_the_handshake_are_refused() {
    fails(
        "pop3",
        &[
            ("", "+OK ready\r\n"),
            ("CAPA", "+OK list\r\nSTLS\r\n.\r\n"),
            ("STLS", "+OK begin\r\n+OK injected\r\n"),
        ],
        "netproc: peer: localhost/PORT: STARTTLS: 14 bytes came after the answer and before \
         the handshake; somebody may be injecting commands, so the connection was given up",
    );
}

#[test]
fn an_unknown_protocol_is_named() {
    let finished = run(["peer", "--starttls", "http", "localhost", "80"], "");
    assert_eq!(
        finished.stderr.trim_end(),
        "netproc: error: peer: --starttls http: expected imap, smtp, pop3 or nntp"
    );
    assert_eq!(finished.status, Some(2));
}
