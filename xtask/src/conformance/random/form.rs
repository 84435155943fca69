//! Sequences written as Emacs Lisp, in the words of `tests/conformance/lisp/sequences.el`.

use netproc_lisp::Value;

use super::sequence::{
    Action, Argument, BufferWork, Listing, Making, Question, Sequence, Setting, Step, Subject,
};

impl Sequence {
    /// Returns the steps as Lisp reads them; `expected` is how far each is known to get.
    pub(super) fn form(&self, expected: impl Fn(u32) -> Option<i64>) -> Value {
        Value::list(self.steps.iter().map(|step| {
            let expected = expected(step.number).map_or(Value::Nil, Value::Integer);
            Value::list([
                Value::Integer(step.number.into()),
                Value::from(step.rushed),
                expected,
                step.action.form(),
            ])
        }))
    }

    /// Returns the forms line by line, for people.
    pub(super) fn show(&self) -> String {
        self.steps.iter().map(Step::show).collect()
    }
}

impl Step {
    pub(super) fn show(&self) -> String {
        let rushed = if self.rushed { " ; at once" } else { "" };
        let form = self.action.form().to_string();
        let form = form.replace('\n', "\\n").replace('\r', "\\r");
        let form = if form.chars().count() > 300 {
            form.chars().take(300).chain("...".chars()).collect()
        } else {
            form
        };
        format!("  {}: {form}{rushed}\n", self.number)
    }
}

impl Action {
    fn form(&self) -> Value {
        match self {
            Self::Make(making) => making.form(),
            Self::Send { to, text } => call("process-send-string", [to.form(), text.clone()]),
            Self::SendRegion {
                to,
                text,
                start,
                end,
            } => call(
                "in-region",
                [
                    to.form(),
                    text.clone(),
                    Value::Integer(*start),
                    Value::Integer(*end),
                ],
            ),
            Self::SendEof(subject) => {
                call("eq", [subject.form(), on("process-send-eof", *subject)])
            }
            Self::Exchange {
                from,
                text,
                to,
                just_this_one,
            } => call(
                "exchange",
                [
                    from.form(),
                    text.clone(),
                    to.form(),
                    quoted(just_this_one.clone()),
                ],
            ),
            Self::Accept {
                from,
                just_this_one,
            } => call(
                "output-of",
                [
                    from.map_or(Value::Nil, Subject::form),
                    quoted(just_this_one.clone()),
                ],
            ),
            Self::Stop(subject) => on("stop-process", *subject),
            Self::Continue(subject) => on("continue-process", *subject),
            Self::Delete(subject) => on("delete-process", *subject),
            Self::Set(subject, setting) => setting.form(*subject),
            Self::Ask(subject, question) => question.form(*subject),
            Self::Put {
                subject,
                name,
                value,
            } => call(
                "process-put",
                [subject.form(), quoted(name.clone()), quoted(value.clone())],
            ),
            Self::Buffer(buffer, work) => work.form(*buffer),
            Self::List(listing) => listing.form(),
            Self::Format { address, omit_port } => call(
                "format-network-address",
                [address.form(), Value::from(*omit_port)],
            ),
            Self::LookUp { host, family } => call(
                "network-lookup-address-info",
                [host.clone(), quoted(family.clone())],
            ),
            Self::Signal(subject, function) => on(function, *subject),
            Self::CollectGarbage => call("null", [call("garbage-collect", [])]),
        }
    }
}

impl Subject {
    /// Returns what the process is called in transcripts.
    pub(super) fn label(self) -> String {
        match self {
            Self::Made(number) => format!("p{number}"),
            Self::Accepted(number, count) => format!("p{number}/{count}"),
        }
    }

    fn form(self) -> Value {
        call("it", [Value::string(&self.label())])
    }
}

impl Argument {
    pub(super) fn form(&self) -> Value {
        let contact =
            |subject: &Subject, key| call("process-contact", [subject.form(), Value::symbol(key)]);
        match self {
            Self::Value(value) => quoted(value.clone()),
            Self::Port(subject) => contact(subject, ":service"),
            Self::Digits(subject) => call(
                "format",
                [Value::string("%s"), contact(subject, ":service")],
            ),
            Self::Local(subject) => contact(subject, ":local"),
            Self::Path(number) => call("place", [Value::string(&format!("s{number}"))]),
            Self::Buffer(number) => {
                call("get-buffer-create", [Value::string(&buffer_name(*number))])
            }
            Self::DeadBuffer => call("dead-buffer", []),
        }
    }
}

impl Making {
    fn form(&self) -> Value {
        let mut words = vec![Value::symbol("make-network-process")];
        for pair in &self.pairs {
            words.push(quoted(pair.key.clone()));
            words.push(pair.value.form());
        }
        if self.odd {
            words.pop();
        }
        Value::list(words)
    }
}

