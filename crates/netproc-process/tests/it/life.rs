//! From `connect` to `closed` (probes 06-status and 07-nowait).

use netproc_process::{Failure, Input, Status};

use crate::support::*;

const NOWAIT: &str = "(:name \"c\" :host \"localhost\" :service 34119 :nowait t :filter f)";
const BLOCKING: &str = "(:name \"c\" :host \"localhost\" :service 34119 :filter f)";
const BROKEN: &str = r#"sentinel "connection broken by remote peer\n""#;
const DELETED: &str = r#"sentinel "deleted\n""#;

#[test]
fn a_blocking_client_hears_nothing_of_its_connection() {
    let mut client = machine(BLOCKING);
    assert_eq!(slots(&client), "connect (connect stop) 0 nil");
    connect(&mut client);
    assert_eq!(slots(&client), "open (open listen connect stop) 0 nil");
    assert!(events(&mut client).is_empty());
}

#[test]
fn a_background_client_hears_open_before_any_data() {
    let mut client = machine(NOWAIT);
    connect(&mut client);
    client.handle(Input::Received(b"banner")).unwrap();
    assert_eq!(
        events(&mut client),
        [r#"sentinel "open\n""#, "filter banner"]
    );
}

#[test]
fn a_blocking_tls_client_hears_open() {
    let mut client = machine(
        "(:name \"c\" :host \"h\" :service 1 :tls-parameters (gnutls-x509pki :hostname \"h\"))",
    );
    connect(&mut client);
    assert_eq!(events(&mut client), [r#"sentinel "open\n""#]);
}

#[test]
fn a_peer_that_closes_ends_it_with_256_after_all_data() {
    let mut client = open(NOWAIT);
    client.handle(Input::Received(b"bye")).unwrap();
    client.handle(Input::PeerClosed).unwrap();
    assert_eq!(
        events(&mut client),
        ["filter bye", "close", "retire", BROKEN]
    );
    assert_eq!(slots(&client), "closed nil 256 nil");
}

#[test]
fn a_reset_ends_it_the_same_way() {
    let mut client = open(NOWAIT);
    client.handle(Input::Received(b"data")).unwrap();
    client.handle(Input::ReadFailed(104)).unwrap();
    assert_eq!(client.status(), Status::Closed);
    assert_eq!(
        events(&mut client),
        ["close", "filter data", "retire", BROKEN]
    );
}

#[test]
fn an_incomplete_character_is_handed_out_before_the_end() {
    let mut client = open("(:name \"c\" :service 1 :filter f :coding utf-8)");
    client.handle(Input::Received(b"a\xe4\xb8")).unwrap();
    client.handle(Input::PeerClosed).unwrap();
    let effects = events(&mut client);
    assert_eq!(effects[0], "filter a");
    assert_eq!(effects[1], "filter \u{fffd}\u{fffd}");
    assert_eq!(effects.last().map(String::as_str), Some(BROKEN));
}

#[test]
fn deleting_drops_unread_input_and_leaves_the_table_at_once() {
    let mut client = open(NOWAIT);
    client.handle(Input::Received(b"unread")).unwrap();
    client.handle(Input::Delete).unwrap();
    assert_eq!(slots(&client), "closed nil 0 nil");
    assert_eq!(events(&mut client), ["close", "retire", DELETED]);
}

#[test]
fn deleting_again_is_quiet_and_makes_the_exit_status_zero() {
    let mut client = open(NOWAIT);
    client.handle(Input::PeerClosed).unwrap();
    events(&mut client);
    assert_eq!(slots(&client), "closed nil 256 nil");
    client.handle(Input::Delete).unwrap();
    assert_eq!(slots(&client), "closed nil 0 nil");
    assert!(events(&mut client).is_empty());
}

#[test]
fn deleting_before_the_end_was_told_tells_deleted_only() {
    let mut client = open(NOWAIT);
    client.handle(Input::ReadFailed(104)).unwrap();
    client.handle(Input::Delete).unwrap();
    assert_eq!(events(&mut client), ["close", "retire", DELETED]);
}

#[test]
fn deleting_while_connecting_tells_neither_open_nor_failed() {
    let mut client = machine(NOWAIT);
    client.handle(Input::Delete).unwrap();
    assert_eq!(events(&mut client), ["close", "retire", DELETED]);
    assert_eq!(slots(&client), "closed nil 0 nil");
}

#[test]
fn a_refused_connection_stays_until_it_is_deleted() {
    let mut client = machine(NOWAIT);
    let remote = address("127.0.0.1:39397");
    client
        .handle(Input::AddressTried {
            remote,
            local: None,
        })
        .unwrap();
    client
        .handle(Input::ConnectFailed(Failure::System { errno: 111 }))
        .unwrap();
    assert_eq!(slots(&client), "failed nil 111 nil");
    assert_eq!(
        events(&mut client),
        ["close", r#"sentinel "failed with code 111\n""#]
    );
    client.handle(Input::Delete).unwrap();
    assert_eq!(events(&mut client), ["retire", DELETED]);
    assert_eq!(slots(&client), "closed nil 0 nil");
}

#[test]
fn a_name_that_is_not_found_is_told_too() {
    let mut client = machine("(:name \"c\" :host \"nosuch.invalid\" :service 9 :nowait t)");
    let text = "Name or service not known";
    client
        .handle(Input::LookupFailed {
            host: "nosuch.invalid",
            text,
        })
        .unwrap();
    assert_eq!(
        slots(&client),
        "failed nil \"Name lookup of nosuch.invalid failed\" nil"
    );
    let told = r#"sentinel "failed: name lookup of nosuch.invalid: Name or service not known\n""#;
    assert_eq!(events(&mut client), [told]);
}

#[test]
fn a_failed_handshake_is_told_with_its_reason() {
    let mut client = machine(NOWAIT);
    let reason = "TLS negotiation failed".to_owned();
    client
        .handle(Input::ConnectFailed(Failure::Other { reason, code: None }))
        .unwrap();
    assert_eq!(slots(&client), "failed nil \"TLS negotiation failed\" nil");
    assert_eq!(
        events(&mut client),
        ["close", r#"sentinel "failed: TLS negotiation failed\n""#]
    );
}

#[test]
fn a_failed_process_that_is_stopped_reads_stop() {
    let mut client = machine(NOWAIT);
    client
        .handle(Input::ConnectFailed(Failure::System { errno: 111 }))
        .unwrap();
    client.handle(Input::Stop).unwrap();
    assert_eq!(slots(&client), "stop (stop) 111 t");
}

#[test]
fn a_connection_that_came_is_told_before_it_is_deleted() {
    let mut client = machine(NOWAIT);
    connect(&mut client);
    client.handle(Input::Delete).unwrap();
    let expected = ["close", "retire", r#"sentinel "open\n""#, DELETED];
    assert_eq!(events(&mut client), expected);
}

#[test]
fn input_out_of_place_is_an_error_and_changes_nothing() {
    let mut client = machine(NOWAIT);
    let error = client.handle(Input::Received(b"early")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`received` cannot happen to a stream process in state `connect`"
    );
    assert_eq!(slots(&client), "connect (connect stop) 0 nil");
    assert!(events(&mut client).is_empty());
}
