//! Handshakes that succeed, and what is known after them.

use std::os::unix::net::UnixStream;

use async_io::Async;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

use netproc_lisp::{Value, plist};
use netproc_tls::{
    Client, Error, Group, KeyExchange, Parameters, PeerStatus, Priority, Server, TlsStream,
    VerifyFlags, Version, Warning,
};
use rcgen::{IsCa, KeyPair};

use crate::pipe::{End, pipe, run};
use crate::pki::{Authority, authority_params, params};

/// Shakes hands in memory.
pub(crate) fn shake(
    client: &Client,
    server: &Server,
) -> (Result<TlsStream<End>, Error>, Result<TlsStream<End>, Error>) {
    let (ours, theirs) = pipe();
    run(
        client.connect(ours).into_future(),
        server.accept(theirs).into_future(),
    )
}

/// Shakes hands, sends a line there and back, and returns what both sides know.
pub(crate) fn greet(client: &Parameters, server: &Parameters) -> (PeerStatus, PeerStatus) {
    let (client, server) = (Client::new(client).unwrap(), Server::new(server).unwrap());
    let (ours, theirs) = shake(&client, &server);
    let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
    let (seen, ()) = run(
        async {
            ours.write_all(b"hello\n").await.unwrap();
            ours.flush().await.unwrap();
            let mut line = [0; 6];
            ours.read_exact(&mut line).await.unwrap();
            line
        },
        async {
            let mut line = [0; 6];
            theirs.read_exact(&mut line).await.unwrap();
            theirs.write_all(&line).await.unwrap();
            theirs.flush().await.unwrap();
        },
    );
    assert_eq!(&seen, b"hello\n");
    (ours.peer_status(), theirs.peer_status())
}

fn keys(value: &Value) -> Vec<String> {
    plist::iter(value).map(|(key, _)| key.to_string()).collect()
}

#[test]
fn a_trusted_server_is_taken_without_warnings() {
    let authority = Authority::new();
    let server = authority.leaf("localhost").server();
    let (status, _) = greet(&authority.client("localhost"), &server);
    assert_eq!(status.warnings, []);
    assert_eq!(status.protocol, Some(Version::Tls13));
    let list = status.to_value();
    assert_eq!(
        keys(&list),
        [
            ":certificates",
            ":certificate",
            ":key-exchange",
            ":protocol",
            ":cipher",
            ":mac",
            ":encrypt-then-mac"
        ]
    );
    let get = |key: &str| plist::get(&list, &Value::keyword(key)).to_string();
    assert_eq!(get(":protocol"), "\"TLS1.3\"");
    assert_eq!(get(":cipher"), "\"AES-256-GCM\"");
    assert_eq!(get(":mac"), "\"AEAD\"");
    let certificate = plist::get(&list, &Value::keyword(":certificate"));
    assert_eq!(
        keys(&certificate),
        [
            ":version",
            ":serial-number",
            ":issuer",
            ":valid-from",
            ":valid-to",
            ":subject",
            ":public-key-algorithm",
            ":certificate-security-level",
            ":signature-algorithm",
            ":public-key-id",
            ":certificate-id",
            ":pem"
        ]
    );
    let own = &status.certificates[0];
    assert_eq!(own.issuer, "CN=Probe CA");
    assert_eq!(own.subject, "CN=localhost");
    assert_eq!(own.public_key_algorithm, "EC/ECDSA");
    assert_eq!(own.signature_algorithm, "ECDSA-SHA256");
    assert_eq!(own.security_level, "High");
}

#[test]
fn tls_1_2_is_spoken_when_that_is_what_is_left() {
    let authority = Authority::new();
    let server = authority.leaf("localhost").server();
    let priority: Priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2".parse().unwrap();
    let client = authority.client("localhost").with_priority(priority);
    let (status, _) = greet(&client, &server);
    assert_eq!(status.protocol, Some(Version::Tls12));
    assert_eq!(status.key_exchange, Some(KeyExchange::EcdheEcdsa));
    assert_eq!(
        keys(&status.to_value()).last().unwrap(),
        ":safe-renegotiation"
    );
}

