//! Telling numbers from symbols.

use crate::{BigInteger, Value};

/// Returns the number that an unescaped token stands for, or `None` if it is a symbol.
///
/// A number is an optional sign, digits, and then optionally a point, digits, and an exponent; a
/// trailing point leaves an integer. Infinity and NaN are the exponents `+INF` and `+NaN`.
pub(crate) fn parse_number(token: &str) -> Option<Value> {
    let (negative, unsigned) = match token.as_bytes().first()? {
        b'-' => (true, &token[1..]),
        b'+' => (false, &token[1..]),
        b'0'..=b'9' | b'.' => (false, token),
        _ => return None,
    };
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let after = |digits: &str| digits.bytes().take_while(u8::is_ascii_digit).count();
    let (integer, rest) = unsigned.split_at(after(unsigned));
    let (point, rest) = match rest.strip_prefix('.') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (fraction, exponent) = if point {
        rest.split_at(after(rest))
    } else {
        ("", rest)
    };
    if integer.is_empty() && fraction.is_empty() {
        return None;
    }
    if exponent.is_empty() {
        if fraction.is_empty() {
            let sign = token.len() - unsigned.len();
            return BigInteger::parse(&token[..sign + integer.len()], 10);
        }
        return token.parse().ok().map(Value::Float);
    }
    let exponent = exponent.strip_prefix(['e', 'E'])?;
    let signed = |magnitude: f64| Some(Value::Float(if negative { -magnitude } else { magnitude }));
    match exponent {
        "+INF" => signed(f64::INFINITY),
        "+NaN" => {
            const PAYLOAD: u64 = (1 << 51) - 1;
            let payload = integer.bytes().fold(0_u64, |number, digit| {
                number
                    .wrapping_mul(10)
                    .wrapping_add(u64::from(digit - b'0'))
            });
            signed(f64::from_bits(0x7FF8_0000_0000_0000 | payload & PAYLOAD))
        }
        _ => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            token.parse().ok().map(Value::Float)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse_number;

    fn read(token: &str) -> String {
        parse_number(token).map_or_else(|| "symbol".to_owned(), |value| value.to_string())
    }

    #[test]
    fn tokens_are_numbers_exactly_when_emacs_28_says_so() {
        for (token, expected) in [
            ("1.", "1"),
            ("+1.", "1"),
            ("-0", "0"),
            ("1.5e3", "1500.0"),
            ("1e3", "1000.0"),
            (".5", "0.5"),
            ("+.5", "0.5"),
            ("1.e3", "1000.0"),
            ("1E5", "100000.0"),
            ("-1.0e+INF", "-1.0e+INF"),
            ("1.0e+NaN", "1.0e+NaN"),
            ("1e400", "1.0e+INF"),
            ("-1e400", "-1.0e+INF"),
            ("1e-400", "0.0"),
            ("99999999999999999999", "99999999999999999999"),
        ] {
            assert_eq!(read(token), expected, "{token}");
        }
    }

    #[test]
    fn other_tokens_are_symbols() {
        for token in [
            "+", "-", "1+", "1-2", "-a", "--1", "1a", "1e", "1.5e", "1.5e+", "1e5x", "1e5e6", ".",
            "..", ".e5", "1.5.6", "1.0e-INF", "1.0e+inf", "e1", "1:", "0x1", "",
        ] {
            assert_eq!(read(token), "symbol", "{token}");
        }
    }
}
