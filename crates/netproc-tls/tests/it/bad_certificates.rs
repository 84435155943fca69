//! Certificates that are refused, each with the exact message.

use std::path::PathBuf;
use std::sync::Arc;

use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use futures_rustls::TlsAcceptor;
use netproc_tls::{Client, Error, Parameters, Priority};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, NameConstraints, SerialNumber, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use crate::pipe::{pipe, run};
use crate::pki::{Authority, Leaf, Parts, authority_params, params, short_rsa_key};

/// Returns a server of rustls's own, which shows whatever it is given.
pub(crate) fn raw_server(chain: Vec<Vec<u8>>, key: &KeyPair) -> TlsAcceptor {
    #[cfg(feature = "aws-lc-rs")]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    let provider = rustls::crypto::ring::default_provider();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let chain = chain.into_iter().map(CertificateDer::from).collect();
    let resolver = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    TlsAcceptor::from(Arc::new(config))
}

/// What a client that means to say something secret gets from a server with this chain.
fn refusal(client: &Parameters, chain: Vec<Vec<u8>>, key: &KeyPair) -> Error {
    let client = Client::new(client).unwrap();
    let (ours, theirs) = pipe();
    let record = ours.record();
    let server = raw_server(chain, key);
    let (result, ()) = run(
        async {
            let mut stream = client.connect(ours).await?;
            stream.write_all(b"attack at dawn").await.unwrap();
            stream.flush().await.unwrap();
            Ok(())
        },
        async {
            if let Ok(mut stream) = server.accept(theirs).await {
                let _ = stream.read(&mut [0; 64]).await;
            }
        },
    );
    let clear = record.bytes().windows(6).any(|bytes| bytes == b"attack");
    assert!(!clear, "the secret went out in clear");
    result.expect_err("the certificate should have been refused")
}

fn check(client: &Parameters, chain: Vec<Vec<u8>>, key: &KeyPair, expected: &str) {
    let error = refusal(client, chain, key);
    assert_eq!(
        error.to_string(),
        format!("TLS handshake with localhost: the certificate was refused: {expected}")
    );
}

/// Checks a certificate that the client's own authority has signed.
fn check_signed(params: &CertificateParams, expected: &str) -> Error {
    let authority = Authority::new();
    let leaf = authority.sign(params);
    let client = authority.client("localhost");
    check(&client, vec![leaf.der.clone()], &leaf.key, expected);
    refusal(&client, vec![leaf.der], &leaf.key)
}

fn condition(error: &Error) -> String {
    error.condition().to_string()
}

#[test]
fn expired() {
    let mut params = params("localhost");
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(2020, 1, 1);
    let error = check_signed(&params, "it expired on 2020-01-01");
    assert_eq!(
        condition(&error),
        "(error \"Certificate validation failed localhost, verification code 402\")"
    );
}

#[test]
fn not_yet_valid() {
    let mut params = params("localhost");
    params.not_before = date_time_ymd(2090, 1, 1);
    params.not_after = date_time_ymd(2091, 1, 1);
    let error = check_signed(&params, "it is not valid before 2090-01-01");
    assert_eq!(
        condition(&error),
        "(error \"Certificate validation failed localhost, verification code 202\")"
    );
}

#[test]
fn for_another_host() {
    let mut params = params("elsewhere.test");
    params
        .subject_alt_names
        .push(rcgen::SanType::IpAddress([10, 0, 0, 1].into()));
    let error = check_signed(&params, "it is for elsewhere.test, 10.0.0.1");
    assert_eq!(
        condition(&error),
        "(error \"The x509 certificate does not match \\\"localhost\\\"\")"
    );
}

#[test]
fn with_the_name_as_its_common_name_alone() {
    let mut params = params("localhost");
    params.subject_alt_names.clear();
    check_signed(
        &params,
        "it has the name \"localhost\" only as its common name, which no longer counts; \
         make one with a subject alternative name",
    );
}

#[test]
fn with_no_name_at_all() {
    let mut params = params("localhost");
    params.subject_alt_names.clear();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "x");
    check_signed(&params, "it names no host");
}

#[test]
fn signed_by_itself() {
    let key = KeyPair::generate().unwrap();
    let certificate = params("localhost").self_signed(&key).unwrap();
    let client = Authority::new().client_in_place("localhost");
    let chain = vec![certificate.der().to_vec()];
    let expected = "it is self-signed and not among the trusted ones; \
         if it is the right one, add it to :trustfiles";
    check(&client.1, chain.clone(), &key, expected);
    assert_eq!(
        condition(&refusal(&client.1, chain, &key)),
        "(error \"Certificate validation failed localhost, verification code 42\")"
    );
}

