//! A session without certificates is encrypted all the same, and both ends say what it is.

use crate::Outcome;
use crate::interop::cell::Cell;

/// The key exchange is anonymous, and what is said arrives.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let terms = cell.terms();
    let pair = cell.open(&terms)?;
    pair.talk(&terms)?;
    pair.client.says(|it| it.anonymous)?;
    pair.server.says(|it| it.anonymous)
}
