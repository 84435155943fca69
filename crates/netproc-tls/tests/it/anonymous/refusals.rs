//! Anonymous sessions that do not come about, each with the exact message.

use std::future::Future;

use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc_lisp::read;
use netproc_tls::{
    Cause, Client, ClientCertificates, Error, Parameters, Priority, Profile, Server, Step,
    VerifyFlags, boot_parameters,
};

use super::{parameters, sides};
use crate::handshakes::shake;
use crate::pipe::{End, pipe, run};
use crate::pki::Authority;

/// Returns what a client with a secret to tell gets from a peer that runs `script`.
fn refusal<F, S>(priority: &str, script: S) -> Error
where
    S: FnOnce(End) -> F,
    F: Future<Output = ()>,
{
    let client = Client::new(&parameters(Some("localhost"), priority)).unwrap();
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

fn check(bytes: &[u8], expected: &str) {
    let error = refusal("NORMAL:+ANON-ECDH", |mut end| async move {
        let mut hello = vec![0; 4096];
        let _ = end.read(&mut hello).await;
        let _ = end.write_all(bytes).await;
        while end.read(&mut hello).await.is_ok_and(|count| count > 0) {}
    });
    assert_eq!(
        error.to_string(),
        format!("TLS handshake with localhost: {expected}")
    );
    assert_eq!(error.step(), Some(Step::Handshake));
    assert_eq!(error.host(), Some("localhost"));
}

const NO_SUITE: &str = "no anonymous cipher suite in common; let the peer offer ANON-ECDH or \
                        ANON-DH with TLS 1.2, check :priority, or use gnutls-x509pki";

#[test]
fn peers_that_do_not_shake_hands() {
    check(
        b"220 mail.test ESMTP\r\n",
        "the peer does not speak TLS: it begins with \"220 mail.test ES\"; \
         ask it for STARTTLS before the handshake",
    );
    check(
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        "the peer does not speak TLS: it begins with \"HTTP/1.1 400 Bad\"",
    );
    check(&[21, 3, 3, 0, 2, 2, 40], NO_SUITE);
    check(
        &[21, 3, 3, 0, 2, 2, 70],
        "the peer has no version of TLS that is allowed here; let it offer TLS 1.2 or TLS 1.3",
    );
    check(
        &[21, 3, 3, 0, 2, 2, 80],
        "the peer sent the alert \"internal error\"",
    );
    let mut record = vec![22, 3, 3, 0xff, 0xff];
    record.resize(20_000, 0);
    check(&record, "the peer sent a record longer than TLS allows");
}

#[test]
fn a_record_of_nonsense() {
    let error = refusal("NORMAL:+ANON-ECDH", |mut end| async move {
        let _ = end.write_all(&[22, 3, 3, 0, 4, 99, 0, 0, 0]).await;
        while end.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
    });
    let text = error.to_string();
    assert!(
        text.starts_with("TLS handshake with localhost: the peer broke the protocol: "),
        "{text}"
    );
}

#[test]
fn peers_that_leave() {
    for silent in [true, false] {
        let error = refusal("NORMAL:+ANON-ECDH", |mut end| async move {
            if !silent {
                let _ = end.read(&mut [0; 4096]).await;
            }
        });
        assert_eq!(
            error.to_string(),
            "TLS handshake with localhost: the peer closed the connection"
        );
    }
    let error = refusal("NORMAL:+ANON-ECDH", |mut end| async move {
        let _ = end.write_all(b"no\n").await;
    });
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer does not speak TLS: it begins with \"no\\n\""
    );
}

#[test]
fn clear_text_before_the_handshake() {
    let (client, server) = sides("NORMAL:+ANON-ECDH");
    let (ours, theirs) = pipe();
    let (result, _) = run(
        client
            .connect(ours)
            .read_ahead(*b"250 ok\r\n")
            .into_future(),
        server.accept(theirs).into_future(),
    );
    assert_eq!(
        result.unwrap_err().to_string(),
        "TLS handshake with localhost: the peer does not speak TLS: it begins with \"250 ok\\r\\n\""
    );
}

#[test]
fn a_peer_that_stalls() {
    let (client, _) = sides("NORMAL:+ANON-ECDH");
    let (ours, mut theirs) = pipe();
    let (one, mut other) = pipe();
    let deadline = async move {
        let _ = other.read(&mut [0]).await;
    };
    let (result, ()) = run(
        async { client.connect(ours).deadline(deadline).await },
        async {
            theirs.read(&mut [0; 4096]).await.unwrap();
            drop(one);
            theirs.read_to_end(&mut Vec::new()).await.unwrap();
        },
    );
    assert_eq!(
        result.unwrap_err().to_string(),
        "TLS handshake with localhost: not done before the deadline"
    );
}

