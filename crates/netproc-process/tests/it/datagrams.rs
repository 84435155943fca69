//! Datagram processes (probes 05-contact and 14-datagram).

use netproc_address::Address;
use netproc_lisp::{Text, Value};
use netproc_process::{Effect, Input, Machine};

use crate::support::*;

const ZEROS: &str = "(0 . [0 0 0 0 0 0 0 0 0 0 0 0 0 0])";

fn bound(list: &str, local: &str, remote: Option<&str>) -> Machine {
    let mut machine = machine(list);
    let remote = remote.map(address);
    machine
        .handle(Input::Bound {
            local: address(local),
            remote,
        })
        .unwrap();
    machine
}

fn server() -> Machine {
    bound(
        "(:name \"ds\" :type datagram :server t :service t :filter f)",
        "127.0.0.1:38957",
        None,
    )
}

fn client() -> Machine {
    bound(
        "(:name \"c\" :type datagram :host \"127.0.0.1\" :service 47668 :filter f)",
        "0.0.0.0:0",
        Some("127.0.0.1:47668"),
    )
}

fn receive(machine: &mut Machine, bytes: &[u8], from: &str) {
    machine
        .handle(Input::Datagram {
            bytes,
            from: Some(address(from)),
        })
        .unwrap();
}

#[test]
fn a_datagram_server_is_open_and_has_no_target() {
    let server = server();
    assert_eq!(slots(&server), "open (open listen connect stop) 0 nil");
    assert_eq!(server.datagram_address().to_string(), ZEROS);
    assert_eq!(
        server.contact(&Value::t()).to_string(),
        format!(
            "(:name \"ds\" :type datagram :server t :service 38957 :filter f \
             :local [127 0 0 1 38957] :remote {ZEROS})"
        )
    );
}

#[test]
fn zeros_are_as_long_as_an_address_of_the_family() {
    let list = "(:name \"d\" :type datagram :server t :family ipv6 :service t)";
    let v6 = bound(list, "[::1]:41479", None)
        .datagram_address()
        .to_string();
    assert_eq!(v6.matches('0').count(), 1 + 26);
    let mut local =
        machine("(:name \"d\" :type datagram :server t :family local :service \"/tmp/u2\")");
    let path = Address::from_value(&value("\"/tmp/u2\"")).unwrap();
    local
        .handle(Input::Bound {
            local: path,
            remote: None,
        })
        .unwrap();
    assert_eq!(
        local.datagram_address().to_string().matches('0').count(),
        1 + 108
    );
}

#[test]
fn a_client_shows_where_it_sends() {
    let client = client();
    assert_eq!(client.datagram_address().to_string(), "[127 0 0 1 47668]");
    assert_eq!(
        client.contact(&Value::t()).to_string(),
        "(:name \"c\" :type datagram :host \"127.0.0.1\" :service 47668 :filter f \
         :remote [127 0 0 1 47668] :local [0 0 0 0 0])"
    );
}

#[test]
fn the_sender_becomes_the_target() {
    let mut server = server();
    receive(&mut server, b"from a", "127.0.0.1:51225");
    assert_eq!(events(&mut server), ["filter from a"]);
    assert_eq!(server.datagram_address().to_string(), "[127 0 0 1 51225]");
    assert_eq!(
        server.contact(&value(":remote")).to_string(),
        "[127 0 0 1 51225]"
    );
    server.send(&Text::from("reply1")).unwrap();
    receive(&mut server, b"from b", "127.0.0.1:51226");
    server.send(&Text::from("reply2")).unwrap();
    let front = server.front().unwrap();
    assert_eq!(
        (front.bytes, front.to),
        (&b"reply1"[..], Some(&address("127.0.0.1:51225")))
    );
    server.handle(Input::Sent(6)).unwrap();
    let front = server.front().unwrap();
    assert_eq!(
        (front.bytes, front.to),
        (&b"reply2"[..], Some(&address("127.0.0.1:51226")))
    );
}

#[test]
fn every_datagram_is_one_filter_call_and_empty_ones_are_data() {
    let mut server = server();
    receive(&mut server, b"one", "127.0.0.1:1");
    receive(&mut server, b"", "127.0.0.1:1");
    receive(&mut server, b"two", "127.0.0.1:1");
    assert_eq!(events(&mut server), ["filter one", "filter ", "filter two"]);
    assert_eq!(slots(&server), "open (open listen connect stop) 0 nil");
}

#[test]
fn a_character_is_not_carried_from_one_datagram_to_the_next() {
    let mut server = server();
    let utf_8 = "utf-8-unix".parse().ok();
    server.set_coding_systems(utf_8, utf_8);
    receive(&mut server, b"\xe4", "127.0.0.1:1");
    receive(&mut server, b"\xb8\xadx", "127.0.0.1:2");
    assert_eq!(
        events(&mut server),
        ["filter \u{fffd}", "filter \u{fffd}\u{fffd}x"]
    );
}

