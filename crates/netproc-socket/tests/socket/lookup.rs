//! Names to addresses.

use netproc_address::{Address, Family, Host, Kind, Service};
use netproc_socket::{LookupError, Query};

use crate::support::{has_ipv6, internet, knows_services, run, system};

fn named(host: &str, service: &str) -> Query {
    Query::new(Host::Name(host.into()), Service::Name(service.into()))
}

fn resolve(query: &Query) -> Result<Vec<Address>, LookupError> {
    run(system().resolve(query))
}

fn text(query: &Query) -> String {
    resolve(query).unwrap_err().to_string()
}

#[test]
fn literals_are_taken_as_they_are() {
    assert_eq!(
        resolve(&named("127.0.0.1", "443")).unwrap(),
        [internet("127.0.0.1:443")]
    );
    assert_eq!(
        resolve(&named("::1", "443")).unwrap(),
        [internet("[::1]:443")]
    );
    assert_eq!(
        resolve(&named("fe80::1%7", "1")).unwrap(),
        [internet("[fe80::1%7]:1")]
    );
}

#[test]
fn a_scope_may_be_an_interface_name() {
    if has_ipv6() {
        let lo = netproc_socket::interface("lo").unwrap().expect("lo").index;
        let expected = internet(&format!("[fe80::1%{lo}]:1"));
        assert_eq!(resolve(&named("fe80::1%lo", "1")).unwrap(), [expected]);
    }
}

#[test]
fn the_local_host_is_one_loopback_address() {
    let query = Query::new(Host::Local, Service::Any);
    assert_eq!(resolve(&query).unwrap(), [internet("127.0.0.1:0")]);
    let query = query.family(Some(Family::Ipv6));
    assert_eq!(resolve(&query).unwrap(), [internet("[::1]:0")]);
}

#[test]
fn families_may_be_given_by_number() {
    let query = Query::new(Host::Local, Service::Port(7));
    let ipv6 = query.clone().family(Some(Family::Raw(10)));
    assert_eq!(resolve(&ipv6).unwrap(), [internet("[::1]:7")]);
    let either = query.family(Some(Family::Raw(0)));
    assert_eq!(resolve(&either).unwrap(), [internet("127.0.0.1:7")]);
}

#[test]
fn a_name_is_looked_up_with_its_service() {
    if !knows_services() {
        return;
    }
    let query = named("localhost", "http").family(Some(Family::Ipv4));
    assert_eq!(resolve(&query).unwrap(), [internet("127.0.0.1:80")]);
}

#[test]
fn a_service_may_exist_for_one_kind_only() {
    if !knows_services() {
        return;
    }
    let query = named("127.0.0.1", "tftp");
    assert_eq!(
        resolve(&query.clone().kind(Kind::Datagram)).unwrap(),
        [internet("127.0.0.1:69")]
    );
    assert_eq!(text(&query), "Servname not supported for ai_socktype");
}

#[test]
fn a_seqpacket_query_is_answered_so_that_the_socket_can_refuse() {
    let query = named("localhost", "80")
        .kind(Kind::SeqPacket)
        .family(Some(Family::Ipv4));
    assert_eq!(resolve(&query).unwrap(), [internet("127.0.0.1:80")]);
}

#[test]
fn a_port_out_of_range_is_an_unknown_service_and_not_wrapped() {
    for host in ["localhost", "127.0.0.1"] {
        let error = resolve(&named(host, "99999")).unwrap_err();
        assert_eq!(error.code(), LookupError::UNKNOWN_SERVICE);
        assert_eq!(error.text(), "Servname not supported for ai_socktype");
    }
}

#[test]
fn unknown_names_and_services_have_the_c_librarys_words() {
    assert_eq!(
        text(&named("localhost", "no-such-service")),
        "Servname not supported for ai_socktype"
    );
    // No host can have these names, so the C library asks no name server.
    for host in ["a b", "[::1]"] {
        assert_eq!(
            text(&named(host, "80")),
            "Name or service not known",
            "{host}"
        );
    }
}

#[test]
fn a_nul_in_a_name_is_an_unknown_name() {
    assert_eq!(
        text(&named("local\0host", "80")),
        "Name or service not known"
    );
}

#[test]
fn a_literal_of_the_other_family_has_the_c_librarys_words() {
    let expected = "Address family for hostname not supported";
    assert_eq!(
        text(&named("127.0.0.1", "80").family(Some(Family::Ipv6))),
        expected
    );
    assert_eq!(
        text(&named("::1", "80").family(Some(Family::Ipv4))),
        expected
    );
}

#[test]
fn a_family_without_names_has_the_c_librarys_words() {
    for family in [Family::Local, Family::Raw(12345), Family::Raw(-1)] {
        let query = named("localhost", "80").family(Some(family));
        assert_eq!(text(&query), "ai_family not supported");
    }
}

#[test]
fn an_abandoned_lookup_harms_nobody() {
    for _ in 0..200 {
        let backend = system();
        let query = named("localhost", "80");
        let mut lookup = Box::pin(backend.resolve(&query));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let _ = lookup.as_mut().poll(&mut cx);
    }
    assert!(resolve(&named("localhost", "80")).is_ok());
}
