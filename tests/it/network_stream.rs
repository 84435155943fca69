//! `open_network_stream` against servers that follow a script, over real sockets.
//!
//! The good conversations are what Emacs 28.2 has had with the same words: what it returned with
//! `:return-list`, and what stood in its buffer afterwards.

mod bad;
mod lisp;
mod mail;
mod options;
mod script;
mod types;

use netproc::network_stream::{CommandFunction, Pattern, StreamRequest, StreamType};
use netproc::{Network, Value, lisp::read};
use netproc_tests::World;
use netproc_tests::tls::{Authority, Leaf};

use script::{Mail, Turn};

/// A network, an authority that it may be told to trust, and a certificate for a server.
struct Bench {
    world: World,
    authority: Authority,
    leaf: Leaf,
}

impl Bench {
    fn new() -> Self {
        let authority = Authority::new();
        let leaf = authority.leaf("localhost");
        Bench {
            world: World::new(),
            authority,
            leaf,
        }
    }

    fn network(&self) -> &Network {
        &self.world.network
    }

    fn serve<const N: usize>(&self, connections: [Vec<Turn>; N]) -> Mail {
        Mail::serve(&self.leaf, connections.into())
    }

    /// Returns TLS parameters that trust the authority.
    fn trust(&self) -> Value {
        read(&self.authority.client("localhost")).expect("Lisp data")
    }

    /// Returns a request as nnimap of Gnus makes it, to a server, trusting the authority.
    fn imap(&self, server: &Mail) -> StreamRequest {
        StreamRequest::new("x", "localhost", server.port())
            .buffer("*d*")
            .tls_parameters(self.trust())
            .return_list(true)
            .capability_command("1 CAPABILITY\r\n")
            .always_query_capabilities(true)
            .end_of_command(emacs("\r\n"))
            .success(emacs(" OK "))
            .starttls_function(CommandFunction::when(emacs("STARTTLS"), "1 STARTTLS\r\n"))
    }

    fn required(&self, server: &Mail) -> StreamRequest {
        self.imap(server).stream_type(StreamType::Starttls)
    }

    /// Returns the text of the buffer of the requests.
    fn buffer(&self) -> String {
        let buffer = self.network().find_buffer("*d*").expect("a buffer");
        buffer.text().to_string()
    }
}

fn emacs(pattern: &str) -> Pattern {
    Pattern::emacs(pattern).expect("a regexp")
}

const GREETING: &str = "* OK ready\r\n";
const ASK: &str = "1 CAPABILITY\r\n";
const OFFER: &str = "* CAPABILITY IMAP4rev1 STARTTLS\r\n1 OK done\r\n";
const STARTTLS: &str = "1 STARTTLS\r\n";
const GO: &str = "1 OK go\r\n";
const INSIDE: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n1 OK done\r\n";

/// A server of IMAP up to its answer to STARTTLS.
fn imap_to(answer: &'static str) -> Vec<Turn> {
    vec![
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(OFFER),
        Turn::Hear(STARTTLS),
        Turn::Say(answer),
    ]
}

/// A server of IMAP whose upgrade goes well.
fn imap_upgraded() -> Vec<Turn> {
    let mut turns = imap_to(GO);
    turns.extend([Turn::Tls, Turn::Hear(ASK), Turn::Say(INSIDE), Turn::Rest]);
    turns
}