#[test]
fn the_target_is_set_to_addresses_of_the_family_only() {
    let mut client = client();
    let now = |client: &Machine| client.datagram_address().to_string();
    let raw = "(2 . [0 7 127 0 0 1 0 0 0 0 0 0 0 0])";
    for good in ["[127 0 0 1 9999]", "[1 2 3 4 5]"] {
        assert_eq!(client.set_datagram_address(&value(good)).to_string(), good);
        assert_eq!(now(&client), good);
    }
    let bad = [
        "[127 0 0 1]",
        "[127 0 0 1 1 1]",
        "[0 0 0 0 0 0 0 1 9]",
        "\"str\"",
        "nil",
        "foo",
        "5",
    ];
    for bad in bad {
        assert_eq!(
            client.set_datagram_address(&value(bad)),
            Value::Nil,
            "{bad}"
        );
        assert_eq!(now(&client), "[1 2 3 4 5]", "{bad}");
    }
    assert_eq!(client.set_datagram_address(&value(raw)).to_string(), raw);
    assert_eq!(now(&client), "[127 0 0 1 7]");
}

#[test]
fn closed_and_stream_processes_have_no_datagram_address() {
    let mut client = client();
    receive(&mut client, b"x", "44.255.0.0:4464");
    client.handle(Input::Delete).unwrap();
    assert_eq!(client.datagram_address(), Value::Nil);
    assert_eq!(
        client.set_datagram_address(&value("[1 2 3 4 5]")),
        Value::Nil
    );
    assert_eq!(
        client.contact(&value(":remote")).to_string(),
        "[44 255 0 0 4464]"
    );
    let mut stream = open("(:name \"c\" :service 1)");
    assert_eq!(stream.datagram_address(), Value::Nil);
    assert_eq!(
        stream.set_datagram_address(&value("[1 2 3 4 5]")),
        Value::Nil
    );
}

#[test]
fn a_server_starts_with_the_target_it_was_given_if_it_is_of_its_family() {
    let start = |remote: &str| {
        bound(
            &format!("(:name \"d\" :type datagram :server t :service t :remote {remote})"),
            "127.0.0.1:4001",
            None,
        )
        .datagram_address()
        .to_string()
    };
    assert_eq!(start("[127 0 0 1 4000]"), "[127 0 0 1 4000]");
    assert_eq!(start("[0 0 0 0 0 0 0 1 9]"), ZEROS);
}

#[test]
fn end_of_file_means_nothing_to_datagrams() {
    let mut client = client();
    client.handle(Input::SendEof).unwrap();
    assert!(events(&mut client).is_empty());
    assert!(client.begin_send(&Text::from("still")).unwrap().is_some());
}

#[test]
fn a_datagram_that_cannot_be_sent_is_lost_alone() {
    let mut client = client();
    client.send(&Text::from("too long")).unwrap();
    client.send(&Text::from("next")).unwrap();
    client.handle(Input::SendFailed(90)).unwrap();
    assert_eq!(events(&mut client), ["lost 8"]);
    assert_eq!(client.front().map(|front| front.bytes), Some(&b"next"[..]));
    assert_eq!(slots(&client), "open (open listen connect stop) 0 nil");
}

#[test]
fn a_background_datagram_client_opens() {
    let mut client = bound(
        "(:name \"c\" :type datagram :host \"localhost\" :service 9 :nowait t)",
        "0.0.0.0:0",
        Some("127.0.0.1:9"),
    );
    assert_eq!(events(&mut client), [r#"sentinel "open\n""#]);
    let mut at_once = bound(
        "(:name \"c\" :type datagram :remote [127 0 0 1 9] :nowait t)",
        "0.0.0.0:0",
        Some("127.0.0.1:9"),
    );
    assert!(events(&mut at_once).is_empty());
}

#[test]
fn a_message_that_is_received_at_once_is_what_the_effects_make_of_it() {
    let codings = [
        "",
        ":coding binary",
        ":coding utf-8-dos",
        ":filter-multibyte nil",
    ];
    for coding in codings {
        let list = format!("(:name \"s\" :type datagram :server t :service t :filter f {coding})");
        let mut by_effects = bound(&list, "127.0.0.1:7", None);
        let mut at_once = bound(&list, "127.0.0.1:7", None);
        // The second one begins a character that nothing completes.
        for (bytes, from) in [
            (&b"one\r\n"[..], "127.0.0.1:1"),
            (b"\xc3", "127.0.0.1:2"),
            (b"", "127.0.0.1:2"),
            (b"\xa9 four", "127.0.0.1:1"),
        ] {
            receive(&mut by_effects, bytes, from);
            let Some(Effect::Filter(expected)) = by_effects.poll_effect() else {
                panic!("no text for {bytes:?}");
            };
            let text = at_once.receive_message(&mut bytes.to_vec(), Some(address(from)));
            assert_eq!(text, Ok(Some(expected)), "{coding}");
            assert_eq!(at_once.remote(), by_effects.remote());
            assert_eq!(at_once.coding_systems(), by_effects.coding_systems());
        }
    }
}

#[test]
fn a_message_for_a_stopped_process_waits() {
    let mut server = server();
    server.handle(Input::Stop).unwrap();
    let mut bytes = b"later".to_vec();
    assert_eq!(server.receive_message(&mut bytes, None), Ok(None));
    server.handle(Input::Continue).unwrap();
    assert_eq!(events(&mut server), ["filter later"]);
}
