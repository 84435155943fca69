//! Sessions without certificates, with this crate at both ends and with GnuTLS at one.

mod gnutls;
mod refusals;

use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc_lisp::{Value, plist, read};
use netproc_tls::{
    Cipher, Client, Group, KeyExchange, Mac, Parameters, Priority, Profile, Server, TlsStream,
    Version,
};

use crate::handshakes::{greet, shake};
use crate::pipe::{End, pipe_by, run};

/// Returns parameters with an anonymous priority string, of a client or, without host, a server.
pub(crate) fn parameters(host: Option<&str>, priority: &str) -> Parameters {
    let priority = Priority::anonymous(priority).unwrap();
    let parameters = host.map_or_else(Parameters::new, Parameters::client);
    parameters.dangerously_anonymous().with_priority(priority)
}

/// Returns a client and a server that understand each other.
pub(crate) fn sides(priority: &str) -> (Client, Server) {
    (
        Client::new(&parameters(Some("localhost"), priority)).unwrap(),
        Server::new(&parameters(None, priority)).unwrap(),
    )
}

fn keys(value: &Value) -> Vec<String> {
    plist::iter(value).map(|(key, _)| key.to_string()).collect()
}

#[test]
fn curves_are_used_when_nothing_is_said() {
    let client = Parameters::client("localhost").dangerously_anonymous();
    let server = Parameters::new().dangerously_anonymous();
    let (ours, theirs) = greet(&client, &server);
    assert_eq!(ours.certificates, []);
    assert_eq!(ours.warnings, []);
    assert_eq!(ours.protocol, Some(Version::Tls12));
    assert_eq!(ours.key_exchange, Some(KeyExchange::AnonEcdh));
    assert_eq!(ours.cipher, Some(Cipher::Aes256Cbc));
    assert_eq!(ours.mac, Some(Mac::Sha1));
    assert_eq!(ours.group, Some(Group::X25519));
    assert!(ours.encrypts_then_macs && ours.safe_renegotiation && !ours.is_resumed());
    assert_eq!(theirs.requested_host.as_deref(), Some("localhost"));
    assert_eq!(theirs.cipher, ours.cipher);
    assert_eq!(
        ours.to_value().to_string(),
        "(:key-exchange \"ANON-ECDH\" :protocol \"TLS1.2\" :cipher \"AES-256-CBC\" \
         :mac \"SHA1\" :encrypt-then-mac t :safe-renegotiation t)"
    );
}

#[test]
fn a_prime_is_used_with_the_default_of_emacs() {
    let (ours, theirs) = {
        let list = "(gnutls-anon :priority \"NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW\" \
                    :hostname \"localhost\")";
        let made = Parameters::from_value(&read(list).unwrap(), Profile::Emacs).unwrap();
        greet(&made, &parameters(None, "NORMAL:+ANON-DH:+ANON-ECDH"))
    };
    for status in [ours, theirs] {
        assert_eq!(status.prime_bits, Some(2048));
        let list = status.to_value();
        assert_eq!(
            keys(&list),
            [
                ":diffie-hellman-prime-bits",
                ":key-exchange",
                ":protocol",
                ":cipher",
                ":mac",
                ":encrypt-then-mac",
                ":safe-renegotiation"
            ]
        );
        let get = |key: &str| plist::get(&list, &Value::keyword(key)).to_string();
        assert_eq!(get(":key-exchange"), "\"ANON-DH\"");
        assert_eq!(get(":cipher"), "\"AES-256-GCM\"");
        assert_eq!(get(":mac"), "\"AEAD\"");
        assert_eq!(get(":encrypt-then-mac"), "nil");
    }
}

#[test]
fn every_suite_and_group_can_be_asked_for() {
    let both = "NORMAL:+ANON-ECDH:+ANON-DH:+SHA256";
    let cases = [
        ("ANON-ECDH", "AES-256-CBC", "SHA1"),
        ("ANON-ECDH", "AES-128-CBC", "SHA1"),
        ("ANON-DH", "AES-256-GCM", "AEAD"),
        ("ANON-DH", "AES-128-GCM", "AEAD"),
        ("ANON-DH", "AES-256-CBC", "SHA1"),
        ("ANON-DH", "AES-128-CBC", "SHA256"),
    ];
    for (exchange, cipher, mac) in cases {
        let one = format!("NONE:+VERS-TLS1.2:+GROUP-ALL:+{exchange}:+{cipher}:+{mac}");
        let client = parameters(Some("localhost"), &one);
        let (status, _) = greet(&client, &parameters(None, both));
        assert_eq!(status.key_exchange.unwrap().to_string(), exchange);
        assert_eq!(status.cipher.unwrap().to_string(), cipher);
        assert_eq!(status.mac.unwrap().to_string(), mac);
    }
    let groups = [
        ("X25519", Group::X25519),
        ("SECP256R1", Group::Secp256r1),
        ("SECP384R1", Group::Secp384r1),
    ];
    for (name, group) in groups {
        let one = format!("NORMAL:+ANON-ECDH:-GROUP-ALL:+GROUP-{name}");
        let (status, _) = greet(
            &parameters(Some("localhost"), &one),
            &parameters(None, both),
        );
        assert_eq!(status.group, Some(group));
    }
}