/// The messages of both sides.
fn messages(client: &Parameters, server: &Parameters) -> (String, String) {
    let (client, server) = (Client::new(client).unwrap(), Server::new(server).unwrap());
    let (ours, theirs) = shake(&client, &server);
    (
        ours.unwrap_err().to_string(),
        theirs.unwrap_err().to_string(),
    )
}

#[test]
fn one_side_with_certificates_and_one_without() {
    let authority = Authority::new();
    let certificates = authority.leaf("localhost").server();
    let anonymous = parameters(Some("localhost"), "NORMAL:+ANON-ECDH:+ANON-DH");
    let (ours, theirs) = messages(&anonymous, &certificates);
    assert_eq!(ours, format!("TLS handshake with localhost: {NO_SUITE}"));
    assert!(theirs.starts_with("TLS handshake with a client: no cipher suite in common"));
    let (ours, theirs) = messages(
        &authority.client("localhost"),
        &parameters(None, "NORMAL:+ANON-ECDH:+ANON-DH"),
    );
    let expected = "TLS handshake with localhost: no cipher suite in common";
    assert!(ours.starts_with(expected), "{ours}");
    assert_eq!(theirs, format!("TLS handshake with a client: {NO_SUITE}"));
}

#[test]
fn one_side_with_curves_and_one_with_primes() {
    let (ours, theirs) = messages(
        &parameters(Some("localhost"), "NORMAL:+ANON-ECDH"),
        &parameters(None, "NORMAL:+ANON-DH"),
    );
    assert_eq!(ours, format!("TLS handshake with localhost: {NO_SUITE}"));
    assert_eq!(theirs, format!("TLS handshake with a client: {NO_SUITE}"));
}

#[test]
fn no_protocol_in_common() {
    let (ours, theirs) = messages(
        &parameters(Some("localhost"), "NORMAL:+ANON-ECDH").alpn_protocol("h2"),
        &parameters(None, "NORMAL:+ANON-ECDH").alpn_protocol("imap"),
    );
    let expected = "none of the protocols in :alpn-protocols is offered by both sides";
    assert_eq!(ours, format!("TLS handshake with localhost: {expected}"));
    assert_eq!(theirs, format!("TLS handshake with a client: {expected}"));
}

#[test]
fn a_client_of_tls_1_1_is_told_the_version() {
    // Its hello, with one suite, and that one anonymous.
    let mut body = vec![1, 0, 0, 41, 3, 2];
    body.extend([7; 32]);
    body.extend([0, 0, 2, 0xc0, 0x19, 1, 0]);
    let mut record = vec![22, 3, 1, 0, 45];
    record.extend(body);
    let (_, server) = sides("NORMAL:+ANON-ECDH");
    let (mut ours, theirs) = pipe();
    let (result, alert) = run(async { server.accept(theirs).await }, async {
        ours.write_all(&record).await.unwrap();
        let mut alert = [0; 7];
        ours.read_exact(&mut alert).await.unwrap();
        alert
    });
    assert_eq!(
        result.unwrap_err().to_string(),
        "TLS handshake with a client: the peer has no version of TLS that is allowed here; \
         let it offer TLS 1.2 or TLS 1.3"
    );
    assert_eq!(alert[5..], [2, 70], "protocol version");
}

#[test]
fn a_server_whose_prime_is_too_short() {
    let client = parameters(Some("localhost"), "NORMAL:+ANON-DH").with_min_prime_bits(2049);
    let client = Client::new(&client).unwrap();
    let (_, server) = sides("NORMAL:+ANON-DH");
    let (ours, theirs) = pipe();
    let (error, seen) = run(
        async {
            let mut stream = client.connect(ours).await?;
            stream.write_all(b"attack at dawn").await.unwrap();
            Ok(())
        },
        async {
            let mut seen = Vec::new();
            let mut stream = server.accept(theirs).await.unwrap();
            let _ = stream.read_to_end(&mut seen).await;
            seen
        },
    );
    assert_eq!(
        Result::<(), Error>::unwrap_err(error).to_string(),
        "TLS handshake with localhost: the prime of the key exchange has 2048 bits; \
         at least 2049 are needed, which :min-prime-bits can change"
    );
    assert_eq!(seen, b"", "nothing was said");
}

#[test]
fn a_prime_that_no_server_has() {
    let server = parameters(None, "NORMAL:+ANON-DH").with_min_prime_bits(8193);
    assert_eq!(
        Server::new(&server).unwrap_err().to_string(),
        ":min-prime-bits: \"8193\" is not supported; the longest prime of a server has 8192 bits"
    );
}

