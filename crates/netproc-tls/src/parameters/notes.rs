//! What has less effect here than the caller may think, so that it is not ignored in silence.

use std::fmt;

use super::Parameters;
use crate::VerifyFlags;

/// A word of the parameters that has less effect here than with GnuTLS, and what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    keyword: &'static str,
    value: String,
    meaning: &'static str,
}

impl Note {
    pub(crate) fn new(keyword: &'static str, value: String, meaning: &'static str) -> Self {
        Self {
            keyword,
            value,
            meaning,
        }
    }

    /// Returns the keyword that the word stands under.
    pub fn keyword(&self) -> &'static str {
        self.keyword
    }

    /// Returns the word.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns what it means here, as the end of a sentence.
    pub fn meaning(&self) -> &'static str {
        self.meaning
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.keyword, self.value, self.meaning)
    }
}

const CERTIFICATES: &str = "no certificate is looked at in an anonymous session";

pub(super) fn notes(parameters: &Parameters) -> Vec<Note> {
    let mut notes = Vec::new();
    if parameters.anonymous {
        let files = [
            (":trustfiles", &parameters.trust_files),
            (":crlfiles", &parameters.crl_files),
        ];
        for (keyword, files) in files {
            if let Some(first) = files.first() {
                notes.push(Note::new(
                    keyword,
                    first.display().to_string(),
                    CERTIFICATES,
                ));
            }
        }
        if parameters.without_platform_trust {
            let keyword = ":platform-trust";
            notes.push(Note::new(keyword, "nil".to_owned(), CERTIFICATES));
        }
        if parameters.flags != VerifyFlags::default() {
            let bits = parameters.flags.bits().to_string();
            notes.push(Note::new(":verify-flags", bits, CERTIFICATES));
        }
    } else if let Some(bits) = parameters.min_prime_bits {
        notes.push(Note::new(
            ":min-prime-bits",
            bits.to_string(),
            "no key exchange here has a prime, so the least is always met",
        ));
    }
    if let Some(level) = parameters.log_level {
        notes.push(Note::new(
            ":loglevel",
            level.to_string(),
            "no log is written; errors and the peer status say what happened",
        ));
    }
    notes
}
