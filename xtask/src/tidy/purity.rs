//! What the pure crates may not know of, and where `unsafe` may stand.

use super::layers::{LAYERS, layer};
use super::manifest::Manifest;
use super::paths::named_paths;
use super::source::Source;
use crate::tree::{Finding, Tree};

/// Modules of the standard library that reach for the kernel.
const MODULES: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net::*",
    "std::os::unix::net::*",
    "std::process",
    "std::thread",
];

/// Names of the standard library that do, in whatever way they are reached.
const NAMES: &[&str] = &[
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
    "UnixDatagram",
    "UnixListener",
    "UnixStream",
];

/// Calls that read a clock.
const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now"];

/// Packages that open sockets, call the system, or run tasks.
const PACKAGES: &[&str] = &[
    "async-channel",
    "async-executor",
    "async-io",
    "async-lock",
    "async-net",
    "blocking",
    "dns-lookup",
    "event-listener",
    "futures-io",
    "futures-lite",
    "futures-rustls",
    "libc",
    "mio",
    "nix",
    "polling",
    "rustix",
    "smol",
    "socket2",
    "tokio",
];

/// The only places with `unsafe`.
const UNSAFE: &[&str] = &[
    "crates/netproc-socket/src/sys/",
    "crates/netproc-socket/src/sys.rs",
    "crates/netproc-emacs/",
];

/// Checks purity and the places of `unsafe`.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for layer in LAYERS.iter().filter(|layer| layer.pure) {
        check_root(tree, layer.name, &mut findings);
    }
    for (path, text) in tree.ending(".rs") {
        let source = Source::parse(text);
        let tokens = source.tokens();
        if !UNSAFE.iter().any(|place| path.starts_with(place))
            && let Some(token) = tokens.iter().find(|token| token.text == "unsafe")
        {
            let message = "`unsafe` stands only in netproc-socket/src/sys and netproc-emacs";
            findings.push(Finding::fault(path, token.line, message));
        }
        if is_pure(path) {
            for named in named_paths(&tokens).iter().filter(|named| !named.test) {
                let package = named.first().replace('_', "-");
                let impure = MODULES.iter().any(|module| named.starts_with(module))
                    || named
                        .path
                        .split("::")
                        .any(|segment| NAMES.contains(&segment))
                    || CLOCKS.iter().any(|clock| named.path.ends_with(clock))
                    || (named.path.contains("::") && PACKAGES.contains(&package.as_str()));
                if impure {
                    let message = format!("a pure crate does not name `{}`", named.path);
                    findings.push(Finding::fault(path, named.line, message));
                }
            }
        }
    }
    findings
}

/// Says whether `path` is a source of a pure crate that is not a test.
fn is_pure(path: &str) -> bool {
    let name = path
        .strip_prefix("crates/")
        .and_then(|rest| rest.split_once("/src/"));
    name.is_some_and(|(name, rest)| {
        layer(name).is_some_and(|layer| layer.pure) && !super::is_test_file(rest)
    })
}

fn check_root(tree: &Tree, name: &str, findings: &mut Vec<Finding>) {
    let path = format!("crates/{name}/src/lib.rs");
    let Some(text) = tree.text(&path) else { return };
    let code: String = Source::parse(text)
        .tokens()
        .iter()
        .map(|token| token.text)
        .collect();
    if !code.contains("#![forbid(unsafe_code)]") {
        findings.push(Finding::fault(
            &path,
            0,
            "a pure crate opens with #![forbid(unsafe_code)]",
        ));
    }
    let path = format!("crates/{name}/Cargo.toml");
    let Ok(manifest) = Manifest::parse(tree.text(&path).unwrap_or_default()) else {
        return;
    };
    for dependency in manifest.dependencies() {
        if PACKAGES.contains(&dependency.package.as_str()) {
            let message = format!("a pure crate does not depend on `{}`", dependency.package);
            findings.push(Finding::fault(&path, 0, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: &str = "crates/netproc-process/src/lib.rs";

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_pure_crate_forbids_unsafe() {
        assert_eq!(count(LIB, "//! Is.\n"), 1);
        assert_eq!(count(LIB, "//! Is.\n// #![forbid(unsafe_code)]\n"), 1);
        assert_eq!(count(LIB, "//! Is.\n#![forbid(unsafe_code)]\n"), 0);
    }

    #[test]
    fn a_pure_crate_opens_no_socket_and_starts_no_thread() {
        for line in [
            "use std::net::{IpAddr, TcpStream};",
            "use std::thread;",
            "fn f() { std::fs::read(x) }",
            "use std::time::Instant; fn f() { Instant::now() }",
            "use std::time; fn f() { time::SystemTime::now() }",
            "use std::net; fn f() { net::UdpSocket::bind(a) }",
            "use async_io::Timer;",
        ] {
            assert_eq!(
                count("crates/netproc-process/src/machine.rs", line),
                1,
                "{line}"
            );
        }
        let fine = "use std::net::IpAddr; use std::time::Instant; fn f(now: Instant) {}";
        assert_eq!(count("crates/netproc-process/src/machine.rs", fine), 0);
    }

    #[test]
    fn its_tests_may() {
        let text = "#[cfg(test)] mod tests { use std::thread; }";
        assert_eq!(count("crates/netproc-process/src/machine.rs", text), 0);
        assert_eq!(
            count("crates/netproc-process/tests/golden.rs", "use std::fs;"),
            0
        );
    }

    #[test]
    fn a_pure_crate_depends_on_no_executor() {
        let manifest = "[package]\nname = \"netproc-lisp\"\n[dependencies]\nasync-io = \"2\"\n";
        let lib = "#![forbid(unsafe_code)]";
        let files = [
            ("crates/netproc-lisp/Cargo.toml", manifest),
            ("crates/netproc-lisp/src/lib.rs", lib),
        ];
        assert_eq!(check(&Tree::of(&files)).len(), 1);
    }

    #[test]
    fn unsafe_stands_only_at_the_system_calls() {
        let text = "fn f() { unsafe { g() } }";
        assert_eq!(count("crates/netproc-socket/src/connect.rs", text), 1);
        assert_eq!(count("tests/it/main.rs", text), 1);
        assert_eq!(count("crates/netproc-socket/src/sys/send.rs", text), 0);
    }
}
