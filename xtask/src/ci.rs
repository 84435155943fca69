//! What a change must pass, step by step; the first failure ends the run.

use crate::step::{Steps, cargo, succeed};
use crate::tidy::layers::LAYERS;
use crate::{Outcome, bench, conformance, count, docs, interop, root, smoke, tidy};

/// Runs every test of the workspace; further arguments go to `cargo test`.
///
/// Tests that need a program which is not there say so and pass, unless `CI` is `true`.
pub(crate) fn test(arguments: &[String]) -> Outcome {
    // All failures are worth knowing, not only those of the first binary that has one.
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    command.args(arguments);
    succeed(command)
}

/// Runs the steps in order and stops at the first that fails.
pub(crate) fn run() -> Outcome {
    let mut steps = Steps::default();
    let outcome = all(&mut steps);
    steps.summary();
    outcome
}

fn all(steps: &mut Steps) -> Outcome {
    steps.run("test", || test(&[]))?;
    steps.run("format", || succeed(cargo(&["fmt", "--all", "--check"])))?;
    // All targets: the benches and examples are compiled here as well.
    steps.run("clippy", || {
        succeed(cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    // Libraries only: the command and the facade are both called `netproc`, and two
    // targets cannot share one folder of documentation.
    steps.run("rustdoc", || {
        let mut command = cargo(&["doc", "--workspace", "--no-deps", "--lib"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        succeed(command)
    })?;
    steps.run("tidy", tidy::run)?;
    steps.run("docs", docs::check_all)?;
    // A crate checked with the rest of the workspace may lean on features that its
    // neighbours turn on. Alone it may not. This is quick because clippy has checked all
    // dependencies already; only the crates themselves are looked at once more.
    for layer in LAYERS
        .iter()
        .filter(|layer| root().join("crates").join(layer.name).exists())
    {
        steps.run(&format!("alone: {}", layer.name), || {
            succeed(cargo(&["check", "--package", layer.name, "--all-targets"]))
        })?;
    }
    // The other cryptography is a feature that nothing in the workspace turns on.
    steps.run("tls with ring", || {
        succeed(cargo(&[
            "test",
            "--package",
            "netproc-tls",
            "--no-default-features",
            "--features",
            "ring",
        ]))
    })?;
    // Nor is this one, which links the OpenSSL of the system.
    steps.run("tls without certificates", || {
        succeed(cargo(&[
            "test",
            "--package",
            "netproc-tls",
            "--features",
            "anonymous",
        ]))?;
        succeed(cargo(&[
            "test",
            "--package",
            "netproc-tests",
            "--features",
            "anonymous",
            "tls_anonymous",
        ]))?;
        succeed(cargo(&[
            "clippy",
            "--package",
            "netproc-tls",
            "--package",
            "netproc-tests",
            "--all-targets",
            "--features",
            "anonymous",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    steps.run("interop", || interop::run(&[]))?;
    // Systems without epoll, and programs out of descriptors, wait for each socket by itself.
    steps.run("sockets without a set", || {
        succeed(cargo(&[
            "test",
            "--package",
            "netproc-socket",
            "--package",
            "netproc-network",
            "--features",
            "netproc-socket/portable",
        ]))
    })?;
    steps.run("benches", || {
        succeed(cargo(&[
            "check",
            "--package",
            "netproc-benches",
            "--all-targets",
        ]))
    })?;
    steps.run("release", || {
        succeed(cargo(&["build", "--release", "--package", "netproc-cli"]))
    })?;
    steps.run("smoke", smoke::run)?;
    steps.run("count", || count::run(&[]))?;
    // Whether every workload runs; what it measures here means nothing.
    steps.run("bench", || bench::run(&["--once".to_owned()]))?;
    steps.run("conformance", || conformance::run(&[]))?;
    steps.run("random sequences", || {
        conformance::run(&["--random".to_owned(), "200".to_owned()])
    })
}
