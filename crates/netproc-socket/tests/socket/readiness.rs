//! No change of a socket goes unseen: whoever waits, on whichever thread, while others come and go.

use std::future::poll_fn;
use std::io::{ErrorKind, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use std::{io, sync, thread};

use futures_lite::future::{or, zip};
use netproc_address::Kind;
use netproc_socket::{Socket, block_on, block_on_watching};

use crate::support::{abstract_name, internet, pair};

/// How long anything here may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs a future with a limit by the executor that is given.
macro_rules! limited {
    ($block_on:expr, $future:expr) => {
        $block_on(or(async { Some($future.await) }, async {
            async_io::Timer::after(LIMIT).await;
            None
        }))
        .expect("the test took too long")
    };
}

/// Reads as a driver does that takes a short read for the last: it waits before the next.
async fn read_some(socket: &Socket, buffer: &mut [u8], ready: &mut bool) -> io::Result<usize> {
    let mut bytes = Vec::with_capacity(buffer.len());
    loop {
        if !*ready {
            poll_fn(|cx| socket.poll_readable(cx)).await?;
        }
        match socket.try_read_to(&mut bytes) {
            Ok(count) => {
                buffer[..count].copy_from_slice(&bytes);
                *ready = bytes.len() == bytes.capacity();
                return Ok(count);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => *ready = false,
            Err(error) => return Err(error),
        }
    }
}

/// Writes all of it, and waits only when nothing more is taken.
async fn write_all(socket: &Socket, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match socket.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                poll_fn(|cx| socket.poll_writable(cx)).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Echoes until the end, and ends in turn.
async fn echo(socket: Socket) -> io::Result<()> {
    let (mut buffer, mut ready) = (vec![0; 4096], false);
    loop {
        let count = read_some(&socket, &mut buffer, &mut ready).await?;
        if count == 0 {
            return socket.shutdown_write();
        }
        write_all(&socket, &buffer[..count]).await?;
    }
}

/// Sends messages of many lengths, each after the echo of the one before, then a long one, and
/// reads to the end.
async fn converse(socket: Socket, rounds: usize) -> io::Result<()> {
    let (mut buffer, mut ready) = (vec![0; 5000], false);
    for round in 0..rounds {
        let message = vec![b'x'; 1 + fastrand::usize(..if round % 8 == 0 { 20_000 } else { 100 })];
        let (mut left, sending) = (message.len(), write_all(&socket, &message));
        let receiving = async {
            while left > 0 {
                left -= match read_some(&socket, &mut buffer, &mut ready).await? {
                    0 => return Err(ErrorKind::UnexpectedEof.into()),
                    count => count,
                };
            }
            Ok(())
        };
        let (sent, received) = zip(sending, receiving).await;
        sent.and(received)?;
    }
    socket.shutdown_write()?;
    match read_some(&socket, &mut buffer, &mut ready).await? {
        0 => Ok(()),
        _ => Err(ErrorKind::InvalidData.into()),
    }
}

fn pairs(kind: &str, count: usize) -> Vec<(Socket, Socket)> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let tcp = internet("127.0.0.1:0");
    let pair_of = |_| {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let local = abstract_name(&format!("readiness-{number}"));
        let address = if kind == "tcp" { &tcp } else { &local };
        async_io::block_on(pair(Kind::Stream, address))
    };
    (0..count).map(pair_of).collect()
}

/// Some threads wait at the set, one by `async-io`; both ends of each conversation are on others.
fn conversations_on_all_threads(kind: &str) {
    let (done, all_done) = mpsc::channel();
    let mut ends: Vec<Vec<_>> = (0..4).map(|_| Vec::new()).collect();
    for (number, (client, server)) in pairs(kind, 12).into_iter().enumerate() {
        ends[number % 4].push((client, true));
        ends[(number + 1) % 4].push((server, false));
    }
    for (thread, ends) in ends.into_iter().enumerate() {
        let done = done.clone();
        thread::spawn(move || {
            let all = async {
                let executor = async_executor::LocalExecutor::new();
                let tasks: Vec<_> = ends
                    .into_iter()
                    .map(|(socket, is_client)| {
                        executor.spawn(async move {
                            if is_client {
                                converse(socket, 150).await
                            } else {
                                echo(socket).await
                            }
                        })
                    })
                    .collect();
                executor
                    .run(async {
                        for task in tasks {
                            task.await?;
                        }
                        Ok::<(), io::Error>(())
                    })
                    .await
            };
            let outcome = match thread {
                0 | 1 => limited!(block_on, all),
                2 => limited!(block_on_watching, all),
                _ => limited!(async_io::block_on, all),
            };
            done.send(outcome).expect("the test waits");
        });
    }
    for _ in 0..4 {
        let outcome = all_done.recv_timeout(LIMIT * 2).expect("every thread ends");
        outcome.expect("no conversation fails");
    }
}

#[test]
fn tcp_conversations_on_all_threads_come_to_their_ends() {
    conversations_on_all_threads("tcp");
}

#[test]
fn local_conversations_on_all_threads_come_to_their_ends() {
    conversations_on_all_threads("local");
}

#[test]
fn threads_that_wait_for_one_message_each_time_miss_none() {
    for (client, server) in pairs("tcp", 2) {
        let serving = thread::spawn(move || limited!(async_io::block_on, echo(server)));
        let (mut buffer, mut ready) = ([0; 64], false);
        for _ in 0..500 {
            client.try_write(b"hello").expect("room");
            let read = async { read_some(&client, &mut buffer, &mut ready).await };
            assert_eq!(limited!(block_on, read).expect("an echo"), 5);
        }
        client.shutdown_write().expect("an open socket");
        serving.join().expect("no panic").expect("an end");
    }
}

#[test]
fn an_end_that_comes_with_the_last_bytes_is_seen() {
    for kind in ["tcp", "local"] {
        for (client, server) in pairs(kind, 200) {
            limited!(block_on, async {
                let (mut buffer, mut ready) = ([0; 64], false);
                let ending = async {
                    futures_lite::future::yield_now().await;
                    client.try_write(b"bye").expect("room");
                    drop(client);
                };
                let reading = read_some(&server, &mut buffer, &mut ready);
                let ((), count) = zip(ending, reading).await;
                assert_eq!(count.expect("a read"), 3);
                let end = read_some(&server, &mut buffer, &mut ready).await;
                assert_eq!(end.expect("an end"), 0);
            });
        }
    }
}

#[test]
fn bytes_behind_an_urgent_one_are_seen() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").into();
    let client = limited!(block_on, crate::support::connect(Kind::Stream, &address));
    let (peer, _) = listener.accept().expect("a client");
    let peer = socket2::Socket::from(peer);
    let (mut buffer, mut ready) = ([0; 64], false);
    limited!(block_on, async {
        let mut seen = Vec::new();
        for _ in 0..20 {
            peer.send(b"before").expect("room");
            peer.send_out_of_band(b"!").expect("room");
            peer.send(b"after").expect("room");
            seen.clear();
            // The urgent byte is not in the stream, but reads stop where it was.
            while seen != b"beforeafter" {
                let count = read_some(&client, &mut buffer, &mut ready).await;
                seen.extend_from_slice(&buffer[..count.expect("a read")]);
            }
        }
    });
}

#[test]
fn bytes_behind_a_descriptor_are_seen() {
    let listener_name = abstract_name("readiness-descriptor");
    let listener = crate::support::listen(Kind::Stream, &listener_name);
    let client = limited!(
        block_on,
        crate::support::connect(Kind::Stream, &listener_name)
    );
    let (accepted, _) = limited!(block_on, crate::support::accept(&listener)).expect("a client");
    let peer = UnixStream::from(
        accepted
            .descriptor()
            .expect("a system socket")
            .try_clone_to_owned()
            .expect("a descriptor"),
    );
    let (mut buffer, mut ready) = ([0; 64], false);
    limited!(block_on, async {
        // The first wait is over before the bytes come, so that they come as one change.
        let _nothing = client.try_read(&mut buffer);
        let waiting = or(
            async {
                poll_fn(|cx| client.poll_readable(cx))
                    .await
                    .expect("a wait");
            },
            futures_lite::future::yield_now(),
        );
        waiting.await;
        send_with_descriptor(&peer, b"first");
        (&peer).write_all(b"second").expect("room");
        let mut seen = Vec::new();
        while seen != b"firstsecond" {
            let count = read_some(&client, &mut buffer, &mut ready).await;
            seen.extend_from_slice(&buffer[..count.expect("a read")]);
        }
    });
}

fn send_with_descriptor(socket: &UnixStream, bytes: &[u8]) {
    use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
    use std::os::fd::AsFd;
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let descriptors = [socket.as_fd()];
    assert!(control.push(SendAncillaryMessage::ScmRights(&descriptors)));
    let slices = [io::IoSlice::new(bytes)];
    sendmsg(socket, &slices, &mut control, SendFlags::empty()).expect("room");
}

#[test]
fn sockets_that_come_and_go_disturb_no_other() {
    let (client, server) = pairs("tcp", 1).remove(0);
    let stop = sync::Arc::new(AtomicBool::new(false));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let coming_and_going = {
        let stop = sync::Arc::clone(&stop);
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let other = limited!(
                    block_on,
                    crate::support::connect(Kind::Stream, &address.into())
                );
                let (mut peer, _) = listener.accept().expect("a client");
                let mut cx = Context::from_waker(Waker::noop());
                let _unknown = other.poll_readable(&mut cx);
                peer.write_all(b"too late").expect("room");
                drop(other);
            }
        })
    };
    let serving = thread::spawn(move || limited!(async_io::block_on, echo(server)));
    limited!(block_on, converse(client, 300)).expect("a conversation");
    stop.store(true, Ordering::Relaxed);
    coming_and_going.join().expect("no panic");
    serving.join().expect("no panic").expect("an end");
}

