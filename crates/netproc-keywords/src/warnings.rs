//! What is odd about a list that can nevertheless be used.

use netproc_address::{Family, Kind};
use netproc_lisp::{Span, Value};

use crate::{
    Definition, Diagnostic, Error,
    draft::{Draft, Given},
    error::Excerpt,
    nearest::nearest,
    resolve::{Sink, Walk},
    shape::Shape,
    table::Key,
};

/// A keyword that is not in the table, which the contact keeps all the same.
pub(crate) fn unknown(keyword: &str, span: Option<Span>) -> Diagnostic {
    let message = format!("{keyword} is not known and does nothing");
    let warning = Diagnostic::warning(keyword.to_owned(), message, span);
    match nearest(keyword) {
        Some(known) => warning.with_hint(format!("did you mean {}?", known.keyword)),
        None => warning,
    }
}

/// A keyword that occurs again.
pub(crate) fn repeated(definition: &Definition, span: Option<Span>) -> Diagnostic {
    let keyword = definition.keyword;
    let message = if definition.is_option() {
        format!("{keyword} occurs again: the last one holds, the contact shows the first")
    } else {
        format!("{keyword} occurs again: the first one holds")
    };
    Diagnostic::warning(keyword, message, span)
}

/// A host beside a local socket, in the words of Emacs.
pub(crate) fn local_ignores_host(host: Given<'_>) -> Diagnostic {
    Diagnostic::warning(
        host.keyword,
        ":family local ignores the :host property",
        host.span,
    )
}

/// A first address of a datagram server that is none.
pub(crate) fn malformed_initial_remote(error: &Error) -> Diagnostic {
    let message = format!("{}; it is ignored", error.message());
    let warning = Diagnostic::warning(Key::Remote.definition().keyword, message, error.span());
    match error.hint() {
        Some(hint) => warning.with_hint(hint),
        None => warning,
    }
}

/// Looks for keywords that do nothing in their company, and for what is likely to fail.
pub(crate) fn about(walk: &Walk<'_>, draft: &Draft<'_>, sink: &mut Sink) {
    let server = draft.server.is_some();
    let role = draft.role();
    for key in [Key::Local, Key::Remote, Key::Log] {
        let roles = key.definition().roles;
        let given = walk.given(key);
        if given.value.is_true() && !roles.include(role, draft.kind) {
            warn(
                sink,
                given,
                format!("{} is for {roles} and does nothing here", given.keyword),
            );
        }
    }
    let exact = walk.given(if server { Key::Local } else { Key::Remote });
    if exact.value.is_true() {
        for key in [Key::Host, Key::Service, Key::Family] {
            let given = walk.given(key);
            if given.value.is_true() {
                warn(
                    sink,
                    given,
                    format!("{} overrides {}", exact.keyword, given.keyword),
                );
            }
        }
    } else {
        if draft.kind == Kind::SeqPacket && draft.family != Some(Family::Local) {
            let kind = walk.given(Key::Type);
            warn(
                sink,
                kind,
                "seqpacket is offered for local sockets only".to_owned(),
            );
        }
        let service = walk.given(Key::Service);
        if !server && service.value.is_symbol("t") {
            warn(
                sink,
                service,
                "a client cannot choose any free port; port 0 is tried".to_owned(),
            );
        }
    }
    for (key, value) in [
        (Key::Filter, &draft.filter),
        (Key::Sentinel, &draft.sentinel),
        (Key::Log, &draft.log),
    ] {
        if value.is_true() && !Shape::Function.accepts(value) {
            let given = walk.given(key);
            let message = format!("{} {} is not a function", given.keyword, Excerpt(value));
            warn(sink, given, message);
        }
    }
    tls(walk, &draft.tls, sink);
}

/// Looks at TLS parameters, which are read only when the process is made.
fn tls(walk: &Walk<'_>, parameters: &Value, sink: &mut Sink) {
    let Some(parameters) = parameters.as_cons() else {
        return;
    };
    let kind = &parameters.car;
    if !(kind.is_symbol("gnutls-x509pki") || kind.is_symbol("gnutls-anon")) {
        let message = format!(
            "{} begins with {}: expected gnutls-x509pki or gnutls-anon",
            Key::TlsParameters.definition().keyword,
            Excerpt(kind),
        );
        warn(sink, walk.given(Key::TlsParameters), message);
    }
}

/// Puts a warning about a value into the sink.
fn warn(sink: &mut Sink, given: Given<'_>, message: String) {
    sink.warn(Diagnostic::warning(given.keyword, message, given.span));
}
