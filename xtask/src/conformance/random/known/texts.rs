//! Which texts of a sequence Emacs and we read differently, by the coding systems that there are.

use std::collections::BTreeSet;

use netproc_coding::{CodingSystem, Decoder, Encoder, Text};
use netproc_lisp::Value;

use crate::conformance::random::sequence::{Action, Argument, Sequence, Setting};

/// The least code of a character that stands for a byte of no character.
const RAW_BYTES: u32 = 0x3F_FF80;

/// What the sentinels, filters and log functions send that answer.
const ANSWER: &str = "answer\n";

/// The coding systems that texts of a sequence go through, in whatever pairs.
pub(super) struct Codings {
    decoding: BTreeSet<CodingSystem>,
    encoding: BTreeSet<CodingSystem>,
    /// Whether some texts are messages, each decoded by itself.
    messages: bool,
}

impl Codings {
    pub(super) fn of(sequence: &Sequence) -> Self {
        let mut codings = Self {
            decoding: BTreeSet::new(),
            encoding: BTreeSet::new(),
            messages: false,
        };
        for step in &sequence.steps {
            match &step.action {
                Action::Make(making) => {
                    codings.messages |= making.is_datagram();
                    match making.get(":coding") {
                        Some(Argument::Value(value)) if value.is_true() => match value.as_cons() {
                            Some(_) => codings.add(value.car(), value.cdr()),
                            None => codings.add(Some(value), Some(value)),
                        },
                        // What Emacs takes where nothing is said.
                        _ => {
                            codings.decoding.insert(CodingSystem::UTF_8_UNIX);
                            codings.encoding.insert(CodingSystem::UTF_8_UNIX);
                        }
                    }
                }
                Action::Set(_, Setting::Coding(decoding, encoding)) => {
                    codings.add(Some(decoding), Some(encoding));
                }
                _ => {}
            }
        }
        codings
    }

    fn add(&mut self, decoding: Option<&Value>, encoding: Option<&Value>) {
        self.decoding.extend(decoding.and_then(system));
        self.encoding.extend(encoding.and_then(system));
    }

    /// Says whether some texts are datagrams.
    pub(super) fn have_messages(&self) -> bool {
        self.messages
    }

    /// Says whether a reader may find bytes of no character in `text`, or a part of a character.
    pub(super) fn breaks(&self, text: &Value) -> bool {
        self.sent(text).any(|bytes| {
            let decoding = self.decoding.iter();
            let mut decoding =
                decoding.filter(|system| self.messages || is_decoded_by_us(**system));
            decoding.any(|system| is_broken(&bytes, *system))
        })
    }

    /// Says whether the answers of callbacks are such a text.
    pub(super) fn break_answers(&self) -> bool {
        self.breaks(&Value::string(ANSWER))
    }

    /// Says whether `text` may end in a carriage return where it is read.
    pub(super) fn end_in_return(&self, text: &Value) -> bool {
        self.sent(text)
            .any(|bytes| bytes.ends_with(b"\r") || bytes.ends_with(b"\r\0"))
    }

    /// Returns the bytes that may be sent for `text`.
    fn sent<'a>(&'a self, text: &'a Value) -> impl Iterator<Item = Vec<u8>> {
        let text = text.as_text().map(literal);
        let encoded = move |system: &CodingSystem| {
            let mut bytes = Vec::new();
            Encoder::new(*system).encode(text.as_ref()?, &mut bytes);
            Some(bytes)
        };
        self.encoding.iter().filter_map(encoded)
    }
}

/// Says whether what is sent by `coding` begins with a byte order mark.
pub(super) fn writes_a_mark(coding: &Value) -> bool {
    let coding = coding.cdr().unwrap_or(coding);
    system(coding).is_some_and(|system| {
        let mut encoder = Encoder::new(system);
        let text = Text::from("é");
        let (mut first, mut second) = (Vec::new(), Vec::new());
        encoder.encode(&text, &mut first);
        encoder.encode(&text, &mut second);
        first.len() > second.len()
    })
}

