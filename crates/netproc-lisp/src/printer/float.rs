//! Printing floating-point numbers as Emacs does.

use std::fmt::{self, Write};

/// Digits that any normal number of so many digits or fewer keeps.
const SAFE_DIGITS: usize = 15;
/// Digits that are enough for every number.
const MOST_DIGITS: usize = 17;

/// Writes the number with as few digits as read back to the same number, never as an integer.
pub(crate) fn write_float(number: f64, out: &mut impl Write) -> fmt::Result {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return write!(out, "{sign}1.0e+INF");
    }
    if number.is_nan() {
        const PAYLOAD: u64 = (1 << 51) - 1;
        return write!(out, "{sign}{}.0e+NaN", number.to_bits() & PAYLOAD);
    }
    let (digits, exponent, precision) = shortest(number.abs());
    out.write_str(sign)?;
    if exponent < -4 || exponent >= precision {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let direction = if exponent < 0 { '-' } else { '+' };
        return write!(
            out,
            "{first}{point}{rest}e{direction}{:02}",
            exponent.unsigned_abs()
        );
    }
    let Ok(integer_digits) = usize::try_from(exponent + 1) else {
        let zeros = (exponent + 1).unsigned_abs() as usize;
        return write!(out, "0.{:0>width$}", digits, width = zeros + digits.len());
    };
    if integer_digits == 0 {
        write!(out, "0.{digits}")
    } else if integer_digits >= digits.len() {
        write!(out, "{digits:0<integer_digits$}.0")
    } else {
        let (integer, fraction) = digits.split_at(integer_digits);
        write!(out, "{integer}.{fraction}")
    }
}

/// Returns the significant digits, the decimal exponent of the first, and the precision chosen.
///
/// Precisions are tried upwards from one that holds for all normal numbers, as Emacs does; this
/// decides where exponents begin to be written.
fn shortest(number: f64) -> (String, i32, i32) {
    let mut precision = if number < f64::MIN_POSITIVE {
        1
    } else {
        SAFE_DIGITS
    };
    loop {
        let scientific = format!("{number:.*e}", precision - 1);
        if precision >= MOST_DIGITS || scientific.parse() == Ok(number) {
            let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
            let significant = digits.trim_end_matches('0').len().max(1);
            digits.truncate(significant);
            let precision = i32::try_from(precision).unwrap_or(i32::MAX);
            return (digits, exponent.parse().unwrap_or(0), precision);
        }
        precision += 1;
    }
}

#[cfg(test)]
mod tests {
    fn printed(number: f64) -> String {
        let mut out = String::new();
        super::write_float(number, &mut out).unwrap();
        out
    }

    #[test]
    fn numbers_print_as_emacs_28_prints_them() {
        for (number, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e5, "100000.0"),
            (1e14, "100000000000000.0"),
            (1e15, "1e+15"),
            (1e21, "1e+21"),
            (1e100, "1e+100"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (5e-324, "5e-324"),
            (4.9407e-320, "4.9407e-320"),
            (2.225_073_858_507_201_4e-308, "2.2250738585072014e-308"),
            (f64::MAX, "1.7976931348623157e+308"),
            (1e23, "1e+23"),
            (9_007_199_254_740_992.0, "9007199254740992.0"),
            (123_456_789.125, "123456789.125"),
            (1.0 / 3.0, "0.3333333333333333"),
            (9.536_743_164_062_5e-07, "9.5367431640625e-07"),
        ] {
            assert_eq!(printed(number), expected);
        }
    }

    #[test]
    fn infinities_and_nans_have_their_own_forms() {
        assert_eq!(printed(f64::INFINITY), "1.0e+INF");
        assert_eq!(printed(f64::NEG_INFINITY), "-1.0e+INF");
        assert_eq!(printed(f64::from_bits(0x7FF8_0000_0000_0000)), "0.0e+NaN");
        assert_eq!(printed(f64::from_bits(0xFFF8_0000_0000_0007)), "-7.0e+NaN");
    }
}
