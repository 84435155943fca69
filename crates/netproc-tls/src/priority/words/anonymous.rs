//! The same words for sessions without certificates, which have suites of their own.

use super::{level, modify, normal, note, push, refuse};
use crate::priority::{Cipher, KeyExchange, Mac, Version};
use crate::{Error, Priority};

/// Best first, as GnuTLS has them.
const CIPHERS: [Cipher; 4] = [
    Cipher::Aes256Gcm,
    Cipher::Aes256Cbc,
    Cipher::Aes128Gcm,
    Cipher::Aes128Cbc,
];
const KEY_EXCHANGES: [KeyExchange; 2] = [KeyExchange::AnonEcdh, KeyExchange::AnonDh];
const MACS: [Mac; 3] = [Mac::Aead, Mac::Sha1, Mac::Sha256];

const CERTIFICATES: &str = "it is about certificates, which an anonymous session has none of";

pub(in crate::priority) fn parse(text: &str) -> Result<Priority, Error> {
    let mut priority = Priority {
        anonymous: true,
        ciphers: CIPHERS.to_vec(),
        // No level has them: they are always asked for by name.
        key_exchanges: Vec::new(),
        macs: vec![Mac::Aead, Mac::Sha1],
        ..normal(text)
    };
    for (index, word) in text.split([':', ',']).enumerate() {
        let word = word.trim().to_ascii_uppercase();
        if let Some(name) = word.strip_prefix('+').filter(|_| index > 0) {
            add(&mut priority, name)?;
        } else if let Some(name) = word.strip_prefix(['-', '!']).filter(|_| index > 0) {
            remove(&mut priority, name)?;
        } else if let Some(flag) = word.strip_prefix('%').filter(|_| index > 0) {
            modify(&mut priority, flag)?;
        } else {
            begin(&mut priority, &word)?;
        }
    }
    whole(&mut priority)?;
    Ok(priority)
}

fn begin(priority: &mut Priority, word: &str) -> Result<(), Error> {
    match word {
        "SUITEB128" | "SUITEB192" => {
            return Err(refuse(word, "Suite B has no anonymous suites; use NORMAL"));
        }
        "SECURE192" | "SECURE256" => priority.ciphers.retain(|it| *it != Cipher::Aes128Cbc),
        "PERFORMANCE" => {
            priority.ciphers = vec![
                Cipher::Aes128Gcm,
                Cipher::Aes256Gcm,
                Cipher::Aes128Cbc,
                Cipher::Aes256Cbc,
            ];
            return Ok(());
        }
        "NONE" => priority.macs.clear(),
        _ if word.starts_with(['+', '-', '!', '%']) => {
            return Err(refuse(word, "begin with a level, such as NORMAL"));
        }
        _ => {}
    }
    level(priority, word)
}

