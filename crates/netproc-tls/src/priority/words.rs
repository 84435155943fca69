//! The words of priority strings, one by one.

pub(super) mod anonymous;

use super::{Cipher, Group, KeyExchange, Mac, Priority, Version};
use crate::{Error, Note};

const CIPHERS: [Cipher; 3] = [
    Cipher::Aes256Gcm,
    Cipher::ChaCha20Poly1305,
    Cipher::Aes128Gcm,
];
const KEY_EXCHANGES: [KeyExchange; 2] = [KeyExchange::EcdheEcdsa, KeyExchange::EcdheRsa];
const GROUPS: [Group; 4] = [
    Group::X25519MlKem768,
    Group::X25519,
    Group::Secp256r1,
    Group::Secp384r1,
];
const VERSIONS: [Version; 2] = [Version::Tls12, Version::Tls13];

/// The key lengths of GnuTLS's security levels, RSA and elliptic curve.
const MEDIUM: (u32, u32) = (2048, 256);
const HIGH: (u32, u32) = (3072, 256);
const ULTRA: (u32, u32) = (8192, 384);
const FUTURE: (u32, u32) = (15360, 512);

/// Returns everything that exists here, under the given text.
pub(super) fn normal(text: &str) -> Priority {
    Priority {
        text: text.to_owned(),
        anonymous: false,
        versions: VERSIONS.to_vec(),
        ciphers: CIPHERS.to_vec(),
        key_exchanges: KEY_EXCHANGES.to_vec(),
        groups: GROUPS.to_vec(),
        macs: vec![Mac::Aead],
        minimum_bits: MEDIUM,
        server_precedence: false,
        tickets: true,
        notes: Vec::new(),
    }
}

pub(super) fn parse(text: &str) -> Result<Priority, Error> {
    let mut priority = normal(text);
    let mut words = text.split([':', ',']).map(str::trim);
    let first = words.next().unwrap_or_default().to_ascii_uppercase();
    if first.starts_with(['+', '-', '!', '%']) {
        return Err(refuse(&first, "begin with a level, such as NORMAL"));
    }
    level(&mut priority, &first)?;
    for word in words {
        let word = word.to_ascii_uppercase();
        if let Some(name) = word.strip_prefix('+') {
            add(&mut priority, name)?;
        } else if let Some(name) = word.strip_prefix(['-', '!']) {
            remove(&mut priority, name)?;
        } else if let Some(flag) = word.strip_prefix('%') {
            modify(&mut priority, flag)?;
        } else {
            level(&mut priority, &word)?;
        }
    }
    whole(&mut priority)?;
    Ok(priority)
}

fn refuse(word: &str, instead: &'static str) -> Error {
    Error::Unsupported {
        keyword: ":priority",
        value: word.to_owned(),
        instead,
    }
}

fn note(priority: &mut Priority, word: &str, meaning: &'static str) {
    priority
        .notes
        .push(Note::new(":priority", word.to_owned(), meaning));
}

