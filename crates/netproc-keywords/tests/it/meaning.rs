//! What lists mean: defaults, precedences, and the values that keywords take.

use netproc_address::{Address, Family, Host, Kind, LocalName, NetworkOption, Service};
use netproc_keywords::{BufferSetting, CodingPair, Endpoint, Role};
use netproc_lisp::{Value, read};

use crate::spec;

#[track_caller]
fn address(text: &str) -> Address {
    Address::from_value(&read(text).unwrap()).unwrap()
}

#[test]
fn a_short_list_has_the_defaults() {
    let spec = spec("(:name \"a\" :service 80)");
    assert_eq!(&*spec.name, "a");
    assert_eq!(spec.kind, Kind::Stream);
    assert_eq!(spec.role, Role::Client { nowait: false });
    assert_eq!(
        spec.endpoint,
        Endpoint::Internet {
            host: Host::Local,
            service: Service::Port(80),
            family: None
        }
    );
    assert_eq!(spec.initial_remote, None);
    assert!(!spec.use_external_socket && !spec.stopped && spec.query_on_exit);
    assert_eq!(spec.buffer, BufferSetting::None);
    assert_eq!(spec.coding, None);
    assert!(spec.filter.is_nil() && spec.sentinel.is_nil() && spec.log.is_nil());
    assert_eq!(spec.filter_multibyte, None);
    assert!(spec.plist.is_nil() && spec.tls.is_nil());
    assert!(spec.options.is_empty() && !spec.reuse_address_given);
    assert!(spec.warnings.is_empty());
}

#[test]
fn nil_is_the_same_as_leaving_a_keyword_out() {
    let short = spec("(:name \"a\" :service 80)");
    for keyword in [
        ":type",
        ":server",
        ":nowait",
        ":host",
        ":family",
        ":local",
        ":remote",
        ":stop",
        ":buffer",
        ":noquery",
        ":filter",
        ":sentinel",
        ":log",
        ":plist",
        ":tls-parameters",
        ":use-external-socket",
    ] {
        let mut long = spec(&format!("(:name \"a\" :service 80 {keyword} nil)"));
        assert!(long.warnings.is_empty(), "{keyword}");
        long.arguments = short.arguments.clone();
        assert_eq!(long, short, "{keyword}");
    }
}

#[test]
fn three_keywords_tell_nil_from_left_out() {
    let coding = spec("(:name \"a\" :service 80 :coding nil)").coding;
    assert_eq!(coding, Some(CodingPair::new(None, None)));
    let bytes = spec("(:name \"a\" :service 80 :filter-multibyte nil)");
    assert_eq!(bytes.filter_multibyte, Some(false));
    let text = spec("(:name \"a\" :service 80 :filter-multibyte t)");
    assert_eq!(text.filter_multibyte, Some(true));
    let reuse = spec("(:name \"a\" :server t :service t :reuseaddr nil)");
    assert!(reuse.reuse_address_given);
    assert_eq!(reuse.options, [NetworkOption::ReuseAddress(false)]);
}

#[test]
fn the_backlog_is_the_integer_of_a_server_or_5() {
    for (server, backlog) in [
        ("t", 5),
        ("3", 3),
        ("0", 0),
        ("-5", -5),
        ("1099511627776", 5),
        ("99999999999999999999999", 5),
        ("1.5", 5),
        ("foo", 5),
    ] {
        let spec = spec(&format!("(:name \"a\" :server {server} :service t)"));
        assert_eq!(spec.role, Role::Server { backlog }, "{server}");
    }
}

#[test]
fn a_dot_before_a_list_changes_nothing() {
    let dotted = spec("(:name \"a\" . (:service 80 :noquery t))");
    assert_eq!(dotted, spec("(:name \"a\" :service 80 :noquery t)"));
}

#[test]
fn the_first_occurrence_of_a_keyword_counts() {
    let spec = spec("(:name \"first\" :name \"second\" :server t :service t)");
    assert_eq!(&*spec.name, "first");
    assert_eq!(
        spec.arguments.to_string(),
        "(:name \"first\" :name \"second\" :server t :service t)"
    );
}

