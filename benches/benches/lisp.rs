//! Lisp as text and as values: a keyword list, a long string, a long list.

use std::hint::black_box;

use criterion::Throughput;
use netproc_lisp::{Text, read};

const LIST: &str = r#"(:name "web" :host "localhost" :service 8080 :family ipv4
 :buffer "*web*" :coding (utf-8-unix . utf-8-unix) :noquery t :keepalive t
 :nodelay t :plist (color blue size 12))"#;

fn main() {
    let mut criterion = netproc_benches::criterion();
    let long = format!("({})", "(a . 1) \"b\" [2 3.5] ".repeat(1000));
    let string = format!("\"{}\"", "naïve café \\n \\\"quoted\\\" ".repeat(1000));
    for (name, text) in [("keywords", LIST), ("list", &long), ("string", &string)] {
        let mut group = criterion.benchmark_group(format!("lisp/{name}"));
        let value = read(text).expect("Lisp");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("read", |bencher| bencher.iter(|| read(black_box(text))));
        group.bench_function("print", |bencher| {
            bencher.iter(|| black_box(&value).to_string());
        });
        group.bench_function("compare", |bencher| {
            let other = value.clone();
            bencher.iter(|| black_box(&value) == black_box(&other));
        });
        group.finish();
    }
    let mut group = criterion.benchmark_group("lisp/text");
    let bytes = "naïve café ".repeat(1000).into_bytes();
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("from_bytes", |bencher| {
        bencher.iter(|| Text::from_bytes(black_box(&bytes)));
    });
    let text = Text::from_bytes(&bytes);
    group.bench_function("char_count", |bencher| {
        bencher.iter(|| black_box(&text).char_count());
    });
    group.finish();
    criterion.final_summary();
}