/// Has a thread come to wait for sockets, be woken, and then be busy until it is let go.
fn with_a_busy_thread(test: impl FnOnce()) {
    let (busy, is_busy) = mpsc::channel();
    let (let_go, go) = mpsc::channel::<()>();
    let (client, server) = pairs("tcp", 1).remove(0);
    let thread = thread::spawn(move || {
        limited!(block_on, async {
            let mut buffer = [0; 8];
            let read = read_some(&server, &mut buffer, &mut false).await;
            read.expect("a read");
            busy.send(()).expect("the test waits");
            let _let_go = go.recv_timeout(LIMIT);
        });
    });
    client.try_write(b"work").expect("room");
    is_busy.recv_timeout(LIMIT).expect("a busy thread");
    test();
    drop(let_go);
    thread.join().expect("no panic");
}

#[test]
fn a_thread_that_is_busy_holds_no_other_up() {
    let (client, server) = pairs("tcp", 1).remove(0);
    let serving = thread::spawn(move || limited!(block_on, echo(server)));
    with_a_busy_thread(|| limited!(async_io::block_on, converse(client, 20)).expect("no error"));
    serving.join().expect("no panic").expect("an end");
}

#[test]
fn who_waits_under_another_executor_is_woken_when_the_last_thread_has_gone() {
    /// Unparks a thread.
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let (client, server) = pairs("tcp", 1).remove(0);
    for _ in 0..50 {
        let waker = Waker::from(sync::Arc::new(Unpark(thread::current())));
        let mut cx = Context::from_waker(&waker);
        let mut buffer = [0; 8];
        let nothing = server.try_read(&mut buffer).expect_err("nothing is there");
        assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
        assert!(server.poll_readable(&mut cx).is_pending());
        // Somebody comes for a moment and is gone.
        limited!(block_on, futures_lite::future::yield_now());
        client.try_write(b"x").expect("room");
        let begun = std::time::Instant::now();
        while server.poll_readable(&mut cx).is_pending() {
            assert!(begun.elapsed() < LIMIT, "nobody was woken");
            thread::park_timeout(LIMIT);
        }
        assert_eq!(server.try_read(&mut buffer).expect("a byte"), 1);
    }
}

