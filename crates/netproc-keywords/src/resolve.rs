//! From what was written to what it means, in the order in which Emacs looks at the keywords.
//!
//! Both ways through a list, the one that ends at the first mistake and the one that finds all of
//! them, are the same code; they differ in their [`Sink`].

use std::mem;

use netproc_address::Kind;
use netproc_lisp::{Span, Symbol, Value};

use crate::{
    Arguments, Diagnostic, Endpoint, Error, RawSpec, Spec,
    draft::{Draft, Given},
    error::{Fault, error_condition, wrong_type},
    raw::Entry,
    table::{self, Key},
    warnings,
};

pub(crate) mod endpoint;

/// Where mistakes go.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    /// All mistakes so far, where the first does not end the matter.
    errors: Option<Vec<Diagnostic>>,
    warnings: Vec<Diagnostic>,
}

impl Sink {
    /// Makes a sink that lets the first mistake end the matter.
    fn stopping() -> Self {
        Self::default()
    }

    /// Makes a sink that takes all mistakes.
    pub(crate) fn collecting() -> Self {
        Self {
            errors: Some(Vec::new()),
            warnings: Vec::new(),
        }
    }

    /// Takes a mistake, or gives it back to end the matter.
    fn error(&mut self, error: Error) -> Result<(), Error> {
        match &mut self.errors {
            Some(errors) => {
                errors.push(error.into());
                Ok(())
            }
            None => Err(error),
        }
    }

    /// Takes the mistake out of a result.
    fn take<T>(&mut self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.error(error).map(|()| None),
        }
    }

    /// Takes a warning.
    pub(crate) fn warn(&mut self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// Returns all that was found.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut found = self.errors.unwrap_or_default();
        found.extend(self.warnings);
        found
    }
}

/// Finds out what a list means, or the first mistake in it.
pub(crate) fn first_error(raw: &RawSpec) -> Result<Spec, Error> {
    let mut sink = Sink::stopping();
    match Walk::new(raw, &mut sink).run(&mut sink)? {
        Some(mut spec) => {
            spec.warnings = sink.warnings;
            Ok(spec)
        }
        // Without a mistake there is a meaning; this says so without a panic.
        None => Err(Walk::new(raw, &mut sink)
            .given(Key::Name)
            .wrong_type("stringp")),
    }
}

/// Puts everything that is wrong or odd about a list into `sink`, which collects.
pub(crate) fn everything(raw: &RawSpec, sink: &mut Sink) {
    // A collecting sink never gives a mistake back.
    let _: Result<Option<Spec>, Error> = Walk::new(raw, sink).run(sink);
}

/// A list in which the first occurrence of each keyword is known.
pub(crate) struct Walk<'a> {
    raw: &'a RawSpec,
    first: [u32; table::COUNT],
}

/// Stands in [`Walk::first`] for a keyword that does not occur.
const ABSENT: u32 = u32::MAX;

/// The value of a keyword that does not occur.
static NIL: Value = Value::Nil;

impl<'a> Walk<'a> {
    /// Looks up every keyword of the list once.
    fn new(raw: &'a RawSpec, sink: &mut Sink) -> Self {
        let mut first = [ABSENT; table::COUNT];
        for (index, entry) in raw.iter().enumerate() {
            let Some(symbol) = entry.keyword.as_symbol() else {
                continue;
            };
            let Some(key) = table::key_of(symbol.as_str()) else {
                sink.warn(warnings::unknown(symbol.as_str(), entry.keyword_span));
                continue;
            };
            let slot = &mut first[key as usize];
            if *slot == ABSENT {
                *slot = u32::try_from(index).unwrap_or(ABSENT);
            } else {
                sink.warn(warnings::repeated(key.definition(), entry.keyword_span));
            }
        }
        Self { raw, first }
    }

    /// Tells whether a keyword occurs.
    pub(crate) fn contains(&self, key: Key) -> bool {
        self.first[key as usize] != ABSENT
    }

