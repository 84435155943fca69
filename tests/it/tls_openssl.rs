//! Certificates and sessions that only OpenSSL makes: real old signatures, renegotiation.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use netproc_tests::World;
use netproc_tests::tls::{Program, Proxy, SECRET, has_program};
use tempfile::TempDir;

/// Runs `openssl` and holds that it succeeds.
#[track_caller]
fn openssl(folder: &Path, words: &str) {
    let output = Command::new("openssl")
        .args(words.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("openssl");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {words}: {told}");
}

/// A folder with an authority of OpenSSL's making.
struct Workshop {
    folder: TempDir,
}

impl Workshop {
    fn new() -> Option<Self> {
        if !has_program("openssl") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        openssl(
            folder.path(),
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=Old -days 30",
        );
        std::fs::write(
            folder.path().join("leaf.ext"),
            "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
        )
        .unwrap();
        Some(Self { folder })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes `NAME.pem` and `NAME.key`, the key of so many bits and signed like this.
    fn leaf(&self, name: &str, bits: u32, signing: &str) {
        let folder = self.folder.path();
        openssl(
            folder,
            &format!(
                "req -newkey rsa:{bits} -nodes -keyout {name}.key -out {name}.csr -subj /CN=localhost"
            ),
        );
        openssl(
            folder,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
                 -out {name}.pem {signing}"
            ),
        );
    }

    /// Starts a server that shows it, and returns the server and its port.
    fn serve(&self, name: &str, more: &str) -> (Program, u16) {
        let words = format!(
            "s_server -accept 127.0.0.1:0 -cert {name}.pem -key {name}.key \
             -cipher ALL:@SECLEVEL=0 {more}"
        );
        let mut command = Command::new("openssl");
        command
            .args(words.split_whitespace())
            .current_dir(self.folder.path());
        let mut server = Program::start(&mut command);
        let line = server.line_with("ACCEPT");
        let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
        (server, port)
    }

    fn client(&self) -> String {
        let file = self.path("ca.pem");
        format!(
            r#"(gnutls-x509pki :hostname "localhost" :trustfiles ("{}"))"#,
            file.display()
        )
    }
}

#[test]
fn certificates_of_the_old_kind_are_refused_by_their_fault() {
    let Some(workshop) = Workshop::new() else {
        return;
    };
    workshop.leaf("good", 2048, "-extfile leaf.ext");
    for (name, bits, signing, expected) in [
        (
            "sha1",
            2048,
            "-extfile leaf.ext -sha1",
            "it is signed with RSA-SHA1, which is not accepted; let it be signed with SHA-256 or \
             better",
        ),
        (
            "md5",
            2048,
            "-extfile leaf.ext -md5",
            "it is signed with RSA-MD5, which is not accepted; let it be signed with SHA-256 or \
             better",
        ),
        (
            "short",
            1024,
            "-extfile leaf.ext",
            "its RSA key has 1024 bits; at least 2048 are needed",
        ),
        (
            "version1",
            2048,
            "",
            "it is of X.509 version 1; make one of version 3, with a subject alternative name",
        ),
    ] {
        workshop.leaf(name, bits, signing);
        for version in ["-tls1_2", "-tls1_3"] {
            let (_server, port) = workshop.serve(name, version);
            let world = World::new();
            let proxy = Proxy::before(port);
            let error = world.refuse(&format!(
                r#"(:name "c" :host "localhost" :service {} :tls-parameters {})"#,
                proxy.port(),
                workshop.client()
            ));
            assert_eq!(
                error.to_string(),
                format!("TLS handshake with localhost: the certificate was refused: {expected}"),
                "{name} {version}"
            );
            proxy.finish().assert_only_tls();
        }
    }
    let (_server, port) = workshop.serve("good", "-tls1_2");
    let world = World::new();
    world.open(&format!(
        r#"(:name "c" :host "localhost" :service {port} :tls-parameters {})"#,
        workshop.client()
    ));
}

#[test]
fn a_server_that_wants_to_renegotiate_is_told_no_and_hears_nothing_in_clear() {
    let Some(workshop) = Workshop::new() else {
        return;
    };
    workshop.leaf("good", 2048, "-extfile leaf.ext");
    let (mut server, port) = workshop.serve("good", "-tls1_2");
    let world = World::new();
    let proxy = Proxy::before(port);
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {} :coding binary :filter record
            :sentinel record :tls-parameters {})"#,
        proxy.port(),
        workshop.client()
    ));
    client.send(format!("{SECRET}\n").as_str()).unwrap();
    server.line_with(SECRET);
    // At the beginning of a line this asks the client for another handshake.
    let mut input = server.input();
    input.write_all(b"R\n").unwrap();
    // The client says no, and what happens then is the server's choice; it may go on.
    let told = |world: &World| {
        let lines = world.transcript.lines();
        !lines.is_empty() || proxy.so_far().caller.len() > 800
    };
    world.until("an answer", || told(&world));
    let _either = client.send(SECRET);
    client.delete();
    drop(input);
    drop(server);
    let recording = proxy.finish();
    recording.assert_only_tls();
    assert!(!recording.shows(SECRET.as_bytes()));
    assert_eq!(world.transcript.count("filter"), 0);
}

#[test]
fn a_client_that_wants_to_renegotiate_is_told_no_though_the_server_sends_nothing() {
    let Some(workshop) = Workshop::new() else {
        return;
    };
    workshop.leaf("good", 2048, "-extfile leaf.ext");
    let world = World::new();
    let (key, certificate) = (workshop.path("good.key"), workshop.path("good.pem"));
    let server = world.open(&format!(
        r#"(:name "s" :server t :host local :service t :filter record :sentinel record
            :tls-parameters (gnutls-x509pki :keylist (("{}" "{}"))))"#,
        key.display(),
        certificate.display()
    ));
    let address = server.local_address().expect("an address").to_string();
    let mut command = Command::new("openssl");
    command.args(["s_client", "-tls1_2", "-connect", &address]);
    let mut client = Program::start_on_errors(&mut command);
    let mut input = client.input();
    input.write_all(b"hello\n").unwrap();
    world.until("a greeting", || world.transcript.count("filter") == 1);
    // At the beginning of a line this asks the server for another handshake.
    input.write_all(b"R\n").unwrap();
    // The client takes the no for the end of the session, and says so to both.
    let ends = |line: &String| line.starts_with("sentinel") && !line.contains("open from");
    world.until("the end", || world.transcript.lines().iter().any(ends));
    client.line_with("no renegotiation");
}