enum Word {
    Cipher(Cipher),
    KeyExchange(KeyExchange),
    Mac(Mac),
    AllCiphers,
    AllMacs,
    /// Has to do with certificates, or with ciphers that no anonymous suite has.
    Idle(&'static str),
    /// The same as in a session with certificates.
    Other,
}

fn word(name: &str) -> Word {
    match name {
        "AES-256-GCM" => Word::Cipher(Cipher::Aes256Gcm),
        "AES-256-CBC" => Word::Cipher(Cipher::Aes256Cbc),
        "AES-128-GCM" => Word::Cipher(Cipher::Aes128Gcm),
        "AES-128-CBC" => Word::Cipher(Cipher::Aes128Cbc),
        "CIPHER-ALL" => Word::AllCiphers,
        "ANON-ECDH" => Word::KeyExchange(KeyExchange::AnonEcdh),
        "ANON-DH" => Word::KeyExchange(KeyExchange::AnonDh),
        "AEAD" => Word::Mac(Mac::Aead),
        "SHA1" => Word::Mac(Mac::Sha1),
        "SHA256" => Word::Mac(Mac::Sha256),
        "MAC-ALL" => Word::AllMacs,
        "CHACHA20-POLY1305" => Word::Idle("no anonymous suite has this cipher"),
        "ECDHE-RSA" | "ECDHE-ECDSA" | "RSA" | "DHE-RSA" | "DHE-DSS" => Word::Idle(CERTIFICATES),
        "GROUP-X25519-MLKEM768" => Word::Idle("TLS 1.2 does not have this group"),
        _ if name.starts_with("SIGN-") => Word::Idle(CERTIFICATES),
        _ => Word::Other,
    }
}

fn add(priority: &mut Priority, name: &str) -> Result<(), Error> {
    match word(name) {
        Word::Cipher(cipher) => push(&mut priority.ciphers, &[cipher]),
        Word::KeyExchange(exchange) => push(&mut priority.key_exchanges, &[exchange]),
        Word::Mac(mac) => push(&mut priority.macs, &[mac]),
        Word::AllCiphers => push(&mut priority.ciphers, &CIPHERS),
        Word::AllMacs => push(&mut priority.macs, &MACS),
        Word::Idle(meaning) => note(priority, &format!("+{name}"), meaning),
        Word::Other if name == "KX-ALL" => push(&mut priority.key_exchanges, &KEY_EXCHANGES),
        Word::Other => super::add(priority, name)?,
    }
    Ok(())
}

fn remove(priority: &mut Priority, name: &str) -> Result<(), Error> {
    match word(name) {
        Word::Cipher(cipher) => priority.ciphers.retain(|it| *it != cipher),
        Word::KeyExchange(exchange) => priority.key_exchanges.retain(|it| *it != exchange),
        Word::Mac(mac) => priority.macs.retain(|it| *it != mac),
        Word::AllCiphers => priority.ciphers.clear(),
        Word::AllMacs => priority.macs.clear(),
        // What is not there is taken away already.
        Word::Idle(_) => {}
        Word::Other => super::remove(priority, name)?,
    }
    Ok(())
}

/// Holds that a suite is left, and leaves the version and the groups that can be had.
fn whole(priority: &mut Priority) -> Result<(), Error> {
    let text = priority.text.clone();
    if !priority.versions.contains(&Version::Tls12) {
        return Err(refuse(
            &text,
            "anonymous suites are of TLS 1.2; add +VERS-TLS1.2",
        ));
    }
    priority.versions = vec![Version::Tls12];
    priority
        .groups
        .retain(|group| *group != crate::Group::X25519MlKem768);
    if priority.groups.is_empty() {
        priority
            .key_exchanges
            .retain(|exchange| *exchange != KeyExchange::AnonEcdh);
    }
    if priority.key_exchanges.is_empty() {
        return Err(refuse(
            &text,
            "no anonymous key exchange is left; add +ANON-ECDH or +ANON-DH",
        ));
    }
    if priority.anonymous_suites().is_empty() {
        return Err(refuse(
            &text,
            "no anonymous suite is left; add +AES-256-CBC and +SHA1 for ANON-ECDH, or +AES-256-GCM and +AEAD for ANON-DH",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suites(text: &str) -> Vec<&'static str> {
        parse(text).unwrap().anonymous_suites()
    }

    fn refused(text: &str, part: &str) {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }

    #[test]
    fn the_default_of_emacs_is_diffie_hellman_without_curves() {
        let priority = parse("NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW").unwrap();
        assert_eq!(priority.key_exchanges(), [KeyExchange::AnonDh]);
        assert_eq!(priority.versions(), [Version::Tls12]);
        assert_eq!(priority.notes().len(), 1, "%DUMBFW");
        // As `gnutls-cli --list --priority` has them.
        assert_eq!(
            priority.anonymous_suites(),
            [
                "ADH-AES256-GCM-SHA384",
                "ADH-AES256-SHA",
                "ADH-AES128-GCM-SHA256",
                "ADH-AES128-SHA",
            ]
        );
    }

    #[test]
    fn ciphers_and_codes_of_authentication_narrow_the_suites() {
        let curves = ["AECDH-AES256-SHA", "AECDH-AES128-SHA"];
        assert_eq!(suites("NORMAL:+ANON-ECDH"), curves);
        assert_eq!(suites("NORMAL:+ANON-ECDH:-AES-128-CBC"), curves[..1]);
        assert_eq!(suites("SECURE192:+ANON-ECDH"), curves[..1]);
        assert_eq!(
            suites("NONE:+VERS-TLS1.2:+ANON-DH:+AES-128-CBC:+SHA256:+GROUP-ALL"),
            ["ADH-AES128-SHA256"]
        );
        assert_eq!(
            suites("NORMAL:+ANON-DH:-SHA1"),
            ["ADH-AES256-GCM-SHA384", "ADH-AES128-GCM-SHA256"]
        );
    }

    #[test]
    fn no_suite_is_without_encryption() {
        let all = suites("NORMAL:+KX-ALL:+CIPHER-ALL:+MAC-ALL:+GROUP-ALL");
        assert_eq!(all.len(), 8);
        assert!(all.iter().all(|suite| suite.contains("AES")));
    }

    #[test]
    fn what_leaves_no_anonymous_suite_is_refused() {
        refused("NORMAL", "add +ANON-ECDH or +ANON-DH");
        refused("NORMAL:+ANON-DH:-VERS-TLS1.2", "add +VERS-TLS1.2");
        refused("NORMAL:+ANON-ECDH:-SHA1", "no anonymous suite is left");
        refused("NORMAL:+ANON-ECDH:-GROUP-ALL", "no anonymous key exchange");
        refused("NORMAL:+ANON-ECDH:+3DES-CBC", "use AES-256-GCM");
        refused("SUITEB128:+ANON-ECDH", "no anonymous suites");
        refused("+ANON-ECDH", "begin with a level");
        refused("", "empty word");
    }

    #[test]
    fn words_about_certificates_are_told_to_be_idle() {
        let priority = parse("NORMAL:+ANON-DH:+ECDHE-RSA:-SIGN-ALL").unwrap();
        let notes: Vec<&str> = priority.notes().iter().map(crate::Note::value).collect();
        assert_eq!(notes, ["+ECDHE-RSA"]);
    }
}
