//! Integers too large for 64 bits, kept as decimal digits.

use std::fmt;
use std::sync::Arc;

use crate::Value;

/// An integer outside the range of `i64`, as its canonical decimal digits.
///
/// Nothing is computed with it; it only passes through. It is made by [`BigInteger::parse`],
/// which gives a plain [`Value::Integer`] for numbers that fit, so that each integer has one form.
///
/// ```
/// use netproc_lisp::{BigInteger, Value};
///
/// assert_eq!(BigInteger::parse("-007", 10), Some(Value::Integer(-7)));
/// let large = BigInteger::parse("ffffffffffffffffffff", 16).unwrap();
/// assert_eq!(large.to_string(), "1208925819614629174706175");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigInteger(Arc<str>);

impl BigInteger {
    /// Reads an integer of any size: an optional sign and digits of the radix, in either case.
    ///
    /// Returns `None` when there are no digits, when one does not belong to the radix, or when
    /// the radix is not within 2 to 36.
    pub fn parse(digits: &str, radix: u32) -> Option<Value> {
        if !(2..=36).contains(&radix) {
            return None;
        }
        let (negative, magnitude) = match digits.as_bytes().first()? {
            b'-' => (true, &digits[1..]),
            b'+' => (false, &digits[1..]),
            _ => (false, digits),
        };
        if magnitude.starts_with(['+', '-']) {
            return None;
        }
        if let Ok(small) = i64::from_str_radix(digits, radix) {
            return Some(Value::Integer(small));
        }
        if magnitude.is_empty() || !magnitude.chars().all(|digit| digit.is_digit(radix)) {
            return None;
        }
        let mut text = String::from(if negative { "-" } else { "" });
        if radix == 10 {
            text.push_str(magnitude.trim_start_matches('0'));
        } else {
            push_decimal(magnitude, radix, &mut text);
        }
        Some(Value::BigInteger(Self(text.into())))
    }

    /// Returns the decimal digits, with a leading `-` when negative.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BigInteger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for BigInteger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Appends the decimal digits of a number written in another radix.
fn push_decimal(digits: &str, radix: u32, out: &mut String) {
    use fmt::Write as _;

    const LIMB: u64 = 1_000_000_000;
    // Base 10^9, least significant limb first.
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|digit| digit.to_digit(radix)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let product = *limb * u64::from(radix) + carry;
            *limb = product % LIMB;
            carry = product / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    for (place, limb) in limbs.iter().rev().enumerate() {
        // Writing to a String cannot fail.
        let _ = if place == 0 {
            write!(out, "{limb}")
        } else {
            write!(out, "{limb:09}")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_64_bits_are_plain_integers() {
        assert_eq!(
            BigInteger::parse("9223372036854775807", 10),
            Some(Value::Integer(i64::MAX))
        );
        assert_eq!(
            BigInteger::parse("-8000000000000000", 16),
            Some(Value::Integer(i64::MIN))
        );
    }

    #[test]
    fn numbers_beyond_64_bits_lose_sign_plus_and_leading_zeros() {
        let printed = |text| BigInteger::parse(text, 10).unwrap().to_string();
        assert_eq!(printed("+0099999999999999999999"), "99999999999999999999");
        assert_eq!(printed("-9223372036854775809"), "-9223372036854775809");
    }

    #[test]
    fn other_radixes_convert_to_decimal() {
        let printed = |text, radix| BigInteger::parse(text, radix).unwrap().to_string();
        assert_eq!(printed("10000000000000000", 16), "18446744073709551616");
        assert_eq!(
            printed("de0b6b3a764000000000000000", 16),
            (0xde_0b6b_3a76_4000_0000_0000_0000_u128).to_string()
        );
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["", "-", "+", "1a", "--1", " 1", "é"] {
            assert_eq!(BigInteger::parse(text, 10), None, "{text:?}");
        }
        assert_eq!(BigInteger::parse("1", 37), None);
    }
}
