//! Reads `(TYPE KEYWORD VALUE…)`, one keyword at a time.

use std::path::PathBuf;

use netproc_lisp::{Text, Value, plist};

use super::{ClientCertificates, Identity, Parameters, Profile};
use crate::{Error, Priority, VerifyFlags};

/// Every keyword: those of `gnutls-boot-parameters`, those of `gnutls-boot`, and two of our own.
pub(super) const KEYWORDS: [&str; 20] = [
    ":type",
    ":hostname",
    ":priority",
    ":priority-string",
    ":trustfiles",
    ":crlfiles",
    ":keylist",
    ":verify-flags",
    ":verify-error",
    ":verify-hostname-error",
    ":min-prime-bits",
    ":loglevel",
    ":complete-negotiation",
    ":alpn-protocols",
    ":callbacks",
    ":pass",
    ":flags",
    ":password",
    ":platform-trust",
    ":client-certificates",
];

const FILES: &str = "a list of file names";

pub(super) fn read(value: &Value, profile: Profile) -> Result<Parameters, Error> {
    let not_a_list = || Error::NotAList {
        value: value.clone(),
    };
    value.list_iter().map_err(|_| not_a_list())?;
    let first = value.car().ok_or_else(not_a_list)?;
    let anonymous = is_anonymous(first)?;
    let rest = value.cdr().cloned().unwrap_or(Value::Nil);
    check_keywords(&rest)?;
    let again = get(&rest, ":type");
    if again.is_true() && is_anonymous(&again)? != anonymous {
        const EXPECTED: &str = "the symbol that the list begins with";
        return Err(wrong(":type", &again, EXPECTED));
    }

    let mut parameters = Parameters {
        anonymous,
        host: host(&rest)?,
        trust_files: files(&rest, ":trustfiles")?,
        without_platform_trust: written(&rest, ":platform-trust").is_some_and(|it| it.is_nil()),
        crl_files: files(&rest, ":crlfiles")?,
        identities: identities(&rest)?,
        flags: flags(&rest)?,
        alpn: alpn(&rest)?,
        complete_negotiation: get(&rest, ":complete-negotiation").is_true(),
        ..Parameters::default()
    };
    parameters.priority = match priority(&rest)? {
        Some(text) if anonymous => Priority::anonymous(&text)?,
        None if anonymous => Priority::anonymous(Priority::ANONYMOUS)?,
        Some(text) => text.parse()?,
        None => Priority::default(),
    };
    verification(&rest, profile, &mut parameters)?;
    parameters.client_certificates = match client_certificates(&rest)? {
        Some(wanted) => wanted,
        None => parameters.implied_client_certificates(),
    };
    parameters.min_prime_bits = min_prime_bits(&rest)?;
    parameters.log_level = log_level(&rest)?;
    refused(&rest)?;
    parameters.check_anonymous()?;
    Ok(parameters)
}

fn is_anonymous(value: &Value) -> Result<bool, Error> {
    if value.is_symbol("gnutls-x509pki") {
        Ok(false)
    } else if value.is_symbol("gnutls-anon") {
        if cfg!(feature = "anonymous") {
            Ok(true)
        } else {
            Err(Error::Anonymous)
        }
    } else {
        Err(Error::Type {
            value: value.clone(),
        })
    }
}

/// Holds that the list goes in pairs, and that each keyword is known.
fn check_keywords(list: &Value) -> Result<(), Error> {
    let mut entries = list.list_iter().into_iter().flatten();
    while let Some(keyword) = entries.next() {
        if !KEYWORDS.iter().any(|known| keyword.is_symbol(known)) {
            return Err(Error::UnknownKeyword {
                keyword: keyword.clone(),
                nearest: nearest(keyword),
            });
        }
        if entries.next().is_none() {
            return Err(Error::NoValue {
                keyword: keyword.clone(),
            });
        }
    }
    Ok(())
}