/// The word at the beginning: what to start from.
fn level(priority: &mut Priority, word: &str) -> Result<(), Error> {
    match word {
        "NORMAL" | "PFS" => {}
        "SYSTEM" | "@SYSTEM" => note(
            priority,
            word,
            "the policy file of GnuTLS is not read; the same as NORMAL",
        ),
        "PERFORMANCE" => priority.ciphers.reverse(),
        "LEGACY" => note(
            priority,
            word,
            "only TLS 1.2 and 1.3 exist here; the same as NORMAL",
        ),
        "SECURE128" | "SECURE" => priority.minimum_bits = HIGH,
        "SECURE192" => {
            priority.minimum_bits = ULTRA;
            priority.ciphers.retain(|it| *it != Cipher::Aes128Gcm);
        }
        "SECURE256" => {
            priority.minimum_bits = FUTURE;
            priority.ciphers.retain(|it| *it != Cipher::Aes128Gcm);
        }
        "SUITEB128" => {
            priority.minimum_bits = HIGH;
            priority.ciphers = vec![Cipher::Aes128Gcm, Cipher::Aes256Gcm];
            priority.key_exchanges = vec![KeyExchange::EcdheEcdsa];
            priority.groups = vec![Group::Secp256r1, Group::Secp384r1];
        }
        "SUITEB192" => {
            priority.minimum_bits = ULTRA;
            priority.ciphers = vec![Cipher::Aes256Gcm];
            priority.key_exchanges = vec![KeyExchange::EcdheEcdsa];
            priority.groups = vec![Group::Secp384r1];
        }
        "NONE" => {
            priority.versions.clear();
            priority.ciphers.clear();
            priority.key_exchanges.clear();
            priority.groups.clear();
        }
        "" => return Err(refuse(word, "an empty word stands in the string")),
        _ => {
            return Err(refuse(
                word,
                "use NORMAL, PERFORMANCE, PFS, SECURE128, SECURE192, SECURE256, SUITEB128, SUITEB192 or NONE, or put + or - before the word",
            ));
        }
    }
    Ok(())
}

