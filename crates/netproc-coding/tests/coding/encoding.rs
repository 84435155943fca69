//! Encoding, against transcripts of Emacs 28.2 sending the same strings.

use netproc_coding::{Char, CodingSystem, Encoder, Text};

use crate::system;

/// Sends strings and compares the bytes of each and how the system is called afterwards.
fn check(name: &str, strings: &[(Text, &[u8], &str)]) {
    let mut encoder = Encoder::new(system(name));
    for (string, expected, reported) in strings {
        let mut borrowing = encoder.clone();
        let mut out = Vec::new();
        encoder.encode(string, &mut out);
        assert_eq!(out, *expected, "{name} {string:?}");
        assert_eq!(encoder.coding_system().name(), *reported);
        if let Some(bytes) = borrowing.encode_borrowed(string) {
            assert_eq!(bytes, *expected, "{name} {string:?} borrowed");
            assert_eq!(borrowing.coding_system().name(), *reported);
        }
    }
}

fn multi(text: &str) -> Text {
    Text::from(text)
}

fn uni(bytes: &[u8]) -> Text {
    Text::unibyte(bytes)
}

fn of(characters: &[Char]) -> Text {
    characters.iter().copied().collect()
}

#[test]
fn unibyte_strings_have_their_line_ends_converted_only() {
    check("utf-8-dos", &[(uni(b"\xE9a\n"), b"\xE9a\r\n", "utf-8-dos")]);
    check(
        "utf-8-dos",
        &[(uni(b"a\nb\r\nc\r"), b"a\r\nb\r\r\nc\r", "utf-8-dos")],
    );
    check("utf-8-mac", &[(uni(b"a\nb\n"), b"a\rb\r", "utf-8-mac")]);
    check("utf-16-dos", &[(uni(b"abc\n"), b"abc\r\n", "utf-16-dos")]);
    check(
        "latin-1",
        &[(uni(b"a\xC3\xA9\n"), b"a\xC3\xA9\n", "latin-1")],
    );
    check("binary", &[(uni(b"\xE9\n"), b"\xE9\n", "binary")]);
}

#[test]
fn the_first_multibyte_string_completes_the_system() {
    let text = || multi("hé\n");
    check(
        "utf-8",
        &[
            (uni(b"a"), b"a", "utf-8"),
            (text(), b"h\xC3\xA9\n", "utf-8-unix"),
        ],
    );
    check("utf-8-dos", &[(text(), b"h\xC3\xA9\r\n", "utf-8-dos")]);
    check("undecided", &[(text(), b"h\xC3\xA9\n", "utf-8-unix")]);
    check("undecided-dos", &[(text(), b"h\xC3\xA9\r\n", "utf-8-dos")]);
    check(
        "prefer-utf-8-dos",
        &[(text(), b"h\xC3\xA9\r\n", "utf-8-dos")],
    );
    check("latin-1", &[(text(), b"h\xE9\n", "iso-latin-1-unix")]);
    check("raw-text", &[(text(), b"h\xC3\xA9\n", "raw-text-unix")]);
    check(
        "raw-text-dos",
        &[(text(), b"h\xC3\xA9\r\n", "raw-text-dos")],
    );
    check("binary", &[(text(), b"h\xC3\xA9\n", "binary")]);
    check(
        "emacs-internal",
        &[(text(), b"h\xC3\xA9\n", "emacs-internal")],
    );
}

#[test]
fn raw_bytes_go_out_as_bytes_everywhere() {
    let raw = || of(&[Char::Raw(0x80), Char::Unicode('a'), Char::Raw(0xFF)]);
    for name in [
        "utf-8-unix",
        "latin-1-unix",
        "us-ascii-unix",
        "binary",
        "raw-text-unix",
    ] {
        check(name, &[(raw(), b"\x80a\xFF", name)]);
    }
    for name in [
        "big5-unix",
        "gb18030-unix",
        "euc-jp-unix",
        "iso-2022-jp-unix",
        "cp932-unix",
    ] {
        check(name, &[(raw(), b"\x80a\xFF", name)]);
    }
}

#[test]
fn utf_8_has_long_forms_for_what_is_not_unicode() {
    let sends = |code, bytes: &[u8]| {
        check(
            "utf-8-unix",
            &[(of(&[Char::Extended(code)]), bytes, "utf-8-unix")],
        );
    };
    sends(0xD800, b"\xED\xA0\x80");
    sends(0x11_0000, b"\xF4\x90\x80\x80");
    sends(0x3F_FF7F, b"\xF8\x8F\xBF\xBD\xBF");
}

#[test]
fn what_cannot_be_encoded_is_replaced() {
    check(
        "latin-1",
        &[(multi("é€中x"), b"\xE9  x", "iso-latin-1-unix")],
    );
    check("iso-8859-15", &[(multi("€"), b"\xA4", "iso-latin-9-unix")]);
    check("us-ascii", &[(multi("éx"), b"?x", "us-ascii-unix")]);
    check(
        "windows-1252",
        &[(multi("€中"), b"\x80 ", "windows-1252-unix")],
    );
    check("koi8-r", &[(multi("аé"), b"\xC1 ", "cyrillic-koi8-unix")]);
    check("big5", &[(multi("中é"), b"\xA4\xA4 ", "chinese-big5-unix")]);
    check(
        "iso-2022-jp",
        &[(multi("가a\nb"), b" a\nb", "iso-2022-jp-unix")],
    );
    let beyond = of(&[
        Char::Extended(0xD800),
        Char::Extended(0x11_0000),
        Char::Unicode('|'),
    ]);
    check("latin-1-unix", &[(beyond.clone(), b"  |", "latin-1-unix")]);
    check(
        "us-ascii-unix",
        &[(beyond.clone(), b"??|", "us-ascii-unix")],
    );
    check(
        "utf-16le-unix",
        &[(beyond, b"\0\xD8 \0|\0", "utf-16le-unix")],
    );
}

