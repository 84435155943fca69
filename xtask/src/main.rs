//! Automation for the workspace: `cargo xtask VERB`, with few verbs.

mod bench;
mod ci;
mod conformance;
mod count;
mod docs;
mod interop;
mod smoke;
mod step;
mod tidy;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a verb returns: nothing, or the message that says what failed.
type Outcome = Result<(), String>;

/// One verb of the command.
struct Verb {
    name: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// Every verb there is; `tidy` compares the documents with this table.
const VERBS: &[Verb] = &[
    Verb {
        name: "help",
        summary: "say what the verbs do",
        run: |_| {
            help();
            Ok(())
        },
    },
    Verb {
        name: "test",
        summary: "run every test: unit, documentation, integration; needs Rust only",
        run: |arguments| ci::test(arguments),
    },
    Verb {
        name: "ci",
        summary: "run everything a change must pass, step by step",
        run: |_| ci::run(),
    },
    Verb {
        name: "interop",
        summary: "hold sessions with the TLS of GnuTLS and OpenSSL; needs their programs",
        run: |arguments| interop::run(arguments),
    },
    Verb {
        name: "tidy",
        summary: "check the house rules: imports between crates, files, documents",
        run: |_| tidy::run(),
    },
    Verb {
        name: "docs",
        summary: "write the documents that are made from code; with --check, compare them",
        run: |arguments| docs::run(arguments),
    },
    Verb {
        name: "conformance",
        summary: "run the Lisp cases in stock Emacs and with the module, and compare",
        run: |arguments| conformance::run(arguments),
    },
    Verb {
        name: "bench",
        summary: "measure process objects beside their peers, row by row; --help says more",
        run: |arguments| bench::run(arguments),
    },
    Verb {
        name: "count",
        summary: "count instructions and allocations, and compare; needs valgrind",
        run: |arguments| count::run(arguments),
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = arguments.first().map_or("help", String::as_str);
    let name = if matches!(name, "-h" | "--help") {
        "help"
    } else {
        name
    };
    let outcome = match VERBS.iter().find(|verb| verb.name == name) {
        Some(verb) => (verb.run)(arguments.get(1..).unwrap_or_default()),
        None => Err(format!("no verb `{name}`; `cargo xtask help` lists them")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn help() {
    println!("usage: cargo xtask VERB\n");
    for verb in VERBS {
        println!("  {:<11} {}", verb.name, verb.summary);
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}
