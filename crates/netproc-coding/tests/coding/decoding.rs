//! Decoding, against transcripts of Emacs 28.2 receiving the same chunks.

use netproc_coding::{CodingSystem, Decoder, Encoder, Text};

use crate::{shown, system};

/// Feeds chunks and compares what each yields and how the system is called afterwards; the last
/// line is the end of the stream.
pub(crate) fn check(name: &str, chunks: &[(&[u8], &str, &str)], at_end: &str) {
    let mut decoder = Decoder::new(system(name));
    for (chunk, text, reported) in chunks {
        let mut out = Text::new();
        decoder.decode(chunk, &mut out);
        assert_eq!(
            (shown(&out).as_str(), decoder.coding_system().name()),
            (*text, *reported),
            "{name}"
        );
    }
    let mut out = Text::new();
    decoder.finish(&mut out);
    assert_eq!(shown(&out), at_end, "{name} at the end");
}

#[test]
fn ascii_leaves_undecided_data_undecided() {
    check(
        "undecided",
        &[
            (b"abc", "abc", "undecided"),
            (b"caf\xC3\xA9\n", "café\n", "utf-8-unix"),
            (b"more\n", "more\n", "utf-8-unix"),
        ],
        "",
    );
    check(
        "undecided",
        &[
            (b"abc\n", "abc\n", "undecided-unix"),
            (b"def\r\n", "def\r\n", "undecided-unix"),
            (b"caf\xC3\xA9\n", "café\n", "utf-8-unix"),
            (b"caf\xE9\n", "caf<E9>\n", "utf-8-unix"),
        ],
        "",
    );
}

#[test]
fn the_first_chunk_beyond_ascii_decides_for_good() {
    check(
        "undecided",
        &[
            (b"caf\xE9\n", "café\n", "iso-latin-1-unix"),
            (b"caf\xC3\xA9\n", "cafÃ©\n", "iso-latin-1-unix"),
        ],
        "",
    );
    check(
        "prefer-utf-8",
        &[
            (b"a\r\n", "a\n", "prefer-utf-8-dos"),
            (b"caf\xC3\xA9\r\n", "café\n", "utf-8-dos"),
        ],
        "",
    );
    check(
        "undecided-dos",
        &[
            (b"a\nb\r\nc\r", "a\nb\nc", "undecided-dos"),
            (b"\nd", "\nd", "undecided-dos"),
            (b"caf\xC3\xA9\n", "café\n", "utf-8-dos"),
        ],
        "",
    );
    check(
        "undecided-unix",
        &[
            (b"a\r\nb\r\n", "a\r\nb\r\n", "undecided-unix"),
            (b"caf\xC3\xA9\n", "café\n", "utf-8-unix"),
        ],
        "",
    );
}

#[test]
fn a_nul_byte_makes_everything_bytes() {
    let mut decoder = Decoder::default();
    for chunk in [&b"x\0y\n"[..], b"caf\xC3\xA9"] {
        let mut out = Text::new();
        decoder.decode(chunk, &mut out);
        assert_eq!(out.as_unibyte(), Some(chunk));
        assert_eq!(decoder.coding_system().name(), "no-conversion");
        assert!(!decoder.is_multibyte());
    }
}

#[test]
fn escape_sequences_decide_for_iso_2022() {
    check(
        "undecided",
        &[
            (b"\x1B$B$3", "こ", "iso-2022-7bit"),
            (b"$s\x1B(B\n", "ん\n", "iso-2022-7bit-unix"),
            (b"more\n", "more\n", "iso-2022-7bit-unix"),
        ],
        "",
    );
    check(
        "undecided",
        &[
            (b"a\x1B", "a", "undecided"),
            (b"[0m", "\x1B[0m", "undecided"),
        ],
        "",
    );
}

#[test]
fn a_byte_order_mark_decides_for_utf_16() {
    check(
        "undecided",
        &[
            (
                b"\xFE\xFF\0a\0b\0\n",
                "ab\n",
                "utf-16be-with-signature-unix",
            ),
            (b"\0c", "c", "utf-16be-with-signature-unix"),
        ],
        "",
    );
    check(
        "undecided",
        &[
            (
                b"\xFF\xFEa\0b\0\n\0",
                "ab\n",
                "utf-16le-with-signature-unix",
            ),
            (b"c\0", "c", "utf-16le-with-signature-unix"),
        ],
        "",
    );
    check(
        "undecided",
        &[
            (b"\xEF\xBB\xBFabc\n", "\u{FEFF}abc\n", "utf-8-unix"),
            (b"d", "d", "utf-8-unix"),
        ],
        "",
    );
}

