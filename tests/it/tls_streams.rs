//! Encrypted connections as streams: both ends, cuts, damage, pressure, pieces.

use std::io::{self, Read as _, Write as _};

use futures_lite::future::block_on;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc::network::{Limits, Process, Status};
use netproc_tests::World;
use netproc_tests::tls::{
    Authority, Meddling, Proxy, SECRET, Scripted, Secured, Welcome, end_session, records,
};

const MUCH: usize = 10_000_000;

/// Bytes that show a change of their order.
fn pattern(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

/// A client and what serves it.
struct Pair<T> {
    client: Process,
    server: Scripted<T>,
}

fn pair_through<T: Send + 'static>(
    world: &World,
    more: &str,
    called: Option<Meddling>,
    script: impl FnOnce(Secured) -> T + Send + 'static,
) -> (Pair<T>, Option<Proxy>) {
    let authority = Authority::new();
    let welcome = Welcome::showing(&authority.leaf("localhost"));
    let server = Scripted::once(move |peer| script(welcome.accept(peer).expect("a session")));
    let proxy = called.map(|called| Proxy::meddling(server.port(), Meddling::Nothing, called));
    let port = proxy.as_ref().map_or(server.port(), Proxy::port);
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {port} :coding binary :sentinel record
            :tls-parameters {} {more})"#,
        authority.client("localhost")
    ));
    (Pair { client, server }, proxy)
}

fn pair<T: Send + 'static>(
    world: &World,
    more: &str,
    script: impl FnOnce(Secured) -> T + Send + 'static,
) -> Pair<T> {
    pair_through(world, more, None, script).0
}

const OPEN: &str = r#"sentinel c "open\n" open"#;

const BROKEN: &str = r#"sentinel c "connection broken by remote peer\n" closed"#;

#[test]
fn reading_goes_on_after_our_end_with_ten_megabytes_still_to_come() {
    let world = World::new();
    let pair = pair(&world, r#":buffer "b""#, |mut stream| {
        let mut question = Vec::new();
        stream.read_to_end(&mut question).unwrap();
        stream.write_all(&pattern(MUCH)).unwrap();
        end_session(&mut stream);
        question
    });
    pair.client.send("question").unwrap();
    pair.client.send_eof().unwrap();
    world.until_line(BROKEN);
    assert_eq!(pair.server.join(), b"question");
    let buffer = pair.client.buffer().unwrap();
    assert!(buffer.text().as_bytes() == pattern(MUCH), "all of it");
    assert_eq!(world.faults.lines(), [""; 0], "a clean end");
}

