//! Streams over loopback and local paths.

use std::future::poll_fn;
use std::io::{ErrorKind, IoSlice};
use std::os::fd::AsRawFd;

use netproc_address::{Family, Kind, NetworkOption};

use crate::support::{
    abstract_name, accept, connect, has_ipv6, internet, listen, pair, path, read, run,
};

#[test]
fn bytes_go_both_ways_over_every_family() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let mut addresses = vec![
            internet("127.0.0.1:0"),
            path(&folder, "stream"),
            abstract_name("stream"),
        ];
        if has_ipv6() {
            addresses.push(internet("[::1]:0"));
        }
        for address in addresses {
            let (client, server) = pair(Kind::Stream, &address).await;
            assert_eq!(client.try_write(b"to the server").unwrap(), 13);
            assert_eq!(read(&server).await.unwrap(), b"to the server");
            assert_eq!(server.try_write(b"and back").unwrap(), 8);
            assert_eq!(read(&client).await.unwrap(), b"and back");
            assert_eq!(client.family().unwrap(), address.family());
            assert_eq!(client.kind(), Kind::Stream);
        }
    });
}

#[test]
fn addresses_of_both_ends_agree() {
    run(async {
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let here = server.local_address().unwrap();
        assert_ne!(here.port(), Some(0));
        let client = connect(Kind::Stream, &here).await;
        let (accepted, peer) = accept(&server).await.unwrap();
        assert_eq!(peer, client.local_address().unwrap());
        assert_eq!(client.peer_address().unwrap(), here);
        assert_eq!(accepted.local_address().unwrap(), here);
        assert_eq!(
            server.peer_address().unwrap_err().kind(),
            ErrorKind::NotConnected
        );
    });
}

#[test]
fn half_close_ends_one_direction_only() {
    run(async {
        let (client, server) = pair(Kind::Stream, &internet("127.0.0.1:0")).await;
        client.try_write(b"last words").unwrap();
        client.shutdown_write().unwrap();
        assert_eq!(read(&server).await.unwrap(), b"last words");
        assert_eq!(read(&server).await.unwrap(), b"");
        server.try_write(b"still here").unwrap();
        assert_eq!(read(&client).await.unwrap(), b"still here");
    });
}

#[test]
fn a_full_socket_would_block_until_the_peer_reads() {
    run(async {
        let (client, server) = pair(Kind::Stream, &abstract_name("full")).await;
        let block = vec![7; 65536];
        let mut sent = 0;
        let refusal = loop {
            match client.try_write(&block) {
                Ok(length) => sent += length,
                Err(error) => break error,
            }
        };
        assert_eq!(refusal.kind(), ErrorKind::WouldBlock);
        let mut seen = 0;
        while seen < sent {
            seen += read(&server).await.unwrap().len();
        }
        poll_fn(|cx| client.poll_writable(cx)).await.unwrap();
        assert!(client.try_write(b"more").is_ok());
    });
}

#[test]
fn several_pieces_are_written_in_one_call() {
    run(async {
        let (client, server) = pair(Kind::Stream, &internet("127.0.0.1:0")).await;
        let pieces = [IoSlice::new(b"one "), IoSlice::new(b"and two")];
        assert_eq!(client.try_write_vectored(&pieces).unwrap(), 11);
        assert_eq!(read(&server).await.unwrap(), b"one and two");
    });
}

#[test]
fn writing_to_a_closed_peer_is_an_error_and_no_signal() {
    run(async {
        let (client, server) = pair(Kind::Stream, &abstract_name("broken")).await;
        drop(server);
        let error = client.try_write(b"anyone?").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn linger_zero_resets_the_connection() {
    run(async {
        let (client, server) = pair(Kind::Stream, &internet("127.0.0.1:0")).await;
        server.set_option(&NetworkOption::Linger(Some(0))).unwrap();
        drop(server);
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn nothing_to_do_would_block() {
    run(async {
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        assert_eq!(
            server.try_accept().unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
        let client = connect(Kind::Stream, &server.local_address().unwrap()).await;
        let mut buffer = [0; 4];
        assert_eq!(
            client.try_read(&mut buffer).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
    });
}

#[test]
fn sockets_are_non_blocking_and_close_on_exec_from_birth() {
    run(async {
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let client = connect(Kind::Stream, &server.local_address().unwrap()).await;
        let (accepted, _) = accept(&server).await.unwrap();
        for socket in [&server, &client, &accepted] {
            let number = socket.descriptor().unwrap().as_raw_fd();
            let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap();
            let flags = info
                .lines()
                .find_map(|line| line.strip_prefix("flags:"))
                .unwrap();
            let flags = i32::from_str_radix(flags.trim(), 8).unwrap();
            assert_eq!(
                flags & (libc::O_NONBLOCK | libc::O_CLOEXEC),
                libc::O_NONBLOCK | libc::O_CLOEXEC
            );
        }
    });
}

#[test]
fn any_number_may_wait_on_one_socket() {
    run(async {
        let (client, server) = pair(Kind::Stream, &internet("127.0.0.1:0")).await;
        let write = async {
            futures_lite::future::yield_now().await;
            client.try_write(b"x").map(|_| ())
        };
        let both = futures_lite::future::zip(server.readable(), server.readable());
        let ((first, second), written) = futures_lite::future::zip(both, write).await;
        first.and(second).and(written).unwrap();
    });
}

#[test]
fn the_wildcard_of_ipv6_takes_ipv4_clients_too() {
    if !has_ipv6() {
        return;
    }
    run(async {
        let server = listen(Kind::Stream, &internet("[::]:0"));
        let port = server.local_address().unwrap().port().unwrap();
        let client = connect(Kind::Stream, &internet("127.0.0.1:0").with_port(port)).await;
        let (_, peer) = accept(&server).await.unwrap();
        assert_eq!(client.family().unwrap(), Family::Ipv4);
        assert!(peer.to_string().starts_with("[::ffff:127.0.0.1]"));
    });
}

#[test]
fn an_urgent_byte_is_dropped_unless_asked_for_in_line() {
    run(async {
        for (inline, expected) in [(false, &b"ab"[..]), (true, b"a!b")] {
            let (client, server) = pair(Kind::Stream, &internet("127.0.0.1:0")).await;
            server
                .set_option(&NetworkOption::OobInline(inline))
                .unwrap();
            client.try_write(b"a").unwrap();
            let raw = client.descriptor().unwrap();
            socket2::SockRef::from(&raw).send_out_of_band(b"!").unwrap();
            client.try_write(b"b").unwrap();
            client.shutdown_write().unwrap();
            let mut seen = Vec::new();
            loop {
                match read(&server).await.unwrap() {
                    bytes if bytes.is_empty() => break,
                    bytes => seen.extend(bytes),
                }
            }
            assert_eq!(seen, expected);
        }
    });
}

#[test]
fn a_socket_that_never_waited_is_small() {
    assert!(size_of::<netproc_socket::Socket>() <= 48);
}
