//! From the keyword list that was typed to what the command will do.

use std::ffi::OsString;

use netproc::address::Kind;
use netproc::coding::CodingSystem;
use netproc::keywords::{CodingPair, Diagnostic, RawSpec, Role, Severity, Spec};
use netproc::lisp::{Value, read_spanned};

use crate::command::{expect_keyword, is_whole_list};
use crate::complaint::Complaint;
use crate::functions::{EventFunction, FilterFunction};
use crate::snippet::Source;
use crate::tls::{TlsOptions, judge};
use crate::words::read_word;

/// The keyword that only this command knows: where `:filter forward` connects to.
const FORWARD: &str = ":forward";

/// The keyword that the flags of TLS are an easy form of.
const TLS: &str = ":tls-parameters";

/// How many connections may wait where `:server` does not say: as many as the system allows.
///
/// In a program it is 5, which is too few for clients that come at once: the system turns some
/// of them away.
const LONGEST_BACKLOG: i32 = i32::MAX;

/// What a text of the command line is called where a mistake in it is shown.
const ARGUMENT: &str = "argument";

/// A process to be made, and the functions of this command that it uses.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The process.
    pub(crate) spec: Spec,
    /// What is done with the text that arrives.
    pub(crate) filter: FilterFunction,
    /// What is done with changes of status.
    pub(crate) sentinel: EventFunction,
    /// What is done with accepted connections.
    pub(crate) log: EventFunction,
    /// The client to be made for each accepted connection.
    pub(crate) forward: Option<Box<Spec>>,
    /// Whether the bytes of the wire are the bytes of standard input and output.
    pub(crate) is_binary: bool,
    /// What is odd about the list.
    pub(crate) warnings: Vec<Complaint>,
}

/// Why there is no plan: the text to show.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) String);

impl From<Complaint> for Refusal {
    fn from(complaint: Complaint) -> Self {
        Refusal(format!("netproc: {complaint}"))
    }
}

impl From<Vec<Complaint>> for Refusal {
    fn from(complaints: Vec<Complaint>) -> Self {
        let lines: Vec<String> = complaints
            .iter()
            .map(|complaint| format!("netproc: {complaint}"))
            .collect();
        Refusal(lines.join("\n"))
    }
}

/// Makes the plan for what was typed.
pub(crate) fn make(words: &[OsString], tls: &TlsOptions, coloured: bool) -> Result<Plan, Refusal> {
    if is_whole_list(words) {
        let text = words[0].to_string_lossy();
        let source = Source {
            name: ARGUMENT,
            text: &text,
            coloured,
        };
        let form = read_spanned(&text).map_err(|error| Refusal(source.show_syntax(&error)))?;
        let mut raw = RawSpec::from_spanned(&form)
            .map_err(|error| Refusal(source.show(&error.into(), form.span)))?;
        complete(&mut raw, tls)?;
        let found = own_check(&raw);
        if found.iter().any(Diagnostic::is_error) {
            let shown: Vec<String> = found
                .iter()
                .map(|diagnostic| source.show(diagnostic, form.span))
                .collect();
            return Err(Refusal(shown.join("\n")));
        }
        plan(&raw, &found)
    } else {
        let mut raw = from_words(words)?;
        complete(&mut raw, tls)?;
        let found = own_check(&raw);
        if found.iter().any(Diagnostic::is_error) {
            let complaints: Vec<Complaint> = found.iter().map(Complaint::from).collect();
            return Err(complaints.into());
        }
        plan(&raw, &found)
    }
}

/// Makes a list of keywords and values that stand in words of their own.
fn from_words(words: &[OsString]) -> Result<RawSpec, Complaint> {
    let mut elements = Vec::with_capacity(words.len());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        expect_keyword(word)?;
        let keyword = word.to_string_lossy();
        if keyword.trim_start().starts_with('(') {
            return Err(
                Complaint::error(format!("{keyword}: expected a keyword such as :host"))
                    .hint("a whole list is one word and stands alone; quote it for the shell"),
            );
        }
        elements.push(Value::symbol(&keyword));
        if let Some(word) = words.next() {
            elements.push(read_word(&keyword, word)?);
        }
    }
    RawSpec::from_value(&Value::list(elements))
        .map_err(|error| Complaint::from(&Diagnostic::from(error)))
}

/// Fills in what flags say, and what may be left out here, though not in a program: the name.
fn complete(raw: &mut RawSpec, tls: &TlsOptions) -> Result<(), Complaint> {
    let is_server = is_server(raw);
    if raw.get(":name").is_none() {
        raw.set(":name", if is_server { "server" } else { "client" });
    }
    if tls.is_given {
        if raw.get(TLS).is_some_and(Value::is_true) {
            return Err(Complaint::error(format!(
                "--tls cannot be joined with {TLS}, which says the same"
            )));
        }
        raw.set(TLS, tls.to_value(is_server)?);
    }
    Ok(())
}