#[test]
fn a_first_occurrence_that_is_nil_counts_too() {
    let spec = spec("(:name \"a\" :service 1 :buffer nil :buffer \"b\")");
    assert_eq!(spec.buffer, BufferSetting::None);
}

#[test]
fn options_are_applied_in_order_with_duplicates() {
    let spec = spec("(:name \"a\" :keepalive t :server t :linger 3 :service t :keepalive nil)");
    assert_eq!(
        spec.options,
        [
            NetworkOption::KeepAlive(true),
            NetworkOption::Linger(Some(3)),
            NetworkOption::KeepAlive(false),
        ]
    );
}

#[test]
fn datagram_clients_have_their_options_applied_as_well() {
    let spec = spec("(:name \"a\" :type datagram :service 9 :broadcast t)");
    assert_eq!(spec.options, [NetworkOption::Broadcast(true)]);
}

#[test]
fn nodelay_is_an_option_of_ours() {
    let spec = spec("(:name \"a\" :service 9 :nodelay t)");
    assert_eq!(spec.options, [NetworkOption::NoDelay(true)]);
}

#[test]
fn the_local_address_of_a_server_overrides_and_hides_the_rest() {
    let spec =
        spec("(:name \"a\" :server t :local [127 0 0 1 0] :host 5 :service nosuch :family bad)");
    assert_eq!(spec.endpoint, Endpoint::Address(address("[127 0 0 1 0]")));
}

#[test]
fn the_remote_address_of_a_client_overrides_and_hides_the_rest() {
    let spec = spec("(:name \"a\" :remote [127 0 0 1 9] :host 5 :service nosuch :family bad)");
    assert_eq!(spec.endpoint, Endpoint::Address(address("[127 0 0 1 9]")));
}

#[test]
fn addresses_of_every_form_are_taken() {
    for text in [
        "[0 0 0 0 0 0 0 1 80]",
        "\"/tmp/s\"",
        "(16 . [0 0 0 0 0 0 0 0 0 0])",
        "\"\\0abs\"",
    ] {
        let spec = spec(&format!("(:name \"a\" :remote {text})"));
        assert_eq!(spec.endpoint, Endpoint::Address(address(text)));
    }
}

#[test]
fn a_client_ignores_local_even_malformed() {
    let spec = spec("(:name \"c\" :local [1 2 3] :service 80)");
    assert!(matches!(spec.endpoint, Endpoint::Internet { .. }));
}

#[test]
fn a_stream_server_ignores_remote_even_malformed() {
    let spec = spec("(:name \"c\" :server t :remote [1 2 3] :service t)");
    assert_eq!(spec.initial_remote, None);
}

#[test]
fn a_datagram_server_begins_with_its_remote() {
    let list = "(:name \"d\" :type datagram :server t :service t :remote [127 0 0 1 9])";
    assert_eq!(spec(list).initial_remote, Some(address("[127 0 0 1 9]")));
}

#[test]
fn a_malformed_remote_of_a_datagram_server_is_ignored_with_a_warning() {
    let spec = spec("(:name \"d\" :type datagram :server t :service t :remote [1 2 3])");
    assert_eq!(spec.initial_remote, None);
    assert_eq!(spec.warnings.len(), 1);
}

#[test]
fn services_are_ports_digits_names_or_t() {
    for (text, service) in [
        ("443", Service::Port(443)),
        ("\"443\"", Service::Port(443)),
        ("\"https\"", Service::Name("https".into())),
        ("t", Service::Any),
        ("0", Service::Port(0)),
        ("65535", Service::Port(65535)),
    ] {
        let spec = spec(&format!("(:name \"a\" :server t :service {text})"));
        assert_eq!(
            spec.endpoint,
            Endpoint::Internet {
                host: Host::Local,
                service,
                family: None
            }
        );
    }
}

#[test]
fn the_contact_keeps_the_form_of_the_service() {
    let spec = spec("(:name \"a\" :service \"443\")");
    assert_eq!(spec.arguments.get(":service"), Some(&Value::from("443")));
}

