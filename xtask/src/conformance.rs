//! Conformance: every case runs in stock Emacs and in Emacs with our module, and both are compared.

mod cases;
mod demonstrate;
mod diff;
mod differences;
mod emacs;
mod random;
mod suite;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use cases::Case;
use differences::Differences;
use emacs::Emacs;

use crate::step::{cargo, succeed};
use crate::{Outcome, root};

/// How many cases run at once.
const WORKERS: usize = 2;

/// The version of Emacs whose transcripts are kept, in the folder of the transcripts.
const VERSION: &str = "emacs-version";

/// The crate of the module for Emacs.
const MODULE: &str = "netproc-emacs";

/// What the verb was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    record: bool,
    stock_only: bool,
    filter: Option<String>,
    load_path: Vec<PathBuf>,
    repeat: usize,
    seed: u64,
    work: Work,
}

/// What is to be done with the Emacs that was found.
#[derive(Debug, Default, PartialEq, Eq)]
enum Work {
    /// Run the cases.
    #[default]
    Cases,
    /// Run so many sequences made at random.
    Random(usize),
    /// Run Emacs's own tests, from the source tree there.
    Suite(PathBuf),
    /// Show what is gained by the module.
    Demonstrations,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self {
            repeat: 1,
            seed: 1,
            ..Self::default()
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("`{word}` needs a value"));
            match word.as_str() {
                "--record" => options.record = true,
                "--stock-only" => options.stock_only = true,
                "--filter" => options.filter = Some(value()?.clone()),
                "--load-path" => options.load_path.push(value()?.into()),
                "--emacs-suite" => options.work = Work::Suite(value()?.into()),
                "--demonstrate" => options.work = Work::Demonstrations,
                "--random" => {
                    let count = value()?.parse();
                    let count = count.map_err(|_| "`--random` takes a number".to_owned())?;
                    options.work = Work::Random(count);
                }
                "--seed" => {
                    let seed = value()?.parse();
                    options.seed = seed.map_err(|_| "`--seed` takes a number".to_owned())?;
                }
                "--repeat" => {
                    let times = value()?.parse();
                    options.repeat = times.map_err(|_| "`--repeat` takes a number".to_owned())?;
                }
                _ => return Err(format!("`conformance` does not know `{word}`")),
            }
        }
        Ok(options)
    }
}

/// Runs the cases; see `docs/testing.md`.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let options = Options::parse(arguments)?;
    let library = folder().join("lisp");
    let Some(stock) = Emacs::find(&library) else {
        let message = format!(
            "Emacs is missing; the Debian package {} brings it",
            emacs::PACKAGE
        );
        if std::env::var("CI").is_ok_and(|value| value == "true") {
            return Err(message);
        }
        println!("{message}; nothing is compared");
        return Ok(());
    };
    let outcome = match &options.work {
        Work::Cases => Run::new(&options, &stock).and_then(|run| run.all(&options)),
        Work::Random(count) => module_beside(&options, &stock)
            .and_then(|module| random::run(&stock, module.as_ref(), *count, options.seed, ipv6())),
        Work::Suite(tree) => module_beside(&options, &stock)
            .and_then(|module| suite::run(tree, &stock, module.as_ref())),
        Work::Demonstrations => module(&options)
            .and_then(|module| demonstrate::run(&module.unwrap_or_default(), stock.scratch())),
    };
    stock.clean();
    outcome
}

/// Returns the document that is made from the differences file.
pub(crate) fn deviations() -> String {
    match differences() {
        Ok(differences) => differences.document(),
        Err(message) => message,
    }
}

fn folder() -> PathBuf {
    root().join("tests/conformance")
}

fn differences() -> Result<Differences, String> {
    let path = folder().join("differences.toml");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Differences::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// One run of the verb.
struct Run<'a> {
    stock: &'a Emacs,
    module: Option<Emacs>,
    cases: Vec<Case>,
    /// Whether the transcripts that are kept are of this version of Emacs.
    kept: bool,
    record: bool,
    differences: Differences,
}

impl<'a> Run<'a> {
    fn new(options: &Options, stock: &'a Emacs) -> Result<Self, String> {
        let mut cases = cases::read(&folder().join("cases"))?;
        let differences = differences()?;
        for name in differences.cases().keys() {
            if !cases.iter().any(|case| case.name == *name) {
                return Err(format!(
                    "the differences name `{name}`, and there is no such case"
                ));
            }
        }
        if let Some(filter) = &options.filter {
            cases.retain(|case| case.name.contains(filter.as_str()));
        }
        if !ipv6() {
            let before = cases.len();
            cases.retain(|case| !case.ipv6);
            println!("no IPv6 here: {} cases left out", before - cases.len());
        }
        let kept = std::fs::read_to_string(folder().join("transcripts").join(VERSION))
            .is_ok_and(|version| version.trim() == stock.version);
        if !kept && !options.record {
            println!(
                "Emacs {} is not the one whose transcripts are kept; they are not compared",
                stock.version
            );
        }
        let module = module_beside(options, stock)?;
        if module.is_none() {
            println!("without the module: stock Emacs against the transcripts that are kept");
        }
        Ok(Self {
            stock,
            module,
            cases,
            kept,
            record: options.record,
            differences,
        })
    }

