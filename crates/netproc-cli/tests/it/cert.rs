//! The command `cert`: what it makes, and what others say about it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use netproc::tls::Certificate;
use tempfile::TempDir;

use crate::programs::{self, OpensslServer};
use crate::support::{Finished, command, finish};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Runs `netproc cert` in a folder.
pub(crate) fn cert(folder: &Path, line: &str) -> Finished {
    let mut command = command(["cert"]);
    command.args(line.split_whitespace()).current_dir(folder);
    finish(command, "")
}

/// Runs `netproc cert` in a folder, where it must do what it is told.
#[track_caller]
pub(crate) fn make(folder: &Path, line: &str) -> Finished {
    let finished = cert(folder, line);
    assert_eq!(finished.status, Some(0), "{finished:?}");
    finished
}

#[track_caller]
fn refused(folder: &Path, line: &str, status: i32, message: &str) {
    let finished = cert(folder, line);
    assert_eq!(finished.stderr.trim_end(), message);
    assert_eq!(finished.status, Some(status));
    assert_eq!(finished.output(), "");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("text"))
        .collect();
    names.sort();
    names
}

fn contents(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a file")
}

#[test]
fn the_page_names_the_files_and_what_to_type_next() {
    let folder = folder();
    let finished = make(folder.path(), "");
    let (first, rest) = finished.output().split_once('\n').expect("lines");
    assert!(
        first.starts_with("A certificate for localhost, 127.0.0.1, ::1, until 2"),
        "{first}"
    );
    assert_eq!(
        rest,
        "  key          localhost-key.pem  (keep it secret)
  certificate  localhost.pem

A server with it, and a client that trusts it:
  netproc --tls-key localhost-key.pem --tls-certificate localhost.pem :server t :host local \
:service 7443 :filter echo
  netproc --tls-trust localhost.pem :host localhost :service 7443
"
    );
    assert_eq!(names(folder.path()), ["localhost-key.pem", "localhost.pem"]);
}

#[test]
fn json_tells_the_same() {
    let folder = folder();
    let finished = make(
        folder.path(),
        "--json --host example.org --host 10.1.2.3 --out new/deep",
    );
    let page: serde_json::Value = serde_json::from_str(finished.output()).expect("JSON");
    assert_eq!(page["for"], "server");
    assert_eq!(
        page["hosts"],
        serde_json::json!(["example.org", "10.1.2.3"])
    );
    assert_eq!(page["key"], "new/deep/example.org-key.pem");
    assert_eq!(page["certificate"], "new/deep/example.org.pem");
    assert_eq!(page["trust"], page["certificate"]);
    let file = folder.path().join("new/deep/example.org.pem");
    assert!(file.is_file());
}

#[test]
fn only_the_owner_reads_the_key() {
    let folder = folder();
    make(folder.path(), "");
    make(folder.path(), "--force");
    let key = folder.path().join("localhost-key.pem");
    let mode = key.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn nothing_is_replaced_unless_that_is_said() {
    let folder = folder();
    let folder = folder.path();
    make(folder, "");
    let before = contents(folder, "localhost.pem");
    refused(
        folder,
        "",
        1,
        "netproc: cert: localhost-key.pem and localhost.pem are there already and not replaced; \
         --force replaces, --out DIR writes elsewhere",
    );
    fs::remove_file(folder.join("localhost-key.pem")).expect("a file");
    assert_eq!(cert(folder, "").status, Some(1));
    assert_eq!(contents(folder, "localhost.pem"), before);
    assert_eq!(names(folder), ["localhost.pem"]);
    make(folder, "--force");
    assert_ne!(contents(folder, "localhost.pem"), before);
    assert_eq!(names(folder), ["localhost-key.pem", "localhost.pem"]);
}

#[test]
fn nothing_is_left_where_a_file_cannot_be_written() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("place.pem")).expect("a folder");
    let line = "--key place-key.pem --certificate place.pem --force";
    refused(
        folder,
        line,
        1,
        "netproc: cert: writing place.pem: is a directory",
    );
    refused(
        folder,
        "--out place.pem/localhost.pem/x --key k",
        2,
        "netproc: error: cert: expected --key FILE and --certificate FILE together\n  \
         hint: or --out DIR, and both are named for the host",
    );
    assert_eq!(names(folder), ["place.pem"]);
}

#[test]
fn mistakes_are_named() {
    let folder = folder();
    refused(
        folder.path(),
        "localhost",
        2,
        "netproc: error: cert: localhost: expected a flag in this place\n  \
         hint: hosts are named by --host localhost",
    );
    refused(
        folder.path(),
        "--signed-by nowhere.pem",
        1,
        "netproc: cert: reading the authority nowhere.pem: No such file or directory",
    );
    make(folder.path(), "");
    refused(
        folder.path(),
        "--signed-by localhost.pem --host a",
        1,
        "netproc: cert: --signed-by localhost.pem: it may not sign certificates; make one that \
         may by netproc cert --authority",
    );
    make(folder.path(), "--authority");
    refused(
        folder.path(),
        "--signed-by authority.pem --signed-by-key localhost-key.pem --host a",
        1,
        "netproc: cert: --signed-by authority.pem: the key in localhost-key.pem does not belong \
         to the certificate in authority.pem",
    );
    assert_eq!(names(folder.path()).len(), 4);
}