#[test]
fn family_numbers_stand_for_their_names() {
    for (number, family) in [(2, Some(Family::Ipv4)), (10, Some(Family::Ipv6)), (0, None)] {
        let spec = spec(&format!("(:name \"a\" :family {number} :service 1)"));
        assert_eq!(
            spec.endpoint,
            Endpoint::Internet {
                host: Host::Local,
                service: Service::Port(1),
                family
            }
        );
    }
}

#[test]
fn a_local_socket_is_named_by_its_service() {
    for family in ["local", "1"] {
        let spec = spec(&format!(
            "(:name \"a\" :family {family} :service \"/tmp/s\")"
        ));
        assert_eq!(
            spec.endpoint,
            Endpoint::Local(LocalName::path("/tmp/s").unwrap())
        );
    }
}

#[test]
fn a_name_after_a_nul_is_abstract() {
    let spec = spec("(:name \"a\" :family local :service \"\\0abs\")");
    assert_eq!(
        spec.endpoint,
        Endpoint::Local(LocalName::abstract_name("abs").unwrap())
    );
}

#[test]
fn a_path_of_107_bytes_is_not_too_long() {
    let path = "x".repeat(107);
    let spec = spec(&format!("(:name \"a\" :family local :service \"{path}\")"));
    assert_eq!(
        spec.endpoint,
        Endpoint::Local(LocalName::path(path).unwrap())
    );
}

#[test]
fn a_local_socket_ignores_its_host_and_says_so() {
    let spec = spec("(:name \"s\" :server t :family local :host \"h\" :service \"/s\")");
    assert_eq!(spec.warnings.len(), 1);
    assert_eq!(
        spec.warnings[0].message,
        ":family local ignores the :host property"
    );
    assert_eq!(
        spec.arguments.to_string(),
        "(:name \"s\" :server t :family local :host nil :service \"/s\")"
    );
}

#[test]
fn coding_is_for_both_ways_or_for_each() {
    let half = |name: &str| Some(name.parse().unwrap());
    for (text, pair) in [
        ("utf-8", CodingPair::new(half("utf-8"), half("utf-8"))),
        (
            "(utf-8 . latin-1)",
            CodingPair::new(half("utf-8"), half("latin-1")),
        ),
        ("(utf-8)", CodingPair::new(half("utf-8"), None)),
        ("(nil . utf-8)", CodingPair::new(None, half("utf-8"))),
    ] {
        let spec = spec(&format!("(:name \"a\" :service 1 :coding {text})"));
        assert_eq!(spec.coding, Some(pair));
    }
}

#[test]
fn any_value_but_nil_switches_on() {
    for value in ["t", "0", "\"x\"", "foo"] {
        let spec = spec(&format!(
            "(:name \"a\" :service 1 :nowait {value} :noquery {value} :stop {value} \
             :use-external-socket {value})"
        ));
        assert_eq!(spec.role, Role::Client { nowait: true });
        assert!(!spec.query_on_exit && spec.stopped && spec.use_external_socket);
    }
}

#[test]
fn functions_are_kept_as_they_are() {
    let spec = spec("(:name \"a\" :server t :service t :filter t :sentinel s :log 5)");
    assert_eq!(spec.filter, Value::t());
    assert_eq!(spec.sentinel, Value::symbol("s"));
    assert_eq!(spec.log, Value::from(5));
}

#[test]
fn odd_property_lists_are_kept() {
    assert_eq!(
        spec("(:name \"a\" :service 1 :plist (a))").plist,
        Value::list(["a"].map(Value::symbol))
    );
}

#[test]
fn names_may_be_empty_or_not_ascii() {
    assert_eq!(&*spec("(:name \"\" :service 1)").name, "");
    assert_eq!(&*spec("(:name \"né\" :service 1)").name, "né");
}

#[test]
fn a_call_from_a_program_is_taken() {
    let call =
        spec("(make-network-process :name \"a\" :family 'local :service \"/s\" :filter #'f)");
    assert_eq!(
        call,
        spec("(:name \"a\" :family local :service \"/s\" :filter f)")
    );
}
