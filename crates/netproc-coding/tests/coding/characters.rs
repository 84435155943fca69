//! Decoding the characters of each kind of system, against transcripts of Emacs 28.2.

use crate::decoding::check;

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
