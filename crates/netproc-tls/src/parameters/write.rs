//! Writes parameters as the list that is read back to the same parameters.

use std::path::Path;

use netproc_lisp::{Text, Value};

use super::{ClientCertificates, Parameters};

pub(super) fn write(parameters: &Parameters) -> Value {
    let kind = if parameters.anonymous {
        "gnutls-anon"
    } else {
        "gnutls-x509pki"
    };
    let mut list = vec![Value::symbol(kind)];
    let mut put = |keyword: &str, value: Value| {
        list.extend([Value::keyword(keyword), value]);
    };
    if let Some(host) = &parameters.host {
        put(":hostname", Value::string(host));
    }
    put(":priority", Value::string(parameters.priority.as_str()));
    if !parameters.trust_files.is_empty() {
        put(":trustfiles", names(&parameters.trust_files));
    }
    if parameters.without_platform_trust {
        put(":platform-trust", Value::Nil);
    }
    if !parameters.crl_files.is_empty() {
        put(":crlfiles", names(&parameters.crl_files));
    }
    if !parameters.identities.is_empty() {
        let pairs = parameters.identities.iter();
        let pair = |it: &super::Identity| Value::list([name(&it.key), name(&it.certificate)]);
        put(":keylist", Value::list(pairs.map(pair)));
    }
    let bits = parameters.flags.bits();
    if bits != 0 {
        put(":verify-flags", Value::from(bits));
    }
    // What an omission means depends on the profile, so there is none.
    put(":verify-error", verify_error(parameters));
    if parameters.client_certificates != parameters.implied_client_certificates() {
        let word = client_certificates(parameters.client_certificates);
        put(":client-certificates", Value::symbol(word));
    }
    if let Some(bits) = parameters.min_prime_bits {
        put(":min-prime-bits", Value::from(bits));
    }
    if let Some(level) = parameters.log_level {
        put(":loglevel", Value::from(level));
    }
    if parameters.complete_negotiation {
        put(":complete-negotiation", Value::t());
    }
    if !parameters.alpn.is_empty() {
        let text = |name: &Vec<u8>| Value::from(Text::from_bytes(name));
        put(
            ":alpn-protocols",
            Value::list(parameters.alpn.iter().map(text)),
        );
    }
    Value::list(list)
}

pub(super) fn client_certificates(wanted: ClientCertificates) -> &'static str {
    match wanted {
        ClientCertificates::Ignored => "ignored",
        ClientCertificates::Optional => "optional",
        ClientCertificates::Required => "required",
    }
}

pub(super) fn verify_error(parameters: &Parameters) -> Value {
    match (parameters.verifies_chain(), parameters.verifies_host()) {
        (true, true) => Value::t(),
        (false, false) => Value::Nil,
        (true, false) => Value::list([Value::keyword(":trustfiles")]),
        (false, true) => Value::list([Value::keyword(":hostname")]),
    }
}

fn names(paths: &[std::path::PathBuf]) -> Value {
    Value::list(paths.iter().map(|path| name(path)))
}

/// The name of a file may hold any byte.
fn name(path: &Path) -> Value {
    Value::from(Text::from_bytes(path.as_os_str().as_encoded_bytes()))
}
