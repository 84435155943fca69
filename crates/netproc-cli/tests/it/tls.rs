//! TLS on both sides: the flags, the keyword list, and how sessions begin.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};

use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::cert::make;
use crate::programs::{self, OpensslServer};
use crate::support::{Finished, Server, command, finish, noise, run};

/// A folder with the files of `netproc cert`.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    make(folder.path(), "");
    folder
}

pub(crate) fn file(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("text").to_owned()
}

/// Returns the list of a server with a certificate in `folder`.
fn parameters(folder: &Path) -> String {
    format!(
        "(gnutls-x509pki :keylist ((\"{}\" \"{}\")))",
        file(folder, "localhost-key.pem"),
        file(folder, "localhost.pem")
    )
}

/// Starts an echo server with a certificate in `folder`; `flags` come before the list.
pub(crate) fn server(folder: &Path, flags: &[&str]) -> Server {
    let (key, certificate) = (
        file(folder, "localhost-key.pem"),
        file(folder, "localhost.pem"),
    );
    let own = ["--tls-key", &key, "--tls-certificate", &certificate];
    let flags: Vec<&str> = own.into_iter().chain(flags.iter().copied()).collect();
    Server::start_with(
        &flags,
        [":host", "local", ":service", "t", ":filter", "echo"],
    )
}

/// Runs a client that trusts the certificate in `folder`.
pub(crate) fn client(folder: &Path, port: &str, flags: &[&str], input: &[u8]) -> Finished {
    let trust = file(folder, "localhost.pem");
    let own = ["--tls-trust", &trust];
    let place = [":name", "me", ":host", "localhost", ":service", port];
    run(
        own.into_iter().chain(flags.iter().copied()).chain(place),
        input,
    )
}

#[track_caller]
pub(crate) fn check_echo(finished: &Finished, expected: &[u8]) {
    assert_eq!(finished.status, Some(0), "{}", finished.stderr);
    assert!(finished.stdout == expected, "{}", finished.stderr);
}

#[test]
fn the_commands_that_cert_prints_work_as_they_stand() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = make(folder.path(), "");
    let lines: Vec<&str> = made.output().lines().collect();
    let [.., server, client] = lines.as_slice() else {
        panic!("{made:?}")
    };
    let words = |line: &str, port: &str| -> Vec<String> {
        let line = line.replace("7443", port);
        let words = line.split_whitespace().skip(1).map(str::to_owned);
        words.collect()
    };
    let server = Server::start_in(folder.path(), words(server, "t"));
    let mut client_command = command(words(client, &server.port()));
    client_command.current_dir(folder.path());
    check_echo(&finish(client_command, "hello\n"), b"hello\n");
}

#[test]
fn bytes_stay_what_they_are() {
    let folder = folder();
    let server = server(folder.path(), &[]);
    let bytes = noise(300_000);
    let finished = client(folder.path(), &server.port(), &[], &bytes);
    check_echo(&finished, &bytes);
    let lines: Vec<&str> = finished.stderr.lines().collect();
    assert!(
        matches!(lines[..], [open, "netproc: me: connection broken by remote peer"]
            if open.starts_with("netproc: me: open to 127.0.0.1:")
                && open.ends_with(" with TLS1.3 AES-256-GCM")),
        "{lines:?}"
    );
}

#[test]
fn the_keyword_list_alone_does_the_same() {
    let folder = folder();
    let folder = folder.path();
    let list = parameters(folder);
    let server = Server::start([":service", "t", ":filter", "echo", ":tls-parameters", &list]);
    let port = server.port();
    let list = format!(
        "(gnutls-x509pki :trustfiles (\"{}\"))",
        file(folder, "localhost.pem")
    );
    let words = [
        ":host",
        "localhost",
        ":service",
        &port,
        ":tls-parameters",
        &list,
    ];
    check_echo(&run(words, "words\n"), b"words\n");
    let whole = format!("(:host \"localhost\" :service {port} :tls-parameters {list})");
    check_echo(&run([whole], "list\n"), b"list\n");
}

/// Returns the message of an event, in which a client is named by its address without the port.
pub(crate) fn without_port(event: &serde_json::Value) -> String {
    let message = event["message"].as_str().expect("text");
    let (before, after) = message.split_once("127.0.0.1:").expect("an address");
    format!(
        "{before}127.0.0.1{}",
        after.trim_start_matches(|it: char| it.is_ascii_digit())
    )
}

#[track_caller]
fn refused(finished: &Finished, message: &str) {
    assert_eq!(finished.stderr.trim_end(), message);
    assert_eq!(finished.status, Some(1));
    assert!(finished.stdout.is_empty());
}

