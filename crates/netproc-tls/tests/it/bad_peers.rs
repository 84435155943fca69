//! Peers that do not shake hands, each with the exact message.

use std::future::Future;
use std::os::unix::net::UnixStream;

use async_io::Async;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _, future};
use netproc_tls::{Cause, Client, ClientCertificates, Error, Parameters, Priority, Server, Step};

use crate::bad_certificates::raw_server;
use crate::handshakes::shake;
use crate::pipe::{End, pipe, run};
use crate::pki::{Authority, Leaf, authority_params, params};

/// Returns what a client with a secret to tell gets from a peer that runs `script`.
fn refusal<F, S>(script: S) -> Error
where
    S: FnOnce(End) -> F,
    F: Future<Output = ()>,
{
    let authority = Authority::new();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let (ours, theirs) = pipe();
    let record = ours.record();
    let (result, ()) = run(
        async {
            let mut stream = client.connect(ours).await?;
            stream.write_all(b"attack at dawn").await.unwrap();
            Ok(())
        },
        script(theirs),
    );
    let clear = record.bytes().windows(6).any(|bytes| bytes == b"attack");
    assert!(!clear, "the secret went out in clear");
    result.expect_err("the handshake should have failed")
}

/// A peer that reads the first message and answers with fixed bytes.
async fn answer(mut end: End, bytes: &[u8]) {
    let mut hello = vec![0; 4096];
    let _ = end.read(&mut hello).await;
    let _ = end.write_all(bytes).await;
    // It goes on listening until the other end is gone.
    while end.read(&mut hello).await.is_ok_and(|count| count > 0) {}
}

fn check(bytes: &[u8], expected: &str) {
    let error = refusal(|end| answer(end, bytes));
    assert_eq!(
        error.to_string(),
        format!("TLS handshake with localhost: {expected}")
    );
    // Emacs says nothing here and goes on in clear; this error has its own words.
    let condition = error.condition().to_string();
    assert!(condition.starts_with("(error \"TLS handshake with localhost: "));
}

#[test]
fn a_web_server_without_tls() {
    check(
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        "the peer does not speak TLS: it begins with \"HTTP/1.1 400 Bad\"",
    );
}

#[test]
fn a_mail_server_before_starttls() {
    check(
        b"220 mail.test ESMTP\r\n",
        "the peer does not speak TLS: it begins with \"220 mail.test ES\"; \
         ask it for STARTTLS before the handshake",
    );
}

#[test]
fn a_secure_shell_server() {
    check(
        b"SSH-2.0-OpenSSH_9.2\r\n",
        "the peer does not speak TLS: it begins with \"SSH-2.0-OpenSSH_\"",
    );
}

#[test]
fn one_that_says_a_word_and_leaves() {
    let error = refusal(|mut end| async move {
        let _ = end.write_all(b"no\n").await;
    });
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer does not speak TLS: it begins with \"no\\n\""
    );
}

#[test]
fn one_that_closes_at_once() {
    let error = refusal(|end| async move { drop(end) });
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer closed the connection"
    );
}

#[test]
fn one_that_closes_after_the_first_message() {
    let error = refusal(|mut end| async move {
        let _ = end.read(&mut [0; 4096]).await;
    });
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer closed the connection"
    );
}

#[test]
fn one_of_tls_1_1_that_says_so() {
    check(
        &[21, 3, 2, 0, 2, 2, 70],
        "the peer has no version of TLS that is allowed here; let it offer TLS 1.2 or TLS 1.3",
    );
}

#[test]
fn one_of_tls_1_1_that_answers_in_it() {
    // A ServerHello of version 3.2, with an old suite and without extensions.
    let mut hello = vec![2, 0, 0, 38, 3, 2];
    hello.extend([9; 32]);
    hello.extend([0, 0x00, 0x2f, 0]);
    let mut record = vec![22, 3, 2, 0, 42];
    record.extend(hello);
    check(
        &record,
        "the peer has no version of TLS that is allowed here; let it offer TLS 1.2 or TLS 1.3",
    );
}