#[test]
fn signed_by_itself_as_an_authority() {
    let key = KeyPair::generate().unwrap();
    let mut params = params("localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    let client = Authority::new().client_in_place("localhost");
    check(
        &client.1,
        vec![certificate.der().to_vec()],
        &key,
        "it is self-signed and not among the trusted ones; \
         if it is the right one, add it to :trustfiles",
    );
}

#[test]
fn signed_by_a_stranger() {
    let authority = Authority::new();
    let stranger = Authority::with(authority_params("Stranger"));
    let leaf = stranger.leaf("localhost");
    let client = authority.client("localhost");
    let chain = vec![leaf.der, stranger.der.clone()];
    check(
        &client,
        chain.clone(),
        &leaf.key,
        "its issuer \"CN=Stranger\" leads to no trusted authority; \
         if you trust that issuer, add its certificate to :trustfiles",
    );
    assert_eq!(
        condition(&refusal(&client, chain, &leaf.key)),
        "(error \"Certificate validation failed localhost, verification code 42\")"
    );
}

#[test]
fn signed_by_a_stranger_and_expired_and_for_another_host() {
    let authority = Authority::new();
    let stranger = Authority::with(authority_params("Stranger"));
    let mut params = params("elsewhere.test");
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(2020, 1, 1);
    let leaf = stranger.sign(&params);
    check(
        &authority.client("localhost"),
        vec![leaf.der],
        &leaf.key,
        "it expired on 2020-01-01; its issuer \"CN=Stranger\" leads to no trusted authority; \
         if you trust that issuer, add its certificate to :trustfiles; it is for elsewhere.test",
    );
}

#[test]
fn signed_by_one_that_only_has_the_name_of_the_authority() {
    let authority = Authority::new();
    let impostor = Authority::new();
    let leaf = impostor.leaf("localhost");
    check(
        &authority.client("localhost"),
        vec![leaf.der],
        &leaf.key,
        "a signature in its chain is wrong",
    );
}

fn with_list(until: i32, number: u8) -> (Authority, Leaf, PathBuf) {
    let authority = Authority::new();
    let mut params = params("localhost");
    params.serial_number = Some(SerialNumber::from(vec![number]));
    let leaf = authority.sign(&params);
    let file = authority.revoke(&[7], until);
    (authority, leaf, file)
}

#[test]
fn revoked() {
    let (authority, leaf, list) = with_list(2090, 7);
    let client = authority.client("localhost").crl_file(list);
    let chain = vec![leaf.der];
    check(
        &client,
        chain.clone(),
        &leaf.key,
        "its authority has revoked it",
    );
    assert_eq!(
        condition(&refusal(&client, chain, &leaf.key)),
        "(error \"Certificate validation failed localhost, verification code 22\")"
    );
}

#[test]
fn with_a_list_that_is_out_of_date() {
    let (authority, leaf, list) = with_list(2021, 8);
    check(
        &authority.client("localhost").crl_file(list),
        vec![leaf.der],
        &leaf.key,
        "the revocation list of its issuer is past its next update; fetch the list again",
    );
}

#[test]
fn for_another_use() {
    let mut params = params("localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    check_signed(&params, "its extended key usage does not allow a server");
}

#[test]
fn trusted_itself_but_for_another_use() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let mut params = params("localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.self_signed(&key).unwrap();
    let leaf = authority.keep(certificate.der().to_vec(), key);
    check(
        &authority.client("localhost").trust_file(&leaf.file),
        vec![leaf.der],
        &leaf.key,
        "its extended key usage does not allow a server",
    );
}

#[test]
fn an_authority_in_the_place_of_a_server() {
    let mut params = params("localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    check_signed(
        &params,
        "it is the certificate of an authority; add it to :trustfiles, or make one without CA:TRUE",
    );
}

#[test]
fn of_version_1() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let old = Parts::of(&leaf.der).into_version_1().sign(&authority);
    check(
        &authority.client("localhost"),
        vec![old.clone()],
        &leaf.key,
        "it is of X.509 version 1; make one of version 3, with a subject alternative name",
    );
    // Its key cannot be used at all, so not even this helps.
    let lax = authority.client("localhost").dangerously_verify_nothing();
    refusal(&lax, vec![old], &leaf.key);
}

#[test]
fn with_a_short_key() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let weak = Parts::of(&leaf.der)
        .with_public_key(short_rsa_key())
        .sign(&authority);
    check(
        &authority.client("localhost"),
        vec![weak],
        &leaf.key,
        "its RSA key has 1024 bits; at least 2048 are needed",
    );
}

