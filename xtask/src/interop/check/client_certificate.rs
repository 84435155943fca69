//! A server that asks for a certificate accepts a client with one, and no other.

use crate::Outcome;
use crate::interop::cell::Cell;
use crate::interop::peer::{Role, Version};

/// Both ends say how it went.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    terms.asks = true;
    terms.shows = true;
    let shown = cell.open(&terms)?;
    shown.talk(&terms)?;
    shown.server.says(|it| it.knows_client)?;
    drop(shown);

    terms.shows = false;
    let missing = cell.open(&terms)?;
    missing.server.says(|it| it.misses_certificate)?;
    match cell.row.server().role {
        Role::Server {
            odd_refusal: Some(words),
            ..
        } if terms.version == Version::Tls12 => missing.client.program.says(words),
        _ => missing.client.says(|it| it.wanted_certificate),
    }
}
