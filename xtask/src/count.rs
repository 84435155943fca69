//! Instructions and allocations of single pieces of work, counted and compared with those kept.
//!
//! Unlike times they are the same on a busy machine, so a regression is seen in one run. They are
//! not the same for another compiler; the kept ones name theirs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::step::{cargo, succeed};
use crate::{Outcome, root};

/// Where the counts are kept.
const KEPT: &str = "benches/counts.toml";

/// By how much a count may grow.
const MARGIN: f64 = 0.05;

/// What one piece of work takes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Count {
    instructions: f64,
    allocations: f64,
}

/// Counts every job, or those that are named, and compares; with `--record` keeps the counts.
///
/// Without valgrind it says so and passes, unless `CI` is `true`.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (flags, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|word| word.starts_with('-'));
    let record = match flags.as_slice() {
        [] => false,
        [flag] if *flag == "--record" => true,
        _ => return Err("`count` takes `--record` and names".to_owned()),
    };
    if Command::new("valgrind").arg("--version").output().is_err() {
        let message = "valgrind is not here; nothing is counted";
        if std::env::var("CI").is_ok_and(|ci| ci == "true") {
            return Err(message.to_owned());
        }
        println!("{message}");
        return Ok(());
    }
    succeed(cargo(&[
        "build",
        "--release",
        "--package",
        "netproc-benches",
        "--bin",
        "counted",
    ]))?;
    let kept = Kept::read(&root().join(KEPT))?;
    let mut counts = BTreeMap::new();
    for (job, steps) in jobs()? {
        if names.is_empty() || names.iter().any(|name| job.starts_with(name.as_str())) {
            let count = count(&job, steps)?;
            println!("{}", kept.line(&job, count));
            counts.insert(job, count);
        }
    }
    if record {
        return kept.with(counts).write(&root().join(KEPT));
    }
    kept.judge(&counts)
}

/// Asks which jobs there are, and how many steps make a count.
fn jobs() -> Result<Vec<(String, u32)>, String> {
    let mut command = Command::new(program());
    let told = output(command.arg("list"))?;
    told.lines()
        .map(|line| {
            let (job, steps) = line.split_once(' ').ok_or("a line has no number")?;
            let steps = steps.parse().map_err(|_| "a number is none")?;
            Ok((job.to_owned(), steps))
        })
        .collect()
}

fn program() -> PathBuf {
    root().join("target/release/counted")
}

/// Counts one job: what twice the steps take more than once the steps, for one piece of work.
fn count(job: &str, steps: u32) -> Result<Count, String> {
    let (once, twice) = (instructions(job, steps)?, instructions(job, steps * 2)?);
    let mut command = Command::new(program());
    let told = output(command.args(["allocations", job, &steps.to_string()]))?;
    let (work, allocations) = told
        .trim()
        .split_once(' ')
        .and_then(|(work, count)| Some((work.parse::<f64>().ok()?, count.parse::<f64>().ok()?)))
        .ok_or_else(|| format!("{job}: `{told}` is no count"))?;
    Ok(Count {
        instructions: (twice - once) / work,
        allocations: allocations / work,
    })
}

/// Returns how many instructions so many steps take, with all that comes before them.
fn instructions(job: &str, steps: u32) -> Result<f64, String> {
    let folder = root().join("target/count");
    std::fs::create_dir_all(&folder).map_err(|error| format!("target/count: {error}"))?;
    let profile = folder.join(format!("{job}.callgrind"));
    let mut command = Command::new("valgrind");
    command
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program())
        .args(["run", job, &steps.to_string()]);
    output(&mut command)?;
    let profile = std::fs::read_to_string(&profile)
        .map_err(|error| format!("{}: {error}", profile.display()))?;
    // The last line of a profile.
    let totals = profile
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("totals: "));
    totals
        .and_then(|number| number.trim().parse().ok())
        .ok_or_else(|| format!("{job}: callgrind counted nothing"))
}

