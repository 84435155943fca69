//! The conditions that Emacs signals, word for word, and which of several mistakes comes first.

use netproc_keywords::Error;

use crate::{condition, error};

#[track_caller]
fn check(lists: &[(&str, &str)]) {
    for (list, expected) in lists {
        assert_eq!(condition(list), *expected, "{list}");
    }
}

#[test]
fn a_name_must_be_a_string() {
    check(&[
        ("(:name nil)", "(wrong-type-argument stringp nil)"),
        (
            "(:server t :service t)",
            "(wrong-type-argument stringp nil)",
        ),
        ("(:name foo :server t)", "(wrong-type-argument stringp foo)"),
        ("(:name 5 :server t)", "(wrong-type-argument stringp 5)"),
    ]);
}

#[test]
fn a_type_other_than_the_two_is_not_supported() {
    for kind in ["foo", "stream", "\"datagram\"", "t"] {
        assert_eq!(
            condition(&format!("(:name \"a\" :type {kind} :server t :service t)")),
            "(error \"Unsupported connection type\")"
        );
    }
}

#[test]
fn the_type_is_checked_before_the_name() {
    check(&[(
        "(:name 5 :type foo)",
        "(error \"Unsupported connection type\")",
    )]);
}

#[test]
fn a_server_cannot_be_told_not_to_wait() {
    let expected = "(error \"‘:server’ is incompatible with ‘:nowait’\")";
    check(&[
        ("(:name \"a\" :server t :nowait t :service t)", expected),
        ("(:name 5 :server t :nowait t)", expected),
        (
            "(:name \"a\" :type datagram :server t :nowait t :service t)",
            expected,
        ),
    ]);
}

#[test]
fn malformed_addresses_are_named_after_the_keyword() {
    for address in [
        "[1 2 3]",
        "[127 0 0 1]",
        "[127 0 0 1 0 0]",
        "foo",
        "5",
        "t",
        "(1)",
        "(1 . 2)",
        "(1 . \"x\")",
        "(a . [1 2])",
        "(1.0 . [1])",
        "[0 0 0 0 0 0 0 1]",
        "[]",
        "((1 . 2))",
    ] {
        for list in [
            format!("(:name \"a\" :server t :local {address})"),
            format!("(:name \"a\" :remote {address})"),
        ] {
            assert_eq!(condition(&list), "(error \"Malformed :address\")", "{list}");
        }
    }
}

#[test]
fn address_elements_out_of_range_are_refused_where_emacs_masks_them() {
    for address in [
        "[300 0 0 1 0]",
        "[127 x 0 1 0]",
        "[127 0 0 1 65536]",
        "[127 0 0 1 -1]",
    ] {
        let list = format!("(:name \"a\" :server t :local {address})");
        assert_eq!(condition(&list), "(error \"Malformed :address\")", "{list}");
    }
}

#[test]
fn a_family_must_be_known() {
    for family in ["foo", "inet", "\"ipv4\"", "2.0", "1099511627776"] {
        assert_eq!(
            condition(&format!(
                "(:name \"a\" :server t :family {family} :service t)"
            )),
            "(error \"Unknown address family\")"
        );
    }
}

#[test]
fn a_family_number_without_host_names_is_refused_as_the_resolver_does() {
    check(&[
        (
            "(:name \"a\" :server t :host \"127.0.0.1\" :family 12345 :service t)",
            "(error \"127.0.0.1/0 ai_family not supported\")",
        ),
        (
            "(:name \"a\" :server t :host \"127.0.0.1\" :family -1 :service t)",
            "(error \"127.0.0.1/0 ai_family not supported\")",
        ),
    ]);
}

#[test]
fn a_host_must_be_a_string_or_local() {
    check(&[
        (
            "(:name \"a\" :host 5 :service t)",
            "(wrong-type-argument stringp 5)",
        ),
        (
            "(:name \"a\" :host foo :service t)",
            "(wrong-type-argument stringp foo)",
        ),
        (
            "(:name \"a\" :host t :service t)",
            "(wrong-type-argument stringp t)",
        ),
        (
            "(:name \"a\" :family local :host 5 :service \"/s\")",
            "(wrong-type-argument stringp 5)",
        ),
    ]);
}

#[test]
fn a_host_must_be_ascii() {
    check(&[(
        "(:name \"a\" :host \"höst\" :service 80)",
        "(error \"Non-ASCII hostname höst detected, please use puny-encode-domain\")",
    )]);
}

