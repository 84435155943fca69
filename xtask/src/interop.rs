//! Sessions between our TLS and that of others, every kind with every program.

mod bytes;
mod cell;
mod certificates;
mod check;
mod matrix;
mod peer;
mod program;
mod record;
mod table;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::Outcome;
use crate::step::cargo;

use self::cell::Cell;
use self::certificates::Certificates;
use self::matrix::{CHECKS, Check, PEERS, Row};
use self::peer::Places;

/// Runs every check of every row, prints the table, and fails if a cell has failed.
///
/// With `--markdown` the table is one of Markdown. Other arguments choose: a cell is run when each
/// of them is part of its name, which is that of its row and its column.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let markdown = arguments.iter().any(|it| it == "--markdown");
    let chosen: Vec<&String> = arguments.iter().filter(|it| *it != "--markdown").collect();
    programs_are_there()?;
    let ours = build()?;
    let folder = tempfile::tempdir().map_err(|error| format!("no folder: {error}"))?;
    let certificates = Certificates::make(folder.path())?;
    let rows = matrix::rows();
    let jobs = jobs(&rows, &chosen);
    let bench = Bench {
        ours: &ours,
        folder: folder.path(),
        certificates: &certificates,
        rows: &rows,
    };
    let start = Instant::now();
    let verdicts = bench.run(&jobs);
    let failed = verdicts.iter().filter(|verdict| verdict.outcome.is_err());
    let failed = failed.count();
    println!(
        "\n{}",
        table::print(&rows, &entries(&rows, &verdicts), markdown)
    );
    let (count, seconds) = (verdicts.len(), start.elapsed().as_secs_f64());
    println!("{count} cells in {seconds:.1} s");
    match (count, failed) {
        (0, _) => Err("no cell has such a name".to_owned()),
        (_, 0) => Ok(()),
        (_, failed) => Err(format!("{failed} of {count} cells failed")),
    }
}

/// One cell to be run, by the numbers of its row and column.
#[derive(Clone, Copy)]
struct Job {
    row: usize,
    column: usize,
}

/// How a cell went.
struct Verdict {
    job: Job,
    seconds: f64,
    outcome: Outcome,
}

/// What all cells share.
struct Bench<'a> {
    ours: &'a Path,
    folder: &'a Path,
    certificates: &'a Certificates,
    rows: &'a [Row],
}

impl Bench<'_> {
    /// Runs the jobs in order, as many at once as there are processors.
    fn run(&self, jobs: &[Job]) -> Vec<Verdict> {
        let next = AtomicUsize::new(0);
        let verdicts = Mutex::new(Vec::new());
        let workers = thread::available_parallelism().map_or(2, NonZero::get);
        thread::scope(|scope| {
            for _ in 0..workers.clamp(2, 4) {
                scope.spawn(|| {
                    while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let verdict = self.run_one(*job);
                        let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
                        verdicts.push(verdict);
                    }
                });
            }
        });
        verdicts
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn run_one(&self, job: Job) -> Verdict {
        let (row, check) = (&self.rows[job.row], &CHECKS[job.column]);
        let start = Instant::now();
        let folder = self.folder.join(format!("{}-{}", job.row, job.column));
        let places = Places {
            ours: self.ours,
            folder: &folder,
            certificates: self.certificates,
        };
        let cell = Cell::new(row, places);
        let outcome = std::fs::create_dir(&folder)
            .map_err(|error| format!("no folder: {error}"))
            .and_then(|()| (check.run)(&cell));
        let seconds = start.elapsed().as_secs_f64();
        let name = name(row, check);
        match &outcome {
            Ok(()) => println!("ok      {seconds:5.1} s  {name}"),
            Err(message) => {
                println!(
                    "FAILED  {seconds:5.1} s  {name}: {message}\n{}",
                    cell.account()
                );
            }
        }
        Verdict {
            job,
            seconds,
            outcome,
        }
    }
}

/// Returns the cells to be run, those that take long first.
fn jobs(rows: &[Row], chosen: &[&String]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (row_number, row) in rows.iter().enumerate() {
        for (column, check) in CHECKS.iter().enumerate() {
            let name = name(row, check);
            if row.has(check) && chosen.iter().all(|word| name.contains(word.as_str())) {
                jobs.push(Job {
                    row: row_number,
                    column,
                });
            }
        }
    }
    jobs.sort_by_key(|job| !(CHECKS[job.column].long && rows[job.row].peer.is_client()));
    jobs
}

fn name(row: &Row, check: &Check) -> String {
    format!("{}: {}", row.names().join(" "), check.name)
}

fn entries(rows: &[Row], verdicts: &[Verdict]) -> Vec<Vec<String>> {
    let mut entries = vec![vec!["-".to_owned(); CHECKS.len()]; rows.len()];
    for verdict in verdicts {
        let word = if verdict.outcome.is_ok() {
            "ok"
        } else {
            "FAILED"
        };
        let entry = format!("{word} {:.1} s", verdict.seconds);
        entries[verdict.job.row][verdict.job.column] = entry;
    }
    entries
}

/// Names every program that is missing, with the package that brings it.
fn programs_are_there() -> Outcome {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &str| std::env::split_paths(&path).any(|it| it.join(program).exists());
    let mut missing = Vec::new();
    for peer in PEERS {
        let program = peer.name.split(' ').next().unwrap_or_default();
        if !is_there(program) {
            let package = peer.package.unwrap_or("netproc");
            missing.push(format!("`{program}`, of the Debian package {package}"));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("not installed: {}", missing.join("; ")))
}

/// Builds our end, and returns the program.
fn build() -> Result<PathBuf, String> {
    let mut command = cargo(&[
        "build",
        "--package",
        "netproc",
        "--example",
        "tls_join",
        "--features",
        "anonymous",
        "--message-format",
        "json-render-diagnostics",
    ]);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("our end was not built: {}", output.status));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    executable.ok_or_else(|| "cargo names no program that it has built".to_owned())
}
