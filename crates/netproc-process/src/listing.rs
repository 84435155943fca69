//! The table that `list-processes` shows, as data and as text.

use std::fmt::Write as _;

use netproc_lisp::{Text, Value};

use crate::Machine;

/// One process in the list. Columns that network processes have no use for say `--`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[doc(alias = "list-processes")]
pub struct Row {
    /// The name.
    pub process: String,
    /// The process number; network processes have none.
    pub pid: String,
    /// The status.
    pub status: String,
    /// The name of the buffer, `--` for none.
    pub buffer: String,
    /// The terminal; network processes have none.
    pub tty: String,
    /// The thread that the process belongs to. Default: `Main`.
    pub thread: String,
    /// What it is connected to or listens on, in parentheses.
    pub command: String,
}

const NONE: &str = "--";

/// The names of the columns and how wide they are; the last one takes what it needs.
pub const COLUMNS: [(&str, usize); 7] = [
    ("Process", 15),
    ("PID", 7),
    ("Status", 7),
    ("Buffer", 25),
    ("TTY", 12),
    ("Thread", 12),
    ("Command", 0),
];

impl Row {
    /// Describes a process.
    pub fn new(machine: &Machine) -> Row {
        Row {
            process: machine.name().to_string(),
            pid: NONE.to_owned(),
            status: machine.status().to_string(),
            buffer: machine.buffer_name().map_or(NONE, |name| name).to_owned(),
            tty: NONE.to_owned(),
            thread: "Main".to_owned(),
            command: command(machine),
        }
    }

    /// Returns the cells in the order of [`COLUMNS`].
    pub fn cells(&self) -> [&str; 7] {
        [
            &self.process,
            &self.pid,
            &self.status,
            &self.buffer,
            &self.tty,
            &self.thread,
            &self.command,
        ]
    }
}

/// Returns what a process is connected to or listens on, in parentheses.
///
/// As in Emacs, everything but a stream is called `datagram`.
pub fn command(machine: &Machine) -> String {
    let contact = machine.contact_arguments();
    let value = |keyword| contact.get(keyword).cloned().unwrap_or_default();
    let sort = if value(":type").is_nil() {
        "network"
    } else {
        "datagram"
    };
    let endpoint = match (value(":server").is_true(), value(":host")) {
        (true, Value::Nil) => return format!("({sort} server on {})", princ(&value(":local"))),
        (true, host) => ("server on", host),
        (false, host) => ("connection to", host),
    };
    let (verb, host) = endpoint;
    format!(
        "({sort} {verb} {}:{})",
        princ(&host),
        princ(&value(":service"))
    )
}

/// Prints the table with its header, sorted by name.
///
/// Names longer than their column push the rest of the line to the right; nothing is cut.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use netproc_keywords::Spec;
/// use netproc_process::{Machine, listing::{self, Row}};
///
/// let spec: Spec = r#"(:name "web" :host "localhost" :service 80 :nowait t)"#.parse()?;
/// let web = Machine::from_spec(&Arc::new(spec), "web".into());
/// let table = listing::print([Row::new(&web)]);
/// assert!(table.ends_with("(network connection to localhost:80)\n"));
/// # Ok::<(), netproc_keywords::Error>(())
/// ```
pub fn print(rows: impl IntoIterator<Item = Row>) -> String {
    let mut rows: Vec<Row> = rows.into_iter().collect();
    rows.sort();
    let mut out = line(COLUMNS.map(|(name, _)| name));
    for row in &rows {
        out.push_str(&line(row.cells()));
    }
    out
}

fn line(cells: [&str; 7]) -> String {
    let mut out = String::new();
    for (cell, (_, width)) in cells.into_iter().zip(COLUMNS) {
        // Writing to a String does not fail.
        let _ = write!(out, "{cell:<width$} ");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Prints a value without the quotes of a string.
fn princ(value: &Value) -> String {
    value
        .as_text()
        .map_or_else(|| value.to_string(), Text::to_string)
}