#[test]
fn what_takes_a_certificate_is_refused() {
    let parse = |list: &str| Parameters::from_value(&read(list).unwrap(), Profile::Safe);
    let verify = "an anonymous session has no certificate that could be verified; \
                  use gnutls-x509pki, or leave it out";
    let cases = [
        (
            "(gnutls-anon :verify-error t)",
            format!(":verify-error: \"t\" is not supported; {verify}"),
        ),
        (
            "(gnutls-anon :verify-error (:trustfiles))",
            format!(":verify-error: \"(:trustfiles)\" is not supported; {verify}"),
        ),
        (
            "(gnutls-anon :verify-hostname-error t)",
            format!(":verify-error: \"(:hostname)\" is not supported; {verify}"),
        ),
        (
            "(gnutls-anon :keylist ((\"/k\" \"/c\")))",
            ":keylist: \"/k\" is not supported; an anonymous session shows no certificate; \
             use gnutls-x509pki, or leave it out"
                .to_owned(),
        ),
        (
            "(gnutls-anon :client-certificates optional)",
            ":client-certificates: \"optional\" is not supported; an anonymous session has no \
             certificates; use gnutls-x509pki, or leave it out"
                .to_owned(),
        ),
        (
            "(gnutls-anon :priority \"NORMAL\")",
            ":priority: \"NORMAL\" is not supported; no anonymous key exchange is left; \
             add +ANON-ECDH or +ANON-DH"
                .to_owned(),
        ),
        (
            "(gnutls-anon :type gnutls-x509pki)",
            ":type is gnutls-x509pki; expected the symbol that the list begins with".to_owned(),
        ),
    ];
    for (list, expected) in cases {
        assert_eq!(parse(list).unwrap_err().to_string(), expected, "{list}");
    }
    let mixed = [
        Parameters::client("h")
            .dangerously_anonymous()
            .with_priority(Priority::default()),
        Parameters::client("h").with_priority(Priority::anonymous("NORMAL:+ANON-DH").unwrap()),
        Parameters::client("h")
            .dangerously_anonymous()
            .client_certificates(ClientCertificates::Required),
    ];
    for parameters in mixed {
        let error = Client::new(&parameters).unwrap_err();
        assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    }
}

#[test]
fn what_has_nothing_to_act_on_is_told() {
    let mut flags = VerifyFlags::default();
    flags.ignore_times = true;
    let made = Parameters::client("h")
        .trust_file("/a")
        .crl_file("/b")
        .without_platform_trust()
        .with_verify_flags(flags)
        .dangerously_anonymous();
    let notes: Vec<String> = made.notes().map(|note| note.to_string()).collect();
    let why = "no certificate is looked at in an anonymous session";
    let expected = [
        ":trustfiles /a",
        ":crlfiles /b",
        ":platform-trust nil",
        ":verify-flags 64",
    ];
    assert_eq!(notes, expected.map(|first| format!("{first}: {why}")));
}

#[test]
fn lists_are_written_and_read_back_and_those_of_emacs_are_read() {
    for profile in [Profile::Safe, Profile::Emacs] {
        let made = parameters(Some("h"), "NORMAL:+ANON-DH").with_min_prime_bits(3072);
        let read_back = Parameters::from_value(&made.to_value(), profile).unwrap();
        assert_eq!(read_back, made);
        let arguments = read("(:type gnutls-anon :hostname \"h\")").unwrap();
        let list = boot_parameters(&arguments, profile).unwrap();
        let whole = netproc_lisp::Value::cons(netproc_lisp::Value::symbol("gnutls-anon"), list);
        let parameters = Parameters::from_value(&whole, profile).unwrap();
        assert!(parameters.is_anonymous() && !parameters.verifies_chain());
        assert_eq!(
            parameters.priority().as_str(),
            "NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW"
        );
    }
    let nothing_said = read("(gnutls-anon :hostname \"h\")").unwrap();
    assert_eq!(
        Parameters::from_value(&nothing_said, Profile::Safe).unwrap(),
        Parameters::client("h").dangerously_anonymous()
    );
}

#[test]
fn a_host_is_needed_as_in_emacs() {
    let error = Client::new(&Parameters::new().dangerously_anonymous()).unwrap_err();
    assert!(matches!(error, Error::HostMissing { .. }));
}

#[test]
fn a_cut_is_told_again_and_never_becomes_an_end() {
    let (client, server) = sides("NORMAL:+ANON-ECDH");
    let (ours, theirs) = shake(&client, &server);
    let mut ours = ours.unwrap();
    drop(theirs);
    for _ in 0..3 {
        let (read, ()) = run(async { ours.read(&mut [0; 9]).await }, async {});
        let error = read.unwrap_err();
        let error = Error::from_io(&error).unwrap();
        assert!(matches!(error.cause(), Some(Cause::Truncated)));
    }
}
