//! Sequences from a seed: a scene of servers and clients, then steps on whatever is there.

mod making;
mod parts;

use fastrand::Rng;
use netproc_lisp::Value;

use super::pools;
use super::sequence::{Action, BufferWork, Sequence, Step, Subject};

/// How many steps follow the scene, at most.
const STEPS: u32 = 14;

/// How many buffers there are for processes.
const BUFFERS: u32 = 3;

/// How many clients one server gets: fewer than wait to be accepted where it does not look.
const CLIENTS: usize = 3;

/// The ways between two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Tcp4,
    Tcp6,
    Udp4,
    Udp6,
    LocalStream,
    LocalDatagram,
    LocalSeqpacket,
}

impl Way {
    fn is_datagram(self) -> bool {
        matches!(self, Self::Udp4 | Self::Udp6 | Self::LocalDatagram)
    }

    fn is_stream(self) -> bool {
        matches!(self, Self::Tcp4 | Self::Tcp6 | Self::LocalStream)
    }

    fn is_local(self) -> bool {
        matches!(
            self,
            Self::LocalStream | Self::LocalDatagram | Self::LocalSeqpacket
        )
    }

    fn is_ipv6(self) -> bool {
        matches!(self, Self::Tcp6 | Self::Udp6)
    }
}

/// What the generator knows of a server it has made.
#[derive(Debug, Clone)]
struct Server {
    number: u32,
    way: Way,
    clients: Vec<u32>,
}

/// A sequence in the making.
struct Generator {
    random: Rng,
    steps: Vec<Step>,
    servers: Vec<Server>,
    /// The number of the next step.
    next: u32,
    ipv6: bool,
    /// The coding system of all, if they have the same: then every text arrives as it was sent.
    coding: Option<Value>,
}

/// Returns the sequence of `index` among those of `seed`; without `ipv6` it uses none.
pub(super) fn sequence(seed: u64, index: u64, ipv6: bool) -> Sequence {
    // Seeds that are neighbours must not give neighbouring streams.
    let mut mixer = Rng::with_seed(seed);
    let offset = mixer.u64(..);
    let mut generator = Generator {
        random: Rng::with_seed(offset.wrapping_add(index.wrapping_mul(0x9E37_79B9_7F4A_7C15))),
        steps: Vec::new(),
        servers: Vec::new(),
        next: 1,
        ipv6,
        coding: None,
    };
    if generator.chance(70) {
        generator.coding = Some(generator.from(pools::CODINGS));
    }
    generator.scene();
    for _ in 0..generator.random.u32(2..=STEPS) {
        generator.step();
    }
    // What is under way is to be over before it is reported.
    if let Some(last) = generator.steps.last_mut() {
        last.rushed = false;
    }
    Sequence {
        steps: generator.steps,
    }
}