#[test]
fn a_character_cut_off_does_not_decide() {
    // Emacs reports utf-8 already after the first chunk, with the same text.
    check(
        "undecided",
        &[
            (b"caf\xC3", "caf", "undecided"),
            (b"\xA9 x\n", "é x\n", "utf-8-unix"),
        ],
        "",
    );
    check(
        "undecided",
        &[
            (b"caf\xE9", "caf", "undecided"),
            (b"\n", "é\n", "iso-latin-1-unix"),
        ],
        "",
    );
    check("undecided", &[(b"caf\xC3", "caf", "undecided")], "<C3>");
}

#[test]
fn line_ends_are_decided_by_the_first_chunk_that_has_one() {
    check(
        "utf-8",
        &[
            (b"caf\xC3\xA9\n", "café\n", "utf-8-unix"),
            (b"a\r\nb\r\n", "a\r\nb\r\n", "utf-8-unix"),
        ],
        "",
    );
    check(
        "utf-8",
        &[
            (b"abc", "abc", "utf-8"),
            (b"a\r\nb\r\n", "a\nb\n", "utf-8-dos"),
            (b"\nx", "\nx", "utf-8-dos"),
        ],
        "",
    );
    check(
        "undecided",
        &[(b"a\r\nb\n", "a\r\nb\n", "undecided-unix")],
        "",
    );
    check(
        "undecided",
        &[(b"a\nb\r\n", "a\nb\r\n", "undecided-unix")],
        "",
    );
    check("undecided", &[(b"a\rb\r", "a\nb\n", "undecided-mac")], "");
    check(
        "latin-1",
        &[(b"caf\xE9\n", "café\n", "iso-latin-1-unix")],
        "",
    );
    check("ascii", &[(b"a\r\n", "a\n", "us-ascii-dos")], "");
    check(
        "iso-2022-jp",
        &[(b"\x1B$B$3\x1B(B\r\n", "こ\n", "iso-2022-jp-dos")],
        "",
    );
}

#[test]
fn a_carriage_return_at_the_end_of_a_chunk_waits() {
    // Emacs takes it for -mac and garbles what follows.
    check(
        "undecided",
        &[
            (b"abc\r", "abc", "undecided"),
            (b"\ndef\r\n", "\ndef\n", "undecided-dos"),
            (b"x\r\ny", "x\ny", "undecided-dos"),
        ],
        "",
    );
    check(
        "undecided",
        &[
            (b"abc", "abc", "undecided"),
            (b"\r", "", "undecided"),
            (b"\n", "\n", "undecided-dos"),
        ],
        "",
    );
    check(
        "utf-8",
        &[(b"abc\r", "abc", "utf-8"), (b"x", "\nx", "utf-8-mac")],
        "",
    );
    check("utf-8", &[(b"abc\r", "abc", "utf-8")], "\n");
}

#[test]
fn fixed_line_ends_are_converted_and_nothing_else() {
    check(
        "utf-8-dos",
        &[
            (b"a\r\nb\nc\rd", "a\nb\nc\rd", "utf-8-dos"),
            (b"x\r", "x", "utf-8-dos"),
            (b"\ny", "\ny", "utf-8-dos"),
            (b"z\r", "z", "utf-8-dos"),
        ],
        "\r",
    );
    check(
        "utf-8-mac",
        &[
            (b"a\rb\nc\r\nd", "a\nb\nc\n\nd", "utf-8-mac"),
            (b"x\r", "x\n", "utf-8-mac"),
            (b"\ny", "\ny", "utf-8-mac"),
        ],
        "",
    );
    check(
        "utf-8-dos",
        &[
            (b"e\xCC\x81\r", "e\u{301}", "utf-8-dos"),
            (b"\r\n", "\r\n", "utf-8-dos"),
            (b"\r\r\n", "\r\n", "utf-8-dos"),
        ],
        "",
    );
    check("latin-1-dos", &[(b"abc\r", "abc", "latin-1-dos")], "\r");
}

