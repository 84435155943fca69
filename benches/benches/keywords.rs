//! From a keyword list of ten keywords, written or as a value, to the spec it means.

use std::hint::black_box;

use netproc_keywords::{RawSpec, Spec};

const LIST: &str = r#"(:name "web" :host "localhost" :service 8080 :family ipv4
 :buffer "*web*" :coding (utf-8-unix . utf-8-unix) :noquery t :keepalive t
 :nodelay t :plist (color blue size 12))"#;

fn main() {
    let mut criterion = netproc_benches::criterion();
    let mut group = criterion.benchmark_group("keywords");
    let value = netproc_lisp::read(LIST).expect("a list");
    let raw = RawSpec::read(LIST).expect("a keyword list");
    let spec = raw.resolve().expect("a spec");

    group.bench_function("text_to_value", |bencher| {
        bencher.iter(|| netproc_lisp::read(black_box(LIST)));
    });
    group.bench_function("text_to_raw", |bencher| {
        bencher.iter(|| RawSpec::read(black_box(LIST)));
    });
    group.bench_function("text_to_spec", |bencher| {
        bencher.iter(|| black_box(LIST).parse::<Spec>());
    });
    group.bench_function("value_to_spec", |bencher| {
        bencher.iter(|| Spec::from_value(black_box(&value)));
    });
    group.bench_function("raw_to_spec", |bencher| {
        bencher.iter(|| black_box(&raw).resolve());
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| black_box(&raw).check());
    });
    group.bench_function("spec_to_text", |bencher| {
        bencher.iter(|| black_box(&spec).to_string());
    });
    group.finish();
    criterion.final_summary();
}
