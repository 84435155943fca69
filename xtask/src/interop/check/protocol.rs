//! Both ends agree on an application protocol, and both say which.

use crate::Outcome;
use crate::interop::cell::Cell;

/// Ours knows two, the other end one of them.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    terms.protocol = true;
    let pair = cell.open(&terms)?;
    pair.talk(&terms)?;
    pair.client.says(|it| it.protocol)?;
    pair.server.says(|it| it.protocol)
}