/// Returns the keyword that shares the most with what was written, if that is enough.
fn nearest(keyword: &Value) -> Option<&'static str> {
    let written = keyword.as_symbol()?.as_str().trim_start_matches(':');
    let wanted = written.replace('-', "").to_ascii_lowercase();
    let alike = |known: &&&'static str| {
        let known = known.trim_start_matches(':').replace('-', "");
        let shared = common_prefix(&known, &wanted);
        shared >= 4 && shared * 2 > known.len().min(wanted.len())
    };
    KEYWORDS
        .iter()
        .filter(alike)
        .max_by_key(|known| {
            let known = known.trim_start_matches(':').replace('-', "");
            (
                common_prefix(&known, &wanted),
                std::cmp::Reverse(known.len()),
            )
        })
        .copied()
}

fn common_prefix(one: &str, other: &str) -> usize {
    one.bytes()
        .zip(other.bytes())
        .take_while(|(one, other)| one == other)
        .count()
}

fn get(list: &Value, keyword: &str) -> Value {
    plist::get(list, &Value::keyword(keyword))
}

fn written(list: &Value, keyword: &str) -> Option<Value> {
    plist::get_ref(list, &Value::keyword(keyword)).cloned()
}

fn wrong(keyword: &'static str, value: &Value, expected: &'static str) -> Error {
    Error::Value {
        keyword,
        value: value.clone(),
        expected,
    }
}

fn host(list: &Value) -> Result<Option<String>, Error> {
    let value = get(list, ":hostname");
    match value.as_str() {
        Some(host) => Ok(Some(host.to_owned())),
        // A server has none; a client says so when it is made.
        None if value.is_nil() => Ok(None),
        None => Err(Error::HostMissing { value }),
    }
}

fn priority(list: &Value) -> Result<Option<String>, Error> {
    for keyword in [":priority", ":priority-string"] {
        let value = get(list, keyword);
        if value.is_true() {
            return match value.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(wrong(
                    keyword,
                    &value,
                    "a priority string of GnuTLS, or nil",
                )),
            };
        }
    }
    Ok(None)
}