/// What a word after `+`, `-` or `!` is about.
enum Word {
    Version(Version),
    AllVersions,
    Cipher(Cipher),
    AllCiphers,
    KeyExchange(KeyExchange),
    AllKeyExchanges,
    Group(Group),
    AllGroups,
    /// Exists here and cannot be chosen: `AEAD`, X.509 certificates, no compression.
    Always,
    /// Everything of a kind of which there is one alone.
    AlwaysAll,
    /// Algorithms of signatures, which can only be taken as they are.
    Signature,
    /// Known to GnuTLS and not here.
    Absent(&'static str),
    Unknown,
}

fn word(name: &str) -> Word {
    match name {
        "VERS-TLS1.2" => Word::Version(Version::Tls12),
        "VERS-TLS1.3" => Word::Version(Version::Tls13),
        "VERS-ALL" | "VERS-TLS-ALL" => Word::AllVersions,
        "AES-256-GCM" => Word::Cipher(Cipher::Aes256Gcm),
        "AES-128-GCM" => Word::Cipher(Cipher::Aes128Gcm),
        "CHACHA20-POLY1305" => Word::Cipher(Cipher::ChaCha20Poly1305),
        "CIPHER-ALL" => Word::AllCiphers,
        "ECDHE-RSA" => Word::KeyExchange(KeyExchange::EcdheRsa),
        "ECDHE-ECDSA" => Word::KeyExchange(KeyExchange::EcdheEcdsa),
        "KX-ALL" => Word::AllKeyExchanges,
        "GROUP-X25519-MLKEM768" => Word::Group(Group::X25519MlKem768),
        "GROUP-X25519" | "CURVE-X25519" => Word::Group(Group::X25519),
        "GROUP-SECP256R1" | "CURVE-SECP256R1" => Word::Group(Group::Secp256r1),
        "GROUP-SECP384R1" | "CURVE-SECP384R1" => Word::Group(Group::Secp384r1),
        "GROUP-ALL" | "CURVE-ALL" | "GROUP-EC-ALL" => Word::AllGroups,
        "AEAD" | "CTYPE-X509" | "CTYPE-X.509" | "COMP-NULL" => Word::Always,
        "MAC-ALL" | "CTYPE-ALL" | "COMP-ALL" | "CTYPE-CLI-ALL" | "CTYPE-SRV-ALL" => Word::AlwaysAll,
        _ if name.starts_with("SIGN-") => Word::Signature,
        _ => absent(name),
    }
}

fn absent(name: &str) -> Word {
    const OLD: &str = "use VERS-TLS1.2 or VERS-TLS1.3";
    const CIPHER: &str = "use AES-256-GCM, AES-128-GCM or CHACHA20-POLY1305";
    const EXCHANGE: &str = "use ECDHE-RSA or ECDHE-ECDSA";
    const ANONYMOUS: &str = "anonymous suites are for parameters that begin with gnutls-anon; use ECDHE-RSA or ECDHE-ECDSA with certificates";
    const MAC: &str = "every cipher here authenticates by itself; use AEAD";
    const GROUP: &str = "use GROUP-X25519, GROUP-SECP256R1 or GROUP-SECP384R1";
    Word::Absent(match name {
        "VERS-SSL3.0" | "VERS-TLS1.0" | "VERS-TLS1.1" | "VERS-DTLS0.9" | "VERS-DTLS1.0"
        | "VERS-DTLS1.2" | "VERS-DTLS1.3" | "VERS-DTLS-ALL" => OLD,
        "RSA" | "DHE-RSA" | "DHE-DSS" | "RSA-EXPORT" | "PSK" | "DHE-PSK" | "ECDHE-PSK"
        | "RSA-PSK" | "SRP" | "SRP-RSA" | "SRP-DSS" => EXCHANGE,
        "ANON-DH" | "ANON-ECDH" => ANONYMOUS,
        "SHA1" | "SHA256" | "SHA384" | "SHA512" | "MD5" => MAC,
        "CTYPE-OPENPGP" | "CTYPE-RAWPK" | "CTYPE-CLI-RAWPK" | "CTYPE-SRV-RAWPK" => "use CTYPE-X509",
        "COMP-DEFLATE" | "COMP-LZO" => "sessions are not compressed; use COMP-NULL",
        "NULL" | "CIPHER-GOST-ALL" => CIPHER,
        _ if name.starts_with("GROUP-") || name.starts_with("CURVE-") => GROUP,
        _ if [
            "AES-",
            "CAMELLIA-",
            "3DES-",
            "ARCFOUR-",
            "DES-",
            "RC4",
            "GOST",
        ]
        .iter()
        .any(|family| name.starts_with(family)) =>
        {
            CIPHER
        }
        _ => return Word::Unknown,
    })
}

const UNKNOWN: &str = "it is no word of GnuTLS's priority strings";
const SIGNATURES: &str =
    "signatures with SHA-256 or better are accepted, and no others; leave the word out";

fn add(priority: &mut Priority, name: &str) -> Result<(), Error> {
    match word(name) {
        Word::Version(version) => {
            push(&mut priority.versions, &[version]);
            priority.versions.sort_unstable();
        }
        Word::AllVersions => priority.versions = VERSIONS.to_vec(),
        Word::Cipher(cipher) => push(&mut priority.ciphers, &[cipher]),
        Word::AllCiphers => push(&mut priority.ciphers, &CIPHERS),
        Word::KeyExchange(exchange) => push(&mut priority.key_exchanges, &[exchange]),
        Word::AllKeyExchanges => push(&mut priority.key_exchanges, &KEY_EXCHANGES),
        Word::Group(group) => push(&mut priority.groups, &[group]),
        Word::AllGroups => push(&mut priority.groups, &GROUPS),
        Word::Always | Word::AlwaysAll => {}
        Word::Signature if name == "SIGN-ALL" => {}
        Word::Signature => return Err(refuse(&format!("+{name}"), SIGNATURES)),
        Word::Absent(instead) => return Err(refuse(&format!("+{name}"), instead)),
        Word::Unknown => return Err(refuse(&format!("+{name}"), UNKNOWN)),
    }
    Ok(())
}

fn push<T: Copy + PartialEq>(list: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !list.contains(item) {
            list.push(*item);
        }
    }
}