    fn all(&self, options: &Options) -> Outcome {
        let start = Instant::now();
        let next = AtomicUsize::new(0);
        let failures = Mutex::new(BTreeMap::new());
        let jobs = self.cases.len() * options.repeat;
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    loop {
                        let job = next.fetch_add(1, Ordering::Relaxed);
                        if job >= jobs {
                            break;
                        }
                        let case = &self.cases[job % self.cases.len()];
                        if let Err(message) = self.one(case) {
                            println!("\n{}: {}\n{message}", case.name, case.sentence);
                            let mut failures =
                                failures.lock().unwrap_or_else(PoisonError::into_inner);
                            failures.insert(case.name.clone(), message);
                        }
                    }
                });
            }
        });
        if self.record {
            let path = folder().join("transcripts").join(VERSION);
            std::fs::write(&path, format!("{}\n", self.stock.version))
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
        let failures = failures
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let against = if self.module.is_some() {
            "stock and module"
        } else {
            "stock"
        };
        let topics: BTreeSet<&str> = self.cases.iter().map(Case::topic).collect();
        println!(
            "{} cases of {} topics, {} differences expected, in Emacs {} ({against}): {} failed, {:.1} s",
            self.cases.len(),
            topics.len(),
            self.differences.cases().len(),
            self.stock.version,
            failures.len(),
            start.elapsed().as_secs_f64()
        );
        if failures.is_empty() {
            Ok(())
        } else {
            let names: Vec<String> = failures.into_keys().collect();
            Err(format!("these cases failed: {}", names.join(", ")))
        }
    }

    fn one(&self, case: &Case) -> Outcome {
        let stock = self.stock.transcript(case)?;
        if let Some(line) = stock.lines().find(|line| spoiled(line)) {
            return Err(format!("  the case itself is wrong: {line}"));
        }
        self.keep(case, "txt", &stock, "stock Emacs differs from what is kept")?;
        let Some(module) = &self.module else {
            return Ok(());
        };
        let ours = module.transcript(case)?;
        match self.differences.cases().get(case.name.as_str()) {
            None if ours == stock => Ok(()),
            None => Err(format!(
                "  - stock Emacs, + with the module:\n{}",
                diff::show(&stock, &ours)
            )),
            Some(said) if ours == stock => Err(format!(
                "  no longer differs; the differences file says: {said}"
            )),
            Some(_) => self.keep(
                case,
                "netproc.txt",
                &ours,
                "with the module it differs from the difference that is kept",
            ),
        }
    }

    /// Compares `found` with what is kept of `case`, or keeps it.
    fn keep(&self, case: &Case, extension: &str, found: &str, message: &str) -> Outcome {
        let transcripts = folder().join("transcripts");
        let path = transcripts.join(format!("{}.{extension}", case.name));
        if self.record {
            let written = std::fs::create_dir_all(transcripts.join(case.topic()))
                .and_then(|()| std::fs::write(&path, found));
            return written.map_err(|error| format!("cannot write {}: {error}", path.display()));
        }
        if !self.kept {
            return Ok(());
        }
        let kept = std::fs::read_to_string(&path)
            .map_err(|error| format!("  {}: {error}; `--record` keeps one", path.display()))?;
        if kept == found {
            return Ok(());
        }
        Err(format!(
            "  {message} (- kept, + found):\n{}",
            diff::show(&kept, found)
        ))
    }
}

/// Says whether `line` of a transcript tells that the case went wrong.
fn spoiled(line: &str) -> bool {
    line.starts_with("WAITED IN VAIN") || line.starts_with("THE CASE FAILED")
}

/// Returns `stock` with our module, unless there is none or it is not wanted.
fn module_beside(options: &Options, stock: &Emacs) -> Result<Option<Emacs>, String> {
    if options.stock_only {
        return Ok(None);
    }
    let module = module(options)?.map(|folders| stock.with_module(folders));
    if let Some(module) = &module {
        module.warm()?;
    }
    Ok(module)
}

/// Returns the folders of the module and of its Lisp, built if it is part of this workspace.
fn module(options: &Options) -> Result<Option<Vec<PathBuf>>, String> {
    if !options.load_path.is_empty() {
        return Ok(Some(options.load_path.clone()));
    }
    let lisp = root().join("crates").join(MODULE).join("lisp");
    if !lisp.exists() {
        return Ok(None);
    }
    succeed(cargo(&["build", "--release", "--package", MODULE]))?;
    Ok(Some(vec![lisp, root().join("target/release")]))
}

fn ipv6() -> bool {
    std::net::TcpListener::bind("[::1]:0").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Options::parse(&words)
    }

    #[test]
    fn options_are_read() {
        let options = parse(&["--record", "--filter", "tls", "--repeat", "20"]).unwrap();
        assert!(options.record && !options.stock_only && options.repeat == 20);
        assert_eq!(options.filter.as_deref(), Some("tls"));
        assert!(parse(&["--filter"]).unwrap_err().contains("value"));
        assert!(parse(&["--dance"]).unwrap_err().contains("--dance"));
    }

    #[test]
    fn every_case_has_a_transcript_and_every_transcript_a_case() {
        let cases = cases::read(&folder().join("cases")).unwrap();
        let kept = |name: &str| folder().join("transcripts").join(name).exists();
        for case in &cases {
            assert!(kept(&format!("{}.txt", case.name)), "{}", case.name);
        }
        let differing = differences().unwrap();
        for topic in std::fs::read_dir(folder().join("transcripts")).unwrap() {
            let topic = topic.unwrap();
            if !topic.path().is_dir() {
                continue;
            }
            for file in std::fs::read_dir(topic.path()).unwrap() {
                let file = file.unwrap().file_name().to_string_lossy().into_owned();
                let stem = file.strip_suffix(".txt").unwrap_or(&file);
                let stem = stem.strip_suffix(".netproc").unwrap_or(stem);
                let name = format!("{}/{stem}", topic.file_name().to_string_lossy());
                assert!(cases.iter().any(|case| case.name == name), "{name}");
                if file.ends_with(".netproc.txt") {
                    assert!(differing.cases().contains_key(name.as_str()), "{file}");
                }
            }
        }
    }
}
