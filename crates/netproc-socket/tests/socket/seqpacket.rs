//! Seqpacket connections: records keep their bounds, and empty ones are not the end.

use std::io::{ErrorKind, IoSlice, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use netproc_address::{Kind, NetworkOption};
use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};

use crate::support::{abstract_name, internet, listen, pair, path, read, receive, run, system};

#[test]
fn records_keep_their_bounds() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (client, server) = pair(Kind::SeqPacket, &path(&folder, "records")).await;
        client.try_write(b"one").unwrap();
        let pieces = [IoSlice::new(b"tw"), IoSlice::new(b"o")];
        client.try_write_vectored(&pieces).unwrap();
        for expected in [b"one", b"two"] {
            let (bytes, received) = receive(&server, 100).await.unwrap().unwrap();
            assert_eq!(bytes, expected);
            assert!(!received.truncated);
        }
    });
}

#[test]
fn an_empty_record_is_data_and_the_end_is_the_end() {
    run(async {
        let (client, server) = pair(Kind::SeqPacket, &abstract_name("empty")).await;
        for record in [&b""[..], b"x", b""] {
            client.try_send_to(record, None).unwrap();
        }
        client.shutdown_write().unwrap();
        for expected in [&b""[..], b"x", b""] {
            let (bytes, _) = receive(&server, 100).await.unwrap().expect("a record");
            assert_eq!(bytes, expected);
        }
        assert_eq!(receive(&server, 100).await.unwrap(), None);
        server.try_write(b"half closed").unwrap();
        let (bytes, _) = receive(&client, 100).await.unwrap().expect("a record");
        assert_eq!(bytes, b"half closed");
        drop(client);
        assert_eq!(receive(&server, 100).await.unwrap(), None);
    });
}

#[test]
fn a_record_that_is_cut_says_so() {
    run(async {
        let (client, server) = pair(Kind::SeqPacket, &abstract_name("cut")).await;
        client.try_write(b"much too long").unwrap();
        let (bytes, received) = receive(&server, 4).await.unwrap().unwrap();
        assert_eq!(bytes, b"much");
        assert!(received.truncated);
    });
}

#[test]
fn a_record_too_large_is_refused_and_the_connection_lives() {
    run(async {
        let (client, server) = pair(Kind::SeqPacket, &abstract_name("large")).await;
        let error = client.try_write(&vec![0; 8 << 20]).unwrap_err();
        assert_eq!(netproc_socket::bare_text(&error), "Message too long");
        client.try_write(b"fits").unwrap();
        assert_eq!(read(&server).await.unwrap(), b"fits");
    });
}

#[test]
fn descriptors_that_a_peer_sends_are_not_taken() {
    run(async {
        let (client, server) = pair(Kind::SeqPacket, &abstract_name("rights")).await;
        let (kept, sent) = UnixStream::pair().unwrap();
        let numbers = [std::os::fd::AsRawFd::as_raw_fd(&sent)];
        let rights = [ControlMessage::ScmRights(&numbers)];
        let bytes = [IoSlice::new(b"have this")];
        let to = std::os::fd::AsRawFd::as_raw_fd(&client.descriptor().unwrap().as_fd());
        sendmsg::<()>(to, &bytes, &rights, MsgFlags::empty(), None).unwrap();
        drop(sent);
        let (bytes, _) = receive(&server, 100).await.unwrap().unwrap();
        assert_eq!(bytes, b"have this");
        // Nobody holds the other end any more.
        let error = (&kept).write(b"x").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn the_internet_has_no_records() {
    let options = netproc_socket::BindOptions::default();
    let error = system()
        .listen(Kind::SeqPacket, &internet("127.0.0.1:0"), 5, &options)
        .unwrap_err();
    assert_eq!(error.step(), &netproc_socket::Step::Socket);
    assert_eq!(error.cause().text(), "Socket type not supported");
}

#[test]
fn options_of_seqpacket_listeners_can_be_set() {
    let server = listen(Kind::SeqPacket, &abstract_name("options"));
    server.set_option(&NetworkOption::KeepAlive(true)).unwrap();
}