#[test]
fn an_address_is_matched_with_the_addresses_of_the_certificate() {
    let authority = Authority::new();
    let server = authority.leaf("127.0.0.1").server();
    let (status, _) = greet(&authority.client("127.0.0.1"), &server);
    assert_eq!(status.warnings, []);
}

#[test]
fn a_star_stands_for_one_label() {
    let authority = Authority::new();
    let server = Server::new(&authority.leaf("*.example.test").server()).unwrap();
    let client = Client::new(&authority.client("www.example.test")).unwrap();
    assert!(shake(&client, &server).0.is_ok());
    for host in ["example.test", "a.b.example.test"] {
        let other = client.for_host(host).unwrap();
        assert!(shake(&other, &server).0.is_err(), "{host}");
    }
}

#[test]
fn the_name_is_sent_to_the_server_and_an_address_is_not() {
    let authority = Authority::new();
    let server = authority.leaf("localhost").server();
    let (_, seen) = greet(&authority.client("localhost"), &server);
    assert_eq!(seen.requested_host.as_deref(), Some("localhost"));
    let server = authority.leaf("::1").server();
    let (_, seen) = greet(&authority.client("::1"), &server);
    assert_eq!(seen.requested_host, None);
}

#[test]
fn a_priority_string_decides_the_group() {
    let authority = Authority::new();
    let server = authority.leaf("localhost").server();
    let priority: Priority = "NORMAL:-GROUP-ALL:+GROUP-SECP384R1".parse().unwrap();
    let client = authority.client("localhost").with_priority(priority);
    let (status, _) = greet(&client, &server);
    assert_eq!(status.group, Some(Group::Secp384r1));
}

#[test]
fn a_self_signed_certificate_among_the_trusted_is_trusted() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let certificate = params("localhost").self_signed(&key).unwrap();
    let leaf = authority.keep(certificate.der().to_vec(), key);
    let client = Parameters::client("localhost")
        .trust_file(&leaf.file)
        .without_platform_trust();
    let (status, _) = greet(&client, &leaf.server());
    // As Emacs says of such a certificate: a warning, and no fault.
    assert_eq!(status.warnings, [Warning::SelfSigned]);
    assert_eq!(status.problems, []);
}

#[test]
fn so_is_one_that_says_it_is_an_authority() {
    // What `openssl req -x509` makes.
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let mut params = params("localhost");
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    let leaf = authority.keep(certificate.der().to_vec(), key);
    let client = Parameters::client("localhost")
        .trust_file(&leaf.file)
        .without_platform_trust();
    let (status, _) = greet(&client, &leaf.server());
    assert_eq!(status.warnings, [Warning::SelfSigned]);
    let strict = VerifyFlags::from_bits(4).unwrap();
    let client = Client::new(&client.with_verify_flags(strict)).unwrap();
    let server = Server::new(&leaf.server()).unwrap();
    assert!(shake(&client, &server).0.is_err());
}

#[test]
fn without_verification_everything_connects_and_is_told() {
    let authority = Authority::new();
    let stranger = Authority::with(authority_params("Stranger"));
    let server = stranger.leaf("elsewhere").server();
    let client = authority.client("localhost").dangerously_verify_nothing();
    let (status, _) = greet(&client, &server);
    assert_eq!(
        status.warnings,
        [Warning::NoHostMatch, Warning::UnknownCa, Warning::Invalid]
    );
}

#[test]
fn the_name_alone_or_the_chain_alone_can_be_verified() {
    let authority = Authority::new();
    let stranger = Authority::with(authority_params("Stranger"));
    let chain_only = authority.client("localhost").dangerously_skip_host();
    let host_only = authority.client("localhost").dangerously_skip_chain();
    let elsewhere = authority.leaf("elsewhere").server();
    let untrusted = stranger.leaf("localhost").server();
    greet(&chain_only, &elsewhere);
    greet(&host_only, &untrusted);
    for (client, server) in [(chain_only, untrusted), (host_only, elsewhere)] {
        let client = Client::new(&client).unwrap();
        let (ours, _) = shake(&client, &Server::new(&server).unwrap());
        assert!(ours.is_err());
    }
}

