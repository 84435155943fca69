//! What goes out, what waits, what is lost (probes 06-status and 13-encode).

use std::borrow::Cow;

use netproc_lisp::Text;
use netproc_process::{Error, Input, Machine, State};

use crate::support::*;

const CLIENT: &str = "(:name \"c\" :service 34119 :nowait t :filter f)";

fn send(machine: &mut Machine, text: &str) {
    machine.send(&Text::from(text)).unwrap();
}

fn front(machine: &Machine) -> Option<String> {
    machine
        .front()
        .map(|front| String::from_utf8_lossy(front.bytes).into_owned())
}

#[test]
fn text_that_its_coding_leaves_alone_is_not_copied() {
    let mut client = open(CLIENT);
    let text = Text::from("héllo\n");
    let bytes = client.begin_send(&text).unwrap();
    assert!(matches!(bytes, Some(Cow::Borrowed(bytes)) if bytes == "héllo\n".as_bytes()));
}

#[test]
fn text_is_encoded() {
    let mut client = open("(:name \"c\" :service 1 :coding latin-1-dos)");
    let text = Text::from("é\n");
    assert_eq!(
        client.begin_send(&text).unwrap().as_deref(),
        Some(&b"\xe9\r\n"[..])
    );
}

#[test]
fn nothing_goes_out_for_empty_text() {
    let mut client = open(CLIENT);
    assert_eq!(client.begin_send(&Text::new()).unwrap(), None);
}

#[test]
fn only_open_processes_take_text() {
    let text = Text::from("x");
    let mut server = listening("(:name \"s\" :server t :service t)", "127.0.0.1:1");
    let error = server.begin_send(&text).unwrap_err();
    assert_eq!(error.to_string(), "Process s not running");
    assert_eq!(
        error.condition().to_string(),
        r#"(error "Process s not running")"#
    );
    assert!(matches!(
        server.handle(Input::SendEof),
        Err(Error::NotRunning { .. })
    ));

    let mut client = open(CLIENT);
    client.handle(Input::Delete).unwrap();
    assert!(matches!(
        client.begin_send(&text),
        Err(Error::NotRunning { .. })
    ));
    assert!(matches!(
        client.handle(Input::SendEof),
        Err(Error::NotRunning { .. })
    ));
}

#[test]
fn text_sent_while_connecting_goes_out_afterwards() {
    let mut client = machine(CLIENT);
    send(&mut client, "early");
    assert!(client.must_queue() && client.front().is_none() && !client.interest().write);
    connect(&mut client);
    assert_eq!(front(&client).as_deref(), Some("early"));
    assert!(client.interest().write);
}

#[test]
fn text_sent_while_connecting_is_reported_lost_when_that_fails() {
    let mut client = machine(CLIENT);
    send(&mut client, "early");
    client
        .handle(Input::LookupFailed {
            host: "h",
            text: "t",
        })
        .unwrap();
    assert_eq!(events(&mut client)[0], "lost 5");
}

#[test]
fn end_of_file_waits_for_the_queue_and_reading_goes_on() {
    let mut client = open(CLIENT);
    send(&mut client, "question");
    client.handle(Input::SendEof).unwrap();
    assert!(events(&mut client).is_empty());
    client.handle(Input::Sent(8)).unwrap();
    assert_eq!(events(&mut client), ["shutdown"]);
    assert_eq!(slots(&client), "open (open listen connect stop) 0 nil");
    assert!(client.interest().read);
}

#[test]
fn after_end_of_file_sending_succeeds_and_goes_nowhere() {
    let mut client = open(CLIENT);
    client.handle(Input::SendEof).unwrap();
    assert_eq!(client.begin_send(&Text::from("more")).unwrap(), None);
    client.handle(Input::SendEof).unwrap();
    assert_eq!(events(&mut client), ["shutdown"]);
    assert_eq!(client.queued(), 0);
}

#[test]
fn end_of_file_brings_the_encoding_back_to_ascii() {
    let mut client = open("(:name \"c\" :service 1 :coding iso-2022-jp-unix)");
    send(&mut client, "こ");
    client.handle(Input::SendEof).unwrap();
    assert_eq!(front(&client).as_deref(), Some("\x1b$B$3\x1b(B"));
}