impl Setting {
    fn form(&self, subject: Subject) -> Value {
        let subject = subject.form();
        match self {
            Self::Filter(filter) => call("set-process-filter", [subject, filter.form()]),
            Self::Sentinel(sentinel) => call("set-process-sentinel", [subject, sentinel.form()]),
            Self::Buffer(buffer) => call("set-process-buffer", [subject, buffer.form()]),
            Self::Coding(decoding, encoding) => call(
                "set-process-coding-system",
                [subject, quoted(decoding.clone()), quoted(encoding.clone())],
            ),
            Self::Plist(plist) => call("set-process-plist", [subject, quoted(plist.clone())]),
            Self::QueryFlag(flag) => call(
                "set-process-query-on-exit-flag",
                [subject, quoted(flag.clone())],
            ),
            Self::FilterMultibyte(flag) => call(
                "set-process-filter-multibyte",
                [subject, quoted(flag.clone())],
            ),
            Self::Option {
                name,
                value,
                no_error,
            } => call(
                "set-network-process-option",
                [
                    subject,
                    quoted(name.clone()),
                    quoted(value.clone()),
                    Value::from(*no_error),
                ],
            ),
            Self::DatagramAddress(address) => {
                call("set-process-datagram-address", [subject, address.form()])
            }
        }
    }
}

impl Question {
    fn form(&self, subject: Subject) -> Value {
        match self {
            Self::Plain(function) => on(function, subject),
            Self::Contact { key, no_block } => call(
                "process-contact",
                [subject.form(), quoted(key.clone()), Value::from(*no_block)],
            ),
            Self::Get(name) => call("process-get", [subject.form(), quoted(name.clone())]),
        }
    }
}

impl BufferWork {
    fn form(self, buffer: u32) -> Value {
        let name = Value::string(&buffer_name(buffer));
        let inside = |form: Value| {
            let buffer = call("get-buffer-create", [name.clone()]);
            call("with-current-buffer", [buffer, form])
        };
        let start = || call("point-min", []);
        match self {
            Self::Show => call("shown", [name]),
            Self::Kill => {
                let buffer = call("get-buffer", [name]);
                call("and", [buffer.clone(), call("kill-buffer", [buffer])])
            }
            Self::Erase => inside(call("erase-buffer", [])),
            Self::InsertAtStart => inside(call(
                "save-excursion",
                [
                    call("goto-char", [start()]),
                    call("insert", [Value::string("start ")]),
                ],
            )),
            Self::GoToStart => inside(call("goto-char", [start()])),
            Self::Narrow => inside(call("narrow-to-region", [start(), call("point-max", [])])),
            Self::ReadOnly => inside(call(
                "setq",
                [Value::symbol("buffer-read-only"), Value::t()],
            )),
            Self::Unibyte => inside(call("set-buffer-multibyte", [Value::Nil])),
            Self::Process => call("get-buffer-process", [name]),
        }
    }
}

impl Listing {
    fn form(&self) -> Value {
        match self {
            Self::All => call("names", [call("process-list", [])]),
            Self::Named(name) => call("get-process", [quoted(name.clone())]),
            Self::OfBuffer(buffer) => call("get-buffer-process", [buffer.form()]),
            Self::StatusOf(name) => call("process-status", [quoted(name.clone())]),
        }
    }
}

/// Returns the name of a buffer of processes.
pub(super) fn buffer_name(number: u32) -> String {
    format!("b{number}")
}

fn call<const COUNT: usize>(function: &str, arguments: [Value; COUNT]) -> Value {
    Value::list(std::iter::once(Value::symbol(function)).chain(arguments))
}

fn on(function: &str, subject: Subject) -> Value {
    call(function, [subject.form()])
}

/// Returns the form that has `value` for its value.
fn quoted(value: Value) -> Value {
    let plain = match &value {
        Value::Symbol(_) => value.is_keyword() || value.is_symbol("t"),
        Value::Cons(_) => false,
        _ => true,
    };
    if plain { value } else { call("quote", [value]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::random::sequence::Pair;

    #[track_caller]
    fn check(action: &Action, lisp: &str) {
        assert_eq!(action.form().to_string(), lisp);
    }

    fn pair(key: &str, value: impl Into<Argument>) -> Pair {
        Pair {
            key: Value::symbol(key),
            value: value.into(),
        }
    }

    #[test]
    fn a_process_is_made_of_quoted_data_and_of_forms() {
        let mut making = Making {
            pairs: vec![
                pair(":name", Value::string("c")),
                pair(":family", Value::symbol("ipv4")),
                pair(":service", Argument::Port(Subject::Made(1))),
                pair(":nowait", Value::t()),
            ],
            odd: false,
        };
        check(
            &Action::Make(making.clone()),
            r#"(make-network-process :name "c" :family 'ipv4 :service (process-contact (it "p1") :service) :nowait t)"#,
        );
        making.pairs.truncate(1);
        making.odd = true;
        check(&Action::Make(making), "(make-network-process :name)");
    }

    #[test]
    fn an_accepted_connection_is_named_by_its_server() {
        let subject = Subject::Accepted(2, 1);
        check(&Action::Stop(subject), r#"(stop-process (it "p2/1"))"#);
    }

    #[test]
    fn bytes_are_written_so_that_they_are_read_as_bytes() {
        let action = Action::Send {
            to: Subject::Made(1),
            text: Value::bytes(b"\xff\n"),
        };
        check(&action, "(process-send-string (it \"p1\") \"\\377\n\")");
    }

    #[test]
    fn steps_tell_what_is_expected_of_them() {
        let sequence = Sequence {
            steps: vec![Step {
                number: 3,
                rushed: true,
                action: Action::CollectGarbage,
            }],
        };
        let known = |number| (number == 3).then_some(7);
        assert_eq!(
            sequence.form(known).to_string(),
            "((3 t 7 (null (garbage-collect))))"
        );
    }
}