fn path(value: &Value) -> Option<PathBuf> {
    let text = value.as_text()?;
    // The name of a file may hold any byte but NUL.
    let bytes = text.as_bytes();
    let usable = !bytes.is_empty() && !bytes.contains(&0);
    usable.then(|| PathBuf::from(os_string(&bytes)))
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> std::ffi::OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn files(list: &Value, keyword: &'static str) -> Result<Vec<PathBuf>, Error> {
    let value = get(list, keyword);
    let names = value
        .list_iter()
        .map_err(|_| wrong(keyword, &value, FILES))?;
    names
        .map(|name| path(name).ok_or_else(|| wrong(keyword, &value, FILES)))
        .collect()
}

fn identities(list: &Value) -> Result<Vec<Identity>, Error> {
    const EXPECTED: &str = "a list of lists, each of two file names, the key and the certificate";
    let value = get(list, ":keylist");
    let fault = || wrong(":keylist", &value, EXPECTED);
    let pair = |pair: &Value| {
        let mut names = pair.list_iter().map_err(|_| fault())?;
        match (names.next(), names.next(), names.next()) {
            (Some(key), Some(certificate), None) => Ok(Identity {
                key: path(key).ok_or_else(fault)?,
                certificate: path(certificate).ok_or_else(fault)?,
            }),
            _ => Err(fault()),
        }
    };
    let pairs = value.list_iter().map_err(|_| fault())?;
    pairs.map(pair).collect()
}

fn flags(list: &Value) -> Result<VerifyFlags, Error> {
    let value = get(list, ":verify-flags");
    if value.is_nil() {
        return Ok(VerifyFlags::default());
    }
    let bits = value.as_integer().and_then(|it| u32::try_from(it).ok());
    match bits {
        Some(bits) => VerifyFlags::from_bits(bits),
        None => Err(wrong(
            ":verify-flags",
            &value,
            "an integer of 32 bits, or nil",
        )),
    }
}

const PROTOCOLS: &str = "a list of strings of 1 to 255 bytes";

fn alpn(list: &Value) -> Result<Vec<Vec<u8>>, Error> {
    let value = get(list, ":alpn-protocols");
    let fault = || wrong(":alpn-protocols", &value, PROTOCOLS);
    let name = |name: &Value| name.as_text().map(|name| name.as_bytes().into_owned());
    let names = value.list_iter().map_err(|_| fault())?;
    let names: Vec<Vec<u8>> = names.map(name).collect::<Option<_>>().ok_or_else(fault)?;
    check_alpn(&names)?;
    Ok(names)
}

/// The names stand one after the other behind a byte for the length (RFC 7301, section 3.1).
pub(super) fn check_alpn(names: &[Vec<u8>]) -> Result<(), Error> {
    let fits = names.iter().all(|name| (1..=255).contains(&name.len()));
    let total: usize = names.iter().map(|name| name.len() + 1).sum();
    if fits && u16::try_from(total).is_ok() {
        return Ok(());
    }
    let value = names.iter().map(|name| Value::from(Text::from_bytes(name)));
    Err(wrong(":alpn-protocols", &Value::list(value), PROTOCOLS))
}

/// `:verify-error` and `:verify-hostname-error`, as `gnutls-boot-parameters` joins them.
fn verification(list: &Value, profile: Profile, parameters: &mut Parameters) -> Result<(), Error> {
    const EXPECTED: &str = "t, nil, or a list of :trustfiles and :hostname";
    let (chain, host) = match (written(list, ":verify-error"), profile) {
        // There is nothing that could be verified.
        (None, _) if parameters.anonymous => (false, false),
        (None, Profile::Safe) => (true, true),
        (None, Profile::Emacs) => (false, false),
        (Some(value), _) if value.is_symbol("t") => (true, true),
        (Some(value), _) => {
            let words = value
                .list_iter()
                .map_err(|_| wrong(":verify-error", &value, EXPECTED))?;
            let (mut chain, mut host) = (false, false);
            for word in words {
                match word.as_symbol().map(netproc_lisp::Symbol::as_str) {
                    Some(":trustfiles") => chain = true,
                    Some(":hostname") => host = true,
                    _ => return Err(wrong(":verify-error", &value, EXPECTED)),
                }
            }
            (chain, host)
        }
    };
    parameters.skip_chain = !chain;
    parameters.skip_host = !host && get(list, ":verify-hostname-error").is_nil();
    Ok(())
}

fn client_certificates(list: &Value) -> Result<Option<ClientCertificates>, Error> {
    const EXPECTED: &str = "ignored, optional or required, or nil";
    let value = get(list, ":client-certificates");
    match value.as_symbol().map(netproc_lisp::Symbol::as_str) {
        _ if value.is_nil() => Ok(None),
        Some("ignored") => Ok(Some(ClientCertificates::Ignored)),
        Some("optional") => Ok(Some(ClientCertificates::Optional)),
        Some("required") => Ok(Some(ClientCertificates::Required)),
        _ => Err(wrong(":client-certificates", &value, EXPECTED)),
    }
}

fn min_prime_bits(list: &Value) -> Result<Option<u32>, Error> {
    let value = get(list, ":min-prime-bits");
    if value.is_nil() {
        return Ok(None);
    }
    let bits = value.as_integer().and_then(|it| u32::try_from(it).ok());
    let fault = || wrong(":min-prime-bits", &value, "an integer of 32 bits, or nil");
    bits.map(Some).ok_or_else(fault)
}

fn log_level(list: &Value) -> Result<Option<i64>, Error> {
    let value = get(list, ":loglevel");
    match value.as_integer() {
        Some(0) => Ok(None),
        None if value.is_nil() => Ok(None),
        Some(level) => Ok(Some(level)),
        None => Err(wrong(":loglevel", &value, "an integer, or nil")),
    }
}

/// Keywords that can only be nil.
fn refused(list: &Value) -> Result<(), Error> {
    const PASSPHRASE: &str =
        "keys under a passphrase are not read; decrypt the key, as with `openssl pkey`";
    let unsupported = [
        (
            ":callbacks",
            "GnuTLS callbacks do not exist; leave it out and look at the peer status",
        ),
        (":pass", PASSPHRASE),
        (":password", PASSPHRASE),
        (":flags", PASSPHRASE),
    ];
    for (keyword, instead) in unsupported {
        let value = get(list, keyword);
        if value.is_true() {
            // What stands here may be a secret, and an error is shown to people.
            let shown = match keyword {
                ":pass" | ":password" => "a passphrase".to_owned(),
                _ => value.to_string(),
            };
            return Err(Error::Unsupported {
                keyword,
                value: shown,
                instead,
            });
        }
    }
    Ok(())
}