#[test]
fn one_with_rsa_key_exchange_alone() {
    check(
        &[21, 3, 3, 0, 2, 2, 40],
        "no cipher suite in common; RSA key exchange, finite-field DHE, CBC ciphers and \
         anonymous suites are not supported: let the peer offer ECDHE with AES-GCM or ChaCha20, \
         and check :priority",
    );
}

#[test]
fn one_that_does_not_know_the_name() {
    check(
        &[21, 3, 3, 0, 2, 2, 112],
        "the peer sent the alert \"unrecognised name\"",
    );
}

#[test]
fn one_that_fails_inside() {
    check(
        &[21, 3, 3, 0, 2, 2, 80],
        "the peer sent the alert \"internal error\"",
    );
}

#[test]
fn one_that_sends_a_record_of_nonsense() {
    let error = refusal(|end| answer(end, &[22, 3, 3, 0, 4, 99, 0, 0, 0]));
    let text = error.to_string();
    assert!(
        text.starts_with("TLS handshake with localhost: the peer broke the protocol: "),
        "{text}"
    );
}

#[test]
fn one_that_sends_an_oversized_record() {
    let mut record = vec![22, 3, 3, 0xff, 0xff];
    record.resize(20_000, 0);
    check(&record, "the peer sent a record longer than TLS allows");
}

#[test]
fn one_that_slipped_clear_text_in_before_the_handshake() {
    let authority = Authority::new();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let server = Server::new(&authority.leaf("localhost").server()).unwrap();
    let (ours, theirs) = pipe();
    let (result, _) = run(
        client
            .connect(ours)
            .read_ahead(*b"250 all is well\r\n")
            .into_future(),
        server.accept(theirs).into_future(),
    );
    assert_eq!(
        result.unwrap_err().to_string(),
        "TLS handshake with localhost: the peer does not speak TLS: \
         it begins with \"250 all is well\\r\""
    );
}

#[test]
fn one_that_refuses_over_a_local_socket_and_is_gone() {
    let (ours, mut theirs) = Async::<UnixStream>::pair().unwrap();
    let authority = Authority::new();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let ((), result) = run(async {}, async {
        theirs.write_all(&[21, 3, 3, 0, 2, 2, 40]).await.unwrap();
        drop(theirs);
        // Nothing can be written any more, and the reason is read all the same.
        client.connect(ours).await
    });
    let error = result.unwrap_err();
    assert!(matches!(error.cause(), Some(Cause::NothingInCommon)));
    assert_eq!(error.step(), Some(Step::Handshake));
}

#[test]
fn one_that_stalls_is_left_at_the_deadline() {
    let authority = Authority::new();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let (ours, mut theirs) = pipe();
    let (told, deadline) = signal();
    let (result, ()) = run(
        async { client.connect(ours).deadline(deadline).await },
        async {
            // The first message has come, and no answer follows.
            theirs.read(&mut [0; 4096]).await.unwrap();
            told();
            let mut rest = Vec::new();
            theirs.read_to_end(&mut rest).await.unwrap();
        },
    );
    let error = result.unwrap_err();
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: not done before the deadline"
    );
}

/// Returns a function, and a future that is ready when it has been called.
fn signal() -> (impl FnOnce(), impl Future<Output = ()> + Send) {
    let (one, mut other) = pipe();
    let ready = async move {
        let _ = other.read(&mut [0]).await;
    };
    (move || drop(one), ready)
}

