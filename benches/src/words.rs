//! The words of a command line of the programs that measure.

use std::str::FromStr;

use crate::server::Failure;

/// Takes an option with a number out of the words, if it is among them.
///
/// # Errors
///
/// The usage, when what follows the option is no number of that kind.
pub fn option<T: FromStr>(
    words: &mut Vec<String>,
    name: &str,
    usage: &'static str,
) -> Result<Option<T>, Failure> {
    let Some(place) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    let number = words.get(place + 1).and_then(|word| word.parse().ok());
    words.drain(place..(place + 2).min(words.len()));
    Ok(Some(number.ok_or(usage)?))
}