/// Says whether `text` is read by Emacs as bytes: what is ASCII, too.
pub(super) fn is_unibyte(text: &Value) -> bool {
    text.as_text()
        .is_some_and(|text| literal(text).as_unibyte().is_some())
}

/// Returns `text` as Emacs reads it.
fn literal(text: &Text) -> Text {
    match text.as_str() {
        Some(ascii) if ascii.is_ascii() => Text::unibyte(ascii.as_bytes()),
        _ => text.clone(),
    }
}

/// Returns the system of that name; nil is one that is found from the data.
fn system(name: &Value) -> Option<CodingSystem> {
    if name.is_true() {
        CodingSystem::parse(name.as_symbol()?.as_str()).ok()
    } else {
        Some(CodingSystem::UNDECIDED)
    }
}

/// Says whether the module decodes by `system` where it can, and not Emacs itself.
fn is_decoded_by_us(system: CodingSystem) -> bool {
    let name = system.canonical_name();
    ["utf-8", "utf-16", "undecided", "prefer-utf-8"]
        .iter()
        .any(|start| name.starts_with(start))
}

fn is_broken(bytes: &[u8], system: CodingSystem) -> bool {
    // What is found from the data is UTF-8, or Emacs decodes it.
    let system = if system.is_undecided() {
        CodingSystem::UTF_8
    } else {
        system
    };
    let mut text = Text::new();
    let mut decoder = Decoder::new(system);
    text.reset(decoder.is_multibyte());
    decoder.decode(bytes, &mut text);
    decoder
        .take_held()
        .iter()
        .any(|byte| !matches!(byte, b'\r'))
        || text.is_multibyte() && text.chars().any(|character| character.code() >= RAW_BYTES)
}

#[cfg(test)]
mod tests {
    use netproc_lisp::read;

    use super::*;
    use crate::conformance::random::sequence::{Making, Pair, Step};

    fn codings(coding: &str) -> Codings {
        let making = Making {
            pairs: vec![Pair {
                key: Value::symbol(":coding"),
                value: read(coding).unwrap().into(),
            }],
            odd: false,
        };
        Codings::of(&Sequence {
            steps: vec![Step {
                number: 1,
                rushed: false,
                action: Action::Make(making),
            }],
        })
    }

    #[test]
    fn text_breaks_where_it_is_no_text_to_the_reader() {
        let utf8 = codings("utf-8");
        assert!(!utf8.breaks(&Value::string("é")));
        assert!(utf8.breaks(&Value::bytes(b"cut \xc3")));
        assert!(codings("(utf-8 . latin-1)").breaks(&Value::string("é")));
        assert!(!codings("latin-1").breaks(&Value::bytes(b"\xff")));
    }

    #[test]
    fn an_odd_number_of_bytes_breaks_in_pairs() {
        let wide = codings("utf-16le");
        assert!(wide.breaks(&Value::string("hello")) && wide.break_answers());
        assert!(!wide.breaks(&Value::string("text")));
        assert!(!wide.breaks(&Value::string("日本語")));
    }

    #[test]
    fn a_line_end_may_become_a_return() {
        assert!(codings("utf-8-mac").end_in_return(&Value::string("line\n")));
        assert!(!codings("utf-8-dos").end_in_return(&Value::string("line\n")));
        assert!(codings("utf-8").end_in_return(&Value::string("cut\r")));
    }

    #[test]
    fn marks_are_written_by_systems_with_signature() {
        assert!(writes_a_mark(&Value::symbol("utf-16")));
        assert!(writes_a_mark(&Value::symbol("utf-8-with-signature")));
        assert!(!writes_a_mark(&Value::symbol("utf-16le")));
        assert!(!writes_a_mark(&Value::symbol("utf-8")));
    }
}
