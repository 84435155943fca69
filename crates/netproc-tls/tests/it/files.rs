//! Files of keys, certificates and revocation lists: what is read, and what is of no use.

use netproc_tls::{Client, Server};

use crate::pki::{Authority, params};

#[test]
fn keys_under_a_passphrase_are_refused_with_what_to_do() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let file = authority.folder.path().join("encrypted");
    for text in [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
         DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n\
         -----END RSA PRIVATE KEY-----\n",
    ] {
        std::fs::write(&file, text).unwrap();
        let made = Client::new(&authority.client("localhost").identity(&file, &leaf.file));
        assert_eq!(
            made.unwrap_err().to_string(),
            format!(
                ":keylist: the file {} holds a private key under a passphrase, which is not \
                 supported; decrypt it, as with `openssl pkey -in FILE -out NEW`",
                file.display()
            )
        );
    }
}

#[test]
fn a_short_key_in_der_is_read() {
    let authority = Authority::new();
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let certificate = params("localhost")
        .signed_by(&key, &authority.issuer)
        .unwrap();
    let leaf = authority.keep(certificate.der().to_vec(), key);
    std::fs::write(&leaf.key_file, leaf.key.serialize_der()).unwrap();
    assert!(leaf.key.serialize_der().len() < 128);
    Server::new(&leaf.server()).unwrap();
}

#[test]
fn files_that_are_of_no_use_are_named_with_the_number_of_gnutls() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let other = authority.leaf("localhost");
    let client = authority.client("localhost");
    let missing = authority.folder.path().join("missing");
    let encrypted = authority.folder.path().join("encrypted");
    let armour =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    std::fs::write(&encrypted, armour).unwrap();
    let cases = [
        (
            client.clone().trust_file(&missing),
            format!(":trustfiles: the file {} cannot be read", missing.display()),
            -64,
        ),
        (
            client.clone().trust_file(&leaf.key_file),
            format!(
                ":trustfiles: the file {} holds no certificate, in PEM or DER",
                leaf.key_file.display()
            ),
            -64,
        ),
        (
            client.clone().crl_file(&leaf.key_file),
            format!(
                ":crlfiles: the file {} holds no revocation list, in PEM or DER",
                leaf.key_file.display()
            ),
            -64,
        ),
        (
            client.clone().crl_file(&leaf.file),
            format!(
                ":crlfiles: the file {} is not well formed",
                leaf.file.display()
            ),
            -64,
        ),
        (
            client.clone().identity(&authority.file, &leaf.file),
            format!(
                ":keylist: the file {} holds no private key, in PEM or DER",
                authority.file.display()
            ),
            -64,
        ),
        (
            client.clone().identity(&encrypted, &leaf.file),
            format!(
                ":keylist: the file {} holds a private key under a passphrase",
                encrypted.display()
            ),
            -64,
        ),
        (
            client.clone().identity(&other.key_file, &leaf.file),
            format!(
                ":keylist: the key in {} does not belong to the certificate in {}",
                other.key_file.display(),
                leaf.file.display()
            ),
            -60,
        ),
    ];
    for (parameters, expected, code) in cases {
        let error = Client::new(&parameters).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(&expected), "{text}");
        assert_eq!(error.gnutls_code(), Some(code), "{text}");
    }
}
