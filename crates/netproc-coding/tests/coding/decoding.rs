//! Decoding, against transcripts of Emacs 28.2 receiving the same chunks.

use netproc_coding::{CodingSystem, Decoder, Text};

use crate::{shown, system};

/// Feeds chunks and compares what each yields and how the system is called afterwards; the last
/// line is the end of the stream.
fn check(name: &str, chunks: &[(&[u8], &str, &str)], at_end: &str) {
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
fn utf_8_keeps_what_is_no_character_as_raw_bytes() {
    let unix = "utf-8-unix";
    check(
        unix,
        &[
            (b"\xE4", "", unix),
            (b"\xB8", "", unix),
            (b"\xAD", "中", unix),
            (b"\xF0\x9F\x98", "", unix),
            (b"\x80", "😀", unix),
            (b"x", "x", unix),
        ],
        "",
    );
    check(
        unix,
        &[
            (b"a\xE4\xB8", "a", unix),
            (b"b", "<E4><B8>b", unix),
            (b"\xADc", "<AD>c", unix),
            (b"\xFF\xFEa", "<FF><FE>a", unix),
            (b"\xC0\x80", "<C0><80>", unix),
            (b"\xED\xA0\x80", "<ED><A0><80>", unix),
            (b"\xE0\x80\xAF", "<E0><80><AF>", unix),
            (b"\xF4\x90\x80\x80", "<+110000>", unix),
            (b"\xF8\x88\x80\x80\x80", "<+200000>", unix),
        ],
        "",
    );
    check(unix, &[(b"ok\xE4\xB8", "ok", unix)], "<E4><B8>");
    check(unix, &[(b"ok\xF0\x9F\x98", "ok", unix)], "<F0><9F><98>");
    check(
        "utf-8-emacs-unix",
        &[(
            b"\xF0\x9F\x98\x80\xC0\x80",
            "😀<C0><80>",
            "utf-8-emacs-unix",
        )],
        "",
    );
}

#[test]
fn signatures_are_removed_once_where_the_system_has_one() {
    let bom = "\u{FEFF}";
    check(
        "utf-8-unix",
        &[(b"\xEF\xBB\xBFabc", &format!("{bom}abc"), "utf-8-unix")],
        "",
    );
    let signed = "utf-8-with-signature-unix";
    check(
        signed,
        &[
            (b"\xEF\xBB", "", signed),
            (b"\xBFabc", "abc", signed),
            (b"\xEF\xBB\xBFd", &format!("{bom}d"), signed),
        ],
        "",
    );
    check(
        "utf-8-with-signature",
        &[(b"abc\r\n", "abc\n", "utf-8-with-signature-dos")],
        "",
    );
    check(
        "utf-8-auto-unix",
        &[(b"\xEF\xBB\xBFabc", "abc", signed)],
        "",
    );
    check("utf-8-auto-unix", &[(b"abc", "abc", "utf-8-unix")], "");
}

#[test]
fn sets_of_one_byte_have_emacs_s_characters() {
    let one = |name: &str, bytes: &[u8], text: &str| check(name, &[(bytes, text, name)], "");
    one("latin-1-unix", b"\x80\x9F\xA0\xFF", "\u{80}\u{9F}\u{A0}ÿ");
    one("iso-8859-15-unix", b"\xA4", "€");
    one("windows-1252-unix", b"\x80\x81\x93", "€<81>“");
    one("koi8-r-unix", b"\xC1\xC2", "аб");
    one("us-ascii-unix", b"a\xE9b", "a<E9>b");
    one("cp437-unix", b"\x81\xE1", "üß");
}

#[test]
fn utf_16_is_big_endian_unless_it_says_otherwise() {
    check(
        "utf-16",
        &[
            (b"\xFE\xFF\0a\0b", "ab", "utf-16be-with-signature"),
            (b"\0c\0\n", "c\n", "utf-16be-with-signature-unix"),
        ],
        "",
    );
    check(
        "utf-16",
        &[
            (b"\xFF\xFEa\0b\0", "ab", "utf-16le-with-signature"),
            (b"c\0\n\0", "c\n", "utf-16le-with-signature-unix"),
        ],
        "",
    );
    check("utf-16", &[(b"\0a\0b", "ab", "utf-16")], "");
    check(
        "utf-16be-unix",
        &[(b"\xFE\xFF\0a", "\u{FEFF}a", "utf-16be-unix")],
        "",
    );
    check("utf-16-le", &[(b"a\0", "a", "utf-16-le")], "");
    let signed = "utf-16le-with-signature-unix";
    check(
        signed,
        &[(b"\xFF\xFEa\0", "a", signed), (b"b\0", "b", signed)],
        "",
    );
}

#[test]
fn utf_16_is_carried_across_chunks() {
    let unix = "utf-16le-unix";
    check(
        unix,
        &[
            (b"a\0b", "a", unix),
            (b"\0c\0", "bc", unix),
            (b"=\xD8", "", unix),
            (b"\0\xDE", "😀", unix),
        ],
        "",
    );
    check(
        "utf-16be-unix",
        &[
            (b"\0a\xD8", "a", "utf-16be-unix"),
            (b"=\xDE\0\0b", "😀b", "utf-16be-unix"),
        ],
        "",
    );
    let dos = "utf-16le-dos";
    check(
        dos,
        &[
            (b"a\0\r\0\n\0", "a\n", dos),
            (b"b\0\r", "b", dos),
            (b"\0\n\0", "\n", dos),
        ],
        "",
    );
    check(
        "utf-16le",
        &[(b"a\0\r\0", "a", "utf-16le"), (b"\n\0", "\n", dos)],
        "",
    );
    check(unix, &[(b"\0\xD8a\0", "<+D800>a", unix)], "");
    check(unix, &[(b"\xFF", "", unix)], "<FF>");
}

#[test]
fn characters_of_several_bytes_are_carried_across_chunks() {
    let one = |name: &str, chunks: &[(&[u8], &str)]| {
        let chunks: Vec<_> = chunks
            .iter()
            .map(|&(bytes, text)| (bytes, text, name))
            .collect();
        check(name, &chunks, "");
    };
    one(
        "euc-jp-unix",
        &[(b"\xA4\xB3", "こ"), (b"\xA4", ""), (b"\xB3", "こ")],
    );
    one(
        "euc-jp-unix",
        &[(b"\x8E\xB1\x8F", "ｱ"), (b"\xB0", ""), (b"\xA1", "丂")],
    );
    one(
        "shift_jis-unix",
        &[(b"\x82\xB1", "こ"), (b"\x82", ""), (b"\xB1\xB1", "こｱ")],
    );
    one("big5-unix", &[(b"\xA4\xA4\xA4", "中"), (b"\xE5", "文")]);
    one(
        "gb18030-unix",
        &[(b"\xD6\xD0\x81", "中"), (b"0\x81", ""), (b"0", "\u{80}")],
    );
    one("euc-kr-unix", &[(b"\xB0", ""), (b"\xA1", "가")]);
    one(
        "iso-2022-jp-unix",
        &[
            (b"\x1B$B$3", "こ"),
            (b"$", ""),
            (b"s", "ん"),
            (b"\x1B(", ""),
            (b"Babc", "abc"),
        ],
    );
    check(
        "iso-2022-jp-unix",
        &[(b"\x1B", "", "iso-2022-jp-unix")],
        "\x1B",
    );
    check("euc-jp-unix", &[(b"ok\xA4", "ok", "euc-jp-unix")], "<A4>");
}

#[test]
fn what_is_no_pair_stays_bytes() {
    let one = |name: &str, bytes: &[u8], text: &str| check(name, &[(bytes, text, name)], "");
    one("euc-jp-unix", b"\xA4\xB3\xFF\xA4\r", "こ<FF><A4>\r");
    one("euc-kr-unix", b"\x8F\xB0\xA1", "<8F>가");
    one("shift_jis-unix", b"\x8F\xB0\xA1", "床｡");
    one("big5-unix", b"\x8F\xB0\xA1", "<8F>陛");
    one("gbk-unix", b"\x8F\xB0!", "彴!");
    one("gb2312-unix", b"\xA4 a", "<A4> a");
    one("iso-2022-jp-unix", b"\x1B(J\\~\x1B(B\\~", "¥‾\\~");
    one("iso-2022-jp-unix", b"\x1B$B$3\n$3", "こ\nこ");
    one("iso-2022-jp-unix", b"\x1B$A$3", "\x1B$A$3");
    one("iso-2022-jp-2-unix", b"\x1B.A\x1BNi\x1B.F\x1BNa", "éα");
    one(
        "iso-2022-7bit-unix",
        b"\x1B$A$3\x1B$(C0!\x1B$(D0!",
        "こ가丂",
    );
    // Emacs has characters of its own for these.
    one("euc-jp-unix", b"\xFC\xA1", "<FC><A1>");
    one("gbk-unix", b"\xFC\xA1", "<FC><A1>");
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
