//! Texts are read as Emacs 28.2 reads them, and mistakes are found where they are.

use netproc_lisp::{ReadErrorKind, Reader, Text, Value, read, read_spanned};

fn printed(text: &str) -> String {
    match read(text) {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}

fn text_of(source: &str) -> Text {
    read(source).unwrap().as_text().unwrap().clone()
}

#[test]
fn characters_are_their_numbers() {
    for (source, number) in [
        ("?a", 97),
        ("?(", 40),
        ("?;", 59),
        ("?é", 233),
        (r"?\n", 10),
        (r"?\e", 27),
        (r"?\d", 127),
        (r"?\s", 32),
        (r"?\ ", 32),
        (r"?\C-a", 1),
        (r"?\^@", 0),
        (r"?\^?", 127),
        (r"?\C-?", 127),
        (r"?\C-%", 67_108_901),
        (r"?\C-\^a", 67_108_865),
        (r"?\M-a", 134_217_825),
        (r"?\C-\M-a", 134_217_729),
        (r"?\S-a", 33_554_529),
        (r"?\s-a", 8_388_705),
        (r"?\H-a", 16_777_313),
        (r"?\A-\C-a", 4_194_305),
        (r"?\x41", 65),
        (r"?\xff", 255),
        (r"?\x100", 256),
        (r"?\0", 0),
        (r"?\377", 255),
        (r"?\400", 256),
        (r"?\777", 511),
        (r"?\N{U+41}", 65),
        (r"?\u00e9", 233),
    ] {
        assert_eq!(read(source), Ok(Value::Integer(number)), "{source}");
    }
}

#[test]
fn a_character_ends_at_a_delimiter() {
    for (source, count) in [
        ("?a(b)", 2),
        ("?a\"b\"", 2),
        ("?a'b", 2),
        ("?a?b", 2),
        ("? a", 2),
    ] {
        assert_eq!(Reader::new(source).flatten().count(), count, "{source}");
    }
    assert_eq!(printed("[?a]"), "[97]");
    for source in [
        "?ab", "?aé", r"?\d1", r"?\08", "?", r"?\", r"?\CA", r"?\u12", r"?\C-",
    ] {
        assert!(read(source).is_err(), "{source}");
    }
}

#[test]
fn escapes_decide_whether_a_string_is_unibyte() {
    for (source, text) in [
        (r#""\xe9""#, Text::unibyte(*b"\xE9")),
        (r#""\xe9\ 1""#, Text::unibyte(*b"\xE91")),
        (r#""\300""#, Text::unibyte(*b"\xC0")),
        (r#""\M-a""#, Text::unibyte(*b"\xE1")),
        (r#""\x3fffe9""#, Text::unibyte(*b"\xE9")),
        (r#""\u00e9""#, Text::from("é")),
        (r#""\400""#, Text::from("Ā")),
        (
            "\"é\\300\"",
            Text::from_internal(b"\xC3\xA9\xC1\x80".to_vec()).unwrap(),
        ),
        (
            r#""\ud800""#,
            Text::from_internal(b"\xED\xA0\x80".to_vec()).unwrap(),
        ),
        (
            r#""\x110000""#,
            Text::from_internal(b"\xF4\x90\x80\x80".to_vec()).unwrap(),
        ),
    ] {
        let read = text_of(source);
        assert_eq!(read, text, "{source}");
        assert_eq!(read.is_multibyte(), text.is_multibyte(), "{source}");
    }
}

#[test]
fn escapes_of_ascii_read_as_that_character() {
    for (source, text) in [
        (r#""\C-a\^b""#, "\u{1}\u{2}"),
        (r#""\C- \C-?""#, "\0\u{7F}"),
        (r#""\S-a\s-a""#, "A -a"),
        (r#""\q\d\101\x41\U00000041\N{U+41}""#, "q\u{7F}AAAA"),
        ("\"a\\\nb\\ c\"", "abc"),
        (r#""\a\b\t\n\v\f\r\e""#, "\u{7}\u{8}\t\n\u{B}\u{C}\r\u{1B}"),
    ] {
        assert_eq!(text_of(source), text, "{source}");
    }
}

#[test]
fn escapes_that_mean_nothing_are_refused_where_they_stand() {
    for (source, column) in [
        (r#""ab\C-1""#, 4),
        (r#""\S-1""#, 2),
        (r#""\C-é""#, 2),
        (r#""\x400000""#, 4),
        (r#""\x""#, 4),
        (r#""\U00110000""#, 4),
        (r#""\u12g4""#, 4),
        (r#""\N{FOO}""#, 4),
        (r#""\N{U+110000}""#, 4),
        (r#""\MA""#, 3),
    ] {
        let error = read(source).unwrap_err();
        assert!(
            matches!(error.kind(), ReadErrorKind::Escape(_)),
            "{source}: {error}"
        );
        assert_eq!(error.position().column, column, "{source}: {error}");
    }
}

#[test]
fn numbers_and_symbols_read_as_in_emacs() {
    for (source, value) in [
        ("#xff", "255"),
        ("#xFF", "255"),
        ("#x-a", "-10"),
        ("#x+1", "1"),
        ("#o17", "15"),
        ("#b101", "5"),
        ("#24r1k", "44"),
        ("#xffffffffffffffffffff", "1208925819614629174706175"),
        ("##", "##"),
        (r"a\ b", r"a\ b"),
        (r"\1", r"\1"),
        (r"\.5", r"\.5"),
        ("a.b", r"a\.b"),
        ("‘a", "‘a"),
        ("a?b", r"a\?b"),
        ("a\u{2003}b", "a\u{2003}b"),
        ("..", r"\.\."),
        (r"\nil", "nil"),
    ] {
        assert_eq!(printed(source), value, "{source}");
    }
}

#[test]
fn lists_vectors_and_quotes_read_as_in_emacs() {
    for (source, value) in [
        ("(a . b)", "(a . b)"),
        ("(a .b)", r"(a \.b)"),
        ("(a . (b . (c)))", "(a b c)"),
        ("(a . ?b)", "(a . 98)"),
        ("(1 . 'x)", "(1 quote x)"),
        ("[a (b) []]", "[a (b) []]"),
        ("(a'b)", "(a 'b)"),
        ("(a\"b\"[c])", "(a \"b\" [c])"),
        ("#' a", "#'a"),
        (",@a", r"(\,@ a)"),
        (", @a", r"(\, @a)"),
        ("()", "nil"),
        ("(a;comment\n;another\n b)", "(a b)"),
        ("#!/usr/bin/netproc\n5", "5"),
        ("\u{FEFF}(a)", "(a)"),
        ("\u{A0}\u{C}a", "a"),
    ] {
        assert_eq!(printed(source), value, "{source}");
    }
}

#[test]
fn mistakes_are_named_where_they_are() {
    for (source, message) in [
        (
            "",
            "line 1, column 1: expected a value, found the end of the text",
        ),
        (
            " ;c",
            "line 1, column 4: expected a value, found the end of the text",
        ),
        (
            "a b",
            "line 1, column 3: expected the end of the text after one value",
        ),
        ("(a\n (b", "line 2, column 2: this list has no closing )"),
        (
            "(a\n [b)",
            "line 2, column 4: expected ] to close [, found )",
        ),
        ("(a]", "line 1, column 3: expected ) to close (, found ]"),
        (")", "line 1, column 1: this ) closes nothing"),
        ("[a", "line 1, column 1: this vector has no closing ]"),
        (
            "(a b\\",
            "line 1, column 5: expected a character after the backslash",
        ),
        (
            "(é \"b\n",
            "line 1, column 4: this string has no closing quote",
        ),
        (
            "\"a\\",
            "line 1, column 1: this string has no closing quote",
        ),
        ("(')", "line 1, column 2: expected a value after '"),
        ("(a ,@", "line 1, column 4: expected a value after ,@"),
        (
            ".",
            "line 1, column 1: a dot stands between the last two values of a list only",
        ),
        (
            "[a . b]",
            "line 1, column 4: a dot stands between the last two values of a list only",
        ),
        (
            "( . a)",
            "line 1, column 3: expected a value before the dot",
        ),
        ("(a .)", "line 1, column 4: expected a value after the dot"),
        (
            "(a . . b)",
            "line 1, column 6: expected a value after the dot",
        ),
        (
            "(a . b c)",
            "line 1, column 8: expected ) after the value after a dot",
        ),
        (
            "(a . b . c)",
            "line 1, column 8: expected ) after the value after a dot",
        ),
        ("('. a)", "line 1, column 3: expected a value after '"),
        (
            "#xg",
            "line 1, column 1: expected an integer in radix 16, found \"g\"",
        ),
        (
            "#b2",
            "line 1, column 1: expected an integer in radix 2, found \"2\"",
        ),
        (
            "#37r1",
            "line 1, column 1: expected an integer in radix 37, found \"1\"",
        ),
        (
            "(a #<buffer x>)",
            "line 1, column 4: #< starts a printed object such as a buffer or process, \
             which is not data that can be read",
        ),
        (
            "#s(hash-table)",
            "line 1, column 1: #s starts a record or hash table, \
             which is not data that can be read",
        ),
        (
            "#1=(a . #1#)",
            "line 1, column 1: #1= starts a shared or circular structure, \
             which is not data that can be read",
        ),
    ] {
        assert_eq!(printed(source), message, "{source}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth| format!("{}{}", "(".repeat(depth), ")".repeat(depth));
    assert!(read(&nested(Reader::MAX_DEPTH)).is_ok());
    let error = read(&nested(Reader::MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(*error.kind(), ReadErrorKind::TooDeep);
    assert_eq!(error.position().column, 1001);
    assert!(read(&"'".repeat(100_000)).is_err());
}

#[test]
fn every_element_has_its_span() {
    let source = "(:a \"é\"\n [1 'x] . ?b)";
    let whole = read_spanned(source).unwrap();
    let texts: Vec<&str> = whole
        .children
        .iter()
        .map(|child| &source[child.span.range()])
        .collect();
    assert_eq!(texts, [":a", "\"é\"", "[1 'x]", "?b"]);
    let quoted = &whole.children[2].children[1];
    assert_eq!(&source[quoted.span.range()], "'x");
    assert_eq!(quoted.children.len(), 2);
    assert_eq!(&source[quoted.children[1].span.range()], "x");
    let vector = whole.children[2].span;
    assert_eq!((vector.start.line, vector.start.column), (2, 2));
    assert_eq!((vector.end.line, vector.end.column), (2, 8));
}

#[test]
fn a_reader_gives_value_after_value_and_stops_at_an_error() {
    let mut reader = Reader::new("a (b) ) c");
    assert_eq!(reader.next().unwrap().unwrap().0, Value::symbol("a"));
    assert_eq!(reader.next().unwrap().unwrap().1.range(), 2..5);
    assert!(reader.next().unwrap().is_err());
    assert!(reader.next().is_none());
}