#[test]
fn a_certificate_that_is_not_trusted_is_refused_in_one_line() {
    let folder = folder();
    let server = server(folder.path(), &[]);
    let port = server.port();
    refused(
        &run(["--tls", ":host", "localhost", ":service", &port], "secret"),
        "netproc: client: TLS handshake with localhost: the certificate was refused: it is \
         self-signed and not among the trusted ones; if it is the right one, add it to \
         :trustfiles (--tls-trust FILE)",
    );
    refused(
        &client(
            folder.path(),
            &port,
            &["--tls-host", "example.org"],
            b"secret",
        ),
        "netproc: me: TLS handshake with example.org: the certificate was refused: it is for \
         localhost, 127.0.0.1, ::1",
    );
    // The server goes on, and says what became of each.
    for _ in 0..2 {
        let failed = server.event("failed");
        assert_eq!(failed["process"], "server");
        let message = without_port(&failed);
        let expected = "accept failed: TLS handshake with 127.0.0.1: the peer did not accept our \
                        certificate: ";
        assert!(message.starts_with(expected), "{message}");
    }
    check_echo(&client(folder.path(), &port, &[], b"hello"), b"hello");
}

#[test]
fn who_wants_no_verification_gets_none_and_is_told() {
    let folder = folder();
    let server = server(folder.path(), &[]);
    let port = server.port();
    let finished = run(
        [
            "--tls-dangerously-verify-nothing",
            ":host",
            "localhost",
            ":service",
            &port,
        ],
        "hello",
    );
    check_echo(&finished, b"hello");
    let warning = "netproc: warning: client: the server's certificate is not verified: it is \
                   self-signed";
    assert!(finished.stderr.contains(warning), "{finished:?}");
}

#[test]
fn a_server_goes_on_after_a_client_that_speaks_no_tls() {
    let folder = folder();
    let server = server(folder.path(), &[]);
    let address = server.address();
    let mut stream = TcpStream::connect(&address).expect("a connection");
    stream
        .write_all(b"GET / HTTP/1.0\r\n\r\n")
        .expect("a request");
    assert_eq!(
        without_port(&server.event("failed")),
        "accept failed: TLS handshake with 127.0.0.1: the peer does not speak TLS: it begins with \
         \"GET / HTTP/1.0\\r\\n\""
    );
    let (_, port) = address.rsplit_once(':').expect("a port");
    check_echo(&client(folder.path(), port, &[], b"hello"), b"hello");
}

#[test]
fn mistakes_are_found_before_anything_is_opened() {
    for (words, message) in [
        (
            "--tls :server t :service t",
            "netproc: error: --tls: a server needs --tls-key FILE and --tls-certificate FILE\n  \
             hint: netproc cert makes both",
        ),
        (
            "--tls-insecure :host localhost :service 1",
            "netproc: error: --tls-insecure is no flag\n  \
             hint: --tls-dangerously-verify-nothing lets anybody on the way read and change \
             everything; --tls-trust FILE trusts one certificate",
        ),
        (
            "--tls :tls-parameters (gnutls-x509pki) :host localhost :service 1",
            "netproc: error: --tls cannot be joined with :tls-parameters, which says the same",
        ),
        (
            "--tls-trust /nowhere/at/all :host localhost :service 1",
            "netproc: client: :trustfiles: the file /nowhere/at/all cannot be read: No such file \
             or directory (os error 2)",
        ),
        (
            "--tls-priority NORMAL:+VERS-TLS1.1 :host localhost :service 1",
            "netproc: error: :tls-parameters: :priority: \"+VERS-TLS1.1\" is not supported; ",
        ),
    ] {
        let finished = run(words.split_whitespace(), "");
        assert!(finished.stderr.starts_with(message), "{finished:?}");
        assert_eq!(finished.status, Some(2), "{words}");
    }
}

#[test]
fn words_with_less_effect_than_elsewhere_are_told() {
    let finished = run(
        [
            ":host",
            "localhost",
            ":service",
            "1",
            ":tls-parameters",
            "(gnutls-x509pki :loglevel 9)",
        ],
        "",
    );
    let warning = "netproc: warning: client: :tls-parameters: :loglevel 9: no log is written";
    assert!(finished.stderr.starts_with(warning), "{finished:?}");
}

/// A client that is kept open, and tells its output line by line.
struct Open {
    stdin: ChildStdin,
    output: BufReader<std::process::ChildStdout>,
    child: std::process::Child,
}

impl Open {
    fn start(folder: &Path, port: &str) -> Self {
        let trust = file(folder, "localhost.pem");
        let mut child = command(["--quiet", "--tls-trust", &trust])
            .args([":host", "localhost", ":service", port])
            .spawn()
            .expect("the client starts");
        Open {
            stdin: child.stdin.take().expect("piped"),
            output: BufReader::new(child.stdout.take().expect("piped")),
            child,
        }
    }

