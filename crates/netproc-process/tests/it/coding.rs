//! The coding systems a process reports (probes 12-decode and 13-encode).

use netproc_coding::CodingSystem;
use netproc_lisp::Text;
use netproc_process::{Input, Machine};

use crate::support::*;

fn client(coding: &str) -> Machine {
    open(&format!("(:name \"c\" :service 1 :filter f {coding})"))
}

fn system(name: &str) -> CodingSystem {
    name.parse().unwrap()
}

/// The pair as `process-coding-system` prints it, dotted.
fn reported(machine: &Machine) -> String {
    let (decode, encode) = machine.coding_systems();
    let name = |system: Option<CodingSystem>| system.map_or("nil", CodingSystem::name);
    format!("({} . {})", name(decode), name(encode))
}

fn receive(machine: &mut Machine, bytes: &[u8]) -> Vec<String> {
    machine.handle(Input::Received(bytes)).unwrap();
    events(machine)
}

#[test]
fn without_coding_both_systems_are_found_from_the_data() {
    let mut client = client("");
    assert_eq!(reported(&client), "(nil . nil)");
    assert_eq!(receive(&mut client, b"\xc3\xa9\n"), ["filter é\n"]);
    assert_eq!(reported(&client), "(utf-8-unix . utf-8-unix)");
    assert_eq!(receive(&mut client, b"a\r\n"), ["filter a\r\n"]);
}

#[test]
fn a_decoding_of_nil_is_found_from_the_data() {
    let mut client = client(":coding (nil . utf-8)");
    assert_eq!(reported(&client), "(nil . utf-8)");
    assert_eq!(receive(&mut client, b"caf\xc3\xa9\n"), ["filter café\n"]);
    assert_eq!(reported(&client), "(utf-8-unix . utf-8)");
}

#[test]
fn an_encoding_of_nil_is_filled_from_what_was_found() {
    let mut client = client(":coding (nil . nil)");
    assert_eq!(reported(&client), "(nil . nil)");
    assert_eq!(receive(&mut client, b"\xc3\xa9\r\n"), ["filter é\n"]);
    assert_eq!(reported(&client), "(utf-8-dos . utf-8-dos)");
}

#[test]
fn setting_nothing_means_detection_and_raw_text() {
    let mut client = client("");
    client.set_coding_systems(None, None);
    assert_eq!(reported(&client), "(nil . raw-text-unix)");
    client.set_coding_systems(Some(system("utf-8-unix")), Some(system("utf-8")));
    assert_eq!(reported(&client), "(utf-8-unix . utf-8-unix)");
}

#[test]
fn the_first_characters_sent_complete_the_encoding() {
    let mut client = client(":coding latin-1");
    assert_eq!(reported(&client), "(latin-1 . latin-1)");
    client.send(&Text::unibyte(*b"bytes")).unwrap();
    assert_eq!(reported(&client), "(latin-1 . latin-1)");
    client.send(&Text::from("é")).unwrap();
    assert_eq!(reported(&client), "(latin-1 . iso-latin-1-unix)");
}

#[test]
fn bytes_of_a_cut_character_go_to_the_new_coding_system() {
    let mut client = client(":coding utf-8-unix");
    assert!(receive(&mut client, b"\xe4\xb8").is_empty());
    client.set_coding_systems(Some(system("latin-1-unix")), Some(system("koi8-r-dos")));
    assert_eq!(receive(&mut client, b"\xad"), ["filter \u{e4}\u{b8}\u{ad}"]);
    assert_eq!(reported(&client), "(latin-1-unix . koi8-r-dos)");
}

#[test]
fn a_new_encoding_begins_in_ascii() {
    let mut client = client(":coding iso-2022-jp-unix");
    client.send(&Text::from("こ")).unwrap();
    client.set_coding_systems(None, Some(system("utf-8-unix")));
    client.send(&Text::from("é")).unwrap();
    let front = client.front().unwrap().bytes.to_vec();
    assert_eq!(front, b"\x1b$B$3\x1b(B\xc3\xa9");
}

#[test]
fn raw_systems_give_bytes() {
    assert!(client(":coding utf-8").filter_multibyte());
    assert!(!client(":coding (binary . utf-8)").filter_multibyte());
    let mut bytes = client(":coding utf-8-dos");
    bytes.set_filter_multibyte(false);
    assert!(!bytes.filter_multibyte());
    assert_eq!(reported(&bytes), "(raw-text-dos . utf-8-dos)");
}

#[test]
fn connections_give_bytes_or_characters_as_their_server_does() {
    let mut server = listening(
        "(:name \"s\" :server t :service t :coding binary)",
        "127.0.0.1:1",
    );
    assert!(!accept(&server, "127.0.0.1:2").filter_multibyte());
    server.set_filter_multibyte(true);
    let kid = accept(&server, "127.0.0.1:2");
    assert_eq!(kid.filter_multibyte(), server.filter_multibyte());
}

#[test]
fn the_short_way_decodes_as_the_long_one() {
    let pieces: [&[u8]; 6] = [b"a\r", b"\nb\xc3", b"\xa9", b"\xff\r\n", b"", b"\x1b$B"];
    for coding in ["", ":coding utf-8", ":coding binary", ":coding iso-2022-jp"] {
        let (mut short, mut long) = (client(coding), client(coding));
        for piece in pieces {
            let text = short.receive(&mut piece.to_vec()).unwrap();
            let event = (!text.is_empty()).then(|| format!("filter {text}"));
            assert_eq!(
                Vec::from_iter(event),
                receive(&mut long, piece),
                "{coding} {piece:?}"
            );
            assert_eq!(reported(&short), reported(&long));
        }
    }
}
