//! What the replay leaves to Emacs, in `replay.toml`, and where the engine differs, in
//! `differences.toml`, both under `tests/conformance`.

use serde_json::Value;

use crate::case::{Case, folder};

/// What the files say.
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
    /// Reads the files.
    pub(crate) fn read() -> Self {
        let replay = read("replay.toml");
        let held = replay["held"].as_u64().expect("a number");
        let sections = read("differences.toml");
        let sections = sections["section"].as_array().expect("sections").iter();
        Named {
            held: usize::try_from(held).expect("a small number"),
            left: tables(&replay, "left").map(Entry::of_left).collect(),
            differing: sections
                .flat_map(|section| tables(section, "entry").map(Entry::of_difference))
                .collect(),
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

    /// Returns what is wrong with the files themselves, given all cases.
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
    fn of_left(value: &Value) -> Self {
        Entry {
            why: text(value, "why"),
            words: texts(value, "words"),
            cases: texts(value, "cases"),
        }
    }

    fn of_difference(value: &Value) -> Self {
        Entry {
            why: text(value, "netproc"),
            words: Vec::new(),
            cases: texts(value, "engine"),
        }
    }

    fn names(&self, case: &Case) -> bool {
        self.cases.contains(&case.name) || self.words.iter().any(|word| mentions(&case.text, word))
    }
}

fn read(file: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(file)).expect("the file");
    basic_toml::from_str(&text).expect("TOML")
}

fn tables<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    let texts = tables(value, key).filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
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