#[test]
fn binary_and_raw_text_give_bytes() {
    let yields = |name: &str, chunk: &[u8], expected: &[u8], reported: &str| {
        let mut decoder = Decoder::new(system(name));
        let mut out = Text::new();
        decoder.decode(chunk, &mut out);
        decoder.finish(&mut out);
        assert_eq!(out.as_unibyte(), Some(expected));
        assert_eq!(decoder.coding_system().name(), reported);
    };
    yields(
        "binary",
        b"caf\xC3\xA9\r\n\0\xFF\r",
        b"caf\xC3\xA9\r\n\0\xFF\r",
        "binary",
    );
    yields(
        "raw-text",
        b"caf\xC3\xA9\n\r\n",
        b"caf\xC3\xA9\n\r\n",
        "raw-text-unix",
    );
    yields(
        "raw-text",
        b"a\xC3\xA9\r\nb",
        b"a\xC3\xA9\nb",
        "raw-text-dos",
    );
    yields(
        "raw-text-dos",
        b"\xC3\xA9\r\nb\nc\r",
        b"\xC3\xA9\nb\nc\r",
        "raw-text-dos",
    );
    yields("raw-text-mac", b"a\rb", b"a\nb", "raw-text-mac");
}

#[test]
fn filter_multibyte_nil_keeps_the_line_end() {
    for (before, after) in [
        ("utf-8", "raw-text"),
        ("utf-8-dos", "raw-text-dos"),
        ("utf-8-unix", "raw-text-unix"),
        ("undecided", "raw-text"),
        ("latin-1-dos", "raw-text-dos"),
        ("binary", "binary"),
        ("raw-text-unix", "raw-text-unix"),
        ("iso-2022-jp", "raw-text"),
    ] {
        let mut decoder = Decoder::new(system(before));
        decoder.set_multibyte(false);
        assert_eq!(decoder.coding_system().name(), after);
        assert!(!decoder.is_multibyte());
    }
}

#[test]
fn filter_multibyte_t_makes_bytes_characters() {
    let mut decoder = Decoder::new(CodingSystem::BINARY);
    decoder.set_multibyte(true);
    let mut out = Text::new();
    decoder.decode(b"a\xC3\xA9\r\n", &mut out);
    assert!(out.is_multibyte() && decoder.is_multibyte());
    assert_eq!(shown(&out), "a<C3><A9>\r\n");
}

#[test]
fn bytes_held_back_survive_a_change_of_system() {
    let mut decoder = Decoder::new(CodingSystem::UTF_8_UNIX);
    let mut out = Text::new();
    decoder.decode(b"\xE4\xB8", &mut out);
    assert!(decoder.is_holding());
    decoder.set_coding_system(system("latin-1-unix"));
    decoder.decode(b"\xAD\xE9", &mut out);
    assert_eq!(shown(&out), "ä¸\u{AD}é");
}

#[test]
fn messages_are_decoded_independently() {
    let mut decoder = Decoder::default();
    let mut decode = |bytes: &[u8]| {
        let mut out = Text::new();
        decoder.decode_message(bytes, &mut out);
        assert!(!decoder.is_holding());
        (shown(&out), decoder.coding_system().name())
    };
    assert_eq!(decode(b"caf\xC3\xA9"), ("café".into(), "utf-8"));
    assert_eq!(decode(b"caf\xC3"), ("caf<C3>".into(), "utf-8"));
    assert_eq!(decode(b"\xA9"), ("<A9>".into(), "utf-8"));
    assert_eq!(decode(b""), (String::new(), "utf-8"));
}

#[test]
fn each_message_starts_without_escape_sequences() {
    let mut decoder = Decoder::new(system("iso-2022-jp-unix"));
    let mut out = Text::new();
    decoder.decode_message(b"\x1B$B$3", &mut out);
    decoder.decode_message(b"$3", &mut out);
    assert_eq!(shown(&out), "こ$3");
}

#[test]
fn a_line_end_is_one_wherever_it_falls_in_much_text() {
    let systems = [
        ("latin-1-dos", "é"),
        ("euc-jp-dos", "猫"),
        ("iso-2022-jp-dos", "a"),
    ];
    for (name, character) in systems {
        let lines: String = (0..5000)
            .map(|line| character.repeat(line % 17) + "\n")
            .collect();
        let text = Text::from(lines);
        let mut bytes = Vec::new();
        Encoder::new(system(name)).encode(&text, &mut bytes);
        let mut back = Text::new();
        Decoder::new(system(name)).decode(&bytes, &mut back);
        assert!(back == text, "{name}");
    }
}
