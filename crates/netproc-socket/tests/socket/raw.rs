//! Addresses given as raw bytes of a family.

use netproc_address::{Address, Kind};
use netproc_socket::{BindOptions, Step};

use crate::support::{connect, internet, listen, run, system};

#[test]
fn the_raw_bytes_of_a_known_family_are_that_address() {
    run(async {
        let server = listen(
            Kind::Stream,
            &Address::raw(2, &[0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap(),
        );
        let here = server.local_address().unwrap();
        assert_eq!(here.ip(), internet("127.0.0.1:0").ip());
        let client = connect(Kind::Stream, &here).await;
        assert_eq!(client.peer_address().unwrap(), here);
    });
}

#[test]
fn a_netlink_socket_is_bound_by_its_raw_address() {
    // AF_NETLINK: two bytes of padding, port id, groups.
    let address = Address::raw(16, &[0; 10]).unwrap();
    let socket = system()
        .bind_datagram(&address, &BindOptions::default())
        .unwrap();
    let bound = socket.local_address().unwrap();
    assert_eq!(bound.family().number(), 16);
    assert_ne!(bound, address, "the kernel gave it a port id");
}

#[test]
fn an_unknown_family_is_refused_by_the_system() {
    let address = Address::raw(0x7f, &[0; 14]).unwrap();
    let error = system()
        .listen(Kind::Stream, &address, 5, &BindOptions::default())
        .unwrap_err();
    assert_eq!(error.step(), &Step::Socket);
    assert_eq!(
        error.cause().text(),
        "Address family not supported by protocol"
    );
}

#[test]
fn an_address_too_short_for_its_family_is_refused_by_the_system() {
    let address = Address::raw(2, &[0, 0]).unwrap();
    let error = system()
        .listen(Kind::Stream, &address, 5, &BindOptions::default())
        .unwrap_err();
    assert_eq!(
        (error.step(), error.cause().text().as_str()),
        (&Step::Bind, "Invalid argument")
    );
}
