//! Stopping, filter t, and memory that does not grow (probe 08-flow).

use netproc_lisp::Value;
use netproc_process::{Input, Interest};

use crate::support::*;

const CLIENT: &str = "(:name \"c\" :service 34119 :nowait t :filter f)";

#[test]
fn a_stopped_client_does_not_read_but_sends() {
    let mut client = open(CLIENT);
    client.handle(Input::Stop).unwrap();
    assert_eq!(slots(&client), "stop (stop) 0 t");
    assert!(!client.interest().read);
    client.send(&"hi".into()).unwrap();
    assert_eq!(
        client.interest(),
        Interest {
            read: false,
            write: true
        }
    );
    client.handle(Input::Stop).unwrap();
    client.handle(Input::Continue).unwrap();
    assert_eq!(slots(&client), "open (open listen connect stop) 0 nil");
    assert!(client.interest().read);
}

#[test]
fn a_client_that_starts_stopped_still_hears_open() {
    let mut client = machine("(:name \"c\" :service 1 :nowait t :stop t :filter f)");
    connect(&mut client);
    assert_eq!(slots(&client), "stop (stop) 0 t");
    assert_eq!(events(&mut client), [r#"sentinel "open\n""#]);
}

#[test]
fn the_outcome_is_owed_until_the_sentinel_is_called_and_nothing_after_it() {
    let mut client = machine("(:name \"c\" :service 1 :nowait t :filter f)");
    assert!(!client.owes_outcome());
    connect(&mut client);
    client.handle(Input::Received(b"more")).unwrap();
    assert!(client.owes_outcome());
    assert_eq!(
        describe(&client.poll_effect().unwrap()),
        r#"sentinel "open\n""#
    );
    assert!(!client.owes_outcome() && client.wants_callback());
}

#[test]
fn filter_t_stops_reading_and_not_the_status() {
    let mut client = open(CLIENT);
    assert_eq!(client.set_filter(&Value::t()), Value::t());
    assert!(!client.interest().read);
    assert_eq!(slots(&client), "open (open listen connect stop) 0 nil");
}

#[test]
fn stop_and_filter_t_must_both_be_lifted() {
    let mut client = open(CLIENT);
    client.handle(Input::Stop).unwrap();
    client.set_filter(&Value::t());
    client.handle(Input::Continue).unwrap();
    assert!(!client.interest().read);
    client.set_filter(&Value::symbol("f"));
    assert!(client.interest().read);
}

#[test]
fn text_already_read_waits_for_the_continue_and_so_does_the_end() {
    let mut client = open(CLIENT);
    client.handle(Input::Received(b"one")).unwrap();
    client.handle(Input::Received(b"two")).unwrap();
    assert_eq!(describe(&client.poll_effect().unwrap()), "filter one");
    // What a filter does:
    client.handle(Input::Stop).unwrap();
    client.handle(Input::PeerClosed).unwrap();
    assert!(events(&mut client).is_empty());
    client.handle(Input::Continue).unwrap();
    let broken = r#"sentinel "connection broken by remote peer\n""#;
    assert_eq!(
        events(&mut client),
        ["filter two", "close", "retire", broken]
    );
}

#[test]
fn a_new_filter_gets_the_next_text() {
    let mut client = open(CLIENT);
    client.handle(Input::Received(b"one")).unwrap();
    client.handle(Input::Received(b"two")).unwrap();
    assert_eq!(describe(&client.poll_effect().unwrap()), "filter one");
    let default = client.set_filter(&Value::Nil);
    assert_eq!(default.to_string(), "internal-default-process-filter");
    assert_eq!(events(&mut client), ["insert two"]);
}

#[test]
fn a_stopped_client_that_cannot_send_looks_for_its_end() {
    let mut client = open(CLIENT);
    client.handle(Input::Received(b"last")).unwrap();
    client.handle(Input::Stop).unwrap();
    assert!(!client.interest().read && events(&mut client).is_empty());
    client.handle(Input::SendFailed(32)).unwrap();
    assert!(client.interest().read && client.is_stopped());
    client.handle(Input::PeerClosed).unwrap();
    let broken = r#"sentinel "connection broken by remote peer\n""#;
    assert_eq!(
        events(&mut client),
        ["close", "filter last", "retire", broken]
    );
}

#[test]
fn an_echo_stops_reading_above_the_high_mark_and_goes_on_below_the_low_one() {
    let mut client = open(CLIENT);
    client.set_water_marks(10, 4);
    client.send(&"123456789".into()).unwrap();
    client.hold_reading();
    assert!(client.interest().read && !client.is_above_high_water());
    client.send(&"0".into()).unwrap();
    client.hold_reading();
    assert!(!client.interest().read && client.is_above_high_water());
    client.handle(Input::Sent(5)).unwrap();
    assert!(!client.interest().read && !client.is_above_high_water());
    client.handle(Input::Sent(1)).unwrap();
    assert!(client.interest().read && !client.is_congested());
}

#[test]
fn what_others_send_does_not_stop_the_reading() {
    let mut client = open(CLIENT);
    client.set_water_marks(10, 4);
    client.send(&"0123456789".into()).unwrap();
    assert!(client.interest().read && client.is_congested());
}

#[test]
fn reading_stops_while_much_text_waits_for_its_filter() {
    let mut client = open(CLIENT);
    while client.interest().read {
        client.handle(Input::Received(b"text")).unwrap();
    }
    assert_eq!(events(&mut client).len(), 16);
    assert!(client.interest().read);
}

#[test]
fn a_stopped_server_does_not_accept() {
    let mut server = listening("(:name \"s\" :server t :service t)", "127.0.0.1:41852");
    assert!(server.interest().read);
    server.handle(Input::Stop).unwrap();
    assert_eq!(slots(&server), "stop (stop) 0 t");
    assert!(!server.interest().read);
}

#[test]
fn a_server_with_filter_t_accepts() {
    let server = listening(
        "(:name \"s\" :server t :service t :filter t)",
        "127.0.0.1:1",
    );
    assert!(server.interest().read);
    assert!(!accept(&server, "127.0.0.1:2").interest().read);
}