#[test]
fn a_host_that_can_name_nothing_is_refused_as_the_resolver_does() {
    check(&[
        (
            "(:name \"a\" :server t :host \"\" :service t)",
            "(error \"/0 Name or service not known\")",
        ),
        (
            r#"(:name "a" :host "h\366st" :service 1)"#,
            r#"(error "h\366st/1 Name or service not known")"#,
        ),
    ]);
    assert!(condition(r#"(:name "a" :host "lo\0calhost" :service 1)"#).contains("not known"));
}

#[test]
fn a_service_must_be_a_string_an_integer_or_t() {
    check(&[
        (
            "(:name \"a\" :host \"h\")",
            "(wrong-type-argument stringp nil)",
        ),
        (
            "(:name \"a\" :service nil)",
            "(wrong-type-argument stringp nil)",
        ),
        (
            "(:name \"a\" :service 1.5)",
            "(wrong-type-argument stringp 1.5)",
        ),
        (
            "(:name \"a\" :service foo)",
            "(wrong-type-argument stringp foo)",
        ),
    ]);
}

#[test]
fn a_service_of_a_local_socket_must_be_a_string() {
    check(&[
        (
            "(:name \"u\" :family local :service 5)",
            "(wrong-type-argument stringp 5)",
        ),
        (
            "(:name \"u\" :family local :service t)",
            "(wrong-type-argument stringp t)",
        ),
        (
            "(:name \"u\" :family local)",
            "(wrong-type-argument stringp nil)",
        ),
        (
            "(:name \"u\" :family 1 :service 5)",
            "(wrong-type-argument stringp 5)",
        ),
    ]);
}

#[test]
fn a_service_out_of_range_is_refused_as_the_resolver_refuses_a_name() {
    for service in [
        "-1",
        "\"-1\"",
        "70000",
        "\"70000\"",
        "65536",
        "\"\"",
        "\" 80\"",
        "\"+80\"",
    ] {
        let list = format!("(:name \"a\" :server t :host \"127.0.0.1\" :service {service})");
        assert_eq!(
            condition(&list),
            format!(
                "(error \"127.0.0.1/{} Servname not supported for ai_socktype\")",
                service.trim_matches('"')
            )
        );
    }
}

#[test]
fn the_local_host_shows_as_its_address_in_resolver_errors() {
    check(&[
        (
            "(:name \"a\" :service -1)",
            "(error \"127.0.0.1/-1 Servname not supported for ai_socktype\")",
        ),
        (
            "(:name \"a\" :family ipv6 :host local :service -1)",
            "(error \"::1/-1 Servname not supported for ai_socktype\")",
        ),
    ]);
}

#[test]
fn a_path_of_108_bytes_is_too_long() {
    for length in [108, 109, 200] {
        let path = "x".repeat(length);
        let expected = "(error \"Service name too long\")";
        let by_service = format!("(:name \"u\" :server t :family local :service \"{path}\")");
        assert_eq!(condition(&by_service), expected);
        // Emacs cuts these instead.
        let by_address = format!("(:name \"u\" :server t :local \"{path}\")");
        assert_eq!(condition(&by_address), expected);
    }
}

#[test]
fn coding_is_checked_last() {
    check(&[(
        "(:coding nosuch :name \"a\" :service 1 :priority \"x\")",
        "(error \"Bad option value for :priority\")",
    )]);
}

#[test]
fn the_rest_is_checked_in_the_order_of_emacs() {
    // Each list has all the mistakes of the ones after it; the first in Emacs's order shows.
    let mistakes = [
        (":family foo", "Unknown address family"),
        (":host 5", "stringp 5"),
        (":service 1.5", "stringp 1.5"),
        (":buffer 6", "stringp 6"),
        (":plist 7", "sequencep 7"),
        (":tls-parameters 8", "listp 8"),
        (":priority nil", "Bad option value"),
        (":coding 9", "symbolp 9"),
    ];
    for first in 0..mistakes.len() {
        let mut list = String::from("(:name \"a\"");
        for (mistake, _) in mistakes[first..].iter().rev() {
            list.push(' ');
            list.push_str(mistake);
        }
        if first > 2 {
            list.push_str(" :service 1");
        }
        list.push(')');
        assert!(
            condition(&list).contains(mistakes[first].1),
            "{list}: {}",
            condition(&list)
        );
    }
}

#[test]
fn a_key_that_is_no_symbol_shows_when_options_are_applied() {
    check(&[
        (
            "(:name \"a\" :server t :service t 5 6)",
            "(wrong-type-argument symbolp 5)",
        ),
        (
            "(:name \"a\" :service 1 \"x\" 6)",
            "(wrong-type-argument symbolp \"x\")",
        ),
        (
            "(:name \"a\" :service 1 \"x\" 6 :buffer 7)",
            "(wrong-type-argument stringp 7)",
        ),
    ]);
}

#[test]
fn a_key_without_a_value_is_a_clear_error_where_emacs_crashes() {
    check(&[
        (
            "(:name \"a\" :type datagram :host \"127.0.0.1\" :service 9 :coding)",
            "(wrong-type-argument plistp (:name \"a\" :type datagram :host \"127.0.0.1\" :service 9 \
             :coding))",
        ),
        ("(:name)", "(wrong-type-argument stringp nil)"),
        (
            "(:name \"a\" :host :service 80 t)",
            "(wrong-type-argument stringp :service)",
        ),
    ]);
    assert_eq!(
        error("(:name \"a\" :service 9 :server)").to_string(),
        ":server has no value: expected an integer or anything (nil is off) after it \
         (line 1, column 23)"
    );
}

#[test]
fn what_is_no_list_is_refused() {
    check(&[
        ("5", "(wrong-type-argument listp 5)"),
        ("(:name . 5)", "(wrong-type-argument listp (:name . 5))"),
        ("(:name \"a\"", "(end-of-file)"),
    ]);
}

#[test]
fn messages_name_keyword_value_expectation_and_place() {
    assert_eq!(
        error("(:name \"a\"\n :service 70000)").to_string(),
        ":service 70000: expected a port from 0 to 65535 (line 2, column 11)"
    );
    assert_eq!(
        error("(:name \"a\" :service 80 :coding utf-9)").to_string(),
        ":coding utf-9: expected the name of a coding system; did you mean utf-8? \
         (line 1, column 32)"
    );
    assert_eq!(
        error("()").to_string(),
        ":name is missing: expected a string (line 1, column 1)"
    );
}

#[test]
fn accessors_tell_the_parts_of_a_message() {
    let error = error("(:name \"a\" :family inet :service 80)");
    assert!(matches!(error, Error::Type(_)));
    assert_eq!(error.keyword(), Some(":family"));
    assert_eq!(
        error.value().map(ToString::to_string).as_deref(),
        Some("inet")
    );
    assert_eq!(error.expected(), "nil, ipv4, ipv6, local or an integer");
    assert_eq!(error.span().map(|span| span.range()), Some(19..23));
}
