//! Many wrong argument lists: each is refused, with a message, in time, without a panic.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use fastrand::Rng;

use crate::support::run;

const LISTS: usize = 1000;
const THREADS: usize = 8;

/// What may stand in a list; the lists are wrong for another reason.
const PAIRS: &[(&str, &[&str])] = &[
    (":name", &["x", "", "\"quoted\"", "ä", ":x", "5"]),
    (":host", &["localhost", "local", "127.0.0.1", "::1", "nil"]),
    (":service", &["1", "t", "0", "7"]),
    (
        ":server",
        &["t", "nil", "5", "0", "-1", "99999999999999999999"],
    ),
    (":type", &["nil", "datagram", "seqpacket"]),
    (":nowait", &["nil", "t"]),
    (":noquery", &["t", "yes"]),
    (":plist", &["(a 1)", "nil", "'(a . b)"]),
    (":remote", &["[127 0 0 1 1]", "127.0.0.1:1", "nil"]),
    (":local", &["[127 0 0 1 0]", "[::1]:0"]),
    (":buffer", &["b", "nil"]),
    (":linger", &["5", "nil", "t"]),
    (":keepalive", &["t", "nil"]),
    (":nodelay", &["t"]),
    (":filter", &["echo", "print", "discard", "t"]),
    (":sentinel", &["quiet"]),
    (":log", &["quiet", "print"]),
    (":frobnicate", &["1", "(", "[", "\"", "t"]),
    (":hots", &["localhost"]),
    (
        ":tls-parameters",
        &[
            "(gnutls-x509pki :hostname \"h\")",
            "nil",
            "(gnutls-x509pki)",
        ],
    ),
];

/// Mistakes that nothing after them can mend, since the first value of a keyword holds.
const MISTAKES: &[&[&str]] = &[
    &[":type", "stream"],
    &[":type", "(datagram)"],
    &[":family", "up", ":local", "nil", ":remote", "nil"],
    &[":coding", "no-such-system"],
    &[":coding", "(utf-8 . nothing)"],
    &[":name", "nil"],
    &[":name", "(a"],
    &[":filter", "nosuch"],
    &[":sentinel", "7"],
    &[":log", "#"],
    &[":priority", "x"],
    &[":keepalive", "off"],
    &[":buffer", "[1 2]"],
    &[":plist", "5"],
    &[":tls-parameters", "5"],
    &[":tls-parameters", "(gnutls-x509pki :hots 1)"],
    &["--tls-trust"],
    &[":host", ":service"],
    &[
        ":host", "'(a b)", ":service", "1", ":local", "nil", ":remote", "nil",
    ],
    &["host", "localhost"],
    &["", "x"],
    &[":", "x"],
    &["5", "5"],
    &["--frobnicate"],
    &[":server", "t", ":nowait", "t"],
];

fn wrong_list(generator: &mut Rng) -> Vec<String> {
    let mut words: Vec<&str> = MISTAKES[generator.usize(..MISTAKES.len())].to_vec();
    for _ in 0..generator.usize(..6) {
        let (keyword, values) = PAIRS[generator.usize(..PAIRS.len())];
        words.extend([keyword, values[generator.usize(..values.len())]]);
    }
    if generator.u8(..8) == 0 {
        words.push(":service");
    }
    let words = words.into_iter().map(str::to_owned);
    match generator.u8(..8) {
        // The same as one argument, which as Lisp is mostly wrong in other ways too.
        0 => vec![format!("(:service {}", words.collect::<Vec<_>>().join(" "))],
        1 => {
            let mut words: Vec<String> = words.collect();
            let length = generator.usize(1..20);
            let noise: String = (0..length).map(|_| generator.char('!'..='ÿ')).collect();
            words.push(format!("x{noise}"));
            words.push("x".to_owned());
            words
        }
        _ => words.collect(),
    }
}

#[test]
fn wrong_lists_are_refused_with_a_message() {
    let seed = std::env::var("NETPROC_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    let mut generator = Rng::with_seed(seed);
    let lists: Vec<Vec<String>> = (0..LISTS).map(|_| wrong_list(&mut generator)).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(list) = lists.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let finished = run(list, "");
                    assert!(
                        matches!(finished.status, Some(1 | 2)),
                        "{list:?}: {finished:?}"
                    );
                    assert!(
                        !finished.stderr.trim().is_empty(),
                        "{list:?} is refused in silence"
                    );
                    assert!(
                        !finished.stderr.contains("panicked"),
                        "{list:?}: {finished:?}"
                    );
                    assert!(finished.stdout.is_empty(), "{list:?}: {finished:?}");
                }
            });
        }
    });
}
