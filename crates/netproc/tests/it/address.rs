//! Addresses of interfaces and hosts, and addresses as text: probe 19-address.

use netproc::functions::*;
use netproc::{Family, Value};

use crate::support::*;

#[test]
fn addresses_are_written_as_emacs_writes_them() {
    for (address, with_port, without) in [
        ("[127 0 0 1]", "127.0.0.1", "127.0.0.1"),
        ("[127 0 0 1 80]", "127.0.0.1:80", "127.0.0.1"),
        ("[127 0 0 1 65536]", "nil", "127.0.0.1"),
        ("[127 0 0 1 -1]", "nil", "127.0.0.1"),
        ("[256 0 0 1 80]", "nil", "nil"),
        ("[127 0 0 x]", "nil", "nil"),
        ("[127 0 0 1.0]", "nil", "nil"),
        ("[0 0 0 0 0 0 0 1]", "0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1"),
        (
            "[8193 3512 0 0 0 0 0 5 443]",
            "[2001:db8:0:0:0:0:0:5]:443",
            "2001:db8:0:0:0:0:0:5",
        ),
        ("[65536 0 0 0 0 0 0 0 0]", "nil", "nil"),
        ("[1 2 3]", "nil", "nil"),
        ("[]", "nil", "nil"),
        ("[1 2 3 4 5 6 7]", "nil", "nil"),
        ("nil", "nil", "nil"),
        ("\"path\"", "path", "path"),
        ("\"\"", "", ""),
        ("sym", "nil", "nil"),
        ("5", "nil", "nil"),
        ("(1 . [2 3])", "<Family 1>", "<Family 1>"),
        ("(2 3)", "<Family 2>", "<Family 2>"),
    ] {
        let text = |omit_port| {
            let text = format_network_address(&read(address), omit_port).expect("not an error");
            text.map_or_else(|| "nil".to_owned(), |text| text.to_string())
        };
        assert_eq!(
            (text(false).as_str(), text(true).as_str()),
            (with_port, without),
            "{address}"
        );
    }
    assert_eq!(
        condition(format_network_address(&read("(x . [1])"), false)),
        plain_error("Format specifier doesn’t match argument type"),
    );
}

#[test]
fn the_loopback_interface_is_listed_in_short_and_in_full() {
    let list = network_interface_list(false, Some(Family::Ipv4)).expect("interfaces");
    let loopback = read("(\"lo\" . [127 0 0 1 0])");
    assert!(
        list.list_iter()
            .expect("a list")
            .any(|entry| *entry == loopback),
        "{list}"
    );
    let list = network_interface_list(true, Some(Family::Ipv4)).expect("interfaces");
    let loopback = read("(\"lo\" [127 0 0 1 0] [127 255 255 255 0] [255 0 0 0 0])");
    assert!(
        list.list_iter()
            .expect("a list")
            .any(|entry| *entry == loopback),
        "{list}"
    );
}

#[test]
fn both_families_are_listed_ipv6_first_and_each_by_itself() {
    let names = |family| {
        let list = network_interface_list(false, family).expect("interfaces");
        list.list_iter()
            .expect("a list")
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let mut expected = names(Some(Family::Ipv6));
    expected.extend(names(Some(Family::Ipv4)));
    assert_eq!(names(None), expected);
    // The loopback interface is the first of the system, so the last here.
    assert_eq!(
        expected.last().map(String::as_str),
        Some("(\"lo\" . [127 0 0 1 0])")
    );
}

#[test]
fn interfaces_have_two_families() {
    for family in [Family::Local, Family::Raw(99)] {
        assert_eq!(
            condition(network_interface_list(true, Some(family))),
            plain_error("Unsupported address family"),
        );
    }
}

#[test]
fn the_loopback_interface_tells_everything() {
    let loopback = network_interface_info("lo")
        .expect("not an error")
        .expect("it is there");
    assert_eq!(
        loopback.to_string(),
        "([127 0 0 1 0] [0 0 0 0 0] [255 0 0 0 0] (772 . [0 0 0 0 0 0]) (running loopback up))",
    );
}

#[test]
fn an_unknown_interface_is_none_and_a_long_name_an_error() {
    for unknown in ["nosuch", "", "exactly15chars0"] {
        assert_eq!(
            network_interface_info(unknown).expect("not an error"),
            None,
            "{unknown}"
        );
    }
    for long in ["exactly16chars01", "averylonginterfacename"] {
        assert_eq!(
            condition(network_interface_info(long)),
            plain_error("interface name too long"),
            "{long}"
        );
    }
}

#[test]
fn literal_addresses_are_looked_up_in_their_family() {
    let lookup = |name, family| network_lookup_address_info(name, family).expect("found");
    assert_eq!(lookup("127.0.0.1", None), [read("[127 0 0 1 0]")]);
    assert_eq!(
        lookup("127.0.0.1", Some(Family::Ipv4)),
        [read("[127 0 0 1 0]")]
    );
    assert_eq!(lookup("::1", None), [read("[0 0 0 0 0 0 0 1 0]")]);
    assert!(lookup("localhost", Some(Family::Ipv4)).contains(&read("[127 0 0 1 0]")));
}

#[test]
fn what_is_not_found_says_what_emacs_shows() {
    let lookup = |name, family| condition(network_lookup_address_info(name, family));
    assert_eq!(
        lookup("127.0.0.1", Some(Family::Ipv6)),
        plain_error("127.0.0.1/0 Address family for hostname not supported"),
    );
    assert_eq!(
        lookup("", None),
        plain_error("/0 Name or service not known")
    );
    assert_eq!(
        lookup("localhost", Some(Family::Local)),
        plain_error("Unsupported lookup type")
    );
    assert_eq!(
        lookup("höst", None),
        plain_error("Non-ASCII hostname höst detected, please use puny-encode-domain"),
    );
}

#[test]
fn names_of_hosts_may_be_values_of_their_own() {
    let address = network_lookup_address_info("127.0.0.1", None)
        .expect("found")
        .remove(0);
    let text = format_network_address(&address, true)
        .expect("an address")
        .expect("an address");
    assert_eq!(Value::from(text), Value::from("127.0.0.1"));
}