#[test]
fn times_are_not_looked_at_when_flag_64_says_so() {
    let authority = Authority::new();
    let mut old = params("localhost");
    old.not_before = rcgen::date_time_ymd(2019, 1, 1);
    old.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let server = authority.sign(&old).server();
    let flags = VerifyFlags::from_bits(64).unwrap();
    let client = authority.client("localhost").with_verify_flags(flags);
    let (status, _) = greet(&client, &server);
    assert_eq!(status.warnings, []);
}

#[test]
fn a_session_is_resumed_and_its_certificate_is_still_known() {
    for priority in ["NORMAL", "NORMAL:-VERS-TLS1.3"] {
        let authority = Authority::new();
        let parameters = authority
            .client("localhost")
            .with_priority(priority.parse().unwrap());
        let client = Client::new(&parameters).unwrap();
        let server = Server::new(&authority.leaf("localhost").server()).unwrap();
        for resumed in [false, true] {
            let (ours, theirs) = shake(&client, &server);
            let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
            // The ticket comes with the first data.
            run(async { theirs.write_all(b"x").await.unwrap() }, async {
                ours.read_exact(&mut [0]).await.unwrap();
            });
            let status = ours.peer_status();
            assert_eq!(status.is_resumed(), resumed, "{priority}");
            assert!(format!("{status:?}").contains(&format!("resumed: {resumed}")));
            assert_eq!(theirs.peer_status().is_resumed(), resumed, "{priority}");
            assert_eq!(status.certificates.len(), 1);
        }
    }
}

#[test]
fn sessions_are_not_resumed_without_tickets() {
    let authority = Authority::new();
    let parameters = authority
        .client("localhost")
        .with_priority("NORMAL:%NO_TICKETS".parse().unwrap());
    let client = Client::new(&parameters).unwrap();
    let server = Server::new(&authority.leaf("localhost").server()).unwrap();
    for _ in 0..2 {
        let (ours, theirs) = shake(&client, &server);
        let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
        run(async { theirs.write_all(b"x").await.unwrap() }, async {
            ours.read_exact(&mut [0]).await.unwrap();
        });
        assert!(!ours.peer_status().is_resumed());
    }
}

#[test]
fn one_client_can_mean_another_host() {
    let authority = Authority::new();
    let server = Server::new(&authority.leaf("two.test").server()).unwrap();
    let client = Client::new(&authority.client("one.test")).unwrap();
    assert!(shake(&client, &server).0.is_err());
    let other = client.for_host("two.test").unwrap();
    assert_eq!(other.host(), "two.test");
    assert!(shake(&other, &server).0.is_ok());
    assert!(client.for_host("no host").is_err());
}

#[test]
fn a_session_with_one_host_is_not_resumed_with_another() {
    let authority = Authority::new();
    let server = Server::new(&authority.leaf("one.test").server()).unwrap();
    let client = Client::new(&authority.client("one.test")).unwrap();
    let (ours, theirs) = shake(&client, &server);
    let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
    run(async { theirs.write_all(b"x").await.unwrap() }, async {
        ours.read_exact(&mut [0]).await.unwrap();
    });
    let other = client.for_host("two.test").unwrap();
    assert!(shake(&other, &server).0.is_err());
}

#[test]
fn protocols_are_agreed() {
    let authority = Authority::new();
    let server = authority
        .leaf("localhost")
        .server()
        .alpn_protocol("imap")
        .alpn_protocol("h2");
    let client = authority
        .client("localhost")
        .alpn_protocol("http/1.1")
        .alpn_protocol("h2");
    let (ours, theirs) = greet(&client, &server);
    assert_eq!(ours.application_protocol.as_deref(), Some(&b"h2"[..]));
    assert_eq!(theirs.application_protocol.as_deref(), Some(&b"h2"[..]));
}

#[test]
fn local_sockets_carry_it_too() {
    let authority = Authority::new();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let server = Server::new(&authority.leaf("localhost").server()).unwrap();
    let (ours, theirs) = Async::<UnixStream>::pair().unwrap();
    let (ours, theirs) = run(
        client.connect(ours).into_future(),
        server.accept(theirs).into_future(),
    );
    let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
    let (sent, received) = (vec![7; 1 << 20], &mut Vec::new());
    run(
        async {
            ours.write_all(&sent).await.unwrap();
            ours.close().await.unwrap();
        },
        async {
            theirs.read_to_end(received).await.unwrap();
        },
    );
    assert_eq!(received.len(), sent.len());
}
