//! Whole sets of characters, against checksums of what Emacs 28.2 decodes and encodes.
//!
//! The checksums were computed from `decode-coding-string` on every pair of bytes and
//! `encode-coding-string` on every character below U+30000.

use netproc_coding::{Char, Decoder, Encoder, Text, names};

use crate::system;

/// FNV-1a with 64 bits.
struct Checksum(u64);

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

/// Decodes every pair and sums up those that are one Unicode character.
fn decoded(name: &str, prefix: &[u8]) -> (usize, u64) {
    let (mut count, mut sum) = (0, Checksum(0xCBF2_9CE4_8422_2325));
    for pair in 0x8021..=u16::MAX {
        let mut bytes = prefix.to_vec();
        bytes.extend_from_slice(&pair.to_be_bytes());
        let mut text = Text::new();
        Decoder::new(system(name)).decode_message(&bytes, &mut text);
        let mut characters = text.chars();
        if let (Some(Char::Unicode(character)), None) = (characters.next(), characters.next()) {
            count += 1;
            sum.add(&pair.to_be_bytes());
            sum.add(&u32::from(character).to_be_bytes());
        }
    }
    (count, sum.0)
}

/// Encodes every character and sums up those the system has.
fn encoded(name: &str) -> (usize, u64) {
    let (mut count, mut sum) = (0, Checksum(0xCBF2_9CE4_8422_2325));
    for character in '\u{80}'..'\u{30000}' {
        let mut bytes = Vec::new();
        let text = Text::from(String::from(character));
        Encoder::new(system(name)).encode_message(&text, &mut bytes);
        if bytes != b" " {
            count += 1;
            sum.add(&u32::from(character).to_be_bytes());
            sum.add(&bytes);
        }
    }
    (count, sum.0)
}

#[test]
fn single_bytes_decode_as_in_emacs() {
    let mut systems: Vec<_> = names().map(|name| system(name).canonical()).collect();
    systems.retain(|system| {
        SINGLE_BYTE
            .iter()
            .any(|name| system.name().starts_with(name))
    });
    systems.sort_unstable_by_key(|system| system.name());
    systems.dedup();
    assert_eq!(systems.len(), 54);
    let (mut count, mut sum) = (0, Checksum(0xCBF2_9CE4_8422_2325));
    for system in systems {
        for byte in 0x80..=0xFF {
            let mut text = Text::new();
            Decoder::new(system).decode_message(&[byte], &mut text);
            if let Some(Char::Unicode(character)) = text.chars().next() {
                count += 1;
                sum.add(&[byte]);
                sum.add(&u32::from(character).to_be_bytes());
            }
        }
    }
    assert_eq!((count, sum.0), (6636, 0xD00B_171B_7C4D_8DB2));
}

/// How the names of all systems of one byte a character begin.
const SINGLE_BYTE: [&str; 15] = [
    "cp",
    "windows-",
    "cyrillic-",
    "iso-latin-",
    "iso-8859-",
    "greek-",
    "hebrew-",
    "georgian-",
    "koi8-",
    "thai-",
    "hp-",
    "mac-",
    "mik",
    "next",
    "pt154",
];

#[test]
fn pairs_decode_as_in_emacs() {
    for (name, facts) in [
        ("big5-unix", (13901, 0x9AAE_C3B2_0B7D_EB6B)),
        ("big5-hkscs-unix", (14609, 0x14F5_4D5B_6A0A_B8D8)),
        ("gb18030-unix", (23940, 0xAF7B_C3E7_3140_2371)),
        ("gbk-unix", (21791, 0x102F_047F_2771_D929)),
        ("gb2312-unix", (7445, 0xAA2F_30B0_B358_83F2)),
        ("cp932-unix", (9206, 0x1048_87F1_F9A6_B685)),
        ("shift_jis-unix", (6879, 0x81F8_C71E_3309_D12B)),
        ("cp949-unix", (17048, 0xD239_8C12_7EBA_EBC3)),
        ("euc-kr-unix", (8227, 0x8F82_992B_1151_C53A)),
    ] {
        assert_eq!(decoded(name, b""), facts, "{name}");
    }
    assert_eq!(
        decoded("euc-jp-unix", b"\x8F"),
        (6067, 0x73BE_E2C4_99E4_474A)
    );
    // With the 63 half-width katakana, which are pairs here, there are 6879 others.
    assert_eq!(decoded("euc-jp-unix", b"").0, 6879 + 63);
}

#[test]
fn characters_encode_as_in_emacs() {
    for (name, facts) in [
        ("big5-unix", (13901, 0xC6D6_CAF7_2C00_C2D3)),
        ("big5-hkscs-unix", (14609, 0x8E83_3BB6_E742_8CAC)),
        ("gbk-unix", (21791, 0x8655_012A_6A7E_547D)),
        ("gb2312-unix", (7445, 0x04EA_66D9_39BF_78BE)),
        ("cp932-unix", (9269, 0xE867_B697_23C9_D3C2)),
        ("shift_jis-unix", (6942, 0x09B7_1E3E_389A_1D30)),
        ("cp949-unix", (17048, 0x1759_C806_AB8A_C757)),
        ("euc-kr-unix", (8227, 0xD389_0C1B_9726_C842)),
        ("iso-2022-jp-unix", (6922, 0x78A9_A6AC_C3C1_9DAE)),
    ] {
        assert_eq!(encoded(name), facts, "{name}");
    }
}

#[test]
fn gb18030_has_every_character() {
    let mut bytes = Vec::new();
    let text = Text::from(('\u{80}'..=char::MAX).collect::<String>());
    Encoder::new(system("gb18030-unix")).encode(&text, &mut bytes);
    let mut back = Text::new();
    Decoder::new(system("gb18030-unix")).decode_message(&bytes, &mut back);
    assert!(text == back);
}