#[test]
fn utf_16_is_written_in_its_order() {
    check(
        "utf-16le",
        &[(multi("abé😀"), b"a\0b\0\xE9\0=\xD8\0\xDE", "utf-16le-unix")],
    );
    check("utf-16be", &[(multi("é"), b"\0\xE9", "utf-16be-unix")]);
    check(
        "utf-16le-dos",
        &[(multi("é\n"), b"\xE9\0\r\0\n\0", "utf-16le-dos")],
    );
    check(
        "utf-16le",
        &[
            (uni(b"abc"), b"abc", "utf-16le"),
            (multi("abc"), b"a\0b\0c\0", "utf-16le-unix"),
        ],
    );
}

#[test]
fn signatures_are_written_once() {
    check(
        "utf-16",
        &[
            (multi("abé"), b"\xFE\xFF\0a\0b\0\xE9", "utf-16-unix"),
            (multi("cé"), b"\0c\0\xE9", "utf-16-unix"),
        ],
    );
    let name = "utf-16le-with-signature-unix";
    check(
        "utf-16-le",
        &[
            (multi("é"), b"\xFF\xFE\xE9\0", name),
            (multi("é"), b"\xE9\0", name),
        ],
    );
    let name = "utf-16be-with-signature-dos";
    check(name, &[(multi("é\n"), b"\xFE\xFF\0\xE9\0\r\0\n", name)]);
    let name = "utf-8-with-signature-unix";
    check(
        "utf-8-with-signature",
        &[
            (multi("é"), b"\xEF\xBB\xBF\xC3\xA9", name),
            (multi("é"), b"\xC3\xA9", name),
        ],
    );
    check(
        "utf-8-auto",
        &[(multi("é"), b"\xC3\xA9", "utf-8-auto-unix")],
    );
}

#[test]
fn sets_of_pairs_have_emacs_s_bytes() {
    check(
        "euc-jp",
        &[(multi("こ"), b"\xA4\xB3", "japanese-iso-8bit-unix")],
    );
    check(
        "shift_jis",
        &[(multi("こｱ"), b"\x82\xB1\xB1", "japanese-shift-jis-unix")],
    );
    check(
        "gb18030",
        &[(multi("中😀"), b"\xD6\xD0\x949\xFC6", "chinese-gb18030-unix")],
    );
}

#[test]
fn iso_2022_jp_keeps_its_state_between_strings() {
    let name = "iso-2022-jp-unix";
    let mut encoder = Encoder::new(system("iso-2022-jp"));
    let mut out = Vec::new();
    let mut send = |text: &Text, expected: &[u8]| {
        out.clear();
        encoder.encode(text, &mut out);
        assert_eq!(out, expected);
        assert_eq!(encoder.coding_system().name(), name);
    };
    send(&multi("こ"), b"\x1B$B$3");
    send(&multi("ん"), b"$s");
    // Emacs sends the bytes of a unibyte string in whatever state there is.
    send(&uni(b"abc"), b"\x1B(Babc");
    send(&multi("こ"), b"\x1B$B$3");
    out.clear();
    encoder.finish(&mut out);
    assert_eq!(out, b"\x1B(B");
}

#[test]
fn iso_2022_jp_returns_to_ascii_for_ascii() {
    check(
        "iso-2022-jp",
        &[(multi("こ\n"), b"\x1B$B$3\x1B(B\n", "iso-2022-jp-unix")],
    );
    check(
        "iso-2022-jp-dos",
        &[(multi("こ\n"), b"\x1B$B$3\x1B(B\r\n", "iso-2022-jp-dos")],
    );
    check(
        "iso-2022-jp",
        &[(multi("中こx"), b"\x1B$BCf$3\x1B(Bx", "iso-2022-jp-unix")],
    );
    check(
        "iso-2022-jp",
        &[(
            multi("¥\\‾~"),
            b"\x1B(J\\\x1B(B\\\x1B(J~\x1B(B~",
            "iso-2022-jp-unix",
        )],
    );
    check(
        "iso-2022-jp-2",
        &[(multi("é"), b"\x1B$(D+1", "iso-2022-jp-2-unix")],
    );
    check(
        "iso-2022-7bit",
        &[(multi("中こx"), b"\x1B$AVP$3\x1B(Bx", "iso-2022-7bit-unix")],
    );
}

#[test]
fn messages_end_in_ascii() {
    let mut encoder = Encoder::new(system("iso-2022-jp"));
    for _ in 0..2 {
        let mut out = Vec::new();
        encoder.encode_message(&multi("こ"), &mut out);
        assert_eq!(out, b"\x1B$B$3\x1B(B");
    }
}

#[test]
fn plain_text_is_borrowed() {
    let text = multi("naïve\n");
    let mut encoder = Encoder::new(CodingSystem::UTF_8);
    assert_eq!(encoder.encode_borrowed(&text), Some("naïve\n".as_bytes()));
    assert_eq!(encoder.coding_system().name(), "utf-8-unix");
    assert_eq!(
        Encoder::new(system("utf-8-dos")).encode_borrowed(&text),
        None
    );
    assert_eq!(Encoder::new(system("latin-1")).encode_borrowed(&text), None);
    assert_eq!(
        Encoder::new(system("utf-16")).encode_borrowed(&multi("a")),
        None
    );
}

#[test]
fn an_idle_connection_costs_little() {
    assert!(size_of::<Encoder>() + size_of::<netproc_coding::Decoder>() <= 32);
}
