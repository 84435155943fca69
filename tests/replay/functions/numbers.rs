//! Arithmetic, as far as cases count.

use std::time::SystemTime;

use netproc::Value;
use netproc::lisp::BigInteger;

use crate::lisp::{Answer, Exit, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    many("+", 0, |_, given| {
        fold(given, 0, i64::checked_add, |one, two| one + two)
    }),
    many("*", 0, |_, given| {
        fold(given, 1, i64::checked_mul, |one, two| one * two)
    }),
    many("-", 1, |_, given| match given {
        [one] => fold(
            &[Value::from(0), one.clone()],
            0,
            i64::checked_sub,
            |one, two| one - two,
        ),
        _ => fold(given, 0, i64::checked_sub, |one, two| one - two),
    }),
    one_of("/", (2, 2), |_, given| divide(given, i64::checked_div)),
    one_of("%", (2, 2), |_, given| divide(given, i64::checked_rem)),
    one_of("1+", (1, 1), |_, given| {
        fold(
            &[given[0].clone(), Value::from(1)],
            0,
            i64::checked_add,
            |one, two| one + two,
        )
    }),
    one_of("1-", (1, 1), |_, given| {
        fold(
            &[given[0].clone(), Value::from(1)],
            0,
            i64::checked_sub,
            |one, two| one - two,
        )
    }),
    many("=", 1, |_, given| {
        compare(given, |one, two| one.total_cmp(&two).is_eq())
    }),
    many("<", 1, |_, given| compare(given, |one, two| one < two)),
    many(">", 1, |_, given| compare(given, |one, two| one > two)),
    many("<=", 1, |_, given| compare(given, |one, two| one <= two)),
    many(">=", 1, |_, given| compare(given, |one, two| one >= two)),
    many("max", 1, |_, given| extreme(given, |one, two| one > two)),
    many("min", 1, |_, given| extreme(given, |one, two| one < two)),
    one_of("expt", (2, 2), |_, given| {
        let (base, power) = (integer(&given[0])?, integer(&given[1])?);
        let power = u32::try_from(power).map_err(|_| Exit::wrong_type("natnump", &given[1]))?;
        base.checked_pow(power)
            .map(Value::from)
            .ok_or_else(overflow)
    }),
    one_of("float-time", (0, 1), |_, _| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Ok(Value::from(since.unwrap_or_default().as_secs_f64()))
    }),
    one_of("number-to-string", (1, 1), |_, given| {
        Ok(Value::from(given[0].to_string()))
    }),
    one_of("string-to-number", (1, 2), |_, given| {
        let text = given[0]
            .as_str()
            .ok_or_else(|| Exit::wrong_type("stringp", &given[0]))?;
        let end = text.find(|character: char| !character.is_ascii_digit());
        let digits = &text[..end.unwrap_or(text.len())];
        Ok(BigInteger::parse(digits, 10).unwrap_or_else(|| Value::from(0)))
    }),
];

/// How long a string or a vector may be made; no case comes near.
const LONGEST: usize = 1 << 28;

fn overflow() -> Exit {
    Exit::signal("overflow-error", [])
}

/// Returns an integer.
pub(super) fn integer(value: &Value) -> Result<i64, Exit> {
    value
        .as_integer()
        .ok_or_else(|| Exit::wrong_type("integerp", value))
}

/// Returns how long something is to be that is made.
pub(super) fn length(value: &Value) -> Result<usize, Exit> {
    let length = usize::try_from(integer(value)?);
    let length = length.map_err(|_| Exit::wrong_type("wholenump", value))?;
    if length > LONGEST {
        return Err(Exit::error("Memory exhausted"));
    }
    Ok(length)
}

/// Returns a number; what cases compare is exact as one.
pub(super) fn number(value: &Value) -> Result<f64, Exit> {
    let whole = |integer: i64| integer.to_string().parse().unwrap_or(f64::MAX);
    value
        .as_float()
        .or_else(|| value.as_integer().map(whole))
        .ok_or_else(|| Exit::wrong_type("number-or-marker-p", value))
}

fn fold(
    given: &[Value],
    of_none: i64,
    whole: fn(i64, i64) -> Option<i64>,
    real: fn(f64, f64) -> f64,
) -> Answer {
    let Some((first, rest)) = given.split_first() else {
        return Ok(Value::from(of_none));
    };
    rest.iter().try_fold(first.clone(), |sum, value| {
        match (sum.as_integer(), value.as_integer()) {
            (Some(one), Some(two)) => whole(one, two).map(Value::from).ok_or_else(overflow),
            _ => Ok(Value::from(real(number(&sum)?, number(value)?))),
        }
    })
}

fn divide(given: &[Value], whole: fn(i64, i64) -> Option<i64>) -> Answer {
    let quotient = whole(integer(&given[0])?, integer(&given[1])?);
    quotient
        .map(Value::from)
        .ok_or_else(|| Exit::signal("arith-error", []))
}

fn compare(given: &[Value], holds: fn(f64, f64) -> bool) -> Answer {
    let numbers: Result<Vec<f64>, Exit> = given.iter().map(number).collect();
    let numbers = numbers?;
    let mut pairs = numbers.windows(2);
    Ok(pairs.all(|pair| holds(pair[0], pair[1])).into())
}

fn extreme(given: &[Value], better: fn(f64, f64) -> bool) -> Answer {
    let mut best = given[0].clone();
    for value in &given[1..] {
        if better(number(value)?, number(&best)?) {
            best = value.clone();
        }
    }
    Ok(best)
}