#[test]
fn what_is_queued_still_goes_out_after_the_end_of_the_peer() {
    let world = World::with(|builder| {
        builder.limits(Limits {
            high_water: 64_000_000,
            ..Limits::default()
        })
    });
    let pair = pair(&world, "", |mut stream| {
        // Its end comes before anything was read.
        end_session(&mut stream);
        let mut all = Vec::new();
        let read = stream.read_to_end(&mut all);
        (all, read.map_err(|error| error.to_string()))
    });
    pair.client.send(&pattern(MUCH)).unwrap();
    world.until_line(BROKEN);
    let (all, read) = pair.server.join();
    assert!(all == pattern(MUCH), "all {MUCH} and not {}", all.len());
    read.expect("a clean end of ours");
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn a_stream_that_is_cut_is_told_apart_from_one_that_ends() {
    for clean in [true, false] {
        let world = World::new();
        let pair = pair(&world, ":filter record", move |mut stream| {
            stream.write_all(b"all that").unwrap();
            if clean {
                end_session(&mut stream);
            }
            stream.sock.finish();
            let _ended = stream.sock.receive_rest();
        });
        world.until_line(BROKEN);
        pair.server.join();
        assert_eq!(
            world.transcript.lines(),
            [OPEN, r#"filter c "all that""#, BROKEN],
            "the data comes first"
        );
        let cut = "process c: TLS read with localhost: the connection ended without the end of \
                   the TLS session; data may be missing";
        let expected = if clean { vec![] } else { vec![cut] };
        assert_eq!(world.faults.lines(), expected);
        assert_eq!(pair.client.status(), Status::Closed);
    }
}

#[test]
fn the_end_of_the_session_is_the_end_even_when_the_wire_stays() {
    let world = World::new();
    let (done, over) = std::sync::mpsc::channel();
    let pair = pair(&world, ":filter record", move |mut stream| {
        stream.write_all(b"all").unwrap();
        end_session(&mut stream);
        let () = over.recv().unwrap();
    });
    world.until_line(BROKEN);
    done.send(()).unwrap();
    pair.server.join();
    assert_eq!(world.faults.lines(), [""; 0]);
}

/// What the filter, the sentinel and the fault function hear when the wire is harmed late.
fn harmed(bytes: &'static [u8]) -> (Vec<String>, Vec<String>) {
    let world = World::new();
    let pair = pair(&world, ":filter record", move |mut stream| {
        stream.write_all(b"good").unwrap();
        // Whoever breaks the session does not hear more than an alert.
        stream.sock.send(bytes);
        stream.sock.receive_rest()
    });
    world.until("the end", || !pair.client.is_live());
    world.look();
    assert!(pair.client.send(SECRET).is_err());
    pair.client.delete();
    let heard = pair.server.join();
    records(&heard).expect("nothing but TLS");
    (world.transcript.lines(), world.faults.lines())
}

#[test]
fn damage_after_the_handshake_ends_the_process_and_reaches_no_filter() {
    const DAMAGED: [u8; 37] = {
        let mut record = [0; 37];
        (record[0], record[1], record[2], record[4]) = (23, 3, 3, 32);
        record
    };
    const OVERSIZED: [u8; 9005] = {
        let mut record = [0; 9005];
        (record[0], record[1], record[2]) = (23, 3, 3);
        (record[3], record[4]) = (0xff, 0xff);
        record
    };
    for (bytes, cause) in [
        (
            &DAMAGED[..],
            "a record did not decrypt; it was damaged on its way",
        ),
        (&OVERSIZED, "the peer sent a record longer than TLS allows"),
        (b"250 in clear\r\n", "the peer broke the protocol: "),
    ] {
        let (lines, faults) = harmed(bytes);
        let words = format!("sentinel c \"failed: TLS read with localhost: {cause}");
        let [open, text, last] = &lines[..] else {
            panic!("{lines:?}");
        };
        assert_eq!((open.as_str(), text.as_str()), (OPEN, r#"filter c "good""#));
        assert!(last.starts_with(&words), "{words}: {last}");
        assert_eq!(faults, [""; 0]);
    }
}

#[test]
fn a_byte_that_is_changed_late_reaches_no_filter() {
    // Behind the handshake: the tickets, or the data.
    for at in [2000, 2300, 2600, 3000] {
        let world = World::new();
        let harm = Some(Meddling::Flip(at));
        let (pair, proxy) = pair_through(&world, ":filter record", harm, |mut stream| {
            // The peer may be gone before all is said.
            let _sent = (0..100).try_for_each(|_| stream.write_all(&[b'x'; 64]));
            stream.sock.receive_rest();
        });
        world.until("the end", || !pair.client.is_live());
        pair.client.delete();
        pair.server.join();
        proxy.unwrap().finish();
        for line in world.transcript.lines() {
            let text = line.strip_prefix("filter c \"");
            let clean =
                text.is_none_or(|text| text.trim_end_matches('"').chars().all(|it| it == 'x'));
            assert!(clean, "{line}");
        }
    }
}

#[test]
fn a_stream_of_bytes_goes_both_ways_and_ends_in_order() {
    let world = World::new();
    let pair = pair(&world, ":stop t", |mut stream| {
        let mut question = Vec::new();
        stream.read_to_end(&mut question).unwrap();
        stream.write_all(b"answer").unwrap();
        end_session(&mut stream);
        stream.sock.receive_rest();
        question
    });
    let mut stream = pair.client.into_stream().unwrap();
    block_on(async {
        stream.write_all(b"question").await.unwrap();
        stream.close().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "answer");
    });
    drop(stream);
    assert_eq!(pair.server.join(), b"question");
}

#[test]
fn a_stream_of_bytes_that_is_cut_is_an_error() {
    let world = World::new();
    let pair = pair(&world, ":stop t", |mut stream| {
        stream.write_all(b"all that").unwrap();
        stream.sock.finish();
        stream.sock.receive_rest();
    });
    let mut stream = pair.client.into_stream().unwrap();
    block_on(async {
        let mut text = Vec::new();
        let error = stream.read_to_end(&mut text).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(text, b"all that");
        assert_eq!(
            error.to_string(),
            "TLS read with localhost: the connection ended without the end of the TLS session; \
             data may be missing"
        );
    });
    drop(stream);
    pair.server.join();
}

#[test]
fn much_goes_both_ways_at_once_as_a_stream_of_bytes() {
    let world = World::new();
    let pair = pair(&world, ":stop t", |mut stream| {
        let mut buffer = vec![0; 30_000];
        loop {
            match stream.read(&mut buffer).unwrap() {
                0 => break,
                count => stream.write_all(&buffer[..count]).unwrap(),
            }
        }
        end_session(&mut stream);
        stream.sock.receive_rest();
    });
    let (mut reading, mut writing) = futures_lite::io::split(pair.client.into_stream().unwrap());
    let sent = pattern(MUCH / 2);
    let received = block_on(async {
        let write = async {
            writing.write_all(&sent).await.unwrap();
            writing.close().await.unwrap();
        };
        let mut received = Vec::new();
        // Reading to the end at once would clear a long buffer again at each wait.
        let read = async {
            let mut piece = vec![0; 30_000];
            loop {
                match reading.read(&mut piece).await.unwrap() {
                    0 => break,
                    count => received.extend_from_slice(&piece[..count]),
                }
            }
        };
        futures_lite::future::zip(write, read).await;
        received
    });
    assert!(received == sent);
    drop((reading, writing));
    pair.server.join();
}

#[test]
fn a_deletion_with_data_queued_never_looks_like_a_whole_message() {
    let world = World::with(|builder| {
        builder.limits(Limits {
            high_water: 64_000_000,
            ..Limits::default()
        })
    });
    let (deleted, go_on) = std::sync::mpsc::channel();
    let pair = pair(&world, "", move |mut stream| {
        let () = go_on.recv().unwrap();
        let mut all = Vec::new();
        let ended = stream.read_to_end(&mut all);
        (all, ended.is_ok())
    });
    pair.client.send(&pattern(MUCH * 2)).unwrap();
    assert!(pair.client.queued_bytes() > 0);
    pair.client.delete();
    deleted.send(()).unwrap();
    let (all, clean) = pair.server.join();
    assert!(pattern(MUCH * 2).starts_with(&all));
    let lost = MUCH * 2 - all.len();
    assert!(lost > 0, "more fits between the ends than expected");
    assert!(
        !clean,
        "{lost} bytes are missing, and the end says nothing of it"
    );
    let lines = world.transcript.lines();
    assert_eq!(lines, [OPEN, r#"sentinel c "deleted\n" closed"#]);
}

#[test]
fn a_deletion_delivers_what_was_sent_and_ends_the_session() {
    let world = World::new();
    let pair = pair(&world, "", |mut stream| {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).map(|_| all)
    });
    pair.client.send("farewell").unwrap();
    pair.client.delete();
    assert_eq!(pair.server.join().unwrap(), b"farewell");
}

#[test]
fn stopping_holds_back_what_the_session_has_decrypted_already() {
    let world = World::with(|builder| {
        builder.limits(Limits {
            read_size: 100,
            ..Limits::default()
        })
    });
    let pair = pair(&world, ":buffer \"b\"", |mut stream| {
        // One record of many pieces, and nothing follows that could wake the reader.
        stream.write_all(&[b'x'; 10_000]).unwrap();
        stream.sock.receive_rest();
    });
    let buffer = pair.client.buffer().unwrap();
    let count = || buffer.text().as_bytes().len();
    pair.client.stop();
    world.look();
    assert_eq!(count(), 0);
    pair.client.resume();
    world.until("a piece", || count() > 0);
    pair.client.stop();
    world.look();
    let held = count();
    world.look();
    assert_eq!(count(), held);
    assert_eq!(pair.client.status(), Status::Stop);
    pair.client.resume();
    world.until("the rest", || count() == 10_000);
    pair.client.delete();
    pair.server.join();
}

#[test]
fn waiting_for_output_sees_what_the_session_has_decrypted_already() {
    let world = World::with(|builder| {
        builder.limits(Limits {
            read_size: 100,
            ..Limits::default()
        })
    });
    let pair = pair(&world, ":buffer \"b\"", |mut stream| {
        stream.write_all(&[b'x'; 1000]).unwrap();
        stream.sock.receive_rest();
    });
    let buffer = pair.client.buffer().unwrap();
    let count = || buffer.text().as_bytes().len();
    while count() < 1000 {
        let before = count();
        let output = world
            .network
            .accept_output(&pair.client, netproc_tests::PATIENCE)
            .unwrap();
        assert!(output && count() > before, "a wait that ends with output");
    }
    pair.client.delete();
    pair.server.join();
}

#[test]
fn sending_to_a_peer_that_does_not_read_waits_and_stays_bounded() {
    let world = World::with(|builder| {
        builder.limits(Limits {
            read_size: 16 * 1024,
            high_water: 64 * 1024,
            low_water: 16 * 1024,
            ..Limits::default()
        })
    });
    let (full, go_on) = std::sync::mpsc::channel();
    let pair = pair(&world, "", move |mut stream| {
        let () = go_on.recv().unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        all
    });
    let sent = pattern(MUCH);
    let mut told = false;
    for piece in sent.chunks(20_000) {
        if !told && pair.client.queued_bytes() > 20_000 {
            full.send(()).unwrap();
            told = true;
        }
        pair.client.send(piece).unwrap();
        let queued = pair.client.queued_bytes();
        assert!(queued < 64 * 1024, "{queued} bytes in the queue");
    }
    assert!(told, "it was never held up");
    pair.client.send_eof().unwrap();
    assert!(pair.client.bytes_sent() <= MUCH as u64);
    world.until("everything", || pair.client.bytes_sent() == MUCH as u64);
    assert!(pair.server.join() == sent);
}

#[test]
fn an_echo_in_turns_gives_everything_back() {
    let world = World::new();
    let pair = pair(&world, ":filter echo", |mut stream| {
        let sent = pattern(MUCH);
        let mut back = Vec::new();
        for piece in sent.chunks(100_000) {
            stream.write_all(piece).unwrap();
            let mut echo = vec![0; piece.len()];
            stream.read_exact(&mut echo).unwrap();
            back.extend(echo);
        }
        end_session(&mut stream);
        back == sent
    });
    world.until_line(BROKEN);
    assert!(pair.server.join(), "everything in its order");
}

#[test]
fn text_is_decoded_across_records() {
    for (coding, bytes, expected) in [
        (
            "utf-8-unix",
            "žluťoučký kůň\n".as_bytes(),
            "žluťoučký kůň\n",
        ),
        ("utf-8-dos", "a\r\nü\r\n".as_bytes(), "a\nü\n"),
        ("latin-1-unix", &[0x67, 0xfc, 0x6e][..], "gün"),
        ("utf-16le-unix", &[0x61, 0, 0xfc, 0][..], "aü"),
    ] {
        let world = World::new();
        let authority = Authority::new();
        let welcome = Welcome::showing(&authority.leaf("localhost"));
        let server = Scripted::once(move |peer| {
            let mut stream = welcome.accept(peer).unwrap();
            for byte in bytes.chunks(1) {
                stream.write_all(byte).unwrap();
            }
            end_session(&mut stream);
            let mut back = Vec::new();
            stream.read_to_end(&mut back).unwrap();
            back
        });
        let client = world.open(&format!(
            r#"(:name "c" :host "localhost" :service {} :coding {coding} :buffer "b"
                :sentinel record :tls-parameters {})"#,
            server.port(),
            authority.client("localhost")
        ));
        client.send(expected).unwrap();
        world.until("the end", || !client.is_live());
        assert_eq!(client.buffer().unwrap().text(), expected, "{coding}");
        assert_eq!(server.join(), bytes, "{coding}");
    }
}
