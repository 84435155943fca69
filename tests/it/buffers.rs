//! The default filter and sentinel, buffers and marks (probe 09-buffer).

use netproc::network::Process;
use netproc_tests::{Peer, World};

fn client(world: &World) -> (Process, Peer) {
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} :buffer "x")"#));
    (client, Peer::accept(&listener))
}

#[track_caller]
fn until_text(world: &World, process: &Process, text: &str) {
    let buffer = process.buffer().expect("a buffer");
    world.until(text, || buffer.text() == text);
}

#[test]
fn text_is_inserted_at_the_mark_which_moves_along() {
    let world = World::new();
    let (client, mut peer) = client(&world);
    assert_eq!(client.mark(), Some(1));
    peer.send("abc");
    until_text(&world, &client, "abc");
    assert_eq!(client.mark(), Some(4));
    peer.send("def");
    until_text(&world, &client, "abcdef");
    assert_eq!(client.mark(), Some(7));
}

#[test]
fn the_mark_begins_at_the_end_of_what_is_there() {
    let world = World::new();
    let buffer = world.network.buffer("x").unwrap();
    buffer.with(|content| {
        let mark = content.create_marker();
        content.insert_at(mark, &"12345".into());
    });
    let (client, mut peer) = client(&world);
    assert_eq!(client.mark(), Some(6));
    peer.send("abc");
    until_text(&world, &client, "12345abc");
}

#[test]
fn text_goes_where_the_mark_was_put() {
    let world = World::new();
    let (client, mut peer) = client(&world);
    peer.send("headtail");
    until_text(&world, &client, "headtail");
    client.set_mark(5);
    peer.send("ABC");
    until_text(&world, &client, "headABCtail");
    assert_eq!(client.mark(), Some(8));
}

#[test]
fn point_moves_along_only_from_the_mark_on() {
    let world = World::new();
    let (client, mut peer) = client(&world);
    let buffer = client.buffer().unwrap();
    peer.send("headtail");
    until_text(&world, &client, "headtail");
    client.set_mark(5);
    buffer.with(|content| content.set_point(5));
    peer.send("D");
    until_text(&world, &client, "headDtail");
    assert_eq!(buffer.with(|content| content.point()), 6);
    buffer.with(|content| content.set_point(2));
    peer.send("E");
    until_text(&world, &client, "headDEtail");
    assert_eq!(buffer.with(|content| content.point()), 2);
}

#[test]
fn the_default_sentinel_writes_the_end_at_the_mark() {
    let world = World::new();
    let (client, mut peer) = client(&world);
    let buffer = client.buffer().unwrap();
    peer.send("abc");
    drop(peer);
    world.until("the end", || !client.is_live());
    let expected = "abc\nProcess c connection broken by remote peer\n";
    world.until("its words", || buffer.text() == expected);
}

#[test]
fn the_buffer_of_a_deleted_server_says_so() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :buffer "b")"#);
    let buffer = server.buffer().unwrap();
    server.delete();
    assert_eq!(buffer.text(), "\nProcess s deleted\n");
}

#[test]
fn without_a_buffer_the_default_filter_reads_and_drops() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port})"#));
    let mut peer = Peer::accept(&listener);
    peer.send("dropped");
    world.until("reading", || client.bytes_received() == 7);
    assert!(client.buffer().is_none() && client.mark().is_none());
}

#[test]
fn another_buffer_gets_the_mark_at_its_end_and_the_same_one_leaves_it() {
    let world = World::new();
    let (client, mut peer) = client(&world);
    peer.send("abcdef");
    until_text(&world, &client, "abcdef");
    client.set_mark(3);
    client.set_buffer(client.buffer());
    assert_eq!(client.mark(), Some(3));
    client.set_buffer(Some(world.network.buffer("new").unwrap()));
    assert_eq!(client.mark(), Some(1));
    peer.send("2");
    until_text(&world, &client, "2");
}

#[test]
fn two_processes_share_a_buffer_each_with_its_mark() {
    let world = World::new();
    let (first, mut one) = client(&world);
    one.send("1");
    until_text(&world, &first, "1");
    let (second, mut two) = client(&world);
    two.send("2");
    until_text(&world, &second, "12");
    // Text goes before other marks at its place, so the first one moved along.
    one.send("a");
    until_text(&world, &first, "12a");
}

#[test]
fn the_newest_process_of_a_buffer_is_found() {
    let world = World::new();
    let (first, _one) = client(&world);
    let (second, _two) = client(&world);
    let buffer = first.buffer().unwrap();
    let found = || {
        world
            .network
            .buffer_process(&buffer)
            .map(|found| found.id())
    };
    assert_eq!(found(), Some(second.id()));
    second.delete();
    assert_eq!(found(), Some(first.id()));
}

#[test]
fn a_handle_names_a_buffer_in_a_list_too() {
    use netproc::lisp::Value;
    let world = World::new();
    let buffer = world.network.buffer("mine").unwrap();
    let list = Value::list([
        Value::keyword(":name"),
        Value::string("s"),
        Value::keyword(":server"),
        Value::t(),
        Value::keyword(":service"),
        Value::t(),
        Value::keyword(":buffer"),
        buffer.to_value(),
    ]);
    assert_eq!(
        world.network.open_list(&list).unwrap().buffer(),
        Some(buffer)
    );
}
