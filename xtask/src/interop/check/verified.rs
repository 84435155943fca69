//! The right certificate is accepted, and one for another host is refused.

use crate::Outcome;
use crate::interop::cell::Cell;
use crate::interop::certificates::OTHER_HOST;

/// The client says yes to the one and no to the other; the server hears the no.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    let right = cell.open(&terms)?;
    right.talk(&terms)?;
    right.client.says(|it| it.trusts)?;
    drop(right);

    terms.host = OTHER_HOST;
    let wrong = cell.open(&terms)?;
    wrong.client.says(|it| it.wrong_host)?;
    wrong.server.says(|it| it.refused)
}
