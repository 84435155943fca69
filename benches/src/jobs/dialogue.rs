//! What is said before encryption, without a network.

use netproc_dialogue::{CommandFunction, Dialogue, Effect, Event, Pattern, StreamRequest};
use netproc_lisp::Text;

use super::Step;
use crate::server::Failure;

/// What the server says, in turn.
const SERVER: [&str; 4] = [
    "* OK ready\r\n",
    "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n1 OK done\r\n",
    "1 OK begin\r\n",
    "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n1 OK done\r\n",
];

/// Returns a step in which an IMAP client asks for STARTTLS and gets it.
pub(super) fn starttls() -> Result<Step, Failure> {
    let request = StreamRequest::new("imap", "localhost", 143)
        .capability_command("1 CAPABILITY\r\n")
        .always_query_capabilities(true)
        .end_of_command(Pattern::emacs("\r\n")?)
        .success(Pattern::emacs(" OK ")?)
        .starttls_function(CommandFunction::when(
            Pattern::emacs("STARTTLS")?,
            "1 STARTTLS\r\n",
        ));
    let words = SERVER.map(Text::from);
    Ok(Box::new(move || {
        let mut dialogue = Dialogue::new(request.clone())?;
        for said in &words {
            advance(&mut dialogue)?;
            dialogue.handle(Event::Text(said));
        }
        if advance(&mut dialogue)? {
            Ok(1.0)
        } else {
            Err("the dialogue has no end".into())
        }
    }))
}

/// Does what is asked for; says whether it is over.
fn advance(dialogue: &mut Dialogue) -> Result<bool, Failure> {
    while let Some(effect) = dialogue.poll() {
        match effect {
            Effect::Connect { .. } | Effect::Reconnect => {
                dialogue.handle(Event::Connected);
            }
            Effect::StartTls => {
                dialogue.handle(Event::TlsDone);
            }
            Effect::Finish(end) => return Ok(end.map(|_| true)?),
            _ => {}
        }
    }
    Ok(false)
}
