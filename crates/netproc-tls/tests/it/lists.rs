//! `:tls-parameters` lists: what Emacs makes, what is read, what is refused and how.

use netproc_lisp::{Value, read};
use netproc_tls::{
    Client, ClientCertificates, Error, Parameters, Priority, Profile, Version, boot_parameters,
    trust_bundles,
};
use proptest::prelude::*;

use crate::pki::Authority;

fn parse(list: &str) -> Result<Parameters, Error> {
    Parameters::from_value(&read(list).unwrap(), Profile::Safe)
}

fn boot(arguments: &str) -> String {
    let list = boot_parameters(&read(arguments).unwrap(), Profile::Emacs).unwrap();
    let bundles = Value::list(trust_bundles().into_iter().map(Value::from)).to_string();
    list.to_string().replace(&bundles, "BUNDLES")
}

#[test]
fn the_list_is_the_one_that_emacs_makes() {
    let rest = ":trustfiles BUNDLES :crlfiles nil :keylist nil :verify-flags nil \
                :verify-error nil :callbacks nil)";
    let cases = [
        (
            "(:type gnutls-x509pki :hostname \"example.org\")",
            "(:priority \"NORMAL:%DUMBFW\" :hostname \"example.org\"",
        ),
        (
            "(:type gnutls-anon :hostname \"example.org\")",
            "(:priority \"NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW\" :hostname \"example.org\"",
        ),
        (
            "(:hostname \"example.org\")",
            "(:priority nil :hostname \"example.org\"",
        ),
        (
            "(:type foo :hostname \"h\")",
            "(:priority nil :hostname \"h\"",
        ),
        (
            "(:type gnutls-x509pki)",
            "(:priority \"NORMAL:%DUMBFW\" :hostname nil",
        ),
        (
            "(:type gnutls-x509pki :hostname \"h\" :priority-string \"SECURE256\")",
            "(:priority \"SECURE256\" :hostname \"h\"",
        ),
        (
            "(:type gnutls-x509pki :hostname \"h\" :unknown 3)",
            "(:priority \"NORMAL:%DUMBFW\" :hostname \"h\"",
        ),
        ("(:type)", "(:priority nil :hostname nil"),
    ];
    for (arguments, first) in cases {
        let expected = format!("{first} :loglevel 0 :min-prime-bits nil {rest}");
        assert_eq!(boot(arguments), expected, "{arguments}");
    }
}

#[test]
fn what_is_given_stands_in_the_list() {
    assert_eq!(
        boot(
            "(:type gnutls-x509pki :hostname \"h\" :trustfiles (\"/a\" \"/b\") :crlfiles (\"/c\") \
             :keylist ((\"/k\" \"/c\")) :min-prime-bits 1024 :verify-flags 64)"
        ),
        "(:priority \"NORMAL:%DUMBFW\" :hostname \"h\" :loglevel 0 :min-prime-bits 1024 \
         :trustfiles (\"/a\" \"/b\") :crlfiles (\"/c\") :keylist ((\"/k\" \"/c\")) \
         :verify-flags 64 :verify-error nil :callbacks nil)"
    );
}

#[test]
fn what_later_versions_of_emacs_take_is_kept_so_that_it_can_be_refused() {
    let list = "(:type gnutls-x509pki :hostname \"h\" :pass \"hunter2\" :flags nil)";
    let made = boot(list);
    assert!(made.ends_with(":callbacks nil :pass \"hunter2\" :flags nil)"));
    let error = parse(&format!("(gnutls-x509pki {}", &made[1..]).replace("BUNDLES", "nil"));
    let text = error.unwrap_err().to_string();
    assert!(
        text.starts_with(":pass: \"a passphrase\" is not supported"),
        "{text}"
    );
}

#[test]
fn the_host_is_put_before_the_rest_of_what_is_verified() {
    let cases = [
        (":verify-error t", "t"),
        (":verify-error (:trustfiles)", "(:trustfiles)"),
        (":verify-hostname-error t", "(:hostname)"),
        (":verify-hostname-error t :verify-error t", "t"),
        (
            ":verify-hostname-error t :verify-error (:trustfiles)",
            "(:hostname :trustfiles)",
        ),
    ];
    for (arguments, expected) in cases {
        let list = boot(&format!("(:hostname \"h\" {arguments})"));
        let part = format!(":verify-error {expected} :callbacks");
        assert!(list.contains(&part), "{arguments}: {list}");
    }
}

