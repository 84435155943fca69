//! Strings, character literals, and the escapes of both.

use super::cursor::{Cursor, is_delimiter};
use super::{ReadError, ReadErrorKind};
use crate::{Char, Text};

const META: u32 = 0x800_0000;
const CONTROL: u32 = 0x400_0000;
const SHIFT: u32 = 0x200_0000;
const HYPER: u32 = 0x100_0000;
const SUPER: u32 = 0x80_0000;
const ALT: u32 = 0x40_0000;
const MODIFIERS: u32 = META | CONTROL | SHIFT | HYPER | SUPER | ALT;

/// Reads a string whose opening quote is next.
///
/// As in Emacs, escapes decide what it becomes: with a byte from 0x80 up and no character outside
/// ASCII it is unibyte.
pub(super) fn read_string(cursor: &mut Cursor<'_>) -> Result<Text, ReadError> {
    let start = cursor.position();
    cursor.next();
    let after_quote = cursor.position();
    if let Some(plain) = cursor.take_quoted() {
        return Ok(Text::from(plain));
    }
    let mut text = Text::new();
    let mut has_bytes = false;
    let mut has_characters = false;
    loop {
        let plain = cursor.take_until(|byte| matches!(byte, b'"' | b'\\'));
        has_characters |= !plain.is_ascii();
        text.push_str(plain);
        let here = cursor.position();
        let unclosed = |cursor: &Cursor<'_>| ReadError {
            kind: ReadErrorKind::UnclosedString,
            span: crate::Span {
                start,
                end: after_quote.min(cursor.position()),
            },
        };
        match cursor.next() {
            None => return Err(unclosed(cursor)),
            Some('"') => break,
            Some(_) if cursor.peek().is_none() => return Err(unclosed(cursor)),
            Some(_) => {}
        }
        let Some(code) = read_escape(cursor, true)? else {
            continue;
        };
        let character = string_character(code).ok_or_else(|| {
            let expected = "a control character, a letter after \\S-, or ASCII after \\M-";
            cursor.error_from(here, ReadErrorKind::Escape(expected))
        })?;
        match character {
            Char::Raw(_) => has_bytes = true,
            Char::Unicode(unicode) if unicode.is_ascii() => {}
            _ => has_characters = true,
        }
        text.push_char(character);
    }
    if has_bytes && !has_characters {
        return Ok(Text::unibyte(text.as_bytes()));
    }
    Ok(text)
}

/// Returns the character of a string that a code with modifiers stands for, if there is one.
fn string_character(code: u32) -> Option<Char> {
    let mut modifiers = code & MODIFIERS;
    let mut character = Char::from_code(code & !MODIFIERS)?;
    if let Char::Unicode(ascii @ '\0'..='\x7F') = character {
        let mut ascii = ascii;
        if modifiers == CONTROL && ascii == ' ' {
            ascii = '\0';
            modifiers = 0;
        }
        if modifiers & SHIFT != 0 && ascii.is_ascii_alphabetic() {
            ascii = ascii.to_ascii_uppercase();
            modifiers &= !SHIFT;
        }
        character = Char::Unicode(ascii);
        if modifiers & META != 0 {
            modifiers &= !META;
            character = Char::Raw(u8::try_from(ascii).ok()? | 0x80);
        }
    }
    (modifiers == 0).then_some(character)
}

/// Reads a character literal whose question mark is next.
pub(super) fn read_character(cursor: &mut Cursor<'_>) -> Result<i64, ReadError> {
    let start = cursor.position();
    cursor.next();
    let incomplete = |cursor: &Cursor<'_>| {
        let kind = ReadErrorKind::Character("a character after ?; a symbol starts with \\?");
        cursor.error_from(start, kind)
    };
    let code = match cursor.next() {
        None => return Err(incomplete(cursor)),
        Some('\\') => read_escape(cursor, false)?.ok_or_else(|| incomplete(cursor))?,
        // Emacs lets anything follow these two.
        Some(blank @ (' ' | '\t')) => return Ok(i64::from(u32::from(blank))),
        Some(character) => character.into(),
    };
    match cursor.peek() {
        Some(next) if !is_delimiter(next) && !matches!(next, '?' | '.') => {
            cursor.take_while(|character| !is_delimiter(character));
            let kind =
                ReadErrorKind::Character("the end of a character literal after one character");
            return Err(cursor.error_from(start, kind));
        }
        _ => {}
    }
    // Emacs gives a raw byte as the byte here.
    Ok(match Char::from_code(code & !MODIFIERS) {
        Some(Char::Raw(byte)) => i64::from(byte) | i64::from(code & MODIFIERS),
        _ => code.into(),
    })
}

