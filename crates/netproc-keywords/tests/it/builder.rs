//! The builder writes the list that it stands for, and nothing else.

use std::net::SocketAddr;

use netproc_address::{Address, Family, Kind, NetworkOption};
use netproc_keywords::{BufferSetting, Spec};
use netproc_lisp::{Opaque, Value, read};

use crate::spec;

#[test]
fn every_setter_of_a_client_is_its_keyword() {
    let built = Spec::client("c")
        .host("localhost")
        .service("https")
        .family(Family::Ipv6)
        .kind(Kind::Stream)
        .nowait(true)
        .buffer("*c*")
        .coding_pair(Some("utf-8"), None)
        .noquery(true)
        .filter_value(Value::t())
        .filter_multibyte(false)
        .sentinel_value(Value::symbol("s"))
        .stopped(true)
        .plist(Value::list([1, 2]))
        .tls_parameters(read("(gnutls-x509pki :hostname \"localhost\")").unwrap())
        .option(NetworkOption::Linger(Some(5)))
        .keyword(":mine", 7)
        .build()
        .unwrap();
    let read = spec(
        "(:name \"c\" :host \"localhost\" :service \"https\" :family ipv6 :type nil :nowait t \
         :buffer \"*c*\" :coding (utf-8) :noquery t :filter t :filter-multibyte nil :sentinel s \
         :stop t :plist (1 2) :tls-parameters (gnutls-x509pki :hostname \"localhost\") :linger 5 \
         :mine 7)",
    );
    assert_eq!(built, read);
}

#[test]
fn every_setter_of_a_server_is_its_keyword() {
    let remote: SocketAddr = "127.0.0.1:9".parse().unwrap();
    let built = Spec::server("s")
        .backlog(20)
        .service(0)
        .datagram()
        .initial_remote(remote)
        .log_value(Value::symbol("l"))
        .coding("utf-8-unix")
        .use_external_socket(true)
        .build()
        .unwrap();
    let read = spec(
        "(:name \"s\" :server 20 :service 0 :type datagram :remote [127 0 0 1 9] :log l \
         :coding utf-8-unix :use-external-socket t)",
    );
    assert_eq!(built, read);
}

#[test]
fn an_address_is_remote_for_clients_and_local_for_servers() {
    let address: SocketAddr = "[::1]:80".parse().unwrap();
    assert_eq!(
        Spec::client("c").address(address).build().unwrap(),
        spec("(:name \"c\" :remote [0 0 0 0 0 0 0 1 80])")
    );
    assert_eq!(
        Spec::server("s")
            .address(Address::from(address))
            .build()
            .unwrap(),
        spec("(:name \"s\" :server t :local [0 0 0 0 0 0 0 1 80])")
    );
}

#[test]
fn local_sockets_are_named_by_path_or_abstract_name() {
    assert_eq!(
        Spec::client("c")
            .seqpacket()
            .local_path("/tmp/s")
            .build()
            .unwrap(),
        spec("(:name \"c\" :type seqpacket :family local :service \"/tmp/s\")")
    );
    assert_eq!(
        Spec::client("c").abstract_name("s").build().unwrap(),
        spec("(:name \"c\" :family local :service \"\\0s\")")
    );
}

#[test]
fn a_setter_called_again_replaces_what_it_wrote() {
    let built = Spec::client("c")
        .host("one")
        .service(1)
        .host("two")
        .build()
        .unwrap();
    assert_eq!(built.to_string(), "(:name \"c\" :host \"two\" :service 1)");
}

#[test]
fn options_add_up() {
    let option = NetworkOption::KeepAlive;
    let built = Spec::client("c")
        .service(1)
        .option(option(true))
        .option(option(false))
        .build()
        .unwrap();
    assert_eq!(built.options, [option(true), option(false)]);
}

#[test]
fn a_buffer_may_be_an_object() {
    let buffer = Opaque::new("#<buffer b>", ());
    let built = Spec::client("c")
        .service(1)
        .buffer(buffer.clone())
        .build()
        .unwrap();
    assert_eq!(built.buffer, BufferSetting::Handle(Value::Opaque(buffer)));
}

#[test]
fn mistakes_are_those_of_the_list() {
    let error = Spec::try_from(Spec::client("c").host("h")).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        "(wrong-type-argument stringp nil)"
    );
}
