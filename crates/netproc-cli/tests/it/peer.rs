//! The command `peer`: what it shows of good and bad servers, and its exit status.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::{Value, json};

use crate::cert::make;
use crate::programs::{self, OpensslServer};
use crate::support::{Finished, run};

fn peer(line: &str) -> Finished {
    run(["peer"].into_iter().chain(line.split_whitespace()), "")
}

#[track_caller]
fn peer_json(line: &str, status: i32) -> Value {
    let finished = peer(&format!("--json {line}"));
    assert_eq!(finished.status, Some(status), "{finished:?}");
    assert_eq!(finished.stderr, "");
    serde_json::from_str(finished.output()).expect("JSON")
}

/// Writes a self-signed certificate that is good until `change` has its way.
fn write(folder: &Path, name: &str, change: impl FnOnce(&mut CertificateParams)) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    change(&mut params);
    let certificate = params.self_signed(&key).expect("a certificate");
    fs::write(folder.join(format!("{name}-key.pem")), key.serialize_pem()).expect("a file");
    fs::write(folder.join(format!("{name}.pem")), certificate.pem()).expect("a file");
}

#[test]
fn a_good_server_is_shown_and_verified() {
    if !programs::has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    make(folder.path(), "");
    let server = OpensslServer::start(folder.path(), "localhost", &["-alpn", "imap"]);
    let trust = folder.path().join("localhost.pem");
    let line = format!(
        "--tls-trust {} --tls-alpn h2,imap localhost {}",
        trust.display(),
        server.port
    );
    let page = peer_json(&line, 0);
    assert_eq!(page["host"], "localhost");
    assert_eq!(page["address"], format!("127.0.0.1:{}", server.port));
    assert_eq!(page["version"], "TLS1.3");
    assert_eq!(page["alpn"], "imap");
    assert_eq!(page["verified"], true);
    assert_eq!(page["problems"], json!([]));
    let certificate = &page["certificates"][0];
    assert_eq!(
        certificate["hosts"],
        json!(["localhost", "127.0.0.1", "::1"])
    );
    assert_eq!(certificate["key_bits"], 256);
    let pem = fs::read_to_string(&trust).expect("a file");
    assert_eq!(certificate["pem"], pem);

    // The fingerprint is that of OpenSSL, written in another way.
    let arguments = [
        "x509",
        "-in",
        trust.to_str().expect("text"),
        "-noout",
        "-sha256",
        "-fingerprint",
    ];
    let said = programs::run("openssl", &arguments, "");
    let (_, expected) = said.output().trim().split_once('=').expect("a fingerprint");
    let fingerprint = certificate["fingerprints"][0].as_str().expect("text");
    assert_eq!(
        fingerprint,
        format!("sha256:{}", expected.to_ascii_lowercase())
    );

    let page = peer(&line);
    for row in [
        "HOST          localhost",
        "VERSION       TLS1.3",
        "ALPN          imap",
        "VERIFIED      yes",
        "NAMES         localhost, 127.0.0.1, ::1",
        "KEY           EC/ECDSA, 256 bits (High)",
    ] {
        assert!(
            page.output().lines().any(|line| line == row),
            "{row}: {page:?}"
        );
    }
}

#[test]
fn tls_1_2_tells_its_key_exchange() {
    if !programs::has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    make(folder.path(), "");
    let server = OpensslServer::start(folder.path(), "localhost", &["-tls1_2"]);
    let page = peer_json(&format!("localhost {}", server.port), 3);
    assert_eq!(page["version"], "TLS1.2");
    assert_eq!(page["key_exchange"], "ECDHE-ECDSA");
}

#[test]
fn what_a_bad_server_shows_is_shown_with_what_is_wrong() {
    if !programs::has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let trusted = |name: &str| format!("--tls-trust {} ", folder.join(name).display());
    make(folder, "--authority");
    make(folder, "--signed-by authority.pem");
    write(folder, "self-signed", |_| ());
    write(folder, "expired", |it| {
        it.not_after = date_time_ymd(2020, 1, 31);
    });
    write(folder, "early", |it| {
        it.not_before = date_time_ymd(2090, 1, 31);
    });
    make(folder, "--host example.org --json");
    for (name, trust, problems, warnings) in [
        (
            "self-signed",
            String::new(),
            json!([
                "it is self-signed and not among the trusted ones; if it is the right one, \
                    add it to :trustfiles"
            ]),
            json!([":self-signed", ":unknown-ca", ":invalid"]),
        ),
        (
            "expired",
            trusted("expired.pem"),
            json!(["it expired on 2020-01-31"]),
            json!([":self-signed", ":expired", ":invalid"]),
        ),
        (
            "early",
            trusted("early.pem"),
            json!(["it is not valid before 2090-01-31"]),
            json!([":self-signed", ":not-activated", ":invalid"]),
        ),
        (
            "example.org",
            trusted("example.org.pem"),
            json!(["it is for example.org"]),
            json!([":self-signed", ":no-host-match"]),
        ),
    ] {
        let server = OpensslServer::start(folder, name, &[]);
        let page = peer_json(&format!("{trust}localhost {}", server.port), 3);
        assert_eq!(page["problems"], problems, "{name}");
        assert_eq!(page["verified"], false, "{name}");
        let found = page["warnings"].as_array().expect("an array");
        let found: Vec<&Value> = found.iter().map(|it| &it["warning"]).collect();
        assert_eq!(json!(found), warnings, "{name}");
        assert_eq!(page["certificates"].as_array().map(Vec::len), Some(1));
    }

    let server = OpensslServer::start(folder, "localhost", &[]);
    let finished = peer(&format!("localhost {}", server.port));
    assert_eq!(finished.status, Some(3));
    let expected = "leads to no trusted authority; if you trust that issuer, add its certificate \
                    to :trustfiles (--tls-trust FILE)\n";
    assert!(finished.output().contains(expected), "{finished:?}");
    assert!(
        finished.output().contains("VERIFIED      no\n"),
        "{finished:?}"
    );
    let described = ":unknown-ca  the certificate was signed by an unknown and therefore \
                     untrusted authority\n";
    assert!(finished.output().contains(described), "{finished:?}");
}