/// Reads the rest of an escape, after the backslash.
///
/// Returns the character's number with modifier bits, or `None` for nothing at all, as an escaped
/// line end in a string is.
fn read_escape(cursor: &mut Cursor<'_>, in_string: bool) -> Result<Option<u32>, ReadError> {
    let start = cursor.position();
    let mut modifiers = Vec::new();
    let code = loop {
        let Some(character) = cursor.next() else {
            let kind = ReadErrorKind::Escape("a character after the backslash");
            return Err(cursor.error_from(start, kind));
        };
        let modifier = match character {
            '^' | 'C' => Some(CONTROL),
            'M' => Some(META),
            'S' => Some(SHIFT),
            'H' => Some(HYPER),
            'A' => Some(ALT),
            's' if !in_string && cursor.peek() == Some('-') => Some(SUPER),
            _ => None,
        };
        let Some(modifier) = modifier else {
            match read_simple_escape(character, cursor, in_string)? {
                Some(code) => break code,
                None if modifiers.is_empty() => return Ok(None),
                None => {
                    let kind = ReadErrorKind::Escape("a character after the modifier");
                    return Err(cursor.error_from(start, kind));
                }
            }
        };
        if character != '^' && !cursor.eat("-") {
            let kind = ReadErrorKind::Escape("a hyphen after the modifier, as in \\C-x");
            return Err(cursor.error_from(start, kind));
        }
        modifiers.push(modifier);
        match cursor.next() {
            Some('\\') => {}
            Some('"') if in_string => {
                let kind = ReadErrorKind::Escape("a character after the modifier");
                return Err(cursor.error_from(start, kind));
            }
            Some(plain) => break plain.into(),
            None => {
                let kind = ReadErrorKind::Escape("a character after the modifier");
                return Err(cursor.error_from(start, kind));
            }
        }
    };
    Ok(Some(modifiers.into_iter().rev().fold(
        code,
        |code, modifier| match modifier {
            CONTROL => control(code),
            modifier => code | modifier,
        },
    )))
}

/// Returns the control character of an ASCII letter or its like, and a modifier bit otherwise.
fn control(code: u32) -> u32 {
    let modifiers = code & MODIFIERS;
    match code & !MODIFIERS {
        0x3F => 0x7F | modifiers,
        letter @ (0x40..=0x5F | 0x61..=0x7A) => letter & 0x1F | modifiers,
        _ => code | CONTROL,
    }
}

fn read_simple_escape(
    character: char,
    cursor: &mut Cursor<'_>,
    in_string: bool,
) -> Result<Option<u32>, ReadError> {
    Ok(Some(match character {
        'a' => 7,
        'b' => 8,
        't' => 9,
        'n' => 10,
        'v' => 11,
        'f' => 12,
        'r' => 13,
        'e' => 27,
        's' => 32,
        'd' => 127,
        '\n' => return Ok(None),
        ' ' if in_string => return Ok(None),
        '0'..='7' => {
            let mut code = u32::from(character) - u32::from('0');
            for _ in 0..2 {
                let Some(digit) = cursor.peek().and_then(|digit| digit.to_digit(8)) else {
                    break;
                };
                cursor.next();
                code = code << 3 | digit;
            }
            byte_or_character(code)
        }
        'x' => {
            let start = cursor.position();
            let digits = cursor.take_while(|digit| digit.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16)
                .ok()
                .filter(|&code| code <= 0x3F_FFFF);
            let code = code.ok_or_else(|| {
                let expected = "hexadecimal digits up to 3fffff after \\x";
                cursor.error_from(start, ReadErrorKind::Escape(expected))
            })?;
            if digits.len() < 3 {
                byte_or_character(code)
            } else {
                code
            }
        }
        'u' => read_unicode(cursor, 4, "four hexadecimal digits after \\u")?,
        'U' => read_unicode(
            cursor,
            8,
            "eight hexadecimal digits up to 0010ffff after \\U",
        )?,
        'N' => {
            const EXPECTED: &str = "{U+ and hexadecimal digits up to 10ffff and } after \\N";
            let start = cursor.position();
            let digits = if cursor.eat("{U+") {
                cursor.take_while(|digit| digit.is_ascii_hexdigit())
            } else {
                ""
            };
            let code = u32::from_str_radix(digits, 16)
                .ok()
                .filter(|&code| code <= 0x10_FFFF);
            match code {
                Some(code) if cursor.eat("}") => code,
                _ => return Err(cursor.error_from(start, ReadErrorKind::Escape(EXPECTED))),
            }
        }
        other => other.into(),
    }))
}

/// Returns the raw byte of that number if it is one from 0x80 to 0xFF, else the character.
fn byte_or_character(code: u32) -> u32 {
    match u8::try_from(code) {
        Ok(byte) => Char::from_byte(byte).code(),
        Err(_) => code,
    }
}

fn read_unicode(
    cursor: &mut Cursor<'_>,
    digits: usize,
    expected: &'static str,
) -> Result<u32, ReadError> {
    let start = cursor.position();
    let mut code = 0;
    for _ in 0..digits {
        match cursor.peek().and_then(|digit| digit.to_digit(16)) {
            Some(digit) if code <= 0x10_FFFF => {
                cursor.next();
                code = code << 4 | digit;
            }
            _ => return Err(cursor.error_from(start, ReadErrorKind::Escape(expected))),
        }
    }
    if code > 0x10_FFFF {
        return Err(cursor.error_from(start, ReadErrorKind::Escape(expected)));
    }
    Ok(code)
}
