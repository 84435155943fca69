//! One cell of the table: starts the ends that its check asks for, and remembers them.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use socket2::{Domain, Socket, Type};

use super::matrix::Row;
use super::peer::{Places, Port, Role, Terms, Words, ours};
use super::program::{PATIENCE, Program};
use super::record::{Output, Record};
use crate::step;

/// How many lines of each output a failure shows.
const SHOWN: usize = 12;

/// Numbers the lines that are said, so that each is said once.
static LINES: AtomicUsize = AtomicUsize::new(1);

/// Where one check is made with one row.
pub(crate) struct Cell<'a> {
    pub(crate) row: &'a Row,
    pub(crate) places: Places<'a>,
    started: RefCell<Vec<(String, Arc<Record>)>>,
}

/// One end of a session.
pub(crate) struct End {
    pub(crate) program: Program,
    words: Words,
    /// Whether it sends back what it receives.
    pub(crate) echoes: bool,
    /// Keeps the port of a server from being given to others.
    _held: Option<Socket>,
}

/// Both ends of a session.
pub(crate) struct Pair {
    pub(crate) client: End,
    pub(crate) server: End,
    /// Whether the client is ours, or the server is.
    pub(crate) ours_connects: bool,
}

impl<'a> Cell<'a> {
    /// Returns a cell in which nothing has been started.
    pub(crate) fn new(row: &'a Row, places: Places<'a>) -> Self {
        let started = RefCell::default();
        Self {
            row,
            places,
            started,
        }
    }

    /// Returns the terms from which each check of this row starts.
    pub(crate) fn terms(&self) -> Terms {
        Terms::new(self.row.version, self.row.trust)
    }

    /// Starts a server, and a client that connects to it.
    pub(crate) fn open(&self, terms: &Terms) -> Result<Pair, String> {
        let (server, port) = self.serve(terms)?;
        let client = self.connect(terms, port)?;
        Ok(self.pair(client, server))
    }

    /// Returns two ends of this row as one.
    pub(crate) fn pair(&self, client: End, server: End) -> Pair {
        Pair {
            client,
            server,
            ours_connects: !self.row.peer.is_client(),
        }
    }

    /// Starts the server and returns its port, on which it listens.
    pub(crate) fn serve(&self, terms: &Terms) -> Result<(End, u16), String> {
        let peer = self.row.server();
        let Role::Server {
            command,
            port,
            echoes,
            ..
        } = &peer.role
        else {
            return Err(format!("{} is no server", peer.name));
        };
        let (number, held) = match port {
            Port::Given(_) => held_port().map(|(number, socket)| (number, Some(socket)))?,
            Port::After(_) => (0, None),
        };
        let program = self.start(command(terms, self.places, number))?;
        let number = match port {
            Port::Given(words) => program.after(words).map(|_| number)?,
            Port::After(words) => {
                let said = program.after(words)?;
                said.parse()
                    .map_err(|_| format!("{} listens on port {said:?}", peer.name))?
            }
        };
        let server = End {
            program,
            words: peer.words,
            echoes: *echoes,
            _held: held,
        };
        Ok((server, number))
    }

    /// Starts the client, which connects to `port`.
    pub(crate) fn connect(&self, terms: &Terms, port: u16) -> Result<End, String> {
        let peer = self.row.client();
        let Role::Client { command, .. } = &peer.role else {
            return Err(format!("{} is no client", peer.name));
        };
        Ok(End {
            program: self.start(command(terms, self.places, port))?,
            words: peer.words,
            echoes: false,
            _held: None,
        })
    }

    /// Returns the command lines of this cell and the last words of each program.
    pub(crate) fn account(&self) -> String {
        let mut text = String::new();
        for (line, record) in self.started.borrow().iter() {
            // All have been ended; their last words may still be on their way.
            let _ = record.wait_for_end(PATIENCE);
            // Writing to a string does not fail.
            let _ = writeln!(text, "  $ {line}");
            for (output, mark) in [(Output::Plain, "  | "), (Output::Error, "  ! ")] {
                for line in record.tail(output, SHOWN) {
                    let _ = writeln!(text, "{mark}{line}");
                }
            }
        }
        text
    }

    fn start(&self, mut command: Command) -> Result<Program, String> {
        command.current_dir(self.places.folder);
        // What programs say is known in one language.
        command.env("LC_ALL", "C");
        let line = step::show(&command);
        let program = Program::start(command)?;
        self.started.borrow_mut().push((line, program.record()));
        Ok(program)
    }
}

impl End {
    /// Waits until the program has said what it says in this case.
    pub(crate) fn says(&self, words: fn(&Words) -> &'static str) -> Result<(), String> {
        self.program.says(words(&self.words))
    }

    /// Waits until the program has said so, if it is one that would.
    pub(crate) fn may_say(&self, words: fn(&Words) -> &'static str) -> Result<(), String> {
        match words(&self.words) {
            "" => Ok(()),
            words => self.program.says(words),
        }
    }
}

impl Pair {
    /// Sends a line each way, and looks at the version of TLS.
    pub(crate) fn talk(&self, terms: &Terms) -> Result<(), String> {
        // Digits first: some programs take letters there for commands of their own.
        let number = LINES.fetch_add(1, Ordering::Relaxed);
        let question = format!("{number} from the client");
        let answer = format!("{number} from the server");
        self.client.program.say(&format!("{question}\n"));
        self.server.program.says(&question)?;
        if self.server.echoes {
            self.client.program.says(&question)?;
        } else {
            self.server.program.say(&format!("{answer}\n"));
            self.client.program.says(&answer)?;
        }
        self.ours().says(&ours::opened(terms.version))
    }

    /// Returns the end that is ours.
    pub(crate) fn ours(&self) -> &Program {
        if self.ours_connects {
            &self.client.program
        } else {
            &self.server.program
        }
    }
}

/// Returns a port that the system gives to nobody else while the socket lives, and that a server
/// which asks for it can still have.
fn held_port() -> Result<(u16, Socket), String> {
    let hold = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)).into())?;
        let port = socket.local_addr()?.as_socket().map_or(0, |it| it.port());
        std::io::Result::Ok((port, socket))
    };
    hold().map_err(|error| format!("no free port: {error}"))
}
