//! One case: found, evaluated, compared.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use netproc::Value;
use netproc::lisp::Symbol;
use regex::Regex;

use crate::lisp::{Exit, Machine};

/// How many seconds a case waits before it has waited in vain.
const PATIENCE: i64 = 60;

/// One case by its topic and name, as in `streams/echo`.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Returns the folder of the cases and what belongs to them.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// Returns all cases of a topic, by name.
pub(crate) fn of_topic(topic: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = names_in(&folder().join("cases").join(topic))
        .into_iter()
        .filter_map(|file| {
            let name = format!("{topic}/{}", file.strip_suffix(".el")?);
            let path = folder().join("cases").join(topic).join(&file);
            let text = std::fs::read_to_string(path).expect("a case that can be read");
            Some(Case { name, text })
        })
        .collect();
    cases.sort_by(|one, two| one.name.cmp(&two.name));
    cases
}

/// Returns all topics.
pub(crate) fn topics() -> Vec<String> {
    names_in(&folder().join("cases"))
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder of cases");
    let names = entries.map(|entry| {
        let name = entry.expect("an entry of the folder").file_name();
        name.to_string_lossy().into_owned()
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

impl Case {
    /// Tells whether the case needs IPv6 on the loopback interface.
    pub(crate) fn needs_ipv6(&self) -> bool {
        self.text.lines().any(|line| line == ";; needs: ipv6")
    }

    /// Returns the transcript that is expected: that of Emacs with our module, where that differs
    /// from stock Emacs.
    pub(crate) fn kept(&self) -> String {
        let transcripts = folder().join("transcripts");
        let ours = transcripts.join(format!("{}.netproc.txt", self.name));
        let stock = transcripts.join(format!("{}.txt", self.name));
        let kept = std::fs::read_to_string(ours).or_else(|_| std::fs::read_to_string(stock));
        without_properties(&kept.expect("a transcript that is kept"))
    }

    /// Evaluates the case and returns its transcript.
    pub(crate) fn transcript(&self) -> String {
        let scratch = tempfile::Builder::new().prefix("r").tempdir_in("/tmp");
        let scratch = scratch.expect("a temporary folder");
        let machine = Machine::new();
        let work = scratch.path().join("w");
        std::fs::create_dir(&work).expect("a folder of the case");
        let outcome = self.run(&machine, &work);
        let written = String::from_utf8_lossy(&machine.written()).into_owned();
        let lines = written.lines().filter_map(|line| line.strip_prefix("| "));
        let mut transcript = String::new();
        let mut ended = false;
        for line in lines {
            ended = line == "end";
            if !ended {
                transcript.extend([line, "\n"]);
            }
        }
        if let (Err(exit), false) = (&outcome, ended) {
            let _written = writeln!(transcript, "THE MACHINE STOPPED: {exit}");
        }
        transcript
    }

    fn run(&self, machine: &Machine, work: &Path) -> Result<Value, Exit> {
        let lisp = folder().join("lisp");
        machine.load(&lisp.join("transcript.el"))?;
        machine.load(&lisp.join("processes.el"))?;
        // Others may need the processor too.
        machine.set_variable("patience", Value::from(PATIENCE));
        let path = |path: &Path| Value::string(&path.to_string_lossy());
        let case = folder().join("cases").join(format!("{}.el", self.name));
        let run = Value::from(Symbol::new("transcript-run"));
        match machine.funcall(&run, &[path(&case), path(work)]) {
            Err(Exit::Leave) => Ok(Value::Nil),
            outcome => outcome,
        }
    }
}

/// Returns the lines that differ, those of `kept` with `-` and those of `found` with `+`.
pub(crate) fn difference(kept: &str, found: &str) -> String {
    let (kept, found): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), found.lines().collect());
    let same = kept
        .iter()
        .zip(&found)
        .take_while(|(one, two)| one == two)
        .count();
    let (mut kept_end, mut found_end) = (kept.len(), found.len());
    while kept_end.min(found_end) > same && kept[kept_end - 1] == found[found_end - 1] {
        kept_end -= 1;
        found_end -= 1;
    }
    let mut shown = String::new();
    for (mark, lines) in [("-", &kept[same..kept_end]), ("+", &found[same..found_end])] {
        for line in lines {
            let _written = writeln!(shown, "    {mark} {line}");
        }
    }
    shown
}

/// Returns a transcript without the property by which text in Emacs remembers the character set
/// that it was decoded from; text of the engine has no properties.
fn without_properties(transcript: &str) -> String {
    static TEXT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"#\(("(?:[^"\\]|\\.)*")(?: \d+ \d+ \(charset [^()]*\))+\)"#)
            .expect("a pattern")
    });
    TEXT.replace_all(transcript, "$1").into_owned()
}
