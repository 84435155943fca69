//! Sets of characters in brackets, from the Emacs notation to that of the `regex` crate.

/// The classes that a set may name, with what they are in a set of the `regex` crate.
///
/// Letters, marks and numbers are told apart by their general category, as Emacs does.
const CLASSES: &[(&str, &str)] = &[
    ("alnum", r"\p{L}\p{M}\p{Nl}\p{Nd}"),
    ("alpha", r"\p{L}\p{M}\p{Nl}"),
    ("ascii", r"\x00-\x7F"),
    ("blank", r"\t\p{Zs}"),
    ("cntrl", r"\x00-\x1F"),
    ("digit", "0-9"),
    ("graph", r"[^\p{Z}\p{Cc}\p{Cn}]"),
    ("lower", r"\p{Ll}"),
    ("nonascii", r"[^\x00-\x7F]"),
    ("print", r"[^\p{Cc}\p{Cn}]"),
    ("punct", r"!-/:-@\[-`\{-\~[^\x00-\x7F\p{L}\p{M}\p{N}]"),
    ("space", r"\s"),
    ("upper", r"\p{Lu}"),
    ("word", WORD),
    ("xdigit", "0-9A-Fa-f"),
];

/// The names of the classes, for messages.
pub(super) const CLASS_NAMES: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "nonascii", "print",
    "punct", "space", "upper", "word", "xdigit",
];

/// The characters of words, inside of a set: `$` and `%` are, in the standard syntax table.
pub(super) const WORD: &str = r"\p{L}\p{M}\p{N}$%";

/// Returns what a class is in a set of the `regex` crate.
pub(super) fn class(name: &str) -> Option<&'static str> {
    CLASSES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, set)| *set)
}

/// Writes one character into a set.
pub(super) fn push_member(character: char, set: &mut String) {
    if matches!(character, '\\' | '[' | ']' | '^' | '-' | '&' | '~') {
        set.push('\\');
    }
    set.push(character);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_table() {
        let names: Vec<&str> = CLASSES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, CLASS_NAMES);
    }
}