#[test]
fn a_list_that_was_made_can_be_read() {
    for profile in [Profile::Safe, Profile::Emacs] {
        let arguments = read("(:type gnutls-x509pki :hostname \"h\")").unwrap();
        let list = boot_parameters(&arguments, profile).unwrap();
        let whole = Value::cons(Value::symbol("gnutls-x509pki"), list);
        let parameters = Parameters::from_value(&whole, profile).unwrap();
        assert_eq!(parameters.verifies_chain(), profile == Profile::Safe);
        assert_eq!(parameters.verifies_host(), profile == Profile::Safe);
        assert_eq!(parameters.notes().count(), 1, "%DUMBFW");
    }
}

#[test]
fn verification_is_on_unless_it_is_switched_off() {
    let cases = [
        ("", (true, true)),
        (":verify-error t", (true, true)),
        (":verify-error nil", (false, false)),
        (":verify-error (:trustfiles)", (true, false)),
        (":verify-error (:hostname)", (false, true)),
        (":verify-error nil :verify-hostname-error t", (false, true)),
        (":verify-hostname-error nil", (true, true)),
    ];
    for (part, expected) in cases {
        let list = format!("(gnutls-x509pki :hostname \"h\" {part})");
        let parameters = parse(&list).unwrap();
        let verified = (parameters.verifies_chain(), parameters.verifies_host());
        assert_eq!(verified, expected, "{part}");
    }
    let list = read("(gnutls-x509pki :hostname \"h\")").unwrap();
    let emacs = Parameters::from_value(&list, Profile::Emacs).unwrap();
    assert!(!emacs.verifies_chain() && !emacs.verifies_host());
}

#[test]
fn every_keyword_is_read() {
    let parameters = parse(
        "(gnutls-x509pki :type gnutls-x509pki :hostname \"h\" :priority \"NORMAL:-VERS-TLS1.2\" \
         :trustfiles (\"/a\") :crlfiles (\"/c\") :keylist ((\"/k\" \"/p\")) :verify-flags 64 \
         :min-prime-bits 256 :loglevel 2 :complete-negotiation t :alpn-protocols (\"h2\") \
         :callbacks nil :pass nil :flags nil)",
    )
    .unwrap();
    assert_eq!(parameters.host(), Some("h"));
    assert_eq!(parameters.priority().versions(), [Version::Tls13]);
    assert_eq!(parameters.trust_files()[0].to_str(), Some("/a"));
    assert_eq!(parameters.crl_files()[0].to_str(), Some("/c"));
    assert_eq!(parameters.identities()[0].key.to_str(), Some("/k"));
    assert_eq!(parameters.identities()[0].certificate.to_str(), Some("/p"));
    assert!(parameters.verify_flags().ignore_times);
    assert!(parameters.completes_negotiation());
    assert_eq!(parameters.alpn_protocols(), [b"h2"]);
    assert_eq!(
        parameters.wanted_client_certificates(),
        ClientCertificates::Required
    );
    let notes: Vec<&str> = parameters.notes().map(|note| note.keyword()).collect();
    assert_eq!(notes, [":min-prime-bits", ":loglevel"]);
}

#[test]
fn the_list_and_the_setters_mean_the_same() {
    let list = parse(
        "(gnutls-x509pki :hostname \"h\" :crlfiles (\"/c\") :keylist ((\"/k\" \"/p\")) \
         :alpn-protocols (\"h2\") :verify-error (:hostname))",
    );
    let setters = Parameters::client("h")
        .crl_file("/c")
        .identity("/k", "/p")
        .alpn_protocol("h2")
        .dangerously_skip_chain();
    assert_eq!(list.unwrap(), setters);
}

#[test]
fn what_emacs_has_no_keyword_for_has_one_here() {
    assert!(parse("(gnutls-x509pki)").unwrap().trusts_platform());
    assert!(
        parse("(gnutls-x509pki :platform-trust t)")
            .unwrap()
            .trusts_platform()
    );
    assert!(
        !parse("(gnutls-x509pki :platform-trust nil)")
            .unwrap()
            .trusts_platform()
    );
    let wanted = |list: &str| parse(list).unwrap().wanted_client_certificates();
    let trust = ":trustfiles (\"/a\")";
    let cases = [
        (String::new(), ClientCertificates::Ignored),
        (trust.to_owned(), ClientCertificates::Required),
        (
            format!("{trust} :verify-error nil"),
            ClientCertificates::Ignored,
        ),
        (
            format!("{trust} :client-certificates nil"),
            ClientCertificates::Required,
        ),
        (
            format!("{trust} :client-certificates ignored"),
            ClientCertificates::Ignored,
        ),
        (
            format!("{trust} :client-certificates optional"),
            ClientCertificates::Optional,
        ),
        (
            ":client-certificates required".to_owned(),
            ClientCertificates::Required,
        ),
    ];
    for (part, expected) in cases {
        assert_eq!(
            wanted(&format!("(gnutls-x509pki {part})")),
            expected,
            "{part}"
        );
    }
    assert_eq!(
        parse("(gnutls-x509pki :client-certificates t)")
            .unwrap_err()
            .to_string(),
        ":client-certificates is t; expected ignored, optional or required, or nil"
    );
}

