//! TLS under its Emacs names.

use netproc::functions::{
    delete_process, gnutls_available_p, gnutls_boot_parameters, gnutls_get_initstage,
    gnutls_negotiate, gnutls_peer_status, gnutls_peer_status_warning_describe,
    make_network_process,
};
use netproc::{Process, Status, Value, lisp::plist, lisp::read};

fn server(name: &str, rest: &str) -> Process {
    let list = format!("(:name \"{name}\" :server t :host local :service t {rest})");
    make_network_process(&read(&list).unwrap())
        .unwrap()
        .expect("the list is not empty")
}

fn client(name: &str, server: &Process) -> Process {
    let port = server.port().expect("a port");
    let list = format!("(:name \"{name}\" :host \"localhost\" :service {port})");
    make_network_process(&read(&list).unwrap())
        .unwrap()
        .expect("the list is not empty")
}

/// Probe 22-tls.
#[test]
fn a_process_without_tls_is_at_stage_0_and_has_no_peer_status() {
    let server = server("tls-plain", "");
    let client = client("tls-plain-client", &server);
    for process in [&server, &client] {
        assert_eq!(gnutls_get_initstage(process), 0);
        assert_eq!(gnutls_peer_status(process), Value::Nil);
        delete_process(process).unwrap();
    }
    assert!(gnutls_available_p());
}

#[test]
fn an_open_connection_is_encrypted_and_its_peer_known() {
    let directory = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = |name: &str, pem: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path.display().to_string()
    };
    let key = file("key", made.signing_key.serialize_pem());
    let certificate = file("certificate", made.cert.pem());
    let keys = format!(":tls-parameters (gnutls-x509pki :keylist ((\"{key}\" \"{certificate}\")))");
    let server = server("tls-upgrade", &keys);
    let client = client("tls-upgrade-client", &server);
    let arguments = Value::list([
        Value::keyword(":process"),
        client.to_value(),
        Value::keyword(":hostname"),
        "localhost".into(),
        Value::keyword(":trustfiles"),
        Value::list([Value::from(certificate)]),
    ]);
    assert_eq!(gnutls_negotiate(&arguments).unwrap(), client);
    assert_eq!(gnutls_get_initstage(&client), 9);
    let status = gnutls_peer_status(&client);
    let protocol = plist::get(&status, &Value::keyword(":protocol"));
    assert_eq!(protocol, "TLS1.3".into());
    delete_process(&client).unwrap();
    delete_process(&server).unwrap();
}

/// Emacs leaves the process open there, and in clear.
#[test]
fn a_failed_negotiation_closes_the_process() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let list = format!("(:name \"tls-deaf\" :host \"localhost\" :service {port})");
    let client = make_network_process(&read(&list).unwrap())
        .unwrap()
        .expect("the list is not empty");
    drop(listener.accept().unwrap());
    let arguments = Value::list([
        Value::keyword(":process"),
        client.to_value(),
        Value::keyword(":hostname"),
        "localhost".into(),
    ]);
    gnutls_negotiate(&arguments).unwrap_err();
    assert_eq!(client.status(), Status::Closed);
}

#[test]
fn negotiation_needs_a_process_and_parameters() {
    let server = server("tls-arguments", "");
    let client = client("tls-arguments-client", &server);
    let refused = |rest: &str| {
        let given = read(rest).unwrap();
        let process = [Value::keyword(":process"), client.to_value()];
        let given = process
            .into_iter()
            .chain(given.list_iter().unwrap().cloned());
        let error = gnutls_negotiate(&Value::list(given)).unwrap_err();
        error.condition().to_string()
    };
    assert_eq!(
        gnutls_negotiate(&Value::Nil)
            .unwrap_err()
            .condition()
            .to_string(),
        "(wrong-type-argument processp nil)"
    );
    assert_eq!(
        refused("(:type foo)"),
        "(error \"Invalid GnuTLS credential type\")"
    );
    assert_eq!(
        refused("(:hostname 5)"),
        "(error \"gnutls-boot: invalid :hostname parameter (not a string)\")"
    );
    assert_eq!(client.status(), Status::Open);
    delete_process(&client).unwrap();
    delete_process(&server).unwrap();
}

#[test]
fn boot_parameters_stand_in_the_order_of_emacs() {
    let list = gnutls_boot_parameters(&read("(:hostname \"h\" :trustfiles (\"/a\"))").unwrap());
    assert_eq!(
        list.unwrap().to_string(),
        "(:priority nil :hostname \"h\" :loglevel 0 :min-prime-bits nil :trustfiles (\"/a\") \
         :crlfiles nil :keylist nil :verify-flags nil :verify-error t :callbacks nil)"
    );
}

#[test]
fn warnings_have_words() {
    let describe = |warning: &str| gnutls_peer_status_warning_describe(&Value::keyword(warning));
    assert!(describe(":self-signed").is_some());
    assert_eq!(describe(":no-such-warning"), None);
}
