//! The conditions that Emacs signals for buffer, property list, TLS, options and coding.

use netproc_keywords::Error;

use crate::{condition, error};

#[track_caller]
fn check(lists: &[(&str, &str)]) {
    for (list, expected) in lists {
        assert_eq!(condition(list), *expected, "{list}");
    }
}

#[test]
fn a_buffer_must_be_a_name_or_a_buffer() {
    check(&[
        (
            "(:name \"a\" :service 1 :buffer foo)",
            "(wrong-type-argument stringp foo)",
        ),
        (
            "(:name \"a\" :service 1 :buffer 5)",
            "(wrong-type-argument stringp 5)",
        ),
        (
            "(:name \"a\" :service 1 :buffer \"\")",
            "(error \"Empty string for buffer name is not allowed\")",
        ),
    ]);
}

#[test]
fn a_property_list_must_be_a_list() {
    check(&[
        (
            "(:name \"a\" :service 1 :plist 5)",
            "(wrong-type-argument sequencep 5)",
        ),
        (
            "(:name \"a\" :service 1 :plist (a . b))",
            "(wrong-type-argument listp b)",
        ),
    ]);
}

#[test]
fn tls_parameters_must_be_a_list() {
    check(&[
        (
            "(:name \"a\" :service 1 :tls-parameters foo)",
            "(wrong-type-argument listp foo)",
        ),
        (
            "(:name \"a\" :service 1 :tls-parameters 5)",
            "(wrong-type-argument listp 5)",
        ),
        (
            "(:name \"a\" :service 1 :tls-parameters \"x\")",
            "(wrong-type-argument listp \"x\")",
        ),
        (
            "(:name \"a\" :service 1 :tls-parameters (gnutls-x509pki . 5))",
            "(wrong-type-argument listp 5)",
        ),
        (
            "(:name \"a\" :server t :service 1 :tls-parameters 5)",
            "(wrong-type-argument listp 5)",
        ),
    ]);
}

#[test]
fn messages_are_not_encrypted() {
    for kind in ["datagram", "seqpacket"] {
        let error = error(&format!(
            "(:name \"a\" :type {kind} :service 1 :tls-parameters (gnutls-x509pki))"
        ));
        assert!(matches!(error, Error::Conflict(_)));
        assert_eq!(error.keyword(), Some(":tls-parameters"));
        assert_eq!(
            error.condition().to_string(),
            format!("(error \"‘:type {kind}’ is incompatible with ‘:tls-parameters’\")")
        );
    }
}

#[test]
fn option_values_must_fit() {
    check(&[
        (
            "(:name \"a\" :server t :service t :bindtodevice 5)",
            "(error \"Bad option value for :bindtodevice\")",
        ),
        (
            "(:name \"a\" :server t :service t :bindtodevice \"averyveryverylonginterfacename\")",
            "(file-error \"Cannot set network option\" \"No such device\" :bindtodevice \
             \"averyveryverylonginterfacename\")",
        ),
        (
            "(:name \"a\" :server t :service t :priority nil)",
            "(error \"Bad option value for :priority\")",
        ),
        (
            "(:name \"a\" :server t :service t :priority 1.5)",
            "(error \"Bad option value for :priority\")",
        ),
        (
            "(:name \"a\" :server t :service t :priority 100000000000)",
            "(error \"Bad option value for :priority\")",
        ),
    ]);
}

#[test]
fn a_later_duplicate_of_an_option_is_checked_too() {
    check(&[(
        "(:name \"a\" :server t :service t :priority 1 :priority \"x\")",
        "(error \"Bad option value for :priority\")",
    )]);
}

#[test]
fn coding_systems_must_be_known_symbols() {
    check(&[
        (
            "(:name \"a\" :service 1 :coding nosuch)",
            "(coding-system-error nosuch)",
        ),
        (
            "(:name \"a\" :service 1 :coding t)",
            "(coding-system-error t)",
        ),
        (
            "(:name \"a\" :service 1 :coding \"utf-8\")",
            "(wrong-type-argument symbolp \"utf-8\")",
        ),
        (
            "(:name \"a\" :service 1 :coding 5)",
            "(wrong-type-argument symbolp 5)",
        ),
        (
            "(:name \"a\" :service 1 :coding (utf-8 . nosuch))",
            "(coding-system-error nosuch)",
        ),
        (
            "(:name \"a\" :service 1 :coding (nosuch . utf-8))",
            "(coding-system-error nosuch)",
        ),
        (
            "(:name \"a\" :service 1 :coding (utf-8 nil))",
            "(wrong-type-argument symbolp (nil))",
        ),
    ]);
}