#[cfg(not(feature = "anonymous"))]
#[test]
fn without_its_feature_a_session_without_certificates_is_refused_by_name() {
    let expected = "gnutls-anon, encryption without certificates, needs OpenSSL, which this build \
                    does not have; build with the feature anonymous, or use gnutls-x509pki, with \
                    a self-signed certificate in :trustfiles where there is no authority";
    let error = parse("(gnutls-anon :hostname \"h\")").unwrap_err();
    assert_eq!(error.to_string(), expected);
    let made = Parameters::client("h").dangerously_anonymous();
    assert_eq!(Client::new(&made).unwrap_err().to_string(), expected);
    let server = netproc_tls::Server::new(&made);
    assert_eq!(server.unwrap_err().to_string(), expected);
}

#[test]
fn mistakes_are_named() {
    let cases = [
        ("foo", "TLS parameters are foo; expected a list"),
        ("(a . b)", "TLS parameters are (a . b); expected a list"),
        (
            "nil",
            "TLS parameters begin with nil; expected gnutls-x509pki or gnutls-anon",
        ),
        (
            "(gnutls-foo)",
            "TLS parameters begin with gnutls-foo; expected gnutls-x509pki or gnutls-anon",
        ),
        (
            "(gnutls-x509pki :hostname 5)",
            ":hostname is 5; expected a string, the name that the peer's certificate has to have",
        ),
        (
            "(gnutls-x509pki :trustfile (\"/a\"))",
            "TLS parameters have no :trustfile; is :trustfiles meant?",
        ),
        (
            "(gnutls-x509pki :verify-errors t)",
            "TLS parameters have no :verify-errors; is :verify-error meant?",
        ),
        ("(gnutls-x509pki :zzz t)", "TLS parameters have no :zzz"),
        (
            "(gnutls-x509pki :hostname)",
            ":hostname has no value after it",
        ),
        (
            "(gnutls-x509pki :trustfiles \"/a\")",
            ":trustfiles is \"/a\"; expected a list of file names",
        ),
        (
            "(gnutls-x509pki :trustfiles (5))",
            ":trustfiles is (5); expected a list of file names",
        ),
        (
            "(gnutls-x509pki :crlfiles (nil))",
            ":crlfiles is (nil); expected a list of file names",
        ),
        (
            "(gnutls-x509pki :keylist (\"/k\" \"/c\"))",
            ":keylist is (\"/k\" \"/c\"); expected a list of lists, each of two file names, \
             the key and the certificate",
        ),
        (
            "(gnutls-x509pki :verify-flags -1)",
            ":verify-flags is -1; expected an integer of 32 bits, or nil",
        ),
        (
            "(gnutls-x509pki :verify-flags 32)",
            ":verify-flags: \"GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD5\" is not supported; let the \
             certificate be signed with SHA-256 or better",
        ),
        (
            "(gnutls-x509pki :verify-error 5)",
            ":verify-error is 5; expected t, nil, or a list of :trustfiles and :hostname",
        ),
        (
            "(gnutls-x509pki :verify-error (:foo))",
            ":verify-error is (:foo); expected t, nil, or a list of :trustfiles and :hostname",
        ),
        (
            "(gnutls-x509pki :priority 5)",
            ":priority is 5; expected a priority string of GnuTLS, or nil",
        ),
        (
            "(gnutls-x509pki :priority \"NORMAL:+VERS-TLS1.1\")",
            ":priority: \"+VERS-TLS1.1\" is not supported; use VERS-TLS1.2 or VERS-TLS1.3",
        ),
        (
            "(gnutls-x509pki :min-prime-bits many)",
            ":min-prime-bits is many; expected an integer of 32 bits, or nil",
        ),
        (
            "(gnutls-x509pki :alpn-protocols (\"\"))",
            ":alpn-protocols is (\"\"); expected a list of strings of 1 to 255 bytes",
        ),
        (
            "(gnutls-x509pki :callbacks (f))",
            ":callbacks: \"(f)\" is not supported; GnuTLS callbacks do not exist; leave it out \
             and look at the peer status",
        ),
        (
            "(gnutls-x509pki :pass \"hunter2\")",
            ":pass: \"a passphrase\" is not supported; keys under a passphrase are not read; \
             decrypt the key, as with `openssl pkey`",
        ),
    ];
    for (list, expected) in cases {
        assert_eq!(parse(list).unwrap_err().to_string(), expected, "{list}");
    }
}