#[test]
fn with_a_key_that_is_shorter_than_the_priority_string_wants() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let priority: Priority = "SECURE256".parse().unwrap();
    let error = refusal(
        &authority.client("localhost").with_priority(priority),
        vec![leaf.der],
        &leaf.key,
    );
    // As Emacs has it: (:insecure :invalid).
    assert_eq!(
        condition(&error),
        "(error \"Certificate validation failed localhost, verification code 102\")"
    );
}

#[test]
fn that_is_no_certificate() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    check(
        &authority.client("localhost"),
        vec![b"nonsense".to_vec()],
        &leaf.key,
        "it is not well formed",
    );
}

/// Signs a certificate for localhost through a middle one, and gives the chain.
fn through(middle: &CertificateParams, authority: &Authority) -> (Vec<Vec<u8>>, KeyPair) {
    let (middle_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let certificate = middle.signed_by(&middle_key, &authority.issuer).unwrap();
    let issuer = Issuer::from_params(middle, middle_key);
    let leaf = params("localhost").signed_by(&key, &issuer).unwrap();
    (vec![leaf.der().to_vec(), certificate.der().to_vec()], key)
}

#[test]
fn signed_by_a_certificate_that_may_not_sign() {
    let authority = Authority::new();
    let (chain, key) = through(&params("middle.test"), &authority);
    check(
        &authority.client("localhost"),
        chain,
        &key,
        "it is signed with a certificate that may not sign others",
    );
}

#[test]
fn signed_by_a_server_that_is_trusted_for_itself_alone() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let signer = params("signer.test");
    let certificate = signer.self_signed(&key).unwrap();
    let trusted = authority.keep(certificate.der().to_vec(), key);
    let own = KeyPair::generate().unwrap();
    let issuer = Issuer::from_params(&signer, trusted.key);
    let leaf = params("localhost").signed_by(&own, &issuer).unwrap();
    check(
        &authority.client("localhost").trust_file(&trusted.file),
        vec![leaf.der().to_vec(), trusted.der],
        &own,
        "it is signed with a certificate that may not sign others",
    );
}

#[test]
fn signed_by_a_middle_one_that_is_expired() {
    let authority = Authority::new();
    let mut middle = authority_params("Middle");
    middle.not_before = date_time_ymd(2019, 1, 1);
    middle.not_after = date_time_ymd(2020, 1, 1);
    let (chain, key) = through(&middle, &authority);
    check(
        &authority.client("localhost"),
        chain,
        &key,
        "it expired on 2020-01-01",
    );
}

#[test]
fn outside_the_names_that_its_authority_may_sign() {
    let authority = Authority::new();
    let mut middle = authority_params("Middle");
    middle.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("inside.test".to_owned())],
        excluded_subtrees: Vec::new(),
    });
    let (chain, key) = through(&middle, &authority);
    check(
        &authority.client("localhost"),
        chain,
        &key,
        "it is outside the limits that its authority was given",
    );
}

#[test]
fn through_more_authorities_than_allowed() {
    let mut root = authority_params("Root");
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let authority = Authority::with(authority_params("Root of roots"));
    let limited = authority.sign(&root);
    let issuer = Issuer::from_params(&root, limited.key);
    let middle = authority_params("Middle");
    let (middle_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let certificate = middle.signed_by(&middle_key, &issuer).unwrap();
    let leaf = params("localhost")
        .signed_by(&key, &Issuer::from_params(&middle, middle_key))
        .unwrap();
    let chain = vec![leaf.der().to_vec(), certificate.der().to_vec(), limited.der];
    check(
        &authority.client("localhost"),
        chain,
        &key,
        "it is outside the limits that its authority was given",
    );
}

#[test]
fn with_a_key_that_the_server_does_not_have() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let other = KeyPair::generate().unwrap();
    let error = refusal(&authority.client("localhost"), vec![leaf.der], &other);
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: the peer broke the protocol: \
         its signature of the handshake is wrong"
    );
}

#[test]
fn for_an_address_when_addresses_may_not_match() {
    let authority = Authority::new();
    let leaf = authority.leaf("127.0.0.1");
    let flags = netproc_tls::VerifyFlags::from_bits(2).unwrap();
    let client = authority.client("127.0.0.1").with_verify_flags(flags);
    let error = refusal(&client, vec![leaf.der], &leaf.key);
    assert_eq!(
        error.to_string(),
        "TLS handshake with 127.0.0.1: the certificate was refused: it is for 127.0.0.1"
    );
}
