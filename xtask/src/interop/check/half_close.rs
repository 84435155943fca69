//! An end of one side reaches the other, and what the other sends after it still arrives; a cut is
//! no end.

use std::fs::File;
use std::io::BufWriter;

use crate::Outcome;
use crate::interop::bytes::{BLOCK, Bytes};
use crate::interop::cell::{Cell, Pair};
use crate::interop::peer::{Role, Traffic, ours};
use crate::interop::program::Program;

/// The file that a server sends, from its folder.
const PAGE: &str = "page";

/// More than the buffers of sockets hold, so that the last of it is sent after our end has come.
const BLOCKS: usize = 16 * 1024 * 1024 / BLOCK;

/// How far each program goes along is told below the table.
pub(crate) fn run(cell: &Cell<'_>) -> Outcome {
    let Role::Client {
        reads_on,
        answers_end,
        ..
    } = cell.row.client().role
    else {
        return Err("the client is none".to_owned());
    };
    if cell.row.peer.is_client() {
        theirs_ends_first(cell, reads_on)?;
        our_server_ends_first(cell, answers_end)?;
    } else {
        ours_ends_first(cell)?;
    }
    cut(cell)
}

/// Our client ends, once without having read anything, once after a talk.
fn ours_ends_first(cell: &Cell<'_>) -> Outcome {
    let mut terms = cell.terms();
    if let Role::Server { echoes: true, .. } = cell.row.server().role {
        terms.traffic = Traffic::Late;
        let bytes = Bytes::new(1, 1);
        read_late(cell.open(&terms)?, &bytes, |client| client.feed(&bytes))?;
    } else {
        terms.traffic = Traffic::Page(PAGE);
        let bytes = Bytes::new(1, BLOCKS);
        File::create(cell.places.folder.join(PAGE))
            .and_then(|file| bytes.write(BufWriter::new(file)))
            .map_err(|error| format!("{PAGE}: {error}"))?;
        let request = format!("GET /{PAGE} HTTP/1.0\r\n\r\n");
        read_late(cell.open(&terms)?, &bytes, |client| client.say(&request))?;
    }

    let terms = cell.terms();
    let mut pair = cell.open(&terms)?;
    pair.talk(&terms)?;
    pair.client.program.end_input();
    pair.server.may_say(|it| it.other_end)?;
    pair.client.says(|it| it.other_end)?;
    succeeded(&mut pair)
}

/// Our client asks and ends, reads only then, and gets the whole answer.
fn read_late(mut pair: Pair, answer: &Bytes, ask: impl FnOnce(&Program)) -> Outcome {
    let client = &mut pair.client.program;
    client.expect(answer);
    ask(client);
    client.end_input();
    client.says(ours::ENDED_FIRST)?;
    client.has_sent()?;
    client.says(ours::OTHER_END)?;
    succeeded(&mut pair)
}

/// The client ends, and reads what our server says then, if it is one that does.
fn theirs_ends_first(cell: &Cell<'_>, reads_on: bool) -> Outcome {
    let terms = cell.terms();
    let mut pair = cell.open(&terms)?;
    pair.talk(&terms)?;
    pair.client.program.end_input();
    pair.server.says(|it| it.other_end)?;
    if reads_on {
        pair.server.program.say("0 after the end\n");
        pair.client.program.says("0 after the end")?;
        pair.server.program.end_input();
        pair.client.says(|it| it.other_end)?;
    }
    succeeded(&mut pair)
}

/// Our server ends, and hears what the client makes of it.
fn our_server_ends_first(cell: &Cell<'_>, answers_end: bool) -> Outcome {
    let terms = cell.terms();
    let mut pair = cell.open(&terms)?;
    pair.talk(&terms)?;
    pair.server.program.end_input();
    pair.client.says(|it| it.other_end)?;
    if answers_end {
        pair.server.says(|it| it.other_end)?;
    } else {
        pair.server.program.says(ours::CUT)?;
    }
    succeeded(&mut pair)
}

/// The other end is gone without having ended, and ours says so.
fn cut(cell: &Cell<'_>) -> Outcome {
    let terms = cell.terms();
    let pair = cell.open(&terms)?;
    pair.talk(&terms)?;
    let ours = if pair.ours_connects {
        drop(pair.server);
        pair.client
    } else {
        drop(pair.client);
        pair.server
    };
    ours.program.says(ours::CUT)
}

/// The client has ended by itself, and found nothing wrong.
fn succeeded(pair: &mut Pair) -> Outcome {
    let status = pair.client.program.ends()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the client ended with {status}"))
    }
}