/// Certificates of version 1 are what `openssl x509 -req` makes.
#[test]
fn what_makes_a_session_impossible_is_shown_too() {
    if !programs::has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let openssl = |line: &str| {
        let words: Vec<String> = line
            .split_whitespace()
            .map(|word| word.replace("DIR", folder.path().to_str().expect("text")))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let finished = programs::run("openssl", &words, "");
        assert_eq!(finished.status, Some(0), "{finished:?}");
    };
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout DIR/old-key.pem -subj /CN=localhost -out DIR/request",
    );
    openssl("x509 -req -in DIR/request -key DIR/old-key.pem -out DIR/old.pem");
    let server = OpensslServer::start(folder.path(), "old", &[]);
    let page = peer_json(&format!("localhost {}", server.port), 3);
    assert_eq!(page["version"], Value::Null);
    let problem =
        "it is of X.509 version 1; make one of version 3, with a subject alternative name";
    assert_eq!(page["problems"][0], problem);
    assert_eq!(page["certificates"][0]["subject"], "CN=localhost");
    assert_eq!(page["certificates"][0]["version"], 1);
    let finished = peer(&format!("localhost {}", server.port));
    assert!(
        finished.output().contains("\nX.509         version 1\n"),
        "{finished:?}"
    );
    assert!(!finished.output().contains("CIPHER"), "{finished:?}");
}

#[test]
fn another_host_can_be_meant() {
    if !programs::has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    make(folder.path(), "--host example.org");
    let server = OpensslServer::start(folder.path(), "example.org", &[]);
    let trust = folder.path().join("example.org.pem");
    let line = format!(
        "--tls-host example.org --tls-trust {} 127.0.0.1 {}",
        trust.display(),
        server.port
    );
    assert_eq!(peer_json(&line, 0)["host"], "example.org");
}

#[test]
fn names_cannot_write_to_the_terminal() {
    if !programs::has("openssl") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "odd", |it| {
        let name = rcgen::DnType::CommonName;
        it.distinguished_name
            .push(name, "\u{1b}[31mred\nVERIFIED      yes");
    });
    let server = OpensslServer::start(folder.path(), "odd", &[]);
    let finished = peer(&format!("localhost {}", server.port));
    assert!(!finished.output().contains('\u{1b}'), "{finished:?}");
    assert!(
        !finished.output().contains("\nVERIFIED      yes"),
        "{finished:?}"
    );
}

/// Starts a server that answers the first bytes with `answer` and closes.
fn clear_server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.write_all(answer).expect("an answer");
        let mut hello = [0; 4096];
        let _whatever = stream.read(&mut hello);
    });
    port.to_string()
}

#[track_caller]
fn fails(line: &str, message: &str) {
    let finished = peer(line);
    assert_eq!(finished.stderr.trim_end(), message);
    assert_eq!((finished.status, finished.output()), (Some(1), ""));
}

#[test]
fn failures_name_step_host_and_cause() {
    fails(
        &format!("localhost {}", clear_server(b"220 mail ESMTP\r\n")),
        "netproc: peer: TLS handshake with localhost: the peer does not speak TLS: it begins with \
         \"220 mail ESMTP\\r\\n\"; ask it for STARTTLS before the handshake (--starttls PROTOCOL)",
    );
    fails(
        "127.0.0.1 1",
        "netproc: peer: cannot connect to 127.0.0.1:1: Connection refused",
    );
    fails(
        "--tls-trust /nowhere/at/all localhost 1",
        "netproc: peer: :trustfiles: the file /nowhere/at/all cannot be read: No such file or \
         directory (os error 2)",
    );
}

#[test]
fn mistakes_in_the_arguments_are_named() {
    for (line, message) in [
        (
            "localhost",
            "netproc: error: peer: expected a host and a service\n  \
             hint: for example: netproc peer example.org 443",
        ),
        (
            "localhost 443 --tls-priority NORMAL:+RSA",
            "netproc: error: :tls-parameters: :priority: \"+RSA\" is not supported;",
        ),
        (
            "localhost 70000",
            "netproc: error: :service 70000: expected a port from 0 to 65535",
        ),
    ] {
        let finished = peer(line);
        assert!(finished.stderr.starts_with(message), "{finished:?}");
        assert_eq!(finished.status, Some(2), "{line}");
    }
}
