//! From Emacs regexps to the notation of the `regex` crate.

use super::error::{PatternError, PatternFault};
use super::set;

/// The longest count that Emacs takes in `\{…\}`.
const LONGEST_COUNT: u32 = 65_535;

/// Returns the same pattern in the notation of the `regex` crate.
pub(super) fn translate(source: &str) -> Result<String, PatternError> {
    let mut translator = Translator {
        source,
        characters: source.chars().collect(),
        at: 0,
        // Case does not count; `^` and `$` are the ends of lines.
        out: String::from("(?im)"),
        open: Vec::new(),
        beginning: true,
        repeatable: false,
    };
    translator.run()?;
    Ok(translator.out)
}

struct Translator<'a> {
    source: &'a str,
    characters: Vec<char>,
    at: usize,
    out: String,
    /// Where the groups that are open were opened.
    open: Vec<usize>,
    /// Nothing stands before in this alternative, so `^` is the start of a line.
    beginning: bool,
    /// Something stands before that `*` can repeat; else `*` is a star.
    repeatable: bool,
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), PatternError> {
        while let Some(character) = self.next() {
            let beginning = std::mem::take(&mut self.beginning);
            match character {
                '^' if beginning => self.assert("^", false),
                '$' if self.is_at_end() => self.assert("$", false),
                '*' | '+' | '?' if self.repeatable => {
                    self.out.push(character);
                    if self.peek() == Some('?') {
                        self.at += 1;
                        self.out.push('?');
                    }
                }
                '.' => self.item("."),
                '[' => self.set()?,
                '\\' => self.backslash()?,
                other => self.literal(other),
            }
        }
        match self.open.pop() {
            Some(place) => Err(self.unmatched(place, "\\(")),
            None => Ok(()),
        }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    /// Tells whether an alternative ends here, so that `$` is the end of a line.
    fn is_at_end(&self) -> bool {
        matches!(
            self.characters.get(self.at..),
            None | Some([] | ['\\', ')' | '|', ..])
        )
    }

    fn fault(&self, place: usize, fault: PatternFault) -> PatternError {
        PatternError::new(self.source, place, fault)
    }

    fn unmatched(&self, place: usize, bracket: &'static str) -> PatternError {
        self.fault(place, PatternFault::Unmatched { bracket })
    }

    fn unsupported(&self, place: usize, instead: &'static str) -> PatternError {
        let written = self.characters.get(place..self.at).unwrap_or_default();
        let construct = written.iter().collect();
        self.fault(place, PatternFault::Unsupported { construct, instead })
    }

    /// Writes what matches a character.
    fn item(&mut self, item: &str) {
        self.out.push_str(item);
        self.repeatable = true;
    }

    /// Writes what matches a place.
    fn assert(&mut self, assertion: &str, repeatable: bool) {
        self.out.push_str(assertion);
        self.repeatable = repeatable;
    }

    fn literal(&mut self, character: char) {
        let mut buffer = [0; 4];
        let escaped = regex::escape(character.encode_utf8(&mut buffer));
        self.item(&escaped);
    }

    /// Goes on after a backslash.
    fn backslash(&mut self) -> Result<(), PatternError> {
        let place = self.at - 1;
        let Some(character) = self.next() else {
            return Err(self.fault(place, PatternFault::TrailingBackslash));
        };
        match character {
            '(' => self.open_group(place)?,
            ')' => {
                if self.open.pop().is_none() {
                    return Err(self.unmatched(place, "\\)"));
                }
                self.item(")");
            }
            '|' => {
                self.assert("|", false);
                self.beginning = true;
            }
            '{' => self.count(place)?,
            '`' => self.assert(r"\A", false),
            '\'' => self.assert(r"\z", true),
            'b' => self.assert(r"\b", true),
            'B' => self.assert(r"\B", true),
            '<' => self.assert(r"\b{start}", true),
            '>' => self.assert(r"\b{end}", true),
            'w' => self.item(&format!("[{}]", set::WORD)),
            'W' => self.item(&format!("[^{}]", set::WORD)),
            's' | 'S' => self.syntax(place, character == 'S')?,
            '1'..='9' => return Err(self.unsupported(place, "write out what is to be repeated")),
            '=' => return Err(self.unsupported(place, "there is no point; leave it out")),
            '_' => {
                self.next();
                return Err(self.unsupported(place, "use \\b, the boundary of a word"));
            }
            'c' | 'C' => {
                self.next();
                return Err(self.unsupported(place, "use a set of characters in brackets"));
            }
            other => self.literal(other),
        }
        Ok(())
    }

    /// Goes on after `\(`: a group, with or without a number; nobody asks for what it matched.
    fn open_group(&mut self, place: usize) -> Result<(), PatternError> {
        if self.peek() == Some('?') {
            self.at += 1;
            while self.peek().is_some_and(|digit| digit.is_ascii_digit()) {
                self.at += 1;
            }
            if self.next() != Some(':') {
                return Err(self.unsupported(place, "expected \\(?: or a group with a number"));
            }
        }
        self.open.push(place);
        self.assert("(?:", false);
        self.beginning = true;
        Ok(())
    }

    /// Goes on after `\s` or `\S`: blanks and words are known without a syntax table.
    fn syntax(&mut self, place: usize, negated: bool) -> Result<(), PatternError> {
        let set = match self.next() {
            Some('-' | ' ') => r"\s",
            Some('w') => set::WORD,
            _ => return Err(self.unsupported(place, "use a set of characters in brackets")),
        };
        let sign = if negated { "^" } else { "" };
        self.item(&format!("[{sign}{set}]"));
        Ok(())
    }

    /// Goes on after `\{`.
    fn count(&mut self, place: usize) -> Result<(), PatternError> {
        let rest = self.characters.get(self.at..).unwrap_or_default();
        let Some(length) = rest.windows(2).position(|two| two == ['\\', '}']) else {
            return Err(self.unmatched(place, "\\{"));
        };
        let written: String = rest.iter().take(length).collect();
        self.at += length + 2;
        if !self.repeatable {
            return Err(self.fault(place, PatternFault::NothingToRepeat));
        }
        let Some(count) = count_of(&written) else {
            return Err(self.fault(place, PatternFault::Count { written }));
        };
        self.out.push_str(&count);
        // In Emacs `?` after a count is an operator of its own, not a matter of greed.
        if self.peek() == Some('?') {
            self.at += 1;
            self.out.push_str("{0,1}");
        }
        Ok(())
    }

    /// Goes on after `[`.
    fn set(&mut self) -> Result<(), PatternError> {
        let place = self.at - 1;
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let first = self.at;
        let mut members = String::new();
        loop {
            let Some(character) = self.next() else {
                return Err(self.unmatched(place, "["));
            };
            if character == ']' && self.at > first + 1 {
                break;
            }
            if character == '[' && self.peek() == Some(':') && self.class(&mut members)? {
                continue;
            }
            match self.characters.get(self.at..) {
                Some(['-', end, ..]) if *end != ']' => {
                    self.at += 2;
                    // A range the wrong way round has no characters.
                    if character <= *end {
                        set::push_member(character, &mut members);
                        members.push('-');
                        set::push_member(*end, &mut members);
                    }
                }
                _ => set::push_member(character, &mut members),
            }
        }
        let set = match (members.is_empty(), negated) {
            (false, false) => format!("[{members}]"),
            (false, true) => format!("[^{members}]"),
            (true, false) => String::from(r"[^\s\S]"),
            (true, true) => String::from(r"[\s\S]"),
        };
        self.item(&set);
        Ok(())
    }

    /// Goes on after `[` before `:` inside of a set; tells whether it was a class.
    fn class(&mut self, members: &mut String) -> Result<bool, PatternError> {
        let place = self.at - 1;
        let rest = self.characters.get(self.at + 1..).unwrap_or_default();
        // What has an end is a class, of whatever name.
        let Some(length) = rest.windows(2).position(|two| two == [':', ']']) else {
            return Ok(false);
        };
        let name: String = rest.iter().take(length).collect();
        self.at += 1 + length + 2;
        match name.as_str() {
            "multibyte" | "unibyte" => {
                Err(self.unsupported(place, "use [:ascii:] or [:nonascii:]"))
            }
            _ => match set::class(&name) {
                Some(class) => {
                    members.push_str(class);
                    Ok(true)
                }
                None => Err(self.fault(place, PatternFault::UnknownClass { name })),
            },
        }
    }
}

/// Returns a count in the notation of the `regex` crate.
fn count_of(written: &str) -> Option<String> {
    let number = |digits: &str, absent: Option<u32>| -> Option<Option<u32>> {
        if digits.is_empty() {
            return Some(absent);
        }
        let number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.then(|| digits.parse().ok()).flatten()?;
        (number <= LONGEST_COUNT).then_some(Some(number))
    };
    let Some((lower, higher)) = written.split_once(',') else {
        // Nothing at all means none.
        let exactly = number(written, Some(0))??;
        return Some(format!("{{{exactly}}}"));
    };
    let lower = number(lower, Some(0))??;
    match number(higher, None)? {
        None => Some(format!("{{{lower},}}")),
        Some(higher) if lower <= higher => Some(format!("{{{lower},{higher}}}")),
        Some(_) => None,
    }
}