#[test]
fn a_waker_that_panics_harms_no_other() {
    /// Panics.
    struct Bad;
    impl Wake for Bad {
        fn wake(self: sync::Arc<Self>) {
            panic!("this panic belongs to a test");
        }
    }
    let mut both = pairs("tcp", 2);
    let ((first, second), (third, fourth)) = (both.remove(0), both.remove(0));
    let bad = Waker::from(sync::Arc::new(Bad));
    let mut buffer = [0; 8];
    assert!(second.try_read(&mut buffer).is_err());
    assert!(matches!(
        second.poll_readable(&mut Context::from_waker(&bad)),
        Poll::Pending
    ));
    first.try_write(b"x").expect("room");
    third.try_write(b"y").expect("room");
    let read = limited!(block_on, async {
        read_some(&fourth, &mut buffer, &mut false).await
    });
    assert_eq!(read.expect("a byte"), 1);
}

#[test]
fn word_for_a_thread_that_waits_is_not_taken_by_those_who_look() {
    let (ping, pinged) = async_channel::bounded::<()>(1);
    let (pong, ponged) = async_channel::bounded::<()>(1);
    let stop = sync::Arc::new(AtomicBool::new(false));
    let looking = {
        let stop = sync::Arc::clone(&stop);
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                block_on(futures_lite::future::yield_now());
            }
        })
    };
    let answering = thread::spawn(move || {
        limited!(block_on, async {
            while pinged.recv().await.is_ok() {
                pong.send(()).await.expect("the test waits");
            }
        });
    });
    for _ in 0..2000 {
        ping.send_blocking(()).expect("the thread waits");
        limited!(async_io::block_on, ponged.recv()).expect("an answer");
    }
    drop(ping);
    stop.store(true, Ordering::Relaxed);
    answering.join().expect("no panic");
    looking.join().expect("no panic");
}