#[test]
fn one_with_no_protocol_in_common() {
    let authority = Authority::new();
    let server = authority.leaf("localhost").server().alpn_protocol("imap");
    let client = authority.client("localhost").alpn_protocol("h2");
    let (ours, theirs) = shake(
        &Client::new(&client).unwrap(),
        &Server::new(&server).unwrap(),
    );
    let expected = "none of the protocols in :alpn-protocols is offered by both sides";
    assert_eq!(
        ours.unwrap_err().to_string(),
        format!("TLS handshake with localhost: {expected}")
    );
    assert_eq!(
        theirs.unwrap_err().to_string(),
        format!("TLS handshake with a client: {expected}")
    );
}

#[test]
fn one_with_no_version_in_common() {
    let authority = Authority::new();
    let only = |priority: &str, parameters: Parameters| {
        parameters.with_priority(priority.parse().unwrap())
    };
    let server = only("NORMAL:-VERS-TLS1.3", authority.leaf("localhost").server());
    let client = only("NORMAL:-VERS-TLS1.2", authority.client("localhost"));
    let (ours, theirs) = shake(
        &Client::new(&client).unwrap(),
        &Server::new(&server).unwrap(),
    );
    for (error, peer) in [
        (ours.unwrap_err(), "localhost"),
        (theirs.unwrap_err(), "a client"),
    ] {
        assert_eq!(
            error.to_string(),
            format!(
                "TLS handshake with {peer}: the peer has no version of TLS that is allowed here; \
                 let it offer TLS 1.2 or TLS 1.3"
            )
        );
    }
}

/// What a server that demands certificates says of this client, and what the client gets.
fn mutual(client: &Parameters, authority: &Authority, leaf: &Leaf) -> (String, String) {
    let server = leaf
        .server()
        .trust_file(&authority.file)
        .client_certificates(ClientCertificates::Required);
    let (client, server) = (Client::new(client).unwrap(), Server::new(&server).unwrap());
    let (ours, theirs) = pipe();
    let (told, refused) = run(
        async {
            // With TLS 1.3 the client learns of it from its first read.
            match client.connect(ours).await {
                Ok(mut stream) => stream.read(&mut [0]).await.unwrap_err().to_string(),
                Err(error) => error.to_string(),
            }
        },
        async { server.accept(theirs).await.unwrap_err().to_string() },
    );
    (told, refused)
}

#[test]
fn a_client_without_a_certificate() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let (told, refused) = mutual(&authority.client("localhost"), &authority, &leaf);
    assert_eq!(
        refused,
        "TLS handshake with a client: the peer showed no certificate, and one is required"
    );
    assert_eq!(
        told,
        "TLS read with localhost: the peer wants a client certificate; name one by :keylist"
    );
}

#[test]
fn a_client_with_the_certificate_of_a_stranger() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let stranger = Authority::with(authority_params("Stranger"));
    let own = stranger.leaf("me");
    let client = authority
        .client("localhost")
        .identity(&own.key_file, &own.file);
    let (told, refused) = mutual(&client, &authority, &leaf);
    assert_eq!(
        refused,
        "TLS handshake with a client: the certificate was refused: its issuer \"CN=Stranger\" \
         leads to no trusted authority; if you trust that issuer, add its certificate to \
         :trustfiles"
    );
    assert_eq!(
        told,
        "TLS read with localhost: the peer did not accept our certificate: \
         \"certificate unknown\""
    );
}

#[test]
fn a_client_with_an_expired_certificate() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let mut old = params("me");
    old.not_before = rcgen::date_time_ymd(2019, 1, 1);
    old.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let own = authority.sign(&old);
    let client = authority
        .client("localhost")
        .identity(&own.key_file, &own.file);
    let (_, refused) = mutual(&client, &authority, &leaf);
    assert_eq!(
        refused,
        "TLS handshake with a client: the certificate was refused: it expired on 2020-01-01"
    );
}

