//! Bad certificates and bad peers, each with the exact words that an open which waits, and the
//! sentinel of one which does not, are told.

use netproc_tests::tls::{
    Answer, Attempt, Authority, Leaf, Meddling, Parts, Scripted, Welcome, authority_params,
    leaf_params, short_rsa_key,
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    KeyPair, NameConstraints, SerialNumber, date_time_ymd,
};

/// Lets a client meet this certificate, waiting and not.
#[track_caller]
fn check_with(tls: &str, leaf: &Leaf, expected: &str, code: &str) {
    let welcome = Welcome::showing(leaf);
    let server = || {
        let welcome = welcome.clone();
        Scripted::once(move |peer| welcome.listen(peer))
    };
    let attempt = Attempt::new(tls);
    let (blocking, nowait) = (attempt.blocking(server()), attempt.nowait(server()));
    let expected = format!("TLS handshake with localhost: {expected}");
    assert_eq!(blocking.words, expected);
    assert_eq!(nowait.words, expected);
    let condition = blocking.condition.unwrap();
    assert!(condition.contains(code), "{condition} has {code}");
    for heard in [blocking.heard, nowait.heard] {
        assert!(heard.is_err(), "the peer took it for a session: {heard:?}");
    }
}

/// The same for a client that trusts this authority and means localhost.
#[track_caller]
fn check(authority: &Authority, leaf: &Leaf, expected: &str, code: &str) {
    let expected = format!("the certificate was refused: {expected}");
    check_with(&authority.client("localhost"), leaf, &expected, code);
}

/// The same for a certificate that the authority has signed.
#[track_caller]
fn check_signed(params: &CertificateParams, expected: &str, code: &str) {
    let authority = Authority::new();
    let leaf = authority.sign(params);
    check(&authority, &leaf, expected, code);
}

#[test]
fn expired() {
    let mut params = leaf_params("localhost");
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(2020, 1, 1);
    check_signed(
        &params,
        "it expired on 2020-01-01",
        "validation failed localhost, verification code 402",
    );
}

#[test]
fn not_yet_valid() {
    let mut params = leaf_params("localhost");
    params.not_before = date_time_ymd(2090, 1, 1);
    params.not_after = date_time_ymd(2091, 1, 1);
    check_signed(
        &params,
        "it is not valid before 2090-01-01",
        "validation failed localhost, verification code 202",
    );
}

#[test]
fn for_another_host() {
    check_signed(
        &leaf_params("elsewhere.test"),
        "it is for elsewhere.test",
        r#"The x509 certificate does not match \"localhost\""#,
    );
}

#[test]
fn with_the_name_as_common_name_alone() {
    let mut params = leaf_params("localhost");
    params.subject_alt_names.clear();
    check_signed(
        &params,
        "it has the name \"localhost\" only as its common name, which no longer counts; make one \
         with a subject alternative name",
        r#"The x509 certificate does not match \"localhost\""#,
    );
}

#[test]
fn with_no_name() {
    let mut params = leaf_params("localhost");
    params.subject_alt_names.clear();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "AQ");
    check_signed(&params, "it names no host", "does not match");
}

#[test]
fn signed_by_itself() {
    let authority = Authority::new();
    let leaf = authority.self_signed(&leaf_params("localhost"));
    check(
        &authority,
        &leaf,
        "it is self-signed and not among the trusted ones; if it is the right one, add it to \
         :trustfiles",
        "validation failed localhost, verification code 42",
    );
}

#[test]
fn signed_by_a_stranger() {
    let stranger = Authority::called("Stranger");
    check(
        &Authority::new(),
        &stranger.leaf("localhost"),
        "its issuer \"CN=Stranger\" leads to no trusted authority; if you trust that issuer, add \
         its certificate to :trustfiles",
        "validation failed localhost, verification code 42",
    );
}

#[test]
fn signed_by_one_that_has_the_name_of_the_authority() {
    let impostor = Authority::new();
    check(
        &Authority::new(),
        &impostor.leaf("localhost"),
        "a signature in its chain is wrong",
        "validation failed localhost",
    );
}

#[test]
fn with_several_faults() {
    let mut params = leaf_params("elsewhere.test");
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(2020, 1, 1);
    let leaf = Authority::called("Stranger").sign(&params);
    check(
        &Authority::new(),
        &leaf,
        "it expired on 2020-01-01; its issuer \"CN=Stranger\" leads to no trusted authority; if \
         you trust that issuer, add its certificate to :trustfiles; it is for elsewhere.test",
        "validation failed localhost, verification code 442",
    );
}