fn output(command: &mut Command) -> Result<String, String> {
    let shown = crate::step::show(command);
    let output = command
        .output()
        .map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{shown}` ended with {}:\n{errors}", output.status))
}

/// The counts that are kept.
#[derive(Debug, Default)]
struct Kept {
    compiler: String,
    counts: BTreeMap<String, Count>,
}

impl Kept {
    fn read(path: &Path) -> Result<Self, String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Kept::parse(&text),
            Err(_) => Ok(Kept::default()),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let value: Value =
            basic_toml::from_str(text).map_err(|error| format!("{KEPT}: {error}"))?;
        let compiler = value.get("compiler").and_then(Value::as_str);
        let mut kept = Kept {
            compiler: compiler.unwrap_or_default().to_owned(),
            counts: BTreeMap::new(),
        };
        let counts = value.get("counts").and_then(Value::as_object);
        for (job, count) in counts.into_iter().flatten() {
            let number = |name| count.get(name).and_then(Value::as_f64);
            let count = Count {
                instructions: number("instructions").ok_or_else(|| format!("{KEPT}: {job}"))?,
                allocations: number("allocations").ok_or_else(|| format!("{KEPT}: {job}"))?,
            };
            kept.counts.insert(job.clone(), count);
        }
        Ok(kept)
    }

    /// Returns the same with newer counts, by the compiler of today.
    fn with(mut self, counts: BTreeMap<String, Count>) -> Self {
        self.counts.extend(counts);
        self.compiler = compiler();
        self
    }

    fn text(&self) -> String {
        let mut text = format!(
            "# Instructions and allocations for one piece of work; `cargo xtask count --record`\n\
             # writes this, `cargo xtask count` fails where one has grown by more than {:.0} %.\n\n\
             compiler = \"{}\"\n\n[counts]\n",
            MARGIN * 100.0,
            self.compiler,
        );
        for (job, count) in &self.counts {
            // Writing to a string does not fail.
            let _written = writeln!(
                text,
                "{job} = {{ instructions = {:.3}, allocations = {:.2} }}",
                count.instructions, count.allocations
            );
        }
        text
    }

    fn write(&self, path: &Path) -> Outcome {
        std::fs::write(path, self.text()).map_err(|error| format!("{KEPT}: {error}"))?;
        println!("wrote {KEPT}");
        Ok(())
    }

    /// Returns what is told of one count.
    fn line(&self, job: &str, count: Count) -> String {
        let beside = self.counts.get(job).map_or_else(
            || "not kept yet".to_owned(),
            |kept| {
                let part = count.instructions / kept.instructions - 1.0;
                format!("{:+.1} %", part * 100.0)
            },
        );
        format!(
            "{job:<20} {:>13.2} instructions {:>8.2} allocations  {beside}",
            count.instructions, count.allocations
        )
    }

    /// Fails when a count has grown, or is not kept.
    fn judge(&self, counts: &BTreeMap<String, Count>) -> Outcome {
        let mut wrong = Vec::new();
        for (job, count) in counts {
            match self.counts.get(job) {
                None => wrong.push(format!("{job} is not kept")),
                Some(kept) if count.exceeds(kept) => {
                    wrong.push(format!("{job} takes more than before"));
                }
                Some(kept) if kept.exceeds(count) => {
                    println!("{job} takes less than before; keep that with --record");
                }
                Some(_) => {}
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let mut message = wrong.join("; ");
        let today = compiler();
        if today != self.compiler {
            let _written = write!(
                message,
                "; the kept counts are by {}, these by {today}",
                self.compiler
            );
        }
        Err(message)
    }
}

impl Count {
    /// Says whether this is more than another, beyond the margin.
    fn exceeds(&self, other: &Count) -> bool {
        // What is rounded in the file is no growth.
        self.instructions > other.instructions * (1.0 + MARGIN)
            || self.allocations > other.allocations * (1.0 + MARGIN) + 0.01
    }
}

fn compiler() -> String {
    let told = output(Command::new("rustc").arg("--version"));
    told.map_or_else(|error| error, |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: Count = Count {
        instructions: 100.0,
        allocations: 2.0,
    };

    fn kept() -> Kept {
        Kept {
            compiler: compiler(),
            counts: [("echo".to_owned(), FEW)].into(),
        }
    }

    fn judged(count: Count) -> Outcome {
        kept().judge(&[("echo".to_owned(), count)].into())
    }

    #[test]
    fn what_is_kept_reads_back() {
        let read = Kept::parse(&kept().text()).unwrap();
        assert_eq!(read.counts, kept().counts);
        assert_eq!(read.compiler, compiler());
    }

    #[test]
    fn a_count_may_grow_by_a_little_and_shrink_by_all() {
        let with = |instructions| Count {
            instructions,
            ..FEW
        };
        assert_eq!(judged(with(104.0)), Ok(()));
        assert_eq!(judged(with(10.0)), Ok(()));
        assert!(judged(with(106.0)).is_err());
    }

    #[test]
    fn one_more_allocation_is_too_many() {
        let more = Count {
            allocations: 3.0,
            ..FEW
        };
        assert!(judged(more).is_err());
    }

    #[test]
    fn what_is_not_kept_is_told() {
        let other = [("another".to_owned(), FEW)].into();
        assert_eq!(kept().judge(&other), Err("another is not kept".to_owned()));
    }
}
