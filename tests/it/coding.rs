//! `:coding` and `:filter-multibyte` over real sockets (probes 12 and 13).

use netproc::network::{CodingSystem, Process, Text};
use netproc_tests::{Peer, World};

fn client(world: &World, more: &str) -> (Process, Peer) {
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(
        r#"(:name "c" :service {port} :filter record {more})"#
    ));
    (client, Peer::accept(&listener))
}

/// Sends each chunk when the one before has arrived, and returns what the filter got.
fn decoded(more: &str, chunks: &[&[u8]]) -> (World, Process, String) {
    let world = World::new();
    let (client, mut peer) = client(&world, more);
    let seen = world.transcript.clone();
    client.set_filter(move |_, text| seen.add(text.to_string_lossy()));
    let mut sent = 0;
    for chunk in chunks {
        peer.send(chunk);
        sent += chunk.len() as u64;
        world.until("the chunk", || client.bytes_received() == sent);
        world.look();
    }
    drop(peer);
    world.until("the end", || !client.is_live());
    let text = world.transcript.lines().concat();
    (world, client, text)
}

fn names(process: &Process) -> (String, String) {
    let name = |system: Option<CodingSystem>| system.map_or("nil", CodingSystem::name).to_owned();
    let (decode, encode) = process.coding_systems();
    (name(decode), name(encode))
}

#[test]
fn a_character_split_between_reads_is_put_together() {
    let (_world, _client, text) = decoded(
        ":coding utf-8-unix",
        &[b"caf\xc3", b"\xa9 \xe4", b"\xb8", b"\xad"],
    );
    assert_eq!(text, "caf\u{e9} \u{4e2d}");
}

#[test]
fn a_line_end_split_between_reads_is_put_together() {
    let (_world, _client, text) = decoded(":coding utf-8-dos", &[b"a\r", b"\nb\r", b"\n"]);
    assert_eq!(text, "a\nb\n");
}

#[test]
fn a_carriage_return_that_ends_a_first_chunk_decides_nothing() {
    let (_world, client, text) = decoded(":coding utf-8", &[b"a\r", b"\nb\r\n"]);
    assert_eq!(text, "a\nb\n");
    assert_eq!(names(&client).0, "utf-8-dos");
}

#[test]
fn what_is_incomplete_at_the_end_is_handed_out() {
    let (_world, _client, text) = decoded(":coding utf-8-unix", &[b"x\xe4\xb8"]);
    assert!(
        text.starts_with('x') && text.chars().count() == 3,
        "{text:?}"
    );
}

#[test]
fn without_coding_the_data_decides() {
    let (_world, client, text) = decoded("", &[b"caf\xc3\xa9\n"]);
    assert_eq!(text, "caf\u{e9}\n");
    assert_eq!(names(&client).0, "utf-8-unix");
    let (_world, client, text) = decoded("", &[b"caf\xe9\r\n"]);
    assert_eq!(text, "caf\u{e9}\n");
    assert_eq!(names(&client).0, "iso-latin-1-dos");
    let (_world, client, _text) = decoded(":coding nil", &[b"caf\xc3\xa9\n"]);
    assert_eq!(names(&client).0, "utf-8-unix");
}

#[test]
fn one_system_serves_both_ways() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":coding latin-1");
    peer.send(b"\xe9");
    world.until_line("filter c \"\u{e9}\"");
    client.send("\u{e9}").unwrap();
    assert_eq!(peer.receive(1), b"\xe9");
}

#[test]
fn a_pair_has_a_system_for_each_way() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":coding (latin-1-unix . utf-8-dos)");
    assert_eq!(names(&client), ("latin-1-unix".into(), "utf-8-dos".into()));
    peer.send(b"\xe9\n");
    world.until_line("filter c \"\u{e9}\\n\"");
    client.send("\u{e9}\n").unwrap();
    assert_eq!(peer.receive(4), b"\xc3\xa9\r\n");
}

#[test]
fn bytes_go_out_as_they_are() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":coding utf-16le");
    client.send(b"abc").unwrap();
    assert_eq!(peer.receive(3), b"abc");
}

#[test]
fn bytes_that_are_no_text_come_back_as_they_came() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :coding utf-8-unix :filter echo)"#);
    let mut peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    let all: Vec<u8> = (0..=255).collect();
    peer.send(&all);
    peer.finish();
    world.until("the end", || !accepted.is_live());
    assert_eq!(peer.receive_rest(), all);
}

#[test]
fn an_incomplete_escape_is_reset_at_the_end_of_sending() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":coding iso-2022-jp-unix");
    client.send("\u{3053}").unwrap();
    client.send_eof().unwrap();
    assert_eq!(peer.receive_rest(), b"\x1b$B$3\x1b(B");
}

#[test]
fn the_coding_can_be_changed_and_keeps_what_is_incomplete() {
    let world = World::new();
    let (client, mut peer) = client(&world, ":coding utf-8-unix");
    peer.send(b"\xe4\xb8");
    world.until("the bytes", || client.bytes_received() == 2);
    let latin = "latin-1-unix".parse().ok();
    client.set_coding_systems(latin, latin);
    peer.send(b"\xad");
    world.until("all", || client.bytes_received() == 3);
    world.until("text", || !world.transcript.lines().is_empty());
    let expected = format!("filter c {:?}", "\u{e4}\u{b8}\u{ad}");
    assert_eq!(world.transcript.lines(), [expected]);
}

#[track_caller]
fn kind_of_text(more: &str) -> (bool, Vec<u8>, bool) {
    let world = World::new();
    let (client, mut peer) = client(&world, more);
    let got = std::sync::Arc::new(std::sync::Mutex::new(Text::new()));
    let seen = std::sync::Arc::clone(&got);
    client.set_filter(move |_, text| *seen.lock().unwrap() = text.clone());
    peer.send("\u{e9}".as_bytes());
    world.until("text", || !got.lock().unwrap().is_empty());
    let text = got.lock().unwrap().clone();
    (
        text.is_multibyte(),
        text.as_bytes().into_owned(),
        client.is_filter_multibyte(),
    )
}

#[test]
fn filter_multibyte_nil_gives_bytes_and_t_gives_characters() {
    let characters = (true, "\u{e9}".as_bytes().to_vec(), true);
    let bytes = (false, "\u{e9}".as_bytes().to_vec(), false);
    assert_eq!(kind_of_text(":coding utf-8"), characters);
    assert_eq!(
        kind_of_text(":coding utf-8 :filter-multibyte t"),
        characters
    );
    assert_eq!(kind_of_text(":coding utf-8 :filter-multibyte nil"), bytes);
    assert_eq!(kind_of_text(":coding binary"), bytes);
}