#[test]
fn a_server_can_prefer_its_own_order() {
    let own = "NONE:+VERS-TLS1.2:+GROUP-ALL:+ANON-DH:+AES-128-GCM:+AES-256-GCM:+AEAD";
    let client = parameters(Some("localhost"), "NORMAL:+ANON-DH");
    for (more, cipher) in [
        ("", Cipher::Aes256Gcm),
        (":%SERVER_PRECEDENCE", Cipher::Aes128Gcm),
    ] {
        let (status, _) = greet(&client, &parameters(None, &format!("{own}{more}")));
        assert_eq!(status.cipher, Some(cipher), "{more}");
    }
}

#[test]
fn a_longer_prime_is_made_and_demanded() {
    let server = parameters(None, "NORMAL:+ANON-DH").with_min_prime_bits(2049);
    let client = parameters(Some("localhost"), "SECURE128:+ANON-DH");
    let (status, _) = greet(&client, &server);
    assert_eq!(status.prime_bits, Some(3072));
}

#[test]
fn protocols_are_agreed() {
    let client = parameters(Some("localhost"), "NORMAL:+ANON-ECDH")
        .alpn_protocol("http/1.1")
        .alpn_protocol("h2");
    let server = parameters(None, "NORMAL:+ANON-ECDH");
    let (ours, _) = greet(&client, &server);
    assert_eq!(ours.application_protocol, None);
    let server = server.alpn_protocol("imap").alpn_protocol("h2");
    let (ours, theirs) = greet(&client, &server);
    assert_eq!(ours.application_protocol.as_deref(), Some(&b"h2"[..]));
    assert_eq!(theirs.application_protocol.as_deref(), Some(&b"h2"[..]));
}

#[test]
fn a_client_can_mean_an_address_and_another_host() {
    let (client, server) = sides("NORMAL:+ANON-ECDH");
    for host in ["127.0.0.1", "::1", "elsewhere.test"] {
        let client = client.for_host(host).unwrap();
        let (ours, theirs) = shake(&client, &server);
        assert_eq!(ours.unwrap().host(), Some(host));
        let requested = theirs.unwrap().peer_status().requested_host;
        assert_eq!(
            requested.as_deref(),
            (host.ends_with("test")).then_some(host)
        );
    }
}

#[test]
fn a_server_that_is_replaced_leaves_its_streams_alone() {
    let (client, server) = sides("NORMAL:+ANON-ECDH");
    let (ours, theirs) = shake(&client, &server);
    let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
    server
        .replace(&parameters(None, "NORMAL:+ANON-DH"))
        .unwrap();
    server.reload().unwrap();
    assert!(shake(&client, &server).0.is_err());
    let mut byte = [0];
    run(async { theirs.write_all(b"x").await.unwrap() }, async {
        ours.read_exact(&mut byte).await.unwrap();
    });
    assert_eq!(&byte, b"x");
}

#[test]
fn nothing_of_what_is_said_can_be_read_on_the_wire() {
    for priority in ["NORMAL:+ANON-ECDH", "NORMAL:+ANON-DH"] {
        let (client, server) = sides(priority);
        let (ours, theirs) = pipe_by(usize::MAX);
        let (record, answer) = (ours.record(), theirs.record());
        run(
            async {
                let mut stream = client.connect(ours).await.unwrap();
                stream.write_all(b"attack at dawn").await.unwrap();
                stream.close().await.unwrap();
                let mut all = Vec::new();
                stream.read_to_end(&mut all).await.unwrap();
                assert_eq!(all, b"attack at dawn");
            },
            async {
                let mut stream = server.accept(theirs).await.unwrap();
                let mut all = Vec::new();
                stream.read_to_end(&mut all).await.unwrap();
                stream.write_all(&all).await.unwrap();
                stream.close().await.unwrap();
            },
        );
        for bytes in [record.bytes(), answer.bytes()] {
            assert!(!bytes.windows(6).any(|bytes| bytes == b"attack"));
            assert_eq!(bytes[0], 22, "a handshake");
        }
    }
}

#[test]
fn streams_can_be_shared_among_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<TlsStream<End>>();
    shared::<Client>();
    shared::<Server>();
}
