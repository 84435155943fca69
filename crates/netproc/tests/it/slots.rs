//! What a process carries: probes 05-contact, 09-buffer, 12-decode and 17-process.

use netproc::functions::*;
use netproc::{CodingSystem, Value};

use crate::support::*;

#[test]
fn properties_are_compared_by_eq_and_put_at_the_end() {
    let server = make(r#"(:name "slot-plist" :server t :service t :plist (a 1))"#);
    assert_eq!(process_get(&server, Value::symbol("a")), Value::from(1));
    assert_eq!(process_get(&server, Value::symbol("zz")), Value::Nil);
    let put = process_put(&server, Value::symbol("b"), 2).expect("a property list");
    assert_eq!(put, read("(a 1 b 2)"));
    process_put(&server, "str", 1).expect("a property list");
    assert_eq!(process_get(&server, "str"), Value::Nil);
    assert_eq!(process_plist(&server), read("(a 1 b 2 \"str\" 1)"));
    // The contact keeps what was given.
    assert_eq!(
        process_contact(&server, Value::keyword(":plist"), false),
        read("(a 1)")
    );
}

#[test]
fn a_property_list_is_a_list_and_properties_have_values() {
    let server = server("slot-odd");
    let refused = condition(set_process_plist(&server, 5));
    assert_eq!(refused, "(wrong-type-argument listp 5)");
    assert_eq!(
        set_process_plist(&server, read("(a)")).expect("a list"),
        read("(a)")
    );
    assert_eq!(process_get(&server, Value::symbol("a")), Value::Nil);
    let refused = condition(process_put(&server, Value::symbol("b"), 1));
    assert_eq!(refused, "(wrong-type-argument plistp (a))");
}

#[test]
fn nil_brings_the_default_functions_back() {
    let server = server("slot-functions");
    define_silent_filter("slot-filter");
    let filter = set_process_filter(&server, Value::symbol("slot-filter")).expect("known");
    assert_eq!(filter, Value::symbol("slot-filter"));
    assert_eq!(
        set_process_filter(&server, Value::t()).expect("off"),
        Value::t()
    );
    let filter = set_process_filter(&server, Value::Nil).expect("the default");
    assert_eq!(filter, Value::symbol("internal-default-process-filter"));
    let sentinel = set_process_sentinel(&server, Value::Nil).expect("the default");
    assert_eq!(sentinel, Value::symbol("internal-default-process-sentinel"));
    assert_eq!(process_sentinel(&server), sentinel);
    assert!(set_process_filter(&server, Value::symbol("slot-nosuch")).is_err());
    assert_eq!(process_filter(&server), filter);
}

#[test]
fn the_mark_moves_to_the_end_of_another_buffer_only() {
    let server = server("slot-mark");
    let buffer = default_network().buffer("slot-buffer").expect("a buffer");
    assert_eq!(process_mark(&server), None);
    set_process_buffer(&server, Some(&buffer));
    assert_eq!(process_mark(&server), Some(1));
    internal_default_process_filter(&server, &"four".into());
    assert_eq!(process_mark(&server), Some(5));
    server.set_mark(2);
    set_process_buffer(&server, Some(&buffer));
    assert_eq!(process_mark(&server), Some(2));
    internal_default_process_filter(&server, &"-".into());
    assert_eq!(buffer.text(), "f-our");
}

#[test]
fn the_default_sentinel_writes_what_happened_into_the_buffer() {
    let server = make(r#"(:name "slot-sentinel" :server t :service t :buffer "slot-sb")"#);
    let buffer = process_buffer(&server).expect("a buffer");
    internal_default_process_sentinel(&server, "open\n");
    assert_eq!(buffer.text(), "");
    delete_process(&server).expect("it was there");
    wait_for(|| buffer.text() == "\nProcess slot-sentinel deleted\n");
}

#[test]
fn coding_systems_are_shown_as_given_and_the_encoder_gets_its_line_end() {
    let server = server("slot-coding");
    let shown = || {
        let (decoding, encoding) = process_coding_system(&server);
        (
            decoding.map(CodingSystem::name),
            encoding.map(CodingSystem::name),
        )
    };
    set_process_coding_system(&server, Some("latin-1"), Some("utf-8")).expect("known");
    assert_eq!(shown(), (Some("latin-1"), Some("utf-8-unix")));
    set_process_coding_system(&server, None, None).expect("known");
    assert_eq!(shown(), (None, Some("raw-text-unix")));
    let refused = condition(set_process_coding_system(
        &server,
        Some("utf-8"),
        Some("klingon"),
    ));
    assert_eq!(refused, "(coding-system-error klingon)");
    assert_eq!(shown(), (None, Some("raw-text-unix")));
}

#[test]
fn a_filter_of_bytes_follows_from_the_coding_system() {
    let server = make(r#"(:name "slot-bytes" :server t :service t :coding utf-8)"#);
    assert!(process_filter_multibyte_p(&server));
    set_process_filter_multibyte(&server, false);
    assert!(!process_filter_multibyte_p(&server));
    let binary = make(r#"(:name "slot-binary" :server t :service t :coding binary)"#);
    assert!(!process_filter_multibyte_p(&binary));
}

#[test]
fn the_query_flag_is_set_unless_noquery_and_not_handed_on() {
    let server = make(r#"(:name "slot-query" :server t :service t :noquery 0)"#);
    assert!(!process_query_on_exit_flag(&server));
    let _client = client("slot-query-c", &server);
    let accepted = accepted(&server);
    assert!(process_query_on_exit_flag(&accepted));
    set_process_query_on_exit_flag(&accepted, false);
    assert!(!process_query_on_exit_flag(&accepted));
}

#[test]
fn the_coding_flag_is_handed_on() {
    let server = server("slot-inherit");
    assert!(!process_inherit_coding_system_flag(&server));
    set_process_inherit_coding_system_flag(&server, true);
    let _client = client("slot-inherit-c", &server);
    assert!(process_inherit_coding_system_flag(&accepted(&server)));
}