#[test]
fn revoked() {
    let authority = Authority::new();
    let mut params = leaf_params("localhost");
    params.serial_number = Some(SerialNumber::from(vec![7]));
    let leaf = authority.sign(&params);
    let list = authority.revoke(&[7], 2090);
    let more = format!(r#":crlfiles ("{}")"#, list.display());
    check_with(
        &authority.client_with("localhost", &more),
        &leaf,
        "the certificate was refused: its authority has revoked it",
        "validation failed localhost, verification code 22",
    );
}

#[test]
fn judged_by_a_list_that_is_out_of_date() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let list = authority.revoke(&[7], 2021);
    let more = format!(r#":crlfiles ("{}")"#, list.display());
    check_with(
        &authority.client_with("localhost", &more),
        &leaf,
        "the certificate was refused: the revocation list of its issuer is past its next update; \
         fetch the list again",
        "validation failed localhost",
    );
}

#[test]
fn for_another_use() {
    let mut params = leaf_params("localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    check_signed(
        &params,
        "its extended key usage does not allow a server",
        "validation failed localhost",
    );
}

#[test]
fn an_authority_in_the_place_of_a_server() {
    let mut params = leaf_params("localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    check_signed(
        &params,
        "it is the certificate of an authority; add it to :trustfiles, or make one without CA:TRUE",
        "validation failed localhost",
    );
}

/// Signs a certificate for localhost again after its parts were exchanged.
fn exchanged(authority: &Authority, exchange: impl FnOnce(Parts) -> Parts) -> Leaf {
    let leaf = authority.leaf("localhost");
    let der = exchange(Parts::of(&leaf.chain[0])).sign(authority);
    authority.keep(vec![der], leaf.key)
}

#[test]
fn of_version_1() {
    let authority = Authority::new();
    check(
        &authority,
        &exchanged(&authority, Parts::into_version_1),
        "it is of X.509 version 1; make one of version 3, with a subject alternative name",
        "validation failed localhost",
    );
}

#[test]
fn with_a_key_that_is_too_short() {
    let authority = Authority::new();
    check(
        &authority,
        &exchanged(&authority, |parts| parts.with_public_key(short_rsa_key())),
        "its RSA key has 1024 bits; at least 2048 are needed",
        "validation failed localhost, verification code 102",
    );
}

#[test]
fn signed_with_sha_1() {
    let authority = Authority::new();
    check(
        &authority,
        &exchanged(&authority, Parts::with_sha1),
        "it is signed with ECDSA-SHA1, which is not accepted; let it be signed with SHA-256 or \
         better",
        "validation failed localhost, verification code 102",
    );
}

#[test]
fn signed_with_md5() {
    let authority = Authority::new();
    check(
        &authority,
        &exchanged(&authority, Parts::with_md5),
        "it is signed with RSA-MD5, which is not accepted; let it be signed with SHA-256 or better",
        "validation failed localhost, verification code 102",
    );
}

#[test]
fn that_is_no_certificate() {
    let authority = Authority::new();
    let leaf = authority.keep(vec![b"nonsense".to_vec()], KeyPair::generate().unwrap());
    check(
        &authority,
        &leaf,
        "it is not well formed",
        "validation failed localhost",
    );
}

#[test]
fn signed_by_one_that_may_not_sign() {
    let authority = Authority::new();
    check(
        &authority,
        &authority.through(&leaf_params("middle.test"), "localhost"),
        "it is signed with a certificate that may not sign others",
        "validation failed localhost",
    );
}

#[test]
fn signed_by_a_middle_one_that_is_expired() {
    let authority = Authority::new();
    let mut middle = authority_params("Middle");
    middle.not_before = date_time_ymd(2019, 1, 1);
    middle.not_after = date_time_ymd(2020, 1, 1);
    check(
        &authority,
        &authority.through(&middle, "localhost"),
        "it expired on 2020-01-01",
        "validation failed localhost, verification code 402",
    );
}

#[test]
fn outside_what_its_authority_may_sign() {
    let authority = Authority::new();
    let mut middle = authority_params("Middle");
    middle.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("inside.test".to_owned())],
        excluded_subtrees: Vec::new(),
    });
    check(
        &authority,
        &authority.through(&middle, "localhost"),
        "it is outside the limits that its authority was given",
        "validation failed localhost",
    );
}

#[test]
fn with_a_key_that_the_peer_does_not_have() {
    let authority = Authority::new();
    let mut leaf = authority.leaf("localhost");
    leaf.key = KeyPair::generate().unwrap();
    check_with(
        &authority.client("localhost"),
        &leaf,
        "the peer broke the protocol: its signature of the handshake is wrong",
        "TLS handshake with localhost",
    );
}

/// Lets a client meet this peer, waiting and not.
#[track_caller]
fn meet(answer: &Answer, expected: &str) {
    let authority = Authority::new();
    let attempt = Attempt::new(authority.client("localhost"));
    let expected = format!("TLS handshake with localhost: {expected}");
    let server = || {
        let answer = answer.clone();
        Scripted::once(move |peer| answer.play(peer))
    };
    assert_eq!(attempt.blocking(server()).words, expected);
    assert_eq!(attempt.nowait(server()).words, expected);
}

#[test]
fn a_web_server_without_tls() {
    meet(
        &Answer::Bytes(b"HTTP/1.0 400 Bad Request\r\n\r\n".to_vec()),
        "the peer does not speak TLS: it begins with \"HTTP/1.0 400 Bad\"",
    );
}

