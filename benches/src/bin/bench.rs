//! Holds process objects against their peers, row by row of the table of workloads; `cargo xtask
//! bench` builds and runs it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use netproc_benches::affinity::Machine;
use netproc_benches::contest::{self, Growth, Pace, WORKLOADS, Workload};
use netproc_benches::load::Effort;
use netproc_benches::report::{Results, circumstances, json, markdown, plot, text};
use netproc_benches::server::{Failure, serve_if_asked};
use netproc_benches::words::option;

const USAGE: &str = "\
usage: bench [--quick | --once] [--rounds N] [--turn MILLISECONDS] [--record] [NAME…]

Measures the workloads whose names begin with a NAME, or all; growth is one of the names.
  --quick   some of the workloads, shorter
  --once    each workload once and very shortly, for whether it runs; nothing is measured
  --record  keep what a full run measured in docs/
  --list    the names";

/// The word for the growth over connections among the names.
const GROWTH: &str = "growth";

/// What is asked for.
struct Order {
    pace: Pace,
    quick: bool,
    once: bool,
    record: bool,
    names: Vec<String>,
}

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let Some(order) = Order::read(env::args().skip(1).collect())? else {
        return Ok(());
    };
    // Each end has its own limit; servers inherit it from here.
    let (limit, _) = netproc_socket::raise_descriptor_limit()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let begun = Instant::now();
    let machine = Machine::look()?;
    let mut results = Results {
        circumstances: circumstances(&machine),
        ..Results::default()
    };
    for workload in WORKLOADS.iter().filter(|workload| order.wants(workload)) {
        if workload.descriptors() > limit {
            println!(
                "{}: left out, for a process may have only {limit} descriptors here\n",
                workload.name
            );
            continue;
        }
        let outcome = contest::hold(workload, &machine, order.pace)?;
        println!("{}", text::outcome(&outcome));
        results.outcomes.push(outcome);
    }
    if order.wants_growth() {
        println!("{GROWTH}: requests, p50, p99, p99.9, resident memory");
        results.growth = Growth::measure(&machine, order.pace.patient(), |point| {
            print!("{}", text::point(point));
        })?;
    }
    results.seconds = begun.elapsed().as_secs_f64();
    println!("\n{}", text::goals(&results.outcomes));
    let folder = order.write(&results)?;
    println!("rounds, ratios and plots: {}", folder.display());
    if order.record {
        keep(&results, &folder)?;
    }
    let failed: Vec<&str> = results
        .outcomes
        .iter()
        .filter(|outcome| outcome.ours().is_none())
        .map(|outcome| outcome.workload.name)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("ours failed at {}", failed.join(", ")).into())
    }
}

impl Order {
    /// Reads the command line; none if it asks for words only.
    fn read(mut words: Vec<String>) -> Result<Option<Self>, Failure> {
        let mut flag = |name: &str| {
            let before = words.len();
            words.retain(|word| word != name);
            words.len() < before
        };
        if flag("--help") || flag("-h") {
            println!("{USAGE}");
            return Ok(None);
        }
        if flag("--list") {
            for workload in WORKLOADS {
                println!("{:<20} {}", workload.name, workload.title);
            }
            println!("{GROWTH:<20} rate, memory and latency over the number of connections");
            return Ok(None);
        }
        let (quick, once, record) = (flag("--quick"), flag("--once"), flag("--record"));
        let (rounds, turn) = match (quick, once) {
            (_, true) => (1, 10),
            (true, _) => (5, 200),
            _ => (7, 400),
        };
        let pace = Pace {
            rounds: option(&mut words, "--rounds", USAGE)?.unwrap_or(rounds),
            effort: Effort {
                turn: Duration::from_millis(option(&mut words, "--turn", USAGE)?.unwrap_or(turn)),
                whole: !once,
            },
        };
        let known = |name: &String| {
            name == GROWTH
                || WORKLOADS
                    .iter()
                    .any(|one| one.name.starts_with(name.as_str()))
        };
        if let Some(name) = words.iter().find(|name| !known(name)) {
            return Err(format!("there is no workload {name}\n{USAGE}").into());
        }
        if record && (quick || once || !words.is_empty()) {
            return Err("only a full run is kept".into());
        }
        Ok(Some(Order {
            pace,
            quick,
            once,
            record,
            names: words,
        }))
    }

    fn wants(&self, workload: &Workload) -> bool {
        let named = |name: &String| workload.name.starts_with(name.as_str());
        if self.names.is_empty() {
            !self.quick || workload.quick
        } else {
            self.names.iter().any(named)
        }
    }

    fn wants_growth(&self) -> bool {
        if self.names.is_empty() {
            !self.quick
        } else {
            self.names.iter().any(|name| name == GROWTH)
        }
    }

    /// Writes what was measured beside this program's own folder.
    fn write(&self, results: &Results) -> Result<PathBuf, Failure> {
        let program = env::current_exe()?;
        let target = program.ancestors().nth(2).ok_or("no target folder")?;
        let folder = target.join(if self.once { "bench-once" } else { "bench" });
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("figures.json"), json::results(results))?;
        plot::draw(results, &folder)?;
        Ok(folder)
    }
}

/// Keeps it where the documents show it.
fn keep(results: &Results, folder: &Path) -> Result<(), Failure> {
    let docs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"));
    let kept = docs.join("performance");
    fs::create_dir_all(&kept)?;
    for file in fs::read_dir(folder)? {
        let file = file?;
        fs::copy(file.path(), kept.join(file.file_name()))?;
    }
    fs::write(docs.join("figures.md"), markdown::figures(results))?;
    println!("kept in docs/figures.md and docs/performance/");
    Ok(())
}
