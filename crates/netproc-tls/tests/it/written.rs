//! Parameters written as a list, and read back.

use netproc_lisp::{Value, read};
use netproc_tls::{ClientCertificates, Parameters, Profile, VerifyFlags};
use proptest::prelude::*;

#[test]
fn a_file_name_that_is_no_unicode_reads_back() {
    use std::os::unix::ffi::OsStringExt as _;
    let name = std::ffi::OsString::from_vec(b"/a\xff\xc3(".to_vec());
    let made = Parameters::client("h").trust_file(&name);
    let read = Parameters::from_value(&made.to_value(), Profile::Safe).unwrap();
    assert_eq!(read.trust_files(), [std::path::PathBuf::from(name)]);
}

/// Parameters by all setters, and those that only a list can say.
fn parameters() -> impl Strategy<Value = Parameters> {
    let path = || "(/|[a-zé \"\\\\]|\u{10ffff}){1,6}";
    let paths = move || prop::collection::vec(path(), 0..3);
    let names = (
        prop::option::of("\\PC{0,9}"),
        prop::sample::select(vec!["NORMAL", "secure256:-VERS-TLS1.2", "PFS:%DUMBFW"]),
        paths(),
        paths(),
        prop::collection::vec((path(), path()), 0..3),
        prop::collection::vec(prop::collection::vec(any::<u8>(), 1..9), 0..3),
    );
    let flags = any::<[bool; 8]>();
    let client = prop::sample::select(vec![
        ClientCertificates::Ignored,
        ClientCertificates::Optional,
        ClientCertificates::Required,
    ]);
    let numbers = (any::<Option<u32>>(), any::<Option<i64>>());
    (names, flags, client, numbers).prop_map(|(names, flags, client, (prime, log))| {
        let (host, priority, trust, lists, keys, alpn) = names;
        let mut rest = vec![Value::symbol("gnutls-x509pki")];
        let mut put = |keyword: &str, value: Value| rest.extend([Value::keyword(keyword), value]);
        put(":min-prime-bits", Value::from(prime));
        put(":loglevel", Value::from(log));
        put(":complete-negotiation", Value::from(flags[0]));
        let mut made = Parameters::from_value(&Value::list(rest), Profile::Safe).unwrap();
        if let Some(host) = host {
            made = made.with_host(&host);
        }
        made = made.with_priority(priority.parse().unwrap());
        made = trust.into_iter().fold(made, Parameters::trust_file);
        made = lists.into_iter().fold(made, Parameters::crl_file);
        let identity = |made: Parameters, (key, file)| made.identity(key, file);
        made = keys.into_iter().fold(made, identity);
        made = alpn.into_iter().fold(made, Parameters::alpn_protocol);
        if flags[1] {
            made = made.without_platform_trust();
        }
        if flags[2] {
            made = made.dangerously_skip_chain();
        }
        if flags[3] {
            made = made.dangerously_skip_host();
        }
        let mut verify = VerifyFlags::default();
        verify.ignore_times = flags[4];
        verify.ignore_revocation = flags[5];
        verify.refuse_addresses = flags[6];
        verify.refuse_same = flags[7];
        made.with_verify_flags(verify).client_certificates(client)
    })
}

proptest! {
    #[test]
    fn parameters_are_written_as_the_list_that_reads_back(made in parameters()) {
        for profile in [Profile::Safe, Profile::Emacs] {
            let value = Value::from(&made);
            prop_assert_eq!(&Parameters::from_value(&value, profile).unwrap(), &made);
            // And as text.
            let value = read(&value.to_string()).unwrap();
            prop_assert_eq!(&Parameters::from_value(&value, profile).unwrap(), &made);
        }
    }
}
