//! The module inside of Emacs: one test for each file of ERT tests under `tests/ert`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder that cargo put the library into: it stands beside this test.
fn library() -> PathBuf {
    let test = env::current_exe().expect("a path");
    let folder = test.parent().expect("a folder").to_owned();
    assert!(
        folder.join("libnetproc_emacs.so").exists(),
        "no libnetproc_emacs.so in {}",
        folder.display()
    );
    folder
}

/// Tells whether Emacs is there; in CI it must be.
fn has_emacs() -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let there = env::split_paths(&path).any(|folder| folder.join("emacs").is_file());
    if !there {
        assert!(env::var_os("CI").is_none(), "emacs is missing");
        eprintln!("emacs is missing; the module is not tested");
    }
    there
}

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns Emacs with the module, about to run in a folder where it may leave files.
fn emacs(folder: &Path) -> Command {
    let mut command = Command::new("emacs");
    command
        .args(["--batch", "-Q", "-L"])
        .arg(library())
        .arg("-L")
        .arg(home().join("lisp"))
        .arg("-L")
        .arg(home().join("tests/ert"))
        .current_dir(folder);
    command
}

/// Runs Emacs to its end and shows what it said if that is not a good one.
fn run(mut command: Command) -> String {
    let output = command.output().expect("emacs starts");
    let said = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "emacs: {}\n{printed}{said}",
        output.status
    );
    format!("{printed}{said}")
}

fn run_tests(file: &str) {
    if has_emacs() {
        let folder = tempfile::tempdir().expect("a folder");
        make_certificate(folder.path());
        let mut command = emacs(folder.path());
        command.args(["-l", file, "-f", "ert-run-tests-batch-and-exit"]);
        run(command);
    }
}

/// Makes a certificate for localhost, and its key.
fn make_certificate(folder: &Path) {
    let names = vec!["localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).expect("a file");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
}

#[test]
fn encrypted_clients_and_servers() {
    run_tests("tls-tests.el");
}

#[test]
fn clients_and_servers() {
    run_tests("streams-tests.el");
}

#[test]
fn everything_that_can_go_wrong() {
    run_tests("robustness-tests.el");
}

#[test]
fn what_is_demonstrated_holds() {
    if has_emacs() {
        let folder = tempfile::tempdir().expect("a folder");
        make_certificate(folder.path());
        let mut command = emacs(folder.path());
        // More than select can watch; what is measured is for machines that do nothing else.
        let little = "(setq demo-connections 1200 demo-slip 5 demo-bytes 20000000 demo-gain 0)";
        command
            .args(["--eval", little, "-l"])
            .arg(home().join("demos/demos.el"))
            .args(["-f", "demo-all"]);
        let said = run(command);
        assert!(said.contains("1200 answers"), "{said}");
    }
}

/// Returns the files of the library, by name.
fn sources() -> Vec<PathBuf> {
    let listing = std::fs::read_dir(home().join("lisp")).expect("a folder");
    let mut files: Vec<PathBuf> = listing
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "el"))
        .collect();
    files.sort();
    files
}

#[test]
fn the_library_compiles_without_a_warning() {
    if has_emacs() {
        let folder = tempfile::tempdir().expect("a folder");
        for source in sources() {
            let target = folder.path().join("compiled.elc");
            let mut command = emacs(folder.path());
            command.arg("--eval").arg(format!(
                "(progn
                   (require 'bytecomp)
                   (let ((byte-compile-error-on-warn t)
                         (byte-compile-dest-file-function (lambda (_) {target:?})))
                     (kill-emacs (if (byte-compile-file {source:?}) 0 1))))"
            ));
            run(command);
        }
    }
}

#[test]
fn the_library_is_documented_as_emacs_wants_it() {
    if has_emacs() {
        for source in sources() {
            let mut command = emacs(home());
            command.arg("--eval").arg(format!(
                "(progn (require 'checkdoc) (checkdoc-file {source:?}))"
            ));
            assert_eq!(run(command).trim(), "");
        }
    }
}