#[test]
fn mail_servers_before_starttls() {
    for (greeting, shown) in [
        (&b"220 mx ESMTP\r\n"[..], "220 mx ESMTP\\r\\n"),
        (b"* OK IMAP4rev1\r\n", "* OK IMAP4rev1\\r\\n"),
        (b"+OK POP3\r\n", "+OK POP3\\r\\n"),
        (b"200 news\r\n", "200 news\\r\\n"),
    ] {
        meet(
            &Answer::Greeting(greeting.to_vec()),
            &format!(
                "the peer does not speak TLS: it begins with \"{shown}\"; \
                 ask it for STARTTLS before the handshake"
            ),
        );
    }
}

#[test]
fn garbage() {
    meet(
        &Answer::Bytes(vec![0xff; 300]),
        &format!(
            "the peer does not speak TLS: it begins with \"{}\"",
            "\\xff".repeat(16)
        ),
    );
}

#[test]
fn one_that_closes_after_the_first_message() {
    meet(&Answer::CloseAfterHello, "the peer closed the connection");
}

#[test]
fn one_that_resets() {
    meet(&Answer::Reset, "Connection reset by peer (os error 104)");
}

#[test]
fn one_of_tls_1_1() {
    meet(
        &Answer::Bytes(vec![21, 3, 2, 0, 2, 2, 70]),
        "the peer has no version of TLS that is allowed here; let it offer TLS 1.2 or TLS 1.3",
    );
}

#[test]
fn one_that_does_not_know_the_name() {
    meet(
        &Answer::Bytes(vec![21, 3, 3, 0, 2, 2, 112]),
        "the peer sent the alert \"unrecognised name\"",
    );
}

#[test]
fn one_that_sends_an_oversized_record() {
    let mut record = vec![22, 3, 3, 0xff, 0xff];
    record.resize(20_000, 0);
    meet(
        &Answer::Bytes(record),
        "the peer sent a record longer than TLS allows",
    );
}

/// Returns the length of the first record that a server sends; with TLS 1.3 it is always the same.
fn first_record(authority: &Authority, welcome: &Welcome) -> usize {
    let welcome = welcome.clone();
    let server = Scripted::once(move |peer| welcome.listen(peer));
    // A client that means another host ends it after what is looked for.
    let attempt = Attempt::new(authority.client("elsewhere.test"));
    let seen = attempt.nowait(server).recording.called;
    5 + usize::from(u16::from_be_bytes([seen[3], seen[4]]))
}

#[test]
fn an_alert_in_the_middle() {
    let authority = Authority::new();
    let welcome = Welcome::tls12(&authority.leaf("localhost"));
    let server = || {
        let welcome = welcome.clone();
        Scripted::once(move |peer| welcome.break_off(peer, &[21, 3, 3, 0, 2, 2, 80]))
    };
    let attempt = Attempt::new(authority.client("localhost"));
    let expected = "TLS handshake with localhost: the peer sent the alert \"internal error\"";
    assert_eq!(attempt.blocking(server()).words, expected);
    assert_eq!(attempt.nowait(server()).words, expected);
}

#[test]
fn a_record_that_was_damaged_on_its_way() {
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    // The change of ciphers has 6 bytes, and the record behind it is encrypted.
    let at = first_record(&authority, &welcome) + 6 + 5 + 20;
    let server = || {
        let welcome = welcome.clone();
        Scripted::once(move |peer| welcome.listen(peer))
    };
    let attempt = Attempt::new(authority.client("localhost")).harming_theirs(Meddling::Flip(at));
    let expected = "TLS handshake with localhost: a record did not decrypt; it was damaged on its \
                    way";
    assert_eq!(attempt.blocking(server()).words, expected);
    assert_eq!(attempt.nowait(server()).words, expected);
}

#[test]
fn with_no_protocol_in_common() {
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost")).alpn(&["imap"]);
    let server = || {
        let welcome = welcome.clone();
        Scripted::once(move |peer| welcome.listen(peer))
    };
    let tls = authority.client_with("localhost", r#":alpn-protocols ("h2")"#);
    let attempt = Attempt::new(tls);
    let expected = "TLS handshake with localhost: none of the protocols in :alpn-protocols is \
                    offered by both sides";
    assert_eq!(attempt.blocking(server()).words, expected);
    assert_eq!(attempt.nowait(server()).words, expected);
}

#[test]
fn with_no_version_in_common() {
    let authority = Authority::new();
    let welcome = Welcome::tls12(&authority.leaf("localhost"));
    let server = || {
        let welcome = welcome.clone();
        Scripted::once(move |peer| welcome.listen(peer))
    };
    let tls = authority.client_with("localhost", r#":priority "NORMAL:-VERS-TLS1.2""#);
    let attempt = Attempt::new(tls);
    let expected = "TLS handshake with localhost: the peer has no version of TLS that is allowed \
                    here; let it offer TLS 1.2 or TLS 1.3";
    assert_eq!(attempt.blocking(server()).words, expected);
    assert_eq!(attempt.nowait(server()).words, expected);
}
