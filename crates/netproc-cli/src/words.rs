//! A word of the command line as the value of a keyword, read the way that keyword wants it.
//!
//! Whether the value is right is not decided here but where keyword lists are resolved.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use netproc::address::Address;
use netproc::keywords::{Definition, Shape, lookup};
use netproc::lisp::{Value, read};

use crate::complaint::Complaint;

/// Reads the word that stands after a keyword.
///
/// Text in Lisp syntax (a quote, a bracket or a string quote comes first) is Lisp. Anything else
/// is what fits best of what the keyword takes: a number, a symbol it knows, a string.
pub(crate) fn read_word(keyword: &str, word: &OsStr) -> Result<Value, Complaint> {
    let definition = lookup(keyword);
    let Some(text) = word.to_str() else {
        return Ok(Value::bytes(word.as_bytes()));
    };
    if lookup(text).is_some() {
        return Err(Complaint::error(format!(
            "{keyword} has no value: the keyword {text} follows it"
        ))
        .hint(format!(
            "if the value is this text, write {keyword} '\"{text}\"'"
        )));
    }
    if text.starts_with(['"', '\'', '(', '[']) {
        return read_lisp(keyword, definition, text);
    }
    match definition {
        _ if text == "nil" => Ok(Value::Nil),
        None => Ok(read(text).unwrap_or_else(|_| Value::string(text))),
        Some(definition) => fit(definition, text),
    }
}

/// Makes of plain text what fits best of what a keyword takes.
fn fit(definition: &Definition, text: &str) -> Result<Value, Complaint> {
    let shapes = definition.shapes;
    let exact = shapes.iter().any(|shape| match shape {
        Shape::True => text == "t",
        Shape::Symbol(name) => text == *name,
        _ => false,
    });
    if exact {
        return Ok(Value::symbol(text));
    }
    if shapes
        .iter()
        .any(|shape| matches!(shape, Shape::Integer { .. }))
        && let Some(integer) = integer(text)
    {
        return Ok(integer);
    }
    if shapes.contains(&Shape::String) {
        return Ok(Value::string(text));
    }
    if shapes.contains(&Shape::Address) {
        return Ok(internet_address(text).unwrap_or_else(|| Value::string(text)));
    }
    if shapes.contains(&Shape::Anything) && matches!(text, "no" | "off" | "false" | "0") {
        let keyword = definition.keyword;
        return Err(
            Complaint::error(format!("{keyword} {text}: expected t or nil"))
                .hint(format!("everything but nil is on; write {keyword} nil")),
        );
    }
    if shapes.contains(&Shape::List) {
        return read_lisp(definition.keyword, Some(definition), text);
    }
    Ok(integer(text).unwrap_or_else(|| Value::symbol(text)))
}

/// Reads Lisp data, of which a quote in front is taken off.
fn read_lisp(
    keyword: &str,
    definition: Option<&Definition>,
    text: &str,
) -> Result<Value, Complaint> {
    match read(text.strip_prefix('\'').unwrap_or(text)) {
        Ok(value) => Ok(value),
        Err(error) => {
            let takes_address =
                definition.is_some_and(|definition| definition.shapes.contains(&Shape::Address));
            if takes_address && let Some(address) = internet_address(text) {
                return Ok(address);
            }
            let expected = definition.map_or_else(|| "Lisp data".to_owned(), Definition::expected);
            Err(
                Complaint::error(format!("{keyword} {text}: {error}; expected {expected}"))
                    .hint("a value that begins with \", ', ( or [ is read as Lisp"),
            )
        }
    }
}

/// Reads an address as events show it, such as `127.0.0.1:7007`.
fn internet_address(text: &str) -> Option<Value> {
    match text.parse::<Address>().ok()? {
        address @ (Address::V4(_) | Address::V6(_)) => Some(address.to_value()),
        _ => None,
    }
}

/// Reads an integer of any size, written in digits.
fn integer(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_integer { read(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keyword: &str, word: &str, expected: &str) {
        let value = read_word(keyword, OsStr::new(word)).expect("a value");
        assert_eq!(value.to_string(), expected, "{keyword} {word}");
    }

    #[test]
    fn a_host_is_a_string_or_the_symbol_local() {
        check(":host", "localhost", "\"localhost\"");
        check(":host", "local", "local");
        check(":host", "127.0.0.1", "\"127.0.0.1\"");
        check(":host", "::1", "\"::1\"");
    }

    #[test]
    fn a_service_is_an_integer_t_or_a_name() {
        check(":service", "80", "80");
        check(":service", "70000", "70000");
        check(":service", "t", "t");
        check(":service", "http", "\"http\"");
    }

    #[test]
    fn symbols_stay_symbols() {
        check(":family", "local", "local");
        check(":type", "datagram", "datagram");
        check(":coding", "utf-8-dos", "utf-8-dos");
        check(":filter", "echo", "echo");
        check(":nowait", "t", "t");
        check(":server", "5", "5");
        check(":linger", "0", "0");
        check(":name", "nil", "nil");
    }

    #[test]
    fn a_name_of_digits_is_a_string() {
        check(":name", "5", "\"5\"");
    }

    #[test]
    fn lisp_is_read_as_lisp() {
        check(":name", "\"text\"", "\"text\"");
        check(":plist", "(a 1)", "(a 1)");
        check(":plist", "'(a 1)", "(a 1)");
        check(":remote", "[127 0 0 1 7]", "[127 0 0 1 7]");
        check(":coding", "(utf-8 . latin-1)", "(utf-8 . latin-1)");
    }

    #[test]
    fn addresses_are_taken_as_events_show_them() {
        check(":remote", "127.0.0.1:7", "[127 0 0 1 7]");
        check(":remote", "[::1]:7", "[0 0 0 0 0 0 0 1 7]");
        check(":local", "/tmp/socket", "\"/tmp/socket\"");
    }

    #[test]
    fn words_that_mean_off_elsewhere_are_refused() {
        let complaint = read_word(":keepalive", OsStr::new("off")).expect_err("not off");
        assert_eq!(complaint.message, ":keepalive off: expected t or nil");
    }

    #[test]
    fn a_keyword_is_no_value() {
        let complaint = read_word(":host", OsStr::new(":service")).expect_err("no value");
        assert!(complaint.message.starts_with(":host has no value"));
    }

    #[test]
    fn broken_lisp_names_the_keyword_and_what_it_takes() {
        let complaint = read_word(":remote", OsStr::new("[1 2")).expect_err("not closed");
        assert!(
            complaint
                .message
                .starts_with(":remote [1 2: line 1, column 1")
        );
        assert!(complaint.message.ends_with("expected nil or an address"));
    }
}