    #[track_caller]
    fn check_echo(&mut self, line: &str) {
        self.stdin
            .write_all(line.as_bytes())
            .expect("a line is sent");
        let mut answer = String::new();
        self.output
            .read_line(&mut answer)
            .expect("a line comes back");
        assert_eq!(answer, line);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

#[test]
fn sighup_has_certificates_read_again_and_keeps_connections() {
    let folder = folder();
    let folder = folder.path();
    let server = server(folder, &[]);
    let port = server.port();
    let mut open = Open::start(folder, &port);
    open.check_echo("before\n");

    let old = fs::read(folder.join("localhost.pem")).expect("a file");
    make(folder, "--force");
    server.send(Signal::SIGHUP);
    assert_eq!(
        server.event("reload")["message"],
        "certificates are read again"
    );
    open.check_echo("after\n");
    check_echo(&client(folder, &port, &[], b"new"), b"new");
    fs::write(folder.join("old.pem"), old).expect("a file");
    let trust = file(folder, "old.pem");
    let finished = run(
        [
            "--tls-trust",
            &trust,
            ":host",
            "localhost",
            ":service",
            &port,
        ],
        "",
    );
    assert_eq!(finished.status, Some(1));

    // Files that are of no use change nothing.
    let whole = fs::read(folder.join("localhost.pem")).expect("a file");
    fs::write(folder.join("localhost.pem"), "no certificate").expect("a file");
    server.send(Signal::SIGHUP);
    let warning = server.event("warning");
    let message = warning["message"].as_str().expect("text");
    assert!(
        message.starts_with("certificates stay as they were: :keylist: the file "),
        "{message}"
    );
    fs::write(folder.join("localhost.pem"), whole).expect("a file");
    check_echo(&client(folder, &port, &[], b"still"), b"still");
    open.check_echo("last\n");
    assert_eq!(server.end(Signal::SIGTERM), Some(0));
}

#[test]
fn sighup_still_ends_a_server_without_tls() {
    let server = Server::start([":service", "t", ":filter", "echo"]);
    server.event("listen");
    assert_eq!(server.end(Signal::SIGHUP), Some(0));
}

#[test]
fn protocols_are_agreed_on() {
    let folder = folder();
    let server = server(folder.path(), &["--tls-alpn", "imap"]);
    let port = server.port();
    let finished = client(folder.path(), &port, &["--tls-alpn", "h2,imap"], b"hello");
    check_echo(&finished, b"hello");
    refused(
        &client(folder.path(), &port, &["--tls-alpn", "h2"], b""),
        "netproc: me: TLS handshake with localhost: none of the protocols in :alpn-protocols \
         (--tls-alpn NAME) is offered by both sides",
    );
}

#[test]
fn a_forwarder_encrypts_on_either_side() {
    let folder = folder();
    let folder = folder.path();
    let last = server(folder, &[]);
    let trust = file(folder, "localhost.pem");
    let forward = |port: &str, rest: &str| format!("(:host \"localhost\" :service {port} {rest})");
    // In clear to this one, in TLS from there on.
    let rest = format!(":tls-parameters (gnutls-x509pki :trustfiles (\"{trust}\"))");
    let list = forward(&last.port(), &rest);
    let middle = Server::start([":host", "local", ":service", "t", ":forward", &list]);
    // In TLS to this one, in clear from there on.
    let list = forward(&middle.port(), "");
    let (key, certificate) = (file(folder, "localhost-key.pem"), trust.clone());
    let first = Server::start_with(
        &["--tls-key", &key, "--tls-certificate", &certificate],
        [":host", "local", ":service", "t", ":forward", &list],
    );
    let port = first.port();
    let bytes = noise(300_000);
    check_echo(&client(folder, &port, &[], &bytes), &bytes);
    // A line comes back before the end is sent: nothing is held back on the way.
    Open::start(folder, &port).check_echo("hello\n");
}

#[test]
fn openssl_and_gnutls_talk_to_our_server() {
    let folder = folder();
    let folder = folder.path();
    let server = server(folder, &[]);
    let port = server.port();
    let trust = file(folder, "localhost.pem");
    if programs::has("openssl") {
        let to = format!("localhost:{port}");
        for version in ["-tls1_2", "-tls1_3"] {
            let mut child = Command::new("openssl")
                .args(["s_client", "-connect", &to, "-CAfile", &trust, version])
                .args([
                    "-verify_return_error",
                    "-verify_hostname",
                    "localhost",
                    "-quiet",
                ])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("openssl starts");
            let mut stdin = child.stdin.take().expect("piped");
            stdin.write_all(b"hello\n").expect("a line is sent");
            let mut line = String::new();
            let mut output = BufReader::new(child.stdout.take().expect("piped"));
            output.read_line(&mut line).expect("a line comes back");
            assert_eq!(line, "hello\n");
            child.kill().expect("it runs");
            child.wait().expect("an end");
        }
    }
    if programs::has("gnutls-cli") {
        let arguments = ["--x509cafile", &trust, "-p", &port, "localhost"];
        let finished = programs::run("gnutls-cli", &arguments, "hello\n");
        assert!(finished.output().contains("\nhello\n"), "{finished:?}");
        assert_eq!(finished.status, Some(0));
    }
}

#[test]
fn our_client_talks_to_openssl() {
    if !programs::has("openssl") {
        return;
    }
    let folder = folder();
    for version in ["-tls1_2", "-tls1_3"] {
        let server = OpensslServer::start(folder.path(), "localhost", &[version]);
        // It answers each line with the line reversed, until a line of CLOSE.
        let finished = client(folder.path(), &server.port, &[], b"hello\nCLOSE\n");
        check_echo(&finished, b"olleh\n");
    }
}