fn remove(priority: &mut Priority, name: &str) -> Result<(), Error> {
    match word(name) {
        Word::Version(version) => priority.versions.retain(|it| *it != version),
        Word::AllVersions => priority.versions.clear(),
        Word::Cipher(cipher) => priority.ciphers.retain(|it| *it != cipher),
        Word::AllCiphers => priority.ciphers.clear(),
        Word::KeyExchange(exchange) => priority.key_exchanges.retain(|it| *it != exchange),
        Word::AllKeyExchanges => priority.key_exchanges.clear(),
        Word::Group(group) => priority.groups.retain(|it| *it != group),
        Word::AllGroups => priority.groups.clear(),
        // A string takes away all of a kind to name one of it next.
        Word::AlwaysAll => note(
            priority,
            &format!("-{name}"),
            "there is one kind alone here, and it stays",
        ),
        Word::Always => {
            return Err(refuse(
                &format!("-{name}"),
                "nothing else exists here; leave the word out",
            ));
        }
        Word::Signature if name.ends_with("-SHA1") || name.ends_with("-MD5") => {}
        Word::Signature => return Err(refuse(&format!("-{name}"), SIGNATURES)),
        Word::Absent(_) => {}
        Word::Unknown => return Err(refuse(&format!("-{name}"), UNKNOWN)),
    }
    Ok(())
}

fn modify(priority: &mut Priority, flag: &str) -> Result<(), Error> {
    const RENEGOTIATION: &str = "a session is never renegotiated here; leave the word out";
    match flag {
        "SERVER_PRECEDENCE" => priority.server_precedence = true,
        "NO_TICKETS" => priority.tickets = false,
        "NO_TICKETS_TLS12" => note(
            priority,
            "%NO_TICKETS_TLS12",
            "use %NO_TICKETS to have no resumption at all",
        ),
        "DUMBFW" => note(
            priority,
            "%DUMBFW",
            "the first message is not padded; firewalls that need this are not known any more",
        ),
        "COMPAT" => note(
            priority,
            "%COMPAT",
            "there is nothing to be lenient about in TLS 1.2 and 1.3",
        ),
        "LATEST_RECORD_VERSION" | "SSL3_RECORD_VERSION" => {
            note(
                priority,
                &format!("%{flag}"),
                "records carry the version that RFC 8446 asks for",
            );
        }
        "SAFE_RENEGOTIATION"
        | "PARTIAL_RENEGOTIATION"
        | "FORCE_SESSION_HASH"
        | "FALLBACK_SCSV"
        | "PROFILE_VERY_WEAK"
        | "PROFILE_LOW"
        | "PROFILE_LEGACY"
        | "PROFILE_MEDIUM" => {
            note(
                priority,
                &format!("%{flag}"),
                "what it asks for, or more, is always so",
            );
        }
        "PROFILE_HIGH" | "PROFILE_SUITEB128" => priority.minimum_bits = HIGH,
        "PROFILE_ULTRA" | "PROFILE_SUITEB192" => priority.minimum_bits = ULTRA,
        "PROFILE_FUTURE" => priority.minimum_bits = FUTURE,
        "UNSAFE_RENEGOTIATION" | "DISABLE_SAFE_RENEGOTIATION" => {
            return Err(refuse(&format!("%{flag}"), RENEGOTIATION));
        }
        "NO_EXTENSIONS" | "NO_SESSION_HASH" => {
            return Err(refuse(
                &format!("%{flag}"),
                "TLS 1.2 and 1.3 as spoken here need extensions",
            ));
        }
        "NO_ETM" | "FORCE_ETM" => {
            note(
                priority,
                &format!("%{flag}"),
                "every cipher here authenticates by itself, so there is no choice",
            );
        }
        "VERIFY_DISABLE_CRL_CHECKS" => {
            return Err(refuse("%VERIFY_DISABLE_CRL_CHECKS", "leave :crlfiles out"));
        }
        _ if flag.starts_with("VERIFY_ALLOW_") => {
            return Err(refuse(
                &format!("%{flag}"),
                "let the certificate be of X.509 version 3 and signed with SHA-256 or better",
            ));
        }
        _ => return Err(refuse(&format!("%{flag}"), UNKNOWN)),
    }
    Ok(())
}