#[test]
fn a_client_that_half_closes_gets_everything() {
    let mut echo = open(CLIENT);
    echo.handle(Input::Received(b"question")).unwrap();
    echo.handle(Input::PeerClosed).unwrap();
    assert_eq!(describe(&echo.poll_effect().unwrap()), "filter question");
    // What the filter does:
    send(&mut echo, "question");
    assert!(events(&mut echo).is_empty());
    assert_eq!(slots(&echo), "open (open listen connect stop) 0 nil");
    echo.handle(Input::Sent(5)).unwrap();
    assert!(events(&mut echo).is_empty());
    echo.handle(Input::Sent(3)).unwrap();
    let broken = r#"sentinel "connection broken by remote peer\n""#;
    assert_eq!(events(&mut echo), ["close", "retire", broken]);
}

#[test]
fn a_half_closed_process_that_cannot_finish_reports_what_is_lost() {
    let mut echo = open(CLIENT);
    send(&mut echo, "answer");
    echo.handle(Input::PeerClosed).unwrap();
    echo.handle(Input::SendFailed(32)).unwrap();
    let broken = r#"sentinel "connection broken by remote peer\n""#;
    assert_eq!(events(&mut echo), ["close", "lost 6", "retire", broken]);
    assert_eq!(slots(&echo), "closed nil 256 nil");
}

#[test]
fn when_the_peer_takes_no_more_what_it_sent_is_still_read() {
    let mut client = open(CLIENT);
    send(&mut client, "upload");
    client.handle(Input::SendFailed(32)).unwrap();
    assert_eq!(slots(&client), "closed nil 256 nil");
    assert_eq!(events(&mut client), ["lost 6"]);
    assert!(client.interest().read);
    assert!(client.begin_send(&Text::from("more")).is_err());
    client.handle(Input::Received(b"413")).unwrap();
    client.handle(Input::PeerClosed).unwrap();
    let broken = r#"sentinel "connection broken by remote peer\n""#;
    assert_eq!(
        events(&mut client),
        ["close", "filter 413", "retire", broken]
    );
}

#[test]
fn deleting_reports_what_was_not_sent() {
    let mut client = open(CLIENT);
    send(&mut client, "unsent");
    client.handle(Input::Sent(2)).unwrap();
    client.handle(Input::Delete).unwrap();
    assert_eq!(
        events(&mut client),
        ["close", "lost 4", "retire", r#"sentinel "deleted\n""#]
    );
    client.queue(&b"late"[..]);
    assert_eq!(events(&mut client), ["lost 4"]);
}

#[test]
fn a_half_open_stream_ends_when_its_writer_does() {
    let mut client = open(CLIENT);
    client.set_half_open(true);
    client.handle(Input::PeerClosed).unwrap();
    assert!(events(&mut client).is_empty());
    assert!(client.state() == State::Finish && !client.interest().read);
    send(&mut client, "last words");
    client.handle(Input::SendEof).unwrap();
    client.handle(Input::Sent(10)).unwrap();
    let effects = events(&mut client);
    assert_eq!(
        effects.last().unwrap(),
        r#"sentinel "connection broken by remote peer\n""#
    );
}

#[test]
fn no_more_can_be_sent_than_was_queued() {
    let mut client = open(CLIENT);
    send(&mut client, "abc");
    let error = client.handle(Input::Sent(4)).unwrap_err();
    assert_eq!(error, Error::Overrun { sent: 4, queued: 3 });
    assert_eq!(front(&client).as_deref(), Some("abc"));
}

#[test]
fn messages_of_a_seqpacket_connection_keep_their_borders() {
    let mut client = open("(:name \"c\" :type seqpacket :family local :service \"/s\" :filter f)");
    send(&mut client, "one");
    send(&mut client, "two");
    assert_eq!(front(&client).as_deref(), Some("one"));
    client.handle(Input::Sent(3)).unwrap();
    assert_eq!(front(&client).as_deref(), Some("two"));
    client.handle(Input::Message(b"m1")).unwrap();
    client.handle(Input::Message(b"")).unwrap();
    assert_eq!(events(&mut client), ["filter m1", "filter "]);
}
