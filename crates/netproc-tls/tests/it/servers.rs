//! What a server chooses, demands, and replaces while it runs.

use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc_tls::{Client, ClientCertificates, Error, Server, Warning};

use crate::handshakes::{greet, shake};
use crate::pipe::run;
use crate::pki::{Authority, authority_params, params};

#[test]
fn the_certificate_is_chosen_by_the_name_that_is_asked_for() {
    let authority = Authority::new();
    let (one, two) = (authority.leaf("one.test"), authority.leaf("two.test"));
    let server = one.server().identity(&two.key_file, &two.file);
    for host in ["one.test", "two.test"] {
        let (status, _) = greet(&authority.client(host), &server);
        assert_eq!(status.certificates[0].hosts, [host]);
    }
}

#[test]
fn the_first_is_shown_when_no_name_fits() {
    let authority = Authority::new();
    let (one, two) = (authority.leaf("one.test"), authority.leaf("two.test"));
    let server = one.server().identity(&two.key_file, &two.file);
    let client = authority.client("three.test").dangerously_skip_host();
    let (status, _) = greet(&client, &server);
    assert_eq!(status.certificates[0].hosts, ["one.test"]);
}

#[test]
fn a_client_shows_its_certificate() {
    for priority in ["NORMAL", "NORMAL:-VERS-TLS1.3"] {
        let authority = Authority::new();
        let own = authority.leaf("me");
        let server = authority
            .leaf("localhost")
            .server()
            .trust_file(&authority.file)
            .client_certificates(ClientCertificates::Required);
        let client = authority
            .client("localhost")
            .identity(&own.key_file, &own.file)
            .with_priority(priority.parse().unwrap());
        let (_, seen) = greet(&client, &server);
        assert_eq!(seen.certificates[0].subject, "CN=me");
        assert_eq!(seen.warnings, []);
    }
}

#[test]
fn of_several_a_client_shows_the_one_that_the_server_knows_the_issuer_of() {
    let (authority, stranger) = (
        Authority::new(),
        Authority::with(authority_params("Stranger")),
    );
    let (foreign, own) = (stranger.leaf("foreign"), authority.leaf("me"));
    let server = authority
        .leaf("localhost")
        .server()
        .trust_file(&authority.file)
        .client_certificates(ClientCertificates::Required);
    let client = authority
        .client("localhost")
        .identity(&foreign.key_file, &foreign.file)
        .identity(&own.key_file, &own.file);
    let (_, seen) = greet(&client, &server);
    assert_eq!(seen.certificates[0].subject, "CN=me");
}

#[test]
fn a_client_can_be_trusted_by_its_own_certificate() {
    let authority = Authority::new();
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params("me").self_signed(&key).unwrap();
    let own = authority.keep(certificate.der().to_vec(), key);
    let server = authority
        .leaf("localhost")
        .server()
        .trust_file(&own.file)
        .client_certificates(ClientCertificates::Required);
    let client = authority
        .client("localhost")
        .identity(&own.key_file, &own.file);
    let (_, seen) = greet(&client, &server);
    assert_eq!(seen.warnings, [Warning::SelfSigned]);
}

#[test]
fn an_optional_certificate_may_be_missing() {
    let authority = Authority::new();
    let server = authority
        .leaf("localhost")
        .server()
        .trust_file(&authority.file)
        .client_certificates(ClientCertificates::Optional);
    let (_, seen) = greet(&authority.client("localhost"), &server);
    assert_eq!(seen.certificates, []);
}

#[test]
fn a_server_without_a_certificate_cannot_be_made() {
    let error = Server::new(&netproc_tls::Parameters::new()).unwrap_err();
    assert!(matches!(error, Error::NoIdentity));
}

#[test]
fn a_server_that_demands_certificates_has_to_know_an_authority() {
    let leaf = Authority::new().leaf("localhost");
    let authority = Authority::new();
    let leaf = authority.keep(leaf.der, leaf.key);
    let parameters = leaf
        .server()
        .client_certificates(ClientCertificates::Required);
    let error = Server::new(&parameters).unwrap_err();
    assert!(matches!(error, Error::NoClientAuthority));
}

#[test]
fn a_reload_takes_new_certificates_and_leaves_the_streams_alone() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = Server::new(&leaf.server()).unwrap();
    let parameters = authority.client("localhost");
    let client = Client::new(&parameters).unwrap();
    let (ours, theirs) = shake(&client, &server);
    let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
    let before = ours.peer_status().certificates[0].certificate_id.clone();

    let next = authority.leaf("localhost");
    std::fs::copy(&next.file, &leaf.file).unwrap();
    std::fs::copy(&next.key_file, &leaf.key_file).unwrap();
    server.reload().unwrap();

    let (again, _) = shake(&client, &server);
    let after = again.unwrap().peer_status().certificates[0]
        .certificate_id
        .clone();
    assert_ne!(before, after);
    let mut byte = [0];
    run(async { theirs.write_all(b"x").await.unwrap() }, async {
        ours.read_exact(&mut byte).await.unwrap();
    });
    assert_eq!(&byte, b"x");
}

#[test]
fn a_reload_under_500_streams_loses_none() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = Server::new(&leaf.server()).unwrap();
    let client = Client::new(&authority.client("localhost")).unwrap();
    let mut streams = Vec::new();
    for number in 0..500 {
        if number == 250 {
            server.reload().unwrap();
        }
        let (ours, theirs) = shake(&client, &server);
        streams.push((ours.unwrap(), theirs.unwrap()));
    }
    server.reload().unwrap();
    for (ours, theirs) in &mut streams {
        let mut byte = [0];
        run(async { ours.write_all(b"x").await.unwrap() }, async {
            theirs.read_exact(&mut byte).await.unwrap();
        });
        assert_eq!(&byte, b"x");
    }
}

#[test]
fn a_reload_that_fails_changes_nothing() {
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = Server::new(&leaf.server()).unwrap();
    std::fs::write(&leaf.file, "nothing").unwrap();
    let error = server.reload().unwrap_err();
    let expected = format!(
        ":keylist: the file {} holds no certificate, in PEM or DER",
        leaf.file.display()
    );
    assert_eq!(error.to_string(), expected);
    let client = Client::new(&authority.client("localhost")).unwrap();
    assert!(shake(&client, &server).0.is_ok());
}