    /// Returns the first value of a keyword, or nil.
    pub(crate) fn given(&self, key: Key) -> Given<'a> {
        let keyword = key.definition().keyword;
        let index = self.first[key as usize];
        match usize::try_from(index)
            .ok()
            .and_then(|index| self.raw.entry(index))
        {
            Some(entry) => Given {
                keyword,
                value: entry.value,
                span: entry.span,
                present: true,
            },
            None => Given {
                keyword,
                value: &NIL,
                span: self.raw.place,
                present: false,
            },
        }
    }

    /// Lets the definition of a keyword take its value, even if there is none.
    fn update(&self, draft: &mut Draft<'a>, key: Key, sink: &mut Sink) -> Result<(), Error> {
        let result = (key.definition().update)(draft, self.given(key));
        sink.take(result).map(|_| ())
    }

    /// Lets the definition of a keyword take its value, if there is one.
    fn update_present(
        &self,
        draft: &mut Draft<'a>,
        key: Key,
        sink: &mut Sink,
    ) -> Result<(), Error> {
        if self.contains(key) {
            self.update(draft, key, sink)
        } else {
            Ok(())
        }
    }

    /// Goes through the keywords; returns nothing only if mistakes went into the sink.
    fn run(&self, sink: &mut Sink) -> Result<Option<Spec>, Error> {
        let mut draft = Draft::default();
        let draft = &mut draft;
        for key in [Key::Type, Key::Server, Key::Nowait] {
            self.update_present(draft, key, sink)?;
        }
        if draft.server.is_some() && draft.nowait {
            sink.error(self.server_against_nowait())?;
        }
        self.update(draft, Key::Name, sink)?;
        let mut arguments = self.raw.arguments.clone();
        let endpoint = self.endpoint(draft, &mut arguments, sink)?;
        for key in [Key::Buffer, Key::Plist, Key::TlsParameters] {
            self.update_present(draft, key, sink)?;
        }
        if draft.kind != Kind::Stream && draft.tls.is_true() {
            sink.error(self.tls_without_stream(draft.kind))?;
        }
        self.options(draft, sink)?;
        for key in [
            Key::Coding,
            Key::Stop,
            Key::Noquery,
            Key::Filter,
            Key::FilterMultibyte,
            Key::Sentinel,
            Key::Log,
            Key::UseExternalSocket,
        ] {
            self.update_present(draft, key, sink)?;
        }
        warnings::about(self, draft, sink);
        if sink
            .errors
            .as_ref()
            .is_some_and(|errors| !errors.is_empty())
        {
            return Ok(None);
        }
        let (Some(name), Some(endpoint)) = (draft.name.take(), endpoint) else {
            return Ok(None);
        };
        let role = draft.role();
        Ok(Some(Spec {
            name,
            kind: draft.kind,
            role,
            endpoint,
            initial_remote: draft.remote.take().filter(|_| role.is_server()),
            use_external_socket: draft.use_external_socket,
            stopped: draft.stopped,
            buffer: mem::take(&mut draft.buffer),
            coding: draft.coding.take(),
            query_on_exit: !draft.noquery,
            filter: mem::take(&mut draft.filter),
            filter_multibyte: draft.filter_multibyte,
            sentinel: mem::take(&mut draft.sentinel),
            log: mem::take(&mut draft.log),
            plist: mem::take(&mut draft.plist),
            options: mem::take(&mut draft.options),
            reuse_address_given: draft.reuse_address_given,
            tls: mem::take(&mut draft.tls),
            warnings: Vec::new(),
            arguments,
        }))
    }

    /// Finds out where to connect or listen: an exact address, or else host and service.
    fn endpoint(
        &self,
        draft: &mut Draft<'a>,
        arguments: &mut Arguments,
        sink: &mut Sink,
    ) -> Result<Option<Endpoint>, Error> {
        let server = draft.server.is_some();
        let exact = if server { Key::Local } else { Key::Remote };
        self.update_present(draft, exact, sink)?;
        if server && draft.kind == Kind::Datagram && self.contains(Key::Remote) {
            // Emacs silently leaves out an initial address that is none.
            let remote = self.given(Key::Remote);
            if let Err(error) = (Key::Remote.definition().update)(draft, remote) {
                sink.warn(warnings::malformed_initial_remote(&error));
            }
        }
        if self.given(exact).value.is_true() {
            let address = if server {
                draft.local.take()
            } else {
                draft.remote.take()
            };
            return Ok(address.map(Endpoint::Address));
        }
        for key in [Key::Family, Key::Host, Key::Service] {
            self.update(draft, key, sink)?;
        }
        endpoint::assemble(self, draft, arguments, sink)
    }

    /// Applies the options in the order of the list, where also keys that are no symbols and a
    /// key without a value show, as in Emacs.
    fn options(&self, draft: &mut Draft<'a>, sink: &mut Sink) -> Result<(), Error> {
        for entry in self.raw.iter() {
            let symbol = match entry.keyword {
                Value::Symbol(symbol) => symbol,
                Value::Nil => continue,
                _ => {
                    sink.error(not_a_symbol(&entry))?;
                    continue;
                }
            };
            let Some(key) = table::key_of(symbol.as_str()) else {
                continue;
            };
            let definition = key.definition();
            if definition.is_option() {
                let given = Given {
                    keyword: definition.keyword,
                    value: entry.value,
                    span: entry.span,
                    present: true,
                };
                sink.take((definition.update)(draft, given))?;
            }
        }
        if let Some((key, span)) = &self.raw.trailing {
            sink.error(self.without_value(key, *span))?;
        }
        Ok(())
    }

    /// Returns the error of a list whose last key has no value.
    fn without_value(&self, key: &Value, span: Option<Span>) -> Error {
        let name = key.as_symbol().map(Symbol::as_str);
        let definition = name.and_then(table::lookup);
        Error::List(Box::new(Fault {
            keyword: name.map(|name| name.to_owned().into()),
            value: key.clone(),
            expected: definition.map_or("a value after it".into(), |definition| {
                format!("{} after it", definition.expected()).into()
            }),
            hint: None,
            span,
            condition: wrong_type("plistp", &self.raw.to_value()),
        }))
    }

    /// Returns the error of a server that is told not to wait.
    fn server_against_nowait(&self) -> Error {
        let nowait = self.given(Key::Nowait);
        let mut fault = nowait.fault(
            "cannot be joined with :server",
            error_condition("‘:server’ is incompatible with ‘:nowait’"),
        );
        fault.hint = Some("a server never waits; leave :nowait out".to_owned());
        Error::Conflict(fault)
    }

    /// Returns the error of a process that is told to encrypt messages.
    fn tls_without_stream(&self, kind: Kind) -> Error {
        let mut fault = self.given(Key::TlsParameters).fault(
            "cannot be joined with this :type",
            error_condition(format!(
                "‘:type {kind}’ is incompatible with ‘:tls-parameters’"
            )),
        );
        fault.hint = Some("TLS encrypts streams; leave :type out".to_owned());
        Error::Conflict(fault)
    }
}

/// Returns the error of a key that is no symbol.
fn not_a_symbol(entry: &Entry<'_>) -> Error {
    Error::List(Box::new(Fault {
        keyword: None,
        value: entry.keyword.clone(),
        expected: "a keyword in its place".into(),
        hint: None,
        span: entry.keyword_span,
        condition: wrong_type("symbolp", entry.keyword),
    }))
}