/// Holds that something is left of every kind.
fn whole(priority: &mut Priority) -> Result<(), Error> {
    let text = priority.text.clone();
    if priority.key_exchanges.is_empty() {
        // TLS 1.3 does without them.
        priority
            .versions
            .retain(|version| *version != Version::Tls12);
    }
    if priority.versions.is_empty() {
        return Err(refuse(
            &text,
            "no version is left; add +VERS-TLS1.3, or +VERS-TLS1.2 and +ECDHE-RSA",
        ));
    }
    if priority.ciphers.is_empty() {
        return Err(refuse(&text, "no cipher is left; add +AES-256-GCM"));
    }
    if priority.groups.is_empty() {
        return Err(refuse(&text, "no group is left; add +GROUP-ALL"));
    }
    if cfg!(not(feature = "aws-lc-rs")) && priority.groups == [Group::X25519MlKem768] {
        return Err(refuse(
            &text,
            "this group needs the feature aws-lc-rs; add +GROUP-X25519",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, part: &str) {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }

    #[test]
    fn emacs_default_is_everything_with_a_note() {
        let priority = parse("NORMAL:%DUMBFW").unwrap();
        assert_eq!(priority.versions(), VERSIONS);
        assert_eq!(priority.ciphers(), CIPHERS);
        assert_eq!(priority.notes().len(), 1);
    }

    #[test]
    fn a_single_version_is_left_in_either_way() {
        for text in ["NORMAL:-VERS-ALL:+VERS-TLS1.2", "normal:-vers-tls1.3"] {
            assert_eq!(parse(text).unwrap().versions(), [Version::Tls12], "{text}");
        }
    }

    #[test]
    fn what_does_not_exist_can_be_taken_away_but_not_demanded() {
        assert!(parse("NORMAL:-VERS-TLS1.1:!ARCFOUR-128:-RSA:-DHE-RSA:-SHA1").is_ok());
        refused("NORMAL:+VERS-TLS1.1", "use VERS-TLS1.2 or VERS-TLS1.3");
        refused("NORMAL:+RSA", "use ECDHE-RSA or ECDHE-ECDSA");
        refused("NORMAL:+AES-128-CBC", "use AES-256-GCM");
        refused("NORMAL:+ANON-DH", "begin with gnutls-anon");
        refused(
            "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA",
            "ECDHE-RSA",
        );
    }

    #[test]
    fn nothing_left_is_refused() {
        refused("NONE", "no version is left");
        refused("NORMAL:-CIPHER-ALL", "no cipher is left");
        refused("NORMAL:-GROUP-ALL", "no group is left");
        refused("NORMAL:-VERS-TLS1.3:-KX-ALL", "no version is left");
    }

    #[test]
    fn the_order_of_adding_is_the_order_of_preference() {
        let priority = parse("NORMAL:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM").unwrap();
        assert_eq!(priority.ciphers(), [Cipher::Aes128Gcm, Cipher::Aes256Gcm]);
        let suites = priority.order_suites(&crate::provider::provider().cipher_suites);
        assert_eq!(suites.len(), 6);
    }

    #[test]
    fn levels_of_security_ask_for_longer_keys() {
        assert_eq!(parse("SECURE128").unwrap().minimum_bits(), (3072, 256));
        assert_eq!(parse("SECURE256").unwrap().minimum_bits().0, 15360);
    }

    #[test]
    fn words_that_are_no_words_are_refused() {
        refused("", "empty word");
        refused("NORMAL::", "empty word");
        refused("FOO", "use NORMAL");
        refused("+RSA", "begin with a level");
        refused("NORMAL:+FOO", "no word");
        refused("NORMAL:-FOO", "no word");
        refused("NORMAL:%FOO", "no word");
        refused("NORMAL:é", "use NORMAL");
    }
}
