//! The keyword list as a user meets it: what it means, what is wrong with it, how it prints.

mod builder;
mod checking;
mod contact;
mod errors;
mod meaning;
mod properties;
mod setting_errors;
mod table;

use netproc_keywords::{Error, RawSpec, Spec};

/// Reads a list that means something.
#[track_caller]
fn spec(text: &str) -> Spec {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Reads a list that has a mistake.
#[track_caller]
fn error(text: &str) -> Error {
    match text.parse::<Spec>() {
        Ok(spec) => panic!("{text} was taken as {spec:?}"),
        Err(error) => error,
    }
}

/// Returns the condition of the first mistake, as Emacs prints it.
#[track_caller]
fn condition(text: &str) -> String {
    error(text).condition().to_string()
}

/// Returns everything found in a list, a line each.
#[track_caller]
fn found(text: &str) -> Vec<String> {
    RawSpec::read(text)
        .unwrap()
        .check()
        .iter()
        .map(ToString::to_string)
        .collect()
}