#[test]
fn a_client_with_a_revoked_certificate() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let mut revoked = params("me");
    revoked.serial_number = Some(rcgen::SerialNumber::from(vec![7]));
    let own = authority.sign(&revoked);
    let server = leaf
        .server()
        .trust_file(&authority.file)
        .crl_file(authority.revoke(&[7], 2090))
        .client_certificates(ClientCertificates::Required);
    let client = authority
        .client("localhost")
        .identity(&own.key_file, &own.file);
    let (client, server) = (Client::new(&client).unwrap(), Server::new(&server).unwrap());
    let (_, theirs) = shake(&client, &server);
    assert_eq!(
        theirs.unwrap_err().to_string(),
        "TLS handshake with a client: the certificate was refused: its authority has revoked it"
    );
}

#[test]
fn a_client_of_tls_1_2_without_a_certificate_learns_of_it_in_the_handshake() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let priority: Priority = "NORMAL:-VERS-TLS1.3".parse().unwrap();
    let client = authority.client("localhost").with_priority(priority);
    let (told, refused) = mutual(&client, &authority, &leaf);
    assert_eq!(
        refused,
        "TLS handshake with a client: the peer showed no certificate, and one is required"
    );
    assert_eq!(
        told,
        "TLS handshake with localhost: the peer wants a client certificate; name one by :keylist"
    );
}

#[test]
fn a_client_that_is_no_tls_client() {
    let authority = Authority::new();
    let server = Server::new(&authority.leaf("localhost").server()).unwrap();
    let (mut ours, theirs) = pipe();
    let (result, ()) = run(async { server.accept(theirs).await }, async {
        ours.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        let _ = ours.read(&mut [0; 64]).await;
    });
    assert_eq!(
        result.unwrap_err().to_string(),
        "TLS handshake with a client: the peer does not speak TLS: \
         it begins with \"GET / HTTP/1.0\\r\\n\""
    );
}

/// What a server says of a client that begins with this version, suite and extensions.
fn greeted(version: u8, suite: [u8; 2], extensions: &[u8]) -> String {
    let mut body = vec![3, version];
    body.extend([7; 32]);
    body.extend([0, 0, 2, suite[0], suite[1], 1, 0]);
    if !extensions.is_empty() {
        body.extend([0, u8::try_from(extensions.len()).unwrap()]);
        body.extend(extensions);
    }
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(body);
    let authority = Authority::new();
    let server = Server::new(&authority.leaf("localhost").server()).unwrap();
    let (mut ours, theirs) = pipe();
    let (result, ()) = run(async { server.accept(theirs).await }, async {
        ours.write_all(&record).await.unwrap();
        let _ = ours.read(&mut [0; 64]).await;
    });
    result.unwrap_err().to_string()
}

#[test]
fn a_client_of_tls_1_1() {
    assert_eq!(
        greeted(2, [0x00, 0x2f], &[]),
        "TLS handshake with a client: the peer has no version of TLS that is allowed here; \
         let it offer TLS 1.2 or TLS 1.3"
    );
}

#[test]
fn a_client_with_rsa_key_exchange_alone() {
    // Signatures with ECDSA and RSA, the group X25519, uncompressed points.
    let extensions = [
        0, 13, 0, 6, 0, 4, 4, 3, 4, 1, 0, 10, 0, 4, 0, 2, 0, 29, 0, 11, 0, 2, 1, 0,
    ];
    let text = greeted(3, [0x00, 0x2f], &extensions);
    let expected = "TLS handshake with a client: no cipher suite in common; RSA key exchange";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_handshake_that_is_given_up_sends_nothing_more() {
    let authority = Authority::new();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let leaf = authority.leaf("localhost");
    let (ours, theirs) = pipe();
    let record = ours.record();
    let ((), accepted) = run(
        async {
            let handshake = std::pin::pin!(client.connect(ours).into_future());
            // One turn, and then it is dropped.
            assert!(future::poll_once(handshake).await.is_none());
        },
        async { raw_server(vec![leaf.der], &leaf.key).accept(theirs).await },
    );
    assert!(accepted.is_err());
    assert_eq!(record.bytes()[0], 22, "a handshake record and no other");
}