impl Generator {
    fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(0..100) < percent
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.random.usize(0..choices.len())].clone()
    }

    fn from(&mut self, pool: &str) -> Value {
        let values = pools::values(pool);
        self.of(&values)
    }

    fn push(&mut self, action: Action) -> u32 {
        let number = self.next;
        self.next += 1;
        // The order in which connections that are made meanwhile arrive is not defined.
        let may_rush = !matches!(&action, Action::Make(making) if making.get(":nowait").is_some());
        let rushed = self.chance(15) && may_rush;
        self.steps.push(Step {
            number,
            rushed,
            action,
        });
        number
    }

    fn way(&mut self) -> Way {
        let mut ways = vec![
            Way::Tcp4,
            Way::Tcp4,
            Way::Tcp4,
            Way::LocalStream,
            Way::LocalStream,
            Way::LocalDatagram,
            Way::LocalSeqpacket,
            Way::Udp4,
            Way::Udp4,
        ];
        if self.ipv6 {
            ways.extend([Way::Tcp6, Way::Udp6]);
        }
        self.of(&ways)
    }

    /// Makes what most sequences are about: a server and a client or two.
    fn scene(&mut self) {
        self.make_server();
        if self.chance(10) {
            self.make_server();
        }
        for _ in 0..self.random.u32(1..=2) {
            self.make_client();
        }
    }

    fn make_server(&mut self) {
        let way = self.way();
        let number = self.next;
        let making = self.server_making(way, number);
        self.push(Action::Make(making));
        self.servers.push(Server {
            number,
            way,
            clients: Vec::new(),
        });
    }

    fn make_client(&mut self) {
        let open: Vec<usize> = (0..self.servers.len())
            .filter(|&at| self.servers[at].clients.len() < CLIENTS)
            .collect();
        if open.is_empty() {
            return self.make_server();
        }
        let at = self.of(&open);
        let Server { number, way, .. } = self.servers[at];
        let making = self.client_making(way, number);
        let client = self.push(Action::Make(making));
        self.servers[at].clients.push(client);
    }

    fn server(&mut self) -> Server {
        let at = self.random.usize(0..self.servers.len());
        self.servers[at].clone()
    }

    /// Picks any process: a server, a client, or a connection that was accepted.
    fn subject(&mut self) -> Subject {
        let server = self.server();
        let mut subjects = vec![Subject::Made(server.number)];
        for (at, client) in (1..).zip(&server.clients) {
            subjects.push(Subject::Made(*client));
            if !server.way.is_datagram() {
                subjects.push(Subject::Accepted(server.number, at));
            }
        }
        self.of(&subjects)
    }

    /// Picks two ends that are connected if all went well, and how.
    fn ends(&mut self) -> (Subject, Subject, Way) {
        let server = self.server();
        let Some(at) = (!server.clients.is_empty()).then(|| {
            let last = server.clients.len();
            self.random.usize(0..last)
        }) else {
            let subject = self.subject();
            return (subject, subject, server.way);
        };
        let client = Subject::Made(server.clients[at]);
        let other = if server.way.is_datagram() {
            Subject::Made(server.number)
        } else {
            let place = u32::try_from(at + 1).unwrap_or(1);
            Subject::Accepted(server.number, place)
        };
        if self.chance(50) {
            (client, other, server.way)
        } else {
            (other, client, server.way)
        }
    }

    fn text(&mut self, way: Way) -> Value {
        match self.random.u32(0..20) {
            0 if way.is_stream() => Value::string(&"long ".repeat(1200)),
            1 => Value::bytes(b"\xff\xfe\x80"),
            2 => Value::bytes("bytes \u{e9}\n".as_bytes()),
            3 if way.is_stream() => Value::bytes(b"cut \xc3"),
            _ => self.from(pools::TEXTS),
        }
    }

    fn step(&mut self) {
        match self.random.u32(0..100) {
            0..=5 => self.make_client(),
            6..=7 => self.make_server(),
            8..=11 => {
                let making = self.wrong_making();
                self.push(Action::Make(making));
            }
            12..=33 => {
                let (to, _, way) = self.ends();
                let text = self.text(way);
                self.push(Action::Send { to, text });
            }
            34..=36 => {
                let (to, _, way) = self.ends();
                let text = self.text(way);
                let (start, end) = (self.random.i64(0..=4), self.random.i64(0..=6));
                self.push(Action::SendRegion {
                    to,
                    text,
                    start,
                    end,
                });
            }
            37..=40 => {
                let (from, to, way) = self.ends();
                let text = self.text(way);
                let just_this_one = self.just_this_one();
                self.push(Action::Exchange {
                    from,
                    text,
                    to,
                    just_this_one,
                });
            }
            41..=43 => {
                let from = if self.chance(80) {
                    Some(self.subject())
                } else {
                    None
                };
                let just_this_one = self.just_this_one();
                self.push(Action::Accept {
                    from,
                    just_this_one,
                });
            }
            44..=49 => {
                let subject = self.subject();
                self.push(Action::Stop(subject));
            }
            50..=55 => {
                let subject = self.subject();
                self.push(Action::Continue(subject));
            }
            56..=60 => {
                let subject = self.subject();
                self.push(Action::Delete(subject));
            }
            61..=63 => {
                let subject = self.subject();
                self.push(Action::SendEof(subject));
            }
            64..=79 => {
                let subject = self.subject();
                let setting = self.setting();
                self.push(Action::Set(subject, setting));
            }
            80..=90 => {
                let subject = self.subject();
                let question = self.question();
                self.push(Action::Ask(subject, question));
            }
            91..=94 => {
                let buffer = self.random.u32(1..=BUFFERS);
                let work = self.of(&[
                    BufferWork::Show,
                    BufferWork::Kill,
                    BufferWork::Erase,
                    BufferWork::InsertAtStart,
                    BufferWork::GoToStart,
                    BufferWork::Narrow,
                    BufferWork::ReadOnly,
                    BufferWork::Unibyte,
                    BufferWork::Process,
                ]);
                self.push(Action::Buffer(buffer, work));
            }
            _ => self.rare_step(),
        }
    }

    fn rare_step(&mut self) {
        let subject = self.subject();
        let action = match self.random.u32(0..6) {
            0 => Action::Put {
                subject,
                name: self.of(&[
                    Value::symbol("a"),
                    Value::symbol("mark"),
                    Value::symbol(":k"),
                ]),
                value: self.from(pools::ODD),
            },
            1 => Action::List(self.listing()),
            2 => Action::Format {
                address: self.from(pools::WRITTEN).into(),
                omit_port: self.chance(50),
            },
            3 => Action::LookUp {
                host: self.from(pools::HOSTS),
                family: self.of(&[Value::Nil, Value::symbol("ipv4"), Value::symbol("ipv6")]),
            },
            4 => Action::Signal(subject, self.of(pools::SIGNALS)),
            _ => Action::CollectGarbage,
        };
        self.push(action);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_sequences_every_time() {
        assert_eq!(sequence(7, 3, true), sequence(7, 3, true));
        assert_ne!(sequence(7, 3, true), sequence(7, 4, true));
        assert_ne!(sequence(7, 3, true), sequence(8, 3, true));
    }

    #[test]
    fn every_step_has_a_number_of_its_own() {
        for index in 0..200 {
            let sequence = sequence(1, index, true);
            let numbers: Vec<u32> = sequence.steps.iter().map(|step| step.number).collect();
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn without_ipv6_there_is_none() {
        let text: String = (0..300).map(|i| sequence(2, i, false).show()).collect();
        assert!(!text.contains(":family 'ipv6 :service"));
        assert!(!text.contains(":host \"::1\" :service (process"));
    }
}
