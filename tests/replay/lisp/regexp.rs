//! Regular expressions as Emacs writes them, over text with raw bytes in it.

use netproc::Value;
use regex::bytes::Regex;

use super::Exit;

/// Reads a regular expression.
pub(crate) fn parse(source: &str) -> Result<Regex, Exit> {
    let mut translated = String::new();
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(bracket @ ('(' | ')' | '|' | '{' | '}')) => translated.push(bracket),
                Some('`') => translated.push_str("\\A"),
                Some('\'') => translated.push_str("\\z"),
                Some(other) => translated.extend(['\\', other]),
                None => translated.push_str("\\\\"),
            },
            '(' | ')' | '|' | '{' | '}' => translated.extend(['\\', character]),
            '[' => bracket(&mut characters, &mut translated),
            other => translated.push(other),
        }
    }
    let refused =
        |error: regex::Error| Exit::signal("invalid-regexp", [Value::string(&error.to_string())]);
    Regex::new(&translated).map_err(refused)
}

/// Takes over what stands in brackets, where backslashes mean themselves.
fn bracket(characters: &mut std::str::Chars<'_>, translated: &mut String) {
    translated.push('[');
    let mut place = 0;
    for character in characters.by_ref() {
        match character {
            ']' if place > 0 => {
                translated.push(']');
                return;
            }
            '^' if place == 0 => {
                translated.push('^');
                continue;
            }
            '\\' | '[' | ']' | '&' | '~' => translated.extend(['\\', character]),
            other => translated.push(other),
        }
        place += 1;
    }
}

/// Returns text that matches itself.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::new();
    for character in text.chars() {
        if matches!(character, '[' | '*' | '.' | '\\' | '?' | '+' | '^' | '$') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}
