//! Makes the list that `gnutls-boot-parameters` makes.

use std::path::Path;

use netproc_lisp::{Value, plist};

use super::Profile;
use crate::Error;

/// Where systems keep the certificates of authorities, as Emacs looks for them.
const BUNDLES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/usr/ssl/certs/ca-bundle.crt",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/ssl/cert.pem",
    "/etc/certs/ca-certificates.crt",
];

/// Returns the bundles of trusted certificates that exist on this system, in Emacs's order.
#[doc(alias = "gnutls-trustfiles")]
pub fn trust_bundles() -> Vec<&'static str> {
    let mut found = BUNDLES.to_vec();
    found.retain(|path| Path::new(path).exists());
    found
}

/// Returns the list that `gnutls-boot-parameters` returns for `arguments`, a keyword list.
///
/// The order and the defaults are Emacs's, with the one exception that `profile` is about: with
/// [`Profile::Safe`] an omitted `:verify-error` becomes `t`, unless the type is `gnutls-anon`,
/// which has nothing to verify. Put `:type` in front, with `cons`, to
/// have the value of `:tls-parameters`.
///
/// ```
/// use netproc_lisp::{plist, read, Value};
/// use netproc_tls::{Profile, boot_parameters};
///
/// let arguments = read(r#"(:type gnutls-x509pki :hostname "example.org" :trustfiles ("/a"))"#)?;
/// let list = boot_parameters(&arguments, Profile::Emacs)?;
/// assert_eq!(
///     list.to_string(),
///     "(:priority \"NORMAL:%DUMBFW\" :hostname \"example.org\" :loglevel 0 :min-prime-bits nil \
///      :trustfiles (\"/a\") :crlfiles nil :keylist nil :verify-flags nil :verify-error nil \
///      :callbacks nil)"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::NotAList`] when `arguments` is no proper list.
#[doc(alias = "gnutls-boot-parameters")]
pub fn boot_parameters(arguments: &Value, profile: Profile) -> Result<Value, Error> {
    if arguments.list_iter().is_err() {
        return Err(Error::NotAList {
            value: arguments.clone(),
        });
    }
    let get = |keyword: &str| plist::get(arguments, &Value::keyword(keyword));
    let pairs = [
        (":priority", priority(&get)),
        (":hostname", get(":hostname")),
        (":loglevel", Value::from(0)),
        (":min-prime-bits", get(":min-prime-bits")),
        (":trustfiles", trust_files(get(":trustfiles"))),
        (":crlfiles", get(":crlfiles")),
        (":keylist", get(":keylist")),
        (":verify-flags", get(":verify-flags")),
        (":verify-error", verify_error(arguments, profile)),
        (":callbacks", Value::Nil),
    ];
    let mut list = Vec::with_capacity(2 * pairs.len() + 4);
    for (keyword, value) in pairs {
        list.extend([Value::keyword(keyword), value]);
    }
    // What Emacs 28 does not know stands at the end, and only when it was given.
    let more = [
        ":pass",
        ":flags",
        ":complete-negotiation",
        ":alpn-protocols",
        ":platform-trust",
        ":client-certificates",
    ];
    for keyword in more {
        if let Some(value) = plist::get_ref(arguments, &Value::keyword(keyword)) {
            list.extend([Value::keyword(keyword), value.clone()]);
        }
    }
    Ok(Value::list(list))
}

fn priority(get: &dyn Fn(&str) -> Value) -> Value {
    let given = get(":priority-string");
    let kind = get(":type");
    if given.is_true() {
        given
    } else if kind.is_symbol("gnutls-x509pki") {
        Value::from("NORMAL:%DUMBFW")
    } else if kind.is_symbol("gnutls-anon") {
        Value::from("NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW")
    } else {
        Value::Nil
    }
}

fn trust_files(given: Value) -> Value {
    if given.is_true() {
        return given;
    }
    Value::list(trust_bundles().into_iter().map(Value::from))
}

/// `:verify-hostname-error` puts `:hostname` before the rest, unless all is verified anyway.
fn verify_error(arguments: &Value, profile: Profile) -> Value {
    let given = plist::get_ref(arguments, &Value::keyword(":verify-error")).cloned();
    let kind = plist::get(arguments, &Value::keyword(":type"));
    let verified = profile == Profile::Safe && !kind.is_symbol("gnutls-anon");
    let errors = given.unwrap_or_else(|| Value::from(verified));
    let host = plist::get(arguments, &Value::keyword(":verify-hostname-error"));
    if host.is_nil() || errors.is_symbol("t") {
        errors
    } else {
        Value::cons(Value::keyword(":hostname"), errors)
    }
}
