//! Messages that are received together: the same ones as one by one, in the same order.

use std::io::ErrorKind;
use std::net::UdpSocket;

use netproc_address::{Address, Kind};
use netproc_socket::{Backend, Batch, BindOptions, MemoryNetwork, Socket};
use nix::sys::socket::{setsockopt, sockopt::UdpGsoSegment};

use crate::support::{abstract_name, again, internet, pair, path, run, system};

/// A message with its sender.
type Heard = (Vec<u8>, Option<Address>);

fn server(backend: &Backend, address: &Address) -> Socket {
    backend
        .bind_datagram(address, &BindOptions::default())
        .expect("a free address")
}

fn take(batch: &mut Batch) -> Vec<Heard> {
    let mut heard = Vec::new();
    while let Some(message) = batch.next_message() {
        assert!(!message.truncated);
        heard.push((message.bytes.to_vec(), message.from));
    }
    heard
}

/// Receives so many messages, however many calls that takes.
async fn receive(socket: &Socket, count: usize) -> Vec<Heard> {
    let (mut batch, mut heard) = (Batch::new(), Vec::new());
    while heard.len() < count {
        let received = again(
            || socket.try_receive_batch(&mut batch, Batch::MOST),
            || socket.readable(),
        );
        received.await.expect("messages");
        heard.append(&mut take(&mut batch));
    }
    heard
}

#[test]
fn datagrams_come_in_order_each_with_its_sender() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Backend::memory(&MemoryNetwork::new(1));
    for (backend, at, first, second) in [
        (system(), "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"),
        (memory, "192.0.2.1:7", "192.0.2.2:7", "192.0.2.3:7"),
        (system(), "s", "a-longer-name", "c"),
    ] {
        let address = |text: &str| {
            if text.contains(':') {
                internet(text)
            } else {
                path(&folder, text)
            }
        };
        let server = server(&backend, &address(at));
        let to = server.local_address().unwrap();
        let senders = [first, second].map(|name| self::server(&backend, &address(name)));
        let mut expected = Vec::new();
        for number in 0..5 {
            let sender = &senders[number % 2];
            // The third one is empty, which is data.
            let bytes = vec![b'x'; (number + 3) % 5];
            sender.try_send_to(&bytes, Some(&to)).unwrap();
            expected.push((bytes, Some(sender.local_address().unwrap())));
        }
        assert_eq!(run(receive(&server, 5)), expected);
        let nothing = server.try_receive_batch(&mut Batch::new(), Batch::MOST);
        assert_eq!(nothing.unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

#[test]
fn what_comes_after_a_short_batch_is_waited_for() {
    run(async {
        for address in [internet("127.0.0.1:0"), abstract_name("short-batch")] {
            let server = server(&system(), &address);
            let to = server.local_address().unwrap();
            let client = system().open_datagram(address.family(), &[]).unwrap();
            let sending = async {
                for number in 0..1000_u16 {
                    let bytes = number.to_be_bytes();
                    let send = || client.try_send_to(&bytes, Some(&to));
                    again(send, || client.writable()).await.expect("a receiver");
                    if number % 3 == 0 {
                        futures_lite::future::yield_now().await;
                    }
                }
            };
            let (heard, ()) = futures_lite::future::zip(receive(&server, 1000), sending).await;
            let numbers = heard.iter().map(|(bytes, _)| bytes.as_slice());
            assert!(numbers.eq((0..1000_u16).map(u16::to_be_bytes)));
        }
    });
}

#[test]
fn records_come_before_the_end_and_empty_ones_are_data() {
    run(async {
        let (client, server) = pair(Kind::SeqPacket, &abstract_name("batch")).await;
        for record in [&b""[..], b"one", b""] {
            client.try_write(record).unwrap();
        }
        client.shutdown_write().unwrap();
        let heard = receive(&server, 3).await;
        let records: Vec<_> = heard.iter().map(|(bytes, _)| bytes.as_slice()).collect();
        assert_eq!(records, [&b""[..], b"one", b""]);
        let mut batch = Batch::new();
        assert!(server.try_receive_batch(&mut batch, Batch::MOST).unwrap());
        assert!(batch.is_empty() && batch.has_ended());
    });
}

/// Has the kernel cut what is sent into datagrams of 64 bytes; false where it cannot.
fn cuts_datagrams(sender: &UdpSocket) -> bool {
    let cuts = setsockopt(sender, UdpGsoSegment, &64).is_ok();
    if !cuts {
        eprintln!("this kernel cuts no datagrams; their joining is not tested");
    }
    cuts
}

#[test]
fn joined_datagrams_are_taken_apart() {
    const AT_ONCE: usize = 40;
    let server = server(&system(), &internet("127.0.0.1:0"));
    server.join_datagrams();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let from = Address::from(sender.local_addr().unwrap());
    sender.connect(socket_address(&server)).unwrap();
    if !cuts_datagrams(&sender) {
        return;
    }
    // The last one is shorter than the others.
    let message: Vec<u8> = (0..=u8::MAX).cycle().take(64 * AT_ONCE - 7).collect();
    let expected: Vec<Heard> = message
        .chunks(64)
        .map(|datagram| (datagram.to_vec(), Some(from.clone())))
        .collect();
    // The first ones come one by one, and bring the server to have the others joined.
    for round in 0..3 {
        sender.send(&message).unwrap();
        assert_eq!(run(receive(&server, AT_ONCE)), expected, "{round}");
    }
    sender.send(&message).unwrap();
    let mut batch = Batch::new();
    server.try_receive_batch(&mut batch, Batch::MOST).unwrap();
    let at_once = if cfg!(feature = "portable") {
        1
    } else {
        AT_ONCE
    };
    assert_eq!(take(&mut batch).len(), at_once);
}

fn socket_address(socket: &Socket) -> std::net::SocketAddr {
    let port = socket.local_address().unwrap().port().expect("a port");
    (std::net::Ipv4Addr::LOCALHOST, port).into()
}

#[test]
fn where_datagrams_may_be_joined_they_are_not_received_singly() {
    let server = server(&system(), &internet("127.0.0.1:0"));
    server.join_datagrams();
    let error = server.try_receive(&mut [0; 9]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let error = server.try_read(&mut [0; 9]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn streams_have_no_messages() {
    run(async {
        let (client, _server) = pair(Kind::Stream, &abstract_name("no-messages")).await;
        let refused = client.try_receive_batch(&mut Batch::new(), Batch::MOST);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unsupported);
    });
}
