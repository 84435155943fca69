//! Datagram sockets: unconnected clients, servers that answer, empty and cut datagrams.

use netproc_address::{Address, Family, Kind, LocalName, NetworkOption, OptionName};
use netproc_socket::{BindOptions, Socket};

use crate::support::{abstract_name, connect, internet, path, receive, run, system};

fn server(address: &Address) -> Socket {
    system()
        .bind_datagram(address, &BindOptions::default())
        .unwrap()
}

#[test]
fn a_server_answers_whoever_sent() {
    run(async {
        let server = server(&internet("127.0.0.1:0"));
        let client = system().open_datagram(Family::Ipv4, &[]).unwrap();
        assert_eq!(client.local_address().unwrap(), internet("0.0.0.0:0"));
        let to = server.local_address().unwrap();
        client.try_send_to(b"question", Some(&to)).unwrap();
        let (bytes, received) = receive(&server, 100).await.unwrap().unwrap();
        assert_eq!(bytes, b"question");
        let from = received.from.expect("an address to answer to");
        assert_eq!(from.port(), client.local_address().unwrap().port());
        server.try_send_to(b"answer", Some(&from)).unwrap();
        let (bytes, received) = receive(&client, 100).await.unwrap().unwrap();
        assert_eq!(
            (bytes.as_slice(), received.from),
            (&b"answer"[..], Some(to))
        );
    });
}

#[test]
fn an_empty_datagram_is_data() {
    run(async {
        for address in [internet("127.0.0.1:0"), abstract_name("empty-datagram")] {
            let server = server(&address);
            let client = system().open_datagram(address.family(), &[]).unwrap();
            client
                .try_send_to(b"", Some(&server.local_address().unwrap()))
                .unwrap();
            let (bytes, _) = receive(&server, 100).await.unwrap().expect("a datagram");
            assert!(bytes.is_empty());
        }
    });
}

#[test]
fn a_datagram_longer_than_the_buffer_is_cut_and_says_so() {
    run(async {
        let server = server(&internet("127.0.0.1:0"));
        let client = system().open_datagram(Family::Ipv4, &[]).unwrap();
        client
            .try_send_to(b"0123456789", Some(&server.local_address().unwrap()))
            .unwrap();
        let (bytes, received) = receive(&server, 4).await.unwrap().unwrap();
        assert_eq!(bytes, b"0123");
        assert!(received.truncated);
    });
}

#[test]
fn the_largest_udp_datagram_is_carried_and_one_more_byte_is_not() {
    run(async {
        let server = server(&internet("127.0.0.1:0"));
        let client = system().open_datagram(Family::Ipv4, &[]).unwrap();
        let to = server.local_address().unwrap();
        client.try_send_to(&vec![1; 65507], Some(&to)).unwrap();
        let (bytes, received) = receive(&server, 65536).await.unwrap().unwrap();
        assert_eq!((bytes.len(), received.truncated), (65507, false));
        let error = client.try_send_to(&vec![1; 65508], Some(&to)).unwrap_err();
        assert_eq!(netproc_socket::bare_text(&error), "Message too long");
    });
}

#[test]
fn a_local_sender_without_a_name_has_no_address() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let address = path(&folder, "server");
        let server = server(&address);
        let client = system().open_datagram(Family::Local, &[]).unwrap();
        client.try_send_to(b"who am I", Some(&address)).unwrap();
        let (_, received) = receive(&server, 100).await.unwrap().unwrap();
        assert_eq!(received.from, None);
        let named = path(&folder, "client");
        let client = system()
            .bind_datagram(&named, &BindOptions::default())
            .unwrap();
        client.try_send_to(b"I am", Some(&address)).unwrap();
        let (_, received) = receive(&server, 100).await.unwrap().unwrap();
        assert_eq!(received.from, Some(named));
    });
}

#[test]
fn sending_to_a_missing_local_name_names_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    let client = system().open_datagram(Family::Local, &[]).unwrap();
    let to = path(&folder, "missing");
    let error = client.try_send_to(b"x", Some(&to)).unwrap_err();
    assert_eq!(
        netproc_socket::bare_text(&error),
        "No such file or directory"
    );
    drop(server(&to));
    let error = client.try_send_to(b"x", Some(&to)).unwrap_err();
    assert_eq!(netproc_socket::bare_text(&error), "Connection refused");
}

#[test]
fn sending_without_a_destination_is_an_error() {
    let client = system().open_datagram(Family::Ipv4, &[]).unwrap();
    let error = client.try_send_to(b"x", None).unwrap_err();
    assert_eq!(
        netproc_socket::bare_text(&error),
        "Destination address required"
    );
}

#[test]
fn a_connected_datagram_socket_learns_that_nobody_listens() {
    run(async {
        let gone = server(&internet("127.0.0.1:0")).local_address().unwrap();
        let client = connect(Kind::Datagram, &gone).await;
        client.try_write(b"x").unwrap();
        let error = receive(&client, 10).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    });
}

#[test]
fn options_are_applied_to_clients_too() {
    let options = [NetworkOption::Broadcast(true), NetworkOption::Priority(4)];
    let client = system().open_datagram(Family::Ipv4, &options).unwrap();
    assert_eq!(client.option(OptionName::Broadcast).unwrap(), options[0]);
    assert_eq!(client.option(OptionName::Priority).unwrap(), options[1]);
}

#[test]
fn a_local_server_bound_to_no_name_is_given_an_abstract_one() {
    let server = server(&Address::Local(LocalName::Unnamed));
    assert!(matches!(
        server.local_address().unwrap(),
        Address::Local(LocalName::Abstract(name)) if name.len() == 5
    ));
}

#[test]
fn a_full_local_receiver_is_waited_for() {
    run(async {
        let address = abstract_name("full-receiver");
        let server = server(&address);
        let client = system().open_datagram(Family::Local, &[]).unwrap();
        let mut sent = 0_usize;
        while client.try_send_to(b"x", Some(&address)).is_ok() {
            sent += 1;
        }
        let send = async {
            let call = || client.try_send_to(b"last", Some(&address));
            crate::support::again(call, || client.writable())
                .await
                .unwrap()
        };
        let drain = async {
            for _ in 0..sent {
                receive(&server, 9).await.unwrap();
            }
            receive(&server, 9).await.unwrap().expect("a datagram").0
        };
        let (length, last) = futures_lite::future::zip(send, drain).await;
        assert_eq!((length, last.as_slice()), (4, &b"last"[..]));
    });
}
