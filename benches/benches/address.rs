//! One address in its four forms: Lisp value, address, socket-address bytes, text.

use std::hint::black_box;

use netproc_address::Address;

const ADDRESSES: &[(&str, &str)] = &[
    ("ipv4", "192.168.17.4:49152"),
    ("ipv6", "[2001:db8::17:4]:49152"),
    ("local", "/run/user/1000/emacs/server"),
];

fn main() {
    let mut criterion = netproc_benches::criterion();
    for (name, text) in ADDRESSES {
        let mut group = criterion.benchmark_group(format!("address/{name}"));
        let address: Address = text.parse().expect("an address");
        let value = address.to_value();
        let bytes = address.to_sockaddr();

        group.bench_function("from_value", |bencher| {
            bencher.iter(|| Address::from_value(black_box(&value)));
        });
        group.bench_function("to_value", |bencher| {
            bencher.iter(|| black_box(&address).to_value());
        });
        group.bench_function("from_bytes", |bencher| {
            bencher.iter(|| Address::from_sockaddr(black_box(bytes.as_slice())));
        });
        group.bench_function("to_bytes", |bencher| {
            bencher.iter(|| black_box(&address).to_sockaddr());
        });
        group.bench_function("from_text", |bencher| {
            bencher.iter(|| black_box(*text).parse::<Address>());
        });
        group.bench_function("to_text", |bencher| {
            bencher.iter(|| black_box(&address).to_string());
        });
        group.finish();
    }
    criterion.final_summary();
}
