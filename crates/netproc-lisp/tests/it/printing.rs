//! Values print as Emacs 28.2's `prin1` prints them.

use netproc_lisp::{Char, Opaque, Symbol, Text, Value, read};

#[test]
fn strings_escape_quotes_and_backslashes_only() {
    assert_eq!(Value::from("a\nb\t\"\\").to_string(), "\"a\nb\t\\\"\\\\\"");
    assert_eq!(Value::from("é‘\0\u{7F}").to_string(), "\"é‘\0\u{7F}\"");
}

#[test]
fn raw_bytes_are_octal_escapes_in_both_kinds_of_string() {
    assert_eq!(Value::bytes(b"p\xE9").to_string(), r#""p\351""#);
    assert_eq!(Value::bytes(b"\xC01").to_string(), r#""\3001""#);
    let multibyte: Text = [Char::Unicode('é'), Char::Raw(0xC0)].into_iter().collect();
    assert_eq!(Value::from(multibyte).to_string(), "\"é\\300\"");
}

#[test]
fn characters_outside_unicode_are_hexadecimal_escapes() {
    let text: Text = [0xD800, 0x7A, 0x11_0000, 0x61]
        .into_iter()
        .filter_map(Char::from_code)
        .collect();
    assert_eq!(Value::from(text).to_string(), r#""\xd800z\x110000\ a""#);
}

#[test]
fn symbols_are_escaped_where_emacs_escapes_them() {
    for (name, printed) in [
        ("", "##"),
        (".", r"\."),
        ("..", r"\.\."),
        ("a.", r"a\."),
        ("1", r"\1"),
        ("+1", r"\+1"),
        ("-1", r"\-1"),
        ("1.", r"\1\."),
        ("-1.5", r"\-1\.5"),
        (".5", r"\.5"),
        ("+.5", r"\+\.5"),
        ("1e5", r"\1e5"),
        ("1E5", r"\1E5"),
        ("1e+5", r"\1e+5"),
        ("1e+NaN", r"\1e+NaN"),
        ("1.0e+INF", r"\1\.0e+INF"),
        ("1.0e-INF", r"1\.0e-INF"),
        ("12345678901234567890", r"\12345678901234567890"),
        ("-", "-"),
        ("+", "+"),
        ("--1", "--1"),
        ("1a", "1a"),
        ("1e", "1e"),
        ("1:", "1:"),
        ("0x1", "0x1"),
        ("?a", r"\?a"),
        ("a?b", r"a\?b"),
        ("##", r"\#\#"),
        ("a b", r"a\ b"),
        ("'`,@", r"\'\`\,@"),
        ("a;\"\\", "a\\;\\\"\\\\"),
        ("([{|}])", r"\(\[{|}\]\)"),
        ("\n", "\\\n"),
        ("\u{7F}é‘“&", "\u{7F}é‘“&"),
        ("\u{A0}", "\\\u{A0}"),
        (":a", ":a"),
    ] {
        assert_eq!(Symbol::new(name).to_string(), printed);
        assert_eq!(Value::symbol(name).to_string(), printed);
    }
}

#[test]
fn quotes_print_as_prefixes_and_commas_inside_backquotes_only() {
    for form in [
        "'a",
        "#'a",
        "`(a ,b ,@c)",
        "(quote)",
        "(quote a b)",
        "(quote . a)",
        r"(\, x)",
        "`x",
        r"(\` . x)",
        "(a quote b)",
        r"`,(\, x)",
        r"(\,@ x)",
        "[a 'b]",
        "(nil)",
        "[]",
        "(a b . c)",
        "#'nil",
    ] {
        assert_eq!(read(form).unwrap().to_string(), form);
    }
}

#[test]
fn opaque_values_print_their_name() {
    let buffer = Opaque::new("#<buffer web>", ());
    assert_eq!(
        Value::list([Value::from(1), buffer.into()]).to_string(),
        "(1 #<buffer web>)"
    );
}

#[test]
fn deep_nesting_prints_without_overflowing_the_stack() {
    let nest = (0..100_000).fold(Value::Nil, |inner, _| Value::list([inner]));
    assert_eq!(nest.to_string().len(), 200_003);
}
