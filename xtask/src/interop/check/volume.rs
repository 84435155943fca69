//! Many bytes both ways at once, all of them compared.

use crate::Outcome;
use crate::interop::bytes::{BLOCK, Bytes};
use crate::interop::cell::Cell;
use crate::interop::peer::{Traffic, ours};

/// How much goes each way: 100 MiB.
const BLOCKS: usize = 100 * 1024 * 1024 / BLOCK;

/// Nobody ends before everything has arrived on both sides.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    terms.traffic = Traffic::Volume;
    let pair = cell.open(&terms)?;
    // Our server has nowhere to send what comes before there is a session.
    pair.ours().says(&ours::opened(terms.version))?;
    let (client, server) = (&pair.client.program, &pair.server.program);
    let sent = Bytes::new(1, BLOCKS);
    if pair.server.echoes {
        client.expect(&sent);
        client.feed(&sent);
        return client.has_sent();
    }
    let answered = Bytes::new(2, BLOCKS);
    client.expect(&answered);
    server.expect(&sent);
    client.feed(&sent);
    server.feed(&answered);
    client.has_sent()?;
    server.has_sent()
}
