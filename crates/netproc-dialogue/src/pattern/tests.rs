//! What Emacs 28.2 matches (`re-search-forward` in a fresh buffer), and what it refuses.

use netproc_lisp::Char;

use super::*;

/// A regexp, a text, and what of the text matches.
const MATCHES: &[(&str, &str, Option<&str>)] = &[
    ("^*a", "*a", Some("*a")),
    ("^*a", "aaa", None),
    ("a\\|+b", "+b", Some("+b")),
    ("\\(*a\\)", "*a", Some("*a")),
    ("a^b", "a^b", Some("a^b")),
    ("a$b", "a$b", Some("a$b")),
    ("\n^a", "\na", None),
    ("a*^", "a^", Some("a^")),
    ("$*", "$$", Some("$$")),
    ("\\`*a", "*a", Some("*a")),
    ("^?a", "?a", Some("?a")),
    ("a\\{,2\\}b", "aab", Some("aab")),
    ("x\\{2\\}*", "xxxx", Some("xxxx")),
    ("a{2}", "a{2}", Some("a{2}")),
    ("a**", "aaa", Some("aaa")),
    ("x+*", "xxx", Some("xxx")),
    ("[]a]", "]", Some("]")),
    ("[^]a]", "b", Some("b")),
    ("[a\\]", "\\", Some("\\")),
    ("[z-a]", "b", None),
    ("[a-]", "-", Some("-")),
    ("[-a]", "-", Some("-")),
    ("[a-c-e]", "d", None),
    ("[a-c-e]", "-", Some("-")),
    ("[a-z]", "K", Some("K")),
    ("[[:]x]", ":x]", Some(":x]")),
    ("[^a]", "A", None),
    ("\\w+", "a_$%'b", Some("a")),
    ("[[:alpha:]]", "é", Some("é")),
    ("[^[:alpha:]]", "a", None),
    ("[[:cntrl:]]", "\x7F", None),
    ("[[:punct:]]", "$", Some("$")),
    ("[[:space:]]", "\n", Some("\n")),
    ("\\s-", "\n", Some("\n")),
    ("[[:word:]]", "_", None),
    ("[[:print:]]", "\t", None),
    ("[[:graph:]]", " ", None),
    ("[[:upper:]]", "a", Some("a")),
    ("[[:lower:]]", "A", Some("A")),
    ("\\(?:^a\\)", "a", Some("a")),
    ("\\(?2:a\\)", "a", Some("a")),
    ("\\q", "q", Some("q")),
    ("^OK.*\n", "ok ready\n", Some("ok ready\n")),
];

fn found(pattern: &str, text: &str) -> Option<String> {
    let pattern = Pattern::emacs(pattern).expect("a regexp");
    let found = pattern.0.regex.find(text)?;
    Some(found.as_str().to_owned())
}

#[test]
fn what_emacs_matches_is_matched() {
    for (pattern, text, expected) in MATCHES {
        assert_eq!(
            found(pattern, text).as_deref(),
            *expected,
            "{pattern} {text}"
        );
    }
}

/// In Emacs the standard syntax table has `_` outside of words and `$` and `%` inside.
#[test]
fn the_boundaries_of_words_are_those_of_the_regex_crate() {
    assert_eq!(found("\\bx", "_x"), None);
    assert_eq!(found("\\bx", "$x").as_deref(), Some("x"));
    assert_eq!(found("\\<STLS\\>", "UIDL\nSTLS\n").as_deref(), Some("STLS"));
}

#[test]
fn what_emacs_refuses_is_refused_in_its_words() {
    let refused = [
        ("\\{", "Unmatched \\{"),
        ("a\\{", "Unmatched \\{"),
        ("a\\{2", "Unmatched \\{"),
        ("[[:foo:]]", "Invalid character class name"),
        ("[[:]x[[:alpha:]]", "Invalid character class name"),
        ("[a", "Unmatched [ or [^"),
        ("\\(a", "Unmatched ( or \\("),
        ("a\\)", "Unmatched ) or \\)"),
        ("\\", "Trailing backslash"),
        ("a\\{3,2\\}", "Invalid content of \\{\\}"),
    ];
    for (pattern, text) in refused {
        let error = Pattern::emacs(pattern).expect_err(pattern);
        let expected = Value::list([Value::symbol("invalid-regexp"), Value::string(text)]);
        assert_eq!(error.condition(), expected, "{pattern}");
    }
}

#[test]
fn what_has_no_counterpart_is_refused_with_its_place() {
    let unsupported = [
        ("ab\\=", 2, "\\="),
        ("\\(a\\)\\1", 5, "\\1"),
        ("\\_<a", 0, "\\_<"),
        ("\\cg", 0, "\\cg"),
        ("a\\s.", 1, "\\s."),
        ("[[:multibyte:]]", 1, "[:multibyte:]"),
        ("\\(?<a\\)", 0, "\\(?<"),
    ];
    for (pattern, place, expected) in unsupported {
        let error = Pattern::emacs(pattern).expect_err(pattern);
        assert_eq!(error.offset(), place, "{error}");
        match error.fault() {
            PatternFault::Unsupported { construct, .. } => assert_eq!(construct, expected),
            other => panic!("{pattern}: {other:?}"),
        }
    }
}

#[test]
fn a_count_before_a_question_mark_is_greedy() {
    assert_eq!(found("x\\{2\\}?", "xx").as_deref(), Some("xx"));
    assert_eq!(found("x\\{2,\\}", "xxx").as_deref(), Some("xxx"));
    assert_eq!(found("x*?", "xx").as_deref(), Some(""));
}

#[test]
fn an_immense_count_is_refused() {
    let error = Pattern::emacs("\\(?:a\\{60000\\}\\)\\{60000\\}").unwrap_err();
    assert!(
        matches!(error.fault(), PatternFault::Refused { .. }),
        "{error}"
    );
}

#[test]
fn texts_are_cut_by_character_whatever_they_are_made_of() {
    let end = Pattern::emacs("\r\n").unwrap();
    let bytes = Text::unibyte(b"+OK \xFF\r\nmore\xFE".to_vec());
    let (answer, rest) = end.split(&bytes).unwrap();
    assert_eq!(answer.as_unibyte(), Some(&b"+OK \xFF\r\n"[..]));
    assert_eq!(rest.as_unibyte(), Some(&b"more\xFE"[..]));

    let mut mixed = Text::from("Grüße ");
    mixed.push_raw(0xFF);
    mixed.push_str("\r\nend");
    let (answer, rest) = end.split(&mixed).unwrap();
    assert_eq!(answer.chars().nth(6), Some(Char::Raw(0xFF)));
    assert_eq!(rest, "end");
}

#[test]
fn patterns_in_lists_are_strings_where_emacs_understands_them() {
    let emacs = Pattern::emacs("^3").unwrap();
    assert_eq!(Value::from(emacs.clone()), Value::string("^3"));
    let rust = Pattern::regex("^3").unwrap();
    assert_ne!(rust, emacs);
    assert!(Value::from(rust).as_opaque().is_some());
}