/// The faults that are found in certificates made by hand, each told apart by OpenSSL.
#[test]
fn the_certificate_has_none_of_the_usual_faults() {
    if !programs::has("openssl") {
        return;
    }
    let folder = folder();
    make(folder.path(), "--days 30");
    let file = folder.path().join("localhost.pem");
    let file = file.to_str().expect("text");
    let arguments = ["x509", "-in", file, "-noout", "-text"];
    let text = programs::run("openssl", &arguments, "");
    let text = text.output().to_owned();
    for part in [
        "Version: 3 (0x2)",
        "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
        "X509v3 Basic Constraints: critical\n                CA:FALSE",
        "X509v3 Key Usage: critical\n                Digital Signature\n",
        "TLS Web Server Authentication",
        "id-ecPublicKey",
        "ecdsa-with-SHA256",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let in_days = |days: u32| {
        let seconds = (days * 24 * 60 * 60).to_string();
        let arguments = ["x509", "-in", file, "-noout", "-checkend", &seconds];
        programs::run("openssl", &arguments, "").status
    };
    assert_eq!((in_days(29), in_days(31)), (Some(0), Some(1)));
}

#[test]
fn openssl_and_gnutls_accept_it_as_itself_trusted() {
    if !programs::has("openssl") {
        return;
    }
    let folder = folder();
    make(folder.path(), "");
    let server = OpensslServer::start(folder.path(), "localhost", &[]);
    let trust = folder.path().join("localhost.pem");
    check_others(&server, trust.to_str().expect("text"));
}

#[test]
fn openssl_and_gnutls_accept_one_that_an_authority_signed() {
    if !programs::has("openssl") {
        return;
    }
    let folder = folder();
    make(folder.path(), "--authority");
    let made = make(folder.path(), "--signed-by authority.pem --json");
    assert!(made.output().contains("\"trust\": \"authority.pem\""));
    let server = OpensslServer::start(folder.path(), "localhost", &[]);
    let trust = folder.path().join("authority.pem");
    check_others(&server, trust.to_str().expect("text"));
}

/// Connects with clients of others, which are to verify everything.
#[track_caller]
fn check_others(server: &OpensslServer, trust: &str) {
    for host in ["localhost", "127.0.0.1"] {
        let to = format!("127.0.0.1:{}", server.port);
        let name = if host == "localhost" {
            "-verify_hostname"
        } else {
            "-verify_ip"
        };
        let arguments = [
            "s_client",
            "-connect",
            &to,
            "-CAfile",
            trust,
            "-verify_return_error",
            name,
            host,
        ];
        let finished = programs::run("openssl", &arguments, "");
        assert_eq!(finished.status, Some(0), "{finished:?}");
        let said = finished.output();
        assert!(said.contains("Verification: OK"), "{finished:?}");
    }
    if programs::has("gnutls-cli") {
        let arguments = ["--x509cafile", trust, "-p", &server.port, "localhost"];
        let finished = programs::run("gnutls-cli", &arguments, "");
        assert_eq!(finished.status, Some(0), "{finished:?}");
        let said = finished.output();
        assert!(said.contains("The certificate is trusted"), "{finished:?}");
    }
}

#[test]
fn openssl_accepts_client_certificates() {
    if !programs::has("openssl") {
        return;
    }
    let folder = folder();
    let folder = folder.path();
    make(folder, "--authority");
    make(
        folder,
        "--client alice@example.org --signed-by authority.pem",
    );
    let file = |name: &str| folder.join(name).to_str().expect("text").to_owned();
    let (authority, client) = (file("authority.pem"), file("client-alice@example.org.pem"));
    let verify = |purpose: &str| {
        let arguments = [
            "verify", "-purpose", purpose, "-CAfile", &authority, &client,
        ];
        programs::run("openssl", &arguments, "").status
    };
    assert_eq!(verify("sslclient"), Some(0));
    assert_eq!(verify("sslserver"), Some(2));
}

#[test]
fn two_authorities_are_told_apart() {
    let folder = folder();
    let subject = |name: &str| {
        let made = make(folder.path(), &format!("--authority --json --out {name}"));
        let page: serde_json::Value = serde_json::from_str(made.output()).expect("JSON");
        page["subject"].as_str().expect("text").to_owned()
    };
    assert_ne!(subject("one"), subject("two"));
}

#[test]
fn what_is_told_is_what_stands_in_the_file() {
    let folder = folder();
    let made = make(folder.path(), "--json");
    let page: serde_json::Value = serde_json::from_str(made.output()).expect("JSON");
    let pem = contents(folder.path(), "localhost.pem");
    let der = bytes_of(&pem);
    let certificate = Certificate::from_der(&der).expect("a certificate");
    assert_eq!(certificate.version, 3);
    assert_eq!(page["subject"], certificate.subject);
    assert_eq!(page["valid_to"], certificate.valid_to);
    assert_eq!(page["fingerprint"], certificate.sha256());
    assert_eq!(certificate.pem(), pem);
}

/// Takes the bytes out of PEM.
fn bytes_of(pem: &str) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let lines = pem.lines().filter(|line| !line.starts_with('-'));
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for character in lines.flat_map(str::bytes) {
        let Some(six) = ALPHABET.iter().position(|it| *it == character) else {
            break;
        };
        bits = bits << 6 | u32::try_from(six).expect("six bits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits"));
        }
    }
    bytes
}
