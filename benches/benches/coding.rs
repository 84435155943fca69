//! Bytes to text and back, by kind of text and coding system, in bytes of the encoded form.
//!
//! Beside them stands what the standard library and `encoding_rs` need for the same bytes. The one
//! refuses what is not UTF-8 and the other replaces it, where ours keeps it; neither looks at line
//! ends.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Throughput};
use encoding_rs::Encoding;
use netproc_benches::samples::{ASCII, CHINESE, GERMAN, JAPANESE, MIXED, RUSSIAN, SIZE};
use netproc_coding::{CodingSystem, Decoder, Encoder, Text};

/// What to measure: a name, the line to repeat, the coding system, the label of `encoding_rs`.
const CASES: &[(&str, &str, &str, Option<&str>)] = &[
    ("ascii", ASCII, "utf-8-unix", None),
    ("mixed", MIXED, "utf-8-unix", None),
    ("ascii_crlf", ASCII, "utf-8-dos", None),
    ("mixed_crlf", MIXED, "utf-8-dos", None),
    ("undecided", ASCII, "undecided", None),
    ("latin_1", GERMAN, "iso-latin-1-unix", Some("windows-1252")),
    ("koi8_r", RUSSIAN, "koi8-r-unix", Some("koi8-r")),
    (
        "shift_jis",
        JAPANESE,
        "japanese-shift-jis-unix",
        Some("shift_jis"),
    ),
    ("euc_jp", JAPANESE, "euc-jp-unix", Some("euc-jp")),
    (
        "iso_2022_jp",
        JAPANESE,
        "iso-2022-jp-unix",
        Some("iso-2022-jp"),
    ),
    ("gb18030", CHINESE, "gb18030-unix", Some("gb18030")),
];

fn main() {
    let mut criterion = netproc_benches::criterion();
    for (name, line, system, label) in CASES {
        let mut group = criterion.benchmark_group(format!("coding/{name}"));
        let system: CodingSystem = system.parse().expect("a coding system");
        let text = Text::from(line.repeat(SIZE / line.len()));
        let mut bytes = Vec::new();
        Encoder::new(system).encode(&text, &mut bytes);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        ours(&mut group, system, &text, &bytes);
        peer(&mut group, *label, &bytes);
        group.finish();
    }
    criterion.final_summary();
}

fn ours(group: &mut BenchmarkGroup<'_, WallTime>, system: CodingSystem, text: &Text, bytes: &[u8]) {
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            let mut decoded = Text::new();
            Decoder::new(system).decode(black_box(bytes), &mut decoded);
            decoded
        });
    });
    group.bench_function("encode", |bencher| {
        let mut encoded = Vec::with_capacity(bytes.len());
        bencher.iter(|| {
            let mut encoder = Encoder::new(system);
            if let Some(unchanged) = encoder.encode_borrowed(black_box(text)) {
                return unchanged.len();
            }
            encoded.clear();
            encoder.encode(black_box(text), &mut encoded);
            encoded.len()
        });
    });
}

fn peer(group: &mut BenchmarkGroup<'_, WallTime>, label: Option<&str>, bytes: &[u8]) {
    let Some(label) = label else {
        group.bench_function("decode_std", |bencher| {
            bencher.iter(|| str::from_utf8(black_box(bytes)).map(str::to_owned));
        });
        return;
    };
    let encoding = Encoding::for_label(label.as_bytes()).expect("a label");
    group.bench_function("decode_encoding_rs", |bencher| {
        bencher.iter(|| {
            encoding
                .decode_without_bom_handling(black_box(bytes))
                .0
                .into_owned()
        });
    });
}