#[test]
fn a_priority_string_of_no_use_has_the_number_of_gnutls() {
    let error = parse("(gnutls-x509pki :priority \"FOO\")").unwrap_err();
    assert_eq!(error.gnutls_code(), Some(-50));
}

#[test]
fn conditions_have_the_words_of_emacs() {
    let cases = [
        ("foo", "(wrong-type-argument listp foo)"),
        ("(gnutls-foo)", "(error \"Invalid GnuTLS credential type\")"),
        (
            "(gnutls-x509pki :hostname 5)",
            "(error \"gnutls-boot: invalid :hostname parameter (not a string)\")",
        ),
        (
            "(gnutls-x509pki :hostname \"h\" :trustfiles (5))",
            "(error \"Invalid trustfile\")",
        ),
        (
            "(gnutls-x509pki :hostname \"h\" :crlfiles (5))",
            "(error \"Invalid CRL file\")",
        ),
        (
            "(gnutls-x509pki :hostname \"h\" :keylist (5))",
            "(error \"Invalid client key file\")",
        ),
        (
            "(gnutls-x509pki :hostname \"h\" :verify-error 5)",
            "(error \"gnutls-boot: invalid :verify_error parameter (not a list)\")",
        ),
    ];
    for (list, expected) in cases {
        let error = parse(list).unwrap_err();
        assert_eq!(error.condition().to_string(), expected, "{list}");
    }
    let error = Client::new(&Parameters::new()).unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        "(error \"gnutls-boot: invalid :hostname parameter (not a string)\")"
    );
}

/// Words of priority strings, and a few that are none.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z0-9.+!%:-]{0,12}",
        "[+!%-](VERS-TLS1\\.[0-3]|VERS-ALL|KX-ALL|CIPHER-ALL|AES-(128|256)-(GCM|CBC)|GROUP-ALL)",
        Just("NORMAL".to_owned()),
        Just("SECURE192".to_owned()),
        Just("NONE".to_owned()),
    ]
}

#[test]
fn an_application_protocol_that_cannot_be_told_is_refused() {
    let leaf = Authority::new().leaf("localhost");
    for name in [String::new(), "x".repeat(256)] {
        let expected = format!(
            ":alpn-protocols is (\"{name}\"); expected a list of strings of 1 to 255 bytes"
        );
        let client = Client::new(&Parameters::client("h").alpn_protocol(name.clone()));
        assert_eq!(client.unwrap_err().to_string(), expected);
        let server = netproc_tls::Server::new(&leaf.server().alpn_protocol(name));
        assert_eq!(server.unwrap_err().to_string(), expected);
    }
}

proptest! {
    #[test]
    fn a_priority_string_is_read_or_refused_and_something_is_left(
        words in prop::collection::vec(word(), 0..6)
    ) {
        if let Ok(priority) = words.join(":").parse::<Priority>() {
            prop_assert!(!priority.versions().is_empty());
            prop_assert!(!priority.ciphers().is_empty());
            prop_assert!(!priority.groups().is_empty());
            prop_assert_eq!(priority.to_string().parse::<Priority>().unwrap(), priority);
        }
    }

    #[test]
    fn a_list_is_read_or_refused(
        keyword in prop::sample::select(vec![
            ":type", ":hostname", ":priority", ":trustfiles", ":crlfiles", ":keylist",
            ":verify-flags", ":verify-error", ":min-prime-bits", ":alpn-protocols", ":flags",
        ]),
        value in "(nil|t|-?[0-9]{1,12}|\"[a-z/]{0,8}\"|\\((\"[a-z]{0,3}\"|:hostname| ){0,4}\\))",
    ) {
        let list = format!("(gnutls-x509pki {keyword} {value})");
        if let Err(error) = parse(&list) {
            prop_assert!(!error.to_string().is_empty());
            prop_assert!(error.condition().as_cons().is_some());
        }
    }
}