fn is_server(raw: &RawSpec) -> bool {
    raw.get(":server").is_some_and(Value::is_true)
}

/// Finds what is wrong or odd about the TLS parameters of a list; the odd joins `warnings`.
fn judge_tls(raw: &RawSpec, warnings: &mut Vec<Complaint>) -> Result<(), Complaint> {
    let Some(list) = raw.get(TLS).filter(|list| list.is_true()) else {
        return Ok(());
    };
    for finding in judge::words(list, is_server(raw)) {
        if finding.complaint.is_error {
            return Err(finding.complaint);
        }
        warnings.push(finding.complaint);
    }
    Ok(())
}

/// Finds what is wrong or odd, apart from keywords that only this command knows.
fn own_check(raw: &RawSpec) -> Vec<Diagnostic> {
    let mut found = raw.check();
    found.retain(|diagnostic| {
        diagnostic.severity == Severity::Error || diagnostic.keyword.as_deref() != Some(FORWARD)
    });
    found
}

fn plan(raw: &RawSpec, found: &[Diagnostic]) -> Result<Plan, Refusal> {
    let mut spec = raw
        .resolve()
        .map_err(|error| Complaint::from(&Diagnostic::from(error)))?;
    let is_server = spec.role.is_server();
    let backlog = raw.get(":server").and_then(Value::as_integer);
    if is_server && backlog.is_none() {
        spec.role = Role::Server {
            backlog: LONGEST_BACKLOG,
        };
    }
    let mut warnings: Vec<Complaint> = found.iter().map(Complaint::from).collect();
    judge_tls(raw, &mut warnings)?;
    let forward = raw
        .get(FORWARD)
        .filter(|value| value.is_true())
        .map(|list| forward_spec(list, &mut warnings))
        .transpose()?;
    let filter = match FilterFunction::find(&spec.filter)? {
        FilterFunction::Default if forward.is_some() => FilterFunction::Forward,
        FilterFunction::Default => FilterFunction::Print,
        other => other,
    };
    filter.check(is_server, spec.kind)?;
    match (filter, &forward) {
        (FilterFunction::Forward, None) => {
            return Err(
                Complaint::error(":filter forward: expected :forward beside it")
                    .hint(":forward '(:host \"localhost\" :service 80)'")
                    .into(),
            );
        }
        (FilterFunction::Forward, Some(_)) | (_, None) => {}
        (_, Some(_)) => {
            return Err(Complaint::error(format!(
                ":forward: expected :filter forward beside it, not {}",
                spec.filter
            ))
            .into());
        }
    }
    let is_binary = spec.coding.is_none();
    if is_binary {
        spec.coding = Some(binary());
    }
    Ok(Plan {
        filter,
        sentinel: EventFunction::find(":sentinel", &spec.sentinel)?,
        log: EventFunction::find(":log", &spec.log)?,
        forward: forward.map(Box::new),
        is_binary,
        warnings,
        spec,
    })
}

/// Reads the value of `:forward`, the list of a client; what is odd about it joins `warnings`.
fn forward_spec(list: &Value, warnings: &mut Vec<Complaint>) -> Result<Spec, Complaint> {
    let inside = |complaint: Complaint| Complaint {
        message: format!("in :forward: {}", complaint.message),
        ..complaint
    };
    let of_error = |error| inside(Complaint::from(&Diagnostic::from(error)));
    let mut raw = RawSpec::from_value(list).map_err(of_error)?;
    if raw.get(":name").is_none() {
        raw.set(":name", "forward");
    }
    let mut spec = raw.resolve().map_err(of_error)?;
    let odd = raw.check();
    warnings.extend(odd.iter().map(|odd| inside(odd.into())));
    let mut of_tls = Vec::new();
    judge_tls(&raw, &mut of_tls).map_err(inside)?;
    warnings.extend(of_tls.into_iter().map(inside));
    if spec.role.is_server() {
        return Err(inside(Complaint::error(
            ":server t: expected the list of a client",
        )));
    }
    if !(spec.filter.is_nil() && spec.sentinel.is_nil()) {
        return Err(inside(Complaint::error(
            ":filter and :sentinel are those of the server, expected neither here",
        )));
    }
    // It begins to read when it is joined with its other end.
    spec.stopped = spec.kind == Kind::Stream;
    if spec.coding.is_none() {
        spec.coding = Some(binary());
    }
    Ok(spec)
}

/// The coding systems of bytes that are to stay as they are.
fn binary() -> CodingPair {
    CodingPair::new(Some(CodingSystem::BINARY), Some(CodingSystem::BINARY))
}
