//! What the replay leaves to Emacs, and where the engine differs: `tests/conformance/replay.toml`.

use serde_json::Value;

use crate::case::{Case, folder};

/// What the file says.
pub(crate) struct Named {
    /// How many cases have to come to the transcript that is kept, at least.
    pub(crate) held: usize,
    left: Vec<Entry>,
    differing: Vec<Entry>,
}

/// Cases, by name or by a word in them, and the reason why they are named.
struct Entry {
    why: String,
    words: Vec<String>,
    cases: Vec<String>,
}

/// What becomes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It has to come to the transcript that is kept.
    Held,
    /// It has to come to another.
    Differs,
    /// It is not evaluated.
    Left,
}

impl Named {
    /// Reads the file.
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(folder().join("replay.toml")).expect("the file");
        let file: Value = basic_toml::from_str(&text).expect("TOML");
        let entries = |key: &str| -> Vec<Entry> {
            let entries = file[key].as_array().expect("a list of tables");
            entries.iter().map(Entry::of).collect()
        };
        let held = file["held"].as_u64().expect("a number");
        Named {
            held: usize::try_from(held).expect("a small number"),
            left: entries("left"),
            differing: entries("differing"),
        }
    }

    /// Returns what becomes of a case.
    pub(crate) fn fate(&self, case: &Case) -> Fate {
        if self.left.iter().any(|entry| entry.names(case)) {
            Fate::Left
        } else if self.differing.iter().any(|entry| entry.names(case)) {
            Fate::Differs
        } else {
            Fate::Held
        }
    }

    /// Returns what is wrong with the file itself, given all cases.
    pub(crate) fn mistakes(&self, cases: &[Case]) -> Vec<String> {
        let mut mistakes = Vec::new();
        for entry in self.left.iter().chain(&self.differing) {
            if entry.why.is_empty() {
                mistakes.push(format!("{:?} are named without a reason", entry.cases));
            }
            for word in &entry.words {
                if !cases.iter().any(|case| mentions(&case.text, word)) {
                    mistakes.push(format!("no case mentions `{word}`"));
                }
            }
            for name in &entry.cases {
                if !cases.iter().any(|case| case.name == *name) {
                    mistakes.push(format!("there is no case `{name}`"));
                }
            }
        }
        for case in cases {
            let times = self.left.iter().chain(&self.differing);
            let named = times
                .filter(|entry| entry.cases.contains(&case.name))
                .count();
            if named > 1 || (named == 1 && self.is_left_by_a_word(case)) {
                mistakes.push(format!("`{}` is named twice", case.name));
            }
        }
        mistakes
    }

    fn is_left_by_a_word(&self, case: &Case) -> bool {
        let mut words = self.left.iter().flat_map(|entry| &entry.words);
        words.any(|word| mentions(&case.text, word))
    }
}

impl Entry {
    fn of(value: &Value) -> Self {
        let texts = |key: &str| -> Vec<String> {
            let texts = value[key].as_array().into_iter().flatten();
            texts.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Entry {
            why: value["why"].as_str().unwrap_or_default().to_owned(),
            words: texts("words"),
            cases: texts("cases"),
        }
    }

    fn names(&self, case: &Case) -> bool {
        self.cases.contains(&case.name) || self.words.iter().any(|word| mentions(&case.text, word))
    }
}

/// Tells whether a text has a word that is no part of another.
fn mentions(text: &str, word: &str) -> bool {
    let is_within = |character: Option<char>| {
        character.is_some_and(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    text.match_indices(word).any(|(start, _)| {
        let end = start + word.len();
        !is_within(text[..start].chars().next_back()) && !is_within(text[end..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_whole() {
        assert!(mentions("(make-thread f)", "make-thread"));
        assert!(!mentions("(make-threads f)", "make-thread"));
        assert!(!mentions("(remake-thread f)", "make-thread"));
    }
}
