//! TLS on both ends: `:tls-parameters` of clients and servers, and upgrades of open connections.

use std::path::PathBuf;
use std::sync::Arc;

use netproc::network::{Process, Status};
use netproc::tls::{self, Parameters};

use netproc_tests::World;

/// A self-signed certificate for localhost, which is its own authority.
struct Certificate {
    key: PathBuf,
    certificate: PathBuf,
}

impl Certificate {
    fn new(world: &World) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let place = |name: &str, pem: String| {
            let path = world.path(name);
            std::fs::write(&path, pem).unwrap();
            path
        };
        Certificate {
            key: place("key.pem", made.signing_key.serialize_pem()),
            certificate: place("certificate.pem", made.cert.pem()),
        }
    }

    /// Returns the keyword list of an echo server with this certificate.
    fn server(&self) -> String {
        format!(
            "(:name \"srv\" :server t :host local :service t :filter echo :coding binary \
             :tls-parameters (gnutls-x509pki :keylist ((\"{}\" \"{}\"))))",
            self.key.display(),
            self.certificate.display(),
        )
    }

    /// Returns the keyword list of a client that trusts this certificate.
    fn client(&self, server: &Process, rest: &str) -> String {
        format!(
            "(:name \"c\" :host \"localhost\" :service {} :coding binary :filter record \
             :sentinel record {rest} :tls-parameters (gnutls-x509pki :trustfiles (\"{}\")))",
            server.port().unwrap(),
            self.certificate.display(),
        )
    }

    fn parameters(&self) -> Parameters {
        Parameters::client("localhost").trust_file(&self.certificate)
    }

    fn tls_server(&self) -> Arc<tls::Server> {
        Arc::new(tls::Server::new(&Parameters::server(&self.key, &self.certificate)).unwrap())
    }
}

#[test]
fn a_blocking_client_is_open_when_the_handshake_is_done() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let server = world.open(&certificate.server());
    let client = world.open(&certificate.client(&server, ""));
    assert!(client.is_encrypted());
    assert_eq!(client.status(), Status::Open);
    client.send("hello").unwrap();
    world.until_line(r#"filter c "hello""#);
    assert_eq!(
        world.transcript.lines(),
        [r#"sentinel c "open\n" open"#, r#"filter c "hello""#]
    );
}

#[test]
fn what_is_sent_during_a_handshake_in_the_background_arrives_after_it() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let server = world.open(&certificate.server());
    let client = world.open(&certificate.client(&server, ":nowait t"));
    assert_eq!(client.status(), Status::Connect);
    client.send("early").unwrap();
    world.until_line(r#"filter c "early""#);
    assert!(client.is_encrypted());
    assert_eq!(world.transcript.lines()[0], r#"sentinel c "open\n" open"#);
}

#[test]
fn a_certificate_that_nobody_trusts_is_refused_and_no_process_is_left() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let server = world.open(&certificate.server());
    let list = format!(
        "(:name \"c\" :host \"localhost\" :service {} :tls-parameters (gnutls-x509pki))",
        server.port().unwrap()
    );
    let error = world.refuse(&list);
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the certificate was refused: \
         it is self-signed and not among the trusted ones; if it is the right one, add it to \
         :trustfiles"
    );
    assert_eq!(
        error.condition().to_string(),
        "(error \"Certificate validation failed localhost, verification code 42\")"
    );
    assert_eq!(world.network.process("c"), None);
    world.until("the fault of the server", || {
        !world.faults.lines().is_empty()
    });
    assert_eq!(world.network.processes(), [server]);
}

#[test]
fn a_refused_certificate_fails_a_process_in_the_background() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let server = world.open(&certificate.server());
    let client = world.open(&format!(
        "(:name \"c\" :host \"localhost\" :service {} :nowait t :sentinel record \
         :tls-parameters (gnutls-x509pki))",
        server.port().unwrap()
    ));
    // To send is to wait for the connection.
    assert!(client.send("secret").is_err());
    world.until("the sentinel", || world.transcript.count("sentinel") == 1);
    assert_eq!(client.status(), Status::Failed);
    assert_eq!(
        world.transcript.lines(),
        [
            "sentinel c \"failed: TLS handshake with localhost: the certificate was refused: it is \
          self-signed and not among the trusted ones; if it is the right one, add it to \
          :trustfiles\\n\" failed"
        ]
    );
}

#[test]
fn the_end_of_this_side_is_told_and_the_rest_is_read() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let server = world.open(&certificate.server());
    let client = world.open(&certificate.client(&server, ""));
    let many = "x".repeat(3_000_000);
    client.send(&many).unwrap();
    client.send_eof().unwrap();
    world.until("the end", || client.status() == Status::Closed);
    assert_eq!(client.bytes_received(), 3_000_000);
    let last = world.transcript.lines().pop();
    assert_eq!(
        last.as_deref(),
        Some(r#"sentinel c "connection broken by remote peer\n" closed"#)
    );
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn a_connection_in_clear_goes_on_in_tls() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let tls = certificate.tls_server();
    world
        .network
        .define_filter("mail", move |process: &Process, text| {
            if text.to_string_lossy() == "STARTTLS\r\n" {
                process.send("220 go\r\n")?;
                process.begin_tls(&tls)
            } else {
                process.send(text)
            }
        });
    let server = world.open("(:name \"srv\" :server t :service t :filter mail :coding binary)");
    let client = world.open(&format!(
        "(:name \"c\" :host \"localhost\" :service {} :coding binary :filter record)",
        server.port().unwrap()
    ));
    client.send("STARTTLS\r\n").unwrap();
    world.until_line(r#"filter c "220 go\r\n""#);
    client.start_tls(certificate.parameters()).unwrap();
    assert!(client.is_encrypted());
    client.send("over TLS").unwrap();
    world.until_line(r#"filter c "over TLS""#);
    let error = client.start_tls(certificate.parameters()).unwrap_err();
    assert_eq!(error.to_string(), "process c is encrypted already");
}

#[test]
fn a_failed_upgrade_closes_the_process() {
    let world = World::new();
    let certificate = Certificate::new(&world);
    let server = world.open("(:name \"srv\" :server t :service t :filter echo :coding binary)");
    let client = world.open(&format!(
        "(:name \"c\" :host \"localhost\" :service {} :coding binary :sentinel record)",
        server.port().unwrap()
    ));
    let error = client.start_tls(certificate.parameters()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("TLS handshake with localhost: "),
        "{error}"
    );
    assert_eq!(client.status(), Status::Closed);
    let line = format!("sentinel c {:?} closed", format!("failed: {error}\n"));
    assert_eq!(world.transcript.lines(), [line]);
    assert!(client.send("secret").is_err());
}
