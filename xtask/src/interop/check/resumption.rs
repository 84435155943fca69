//! A second session resumes the first, by the words of both ends.

use crate::Outcome;
use crate::interop::cell::Cell;
use crate::interop::peer::{Resumption, Role, Sessions, ours};

/// The first session is new, and the second is not.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let Role::Client { resumption, .. } = cell.row.client().role else {
        return Err("the client is none".to_owned());
    };
    match resumption {
        Resumption::OneRun => in_one_run(cell),
        Resumption::File => by_a_file(cell),
    }
}

fn in_one_run(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    terms.sessions = Sessions::Two;
    let pair = cell.open(&terms)?;
    pair.ours().says(ours::NEW)?;
    // Our client goes on to the second session when something has come in the first. Others do so
    // by themselves.
    if pair.ours_connects && pair.server.echoes {
        pair.client.program.say("0 from the client\n");
    } else if pair.ours_connects {
        pair.server.program.say("0 from the server\n");
    }
    pair.client.says(|it| it.resumed)?;
    pair.server.says(|it| it.resumed)?;
    pair.talk(&terms)
}

fn by_a_file(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    let file = cell.places.folder.join("session.pem");
    terms.sessions = Sessions::Kept(file.clone());
    let (server, port) = cell.serve(&terms)?;
    let client = cell.connect(&terms, port)?;
    let mut first = cell.pair(client, server);
    first.talk(&terms)?;
    // With TLS 1.3 the session is in the tickets, which came before the server's line.
    first.ours().says(ours::NEW)?;
    first.client.program.end_input();
    first.client.program.ends()?;

    terms.sessions = Sessions::Resumed(file);
    let second = cell.pair(cell.connect(&terms, port)?, first.server);
    second.client.says(|it| it.resumed)?;
    second.server.says(|it| it.resumed)?;
    second.talk(&terms)
}
