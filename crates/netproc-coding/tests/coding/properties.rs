//! What holds for every coding system and all data.

use netproc_coding::{CodingSystem, Decoder, Encoder, Eol, Text, names};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Every system under each name, with the line end `eol` where it can have one.
fn systems(eol: Eol) -> impl Strategy<Value = CodingSystem> {
    let all: Vec<_> = names()
        .map(|name| {
            let system = CodingSystem::parse(name).unwrap();
            if system.eol().is_some() {
                system
            } else {
                system.with_eol(eol)
            }
        })
        .collect();
    select(all)
}

/// Bytes that often look like something.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}".prop_map(String::into_bytes),
        3 => "\\PC{0,6}".prop_map(String::into_bytes),
        3 => vec(any::<u8>(), 0..8),
        2 => vec(0x80..=0xFF_u8, 0..8),
        1 => (0x20..=0xFF_u8, 100..3000_usize).prop_map(|(byte, length)| vec![byte; length]),
        2 => select(vec![&b"\r\n"[..], b"\n", b"\r", b"\x1B$B$3", b"\x1B(B", b"\x1B", b"\xE4\xB8"])
            .prop_map(<[u8]>::to_vec),
    ];
    vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn at_once(system: CodingSystem, bytes: &[u8]) -> Text {
    let mut text = Text::new();
    let mut decoder = Decoder::new(system);
    decoder.decode(bytes, &mut text);
    decoder.finish(&mut text);
    text
}

fn in_pieces(system: CodingSystem, bytes: &[u8], cuts: &[Index]) -> Text {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(bytes.len());
    let mut text = Text::new();
    let mut decoder = Decoder::new(system);
    let mut start = 0;
    for cut in cuts {
        decoder.decode(&bytes[start..cut], &mut text);
        start = cut;
    }
    decoder.finish(&mut text);
    text
}

fn encoded(system: CodingSystem, text: &Text) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(system);
    encoder.encode(text, &mut out);
    encoder.finish(&mut out);
    out
}

fn is(system: CodingSystem, family: &str) -> bool {
    system.canonical_name().starts_with(family)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn splits_make_no_difference(
        system in prop_oneof![systems(Eol::Unix), systems(Eol::Dos), systems(Eol::Mac)],
        bytes in data(),
        cuts in vec(any::<Index>(), 0..8),
    ) {
        // What is undecided is decided by a chunk, so its size matters there.
        prop_assume!(!system.is_undecided());
        let whole = at_once(system, &bytes);
        let pieces = in_pieces(system, &bytes, &cuts);
        prop_assert_eq!(&whole, &pieces);
        prop_assert_eq!(whole.is_multibyte(), pieces.is_multibyte());
    }

    #[test]
    fn bytes_survive_a_round_trip(system in systems(Eol::Unix), mut bytes in data()) {
        // Text has no place for redundant escape sequences.
        prop_assume!(!is(system, "iso-2022") && !system.is_undecided());
        if is(system, "utf-16") && bytes.len() % 2 == 1 {
            bytes.pop();
        }
        // What a system with signature writes before anything else.
        let newline = if is(system, "utf-16") { 2 } else { 1 };
        let mut given = encoded(system, &Text::from("\n"));
        given.truncate(given.len() - newline);
        given.extend_from_slice(&bytes);
        let expected = if bytes.is_empty() { Vec::new() } else { given.clone() };
        prop_assert_eq!(encoded(system, &at_once(system, &given)), expected);
    }

    #[test]
    fn found_systems_give_the_bytes_back(bytes in data(), cuts in vec(any::<Index>(), 0..4)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        cuts.push(bytes.len());
        let mut decoder = Decoder::new(CodingSystem::UNDECIDED.with_eol(Eol::Unix));
        let mut back = Vec::new();
        let mut start = 0;
        for cut in cuts {
            let mut text = Text::new();
            decoder.decode(&bytes[start..cut], &mut text);
            Encoder::new(decoder.coding_system()).encode(&text, &mut back);
            start = cut;
        }
        let mut text = Text::new();
        decoder.finish(&mut text);
        Encoder::new(decoder.coding_system()).encode(&text, &mut back);
        let found = decoder.coding_system();
        prop_assume!(!is(found, "iso-2022") && !is(found, "utf-16"));
        prop_assert_eq!(back, bytes);
    }

    #[test]
    fn fixed_line_ends_survive_a_round_trip(
        eol in select(Eol::ALL.to_vec()),
        name in select(vec!["utf-8", "latin-1", "utf-16le", "euc-jp", "raw-text", "koi8-r", "gb18030"]),
        lines in vec("[a-zé¥中]{0,6}", 1..6),
    ) {
        let system = CodingSystem::parse(name).unwrap().with_eol(eol);
        let bytes = encoded(system, &Text::from(lines.join("\n")));
        prop_assert_eq!(encoded(system, &at_once(system, &bytes)), bytes);
    }

    #[test]
    fn text_of_a_system_survives_a_round_trip(
        system in systems(Eol::Unix),
        text in "[ -~あ-ん一-丁]{0,20}",
    ) {
        let first = encoded(system, &Text::from(text));
        prop_assume!(!system.is_undecided());
        let again = encoded(system, &at_once(system, &first));
        prop_assert_eq!(again, first);
    }

    #[test]
    fn a_raw_byte_at_the_end_changes_nothing_before_it(
        system in prop_oneof![systems(Eol::Unix), systems(Eol::Dos), systems(Eol::Mac)],
        text in "([ -~\n]{0,12}|[é-я]{0,6}|[あ-ん一-丁]{0,6}){0,12}",
    ) {
        // Where nothing is raw, runs are encoded at one stroke.
        prop_assume!(!is(system, "iso-2022"));
        let mut text = Text::from(text);
        let mut expected = encoded(system, &text);
        prop_assume!(!expected.is_empty());
        expected.push(0xFF);
        text.push_raw(0xFF);
        prop_assert_eq!(encoded(system, &text), expected);
    }

    #[test]
    fn open_systems_never_panic_and_lose_nothing_but_line_ends(
        name in select(names().collect::<Vec<_>>()),
        bytes in data(),
        cuts in vec(any::<Index>(), 0..8),
    ) {
        let text = in_pieces(CodingSystem::parse(name).unwrap(), &bytes, &cuts);
        prop_assert!(bytes.is_empty() || name.contains("2022") || name.contains("signature")
            || name.contains("utf-16") || name.contains("auto")
            || name == "undecided" || name == "prefer-utf-8" || !text.is_empty());
    }

    #[test]
    fn names_never_panic(name in "\\PC{0,24}") {
        match CodingSystem::parse(&name) {
            Ok(system) => prop_assert_eq!(system.name(), name),
            Err(error) => prop_assert!(error.nearest.len() <= 3),
        }
    }
}
