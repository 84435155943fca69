//! Compares any echo servers in one run, two builds of ours among them: what the table of workloads
//! has no row for.

use std::env;
use std::time::Duration;

use netproc_benches::contest::Quartiles;
use netproc_benches::load::{ClosedLoop, Done, Effort, Exchange, Flood, Handshakes, Load};
use netproc_benches::place::Place;
use netproc_benches::server::{Failure, Server, serve_if_asked};
use netproc_benches::service::{Manner, Service, Transport};
use netproc_benches::subject::Subject;
use netproc_benches::words::option;

const USAGE: &str = "\
usage: ratio [--rounds N] [--turn MILLISECONDS] LOAD SERVER…

Has each SERVER echo in each round and prints, for each, the median of the rounds: the time of a
request, the rate as a part of the first server's, the processor time that the server took, and how
much less it is than the first server's. LOAD is BYTESxCONNECTIONS, such as 64x64; the same behind udp:,
local-stream:, local-datagram: or local-seqpacket:, where each connection sends again once it is
answered; the same behind tls:; tls:handshakes; or udp:flood. SERVER is netproc, tokio, async-io,
epoll, epoll-edge or message-io; or NAME=COMMAND, words apart by spaces, {place} in the place of the
port or path. Another build of ours is NAME=FOLDER/ratio serve netproc tcp/echo/1 {place}.";

/// The load that is more than any server takes.
const FLOOD: &str = "flood";

/// How many handshakes are under way at a time.
const HANDSHAKES: usize = 16;

struct Contestant {
    name: String,
    load: Box<dyn Load>,
    server: Server,
    turns: Vec<Done>,
}

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let mut words: Vec<String> = env::args().skip(1).collect();
    let rounds: usize = option(&mut words, "--rounds", USAGE)?.unwrap_or(11);
    let turn = option(&mut words, "--turn", USAGE)?.unwrap_or(300);
    let effort = Effort {
        turn: Duration::from_millis(turn),
        whole: true,
    };
    let [load, servers @ ..] = words.as_slice() else {
        println!("{USAGE}");
        return Ok(());
    };
    if load.starts_with('-') || servers.is_empty() {
        println!("{USAGE}");
        return Ok(());
    }
    netproc_socket::raise_descriptor_limit()?;
    let mut contestants = Vec::new();
    for server in servers {
        contestants.push(Contestant::begin(server, load)?);
    }
    for round in 0..=rounds {
        for contestant in &mut contestants {
            let done = contestant.turn(effort)?;
            // The first round is to warm up.
            if round > 0 {
                contestant.turns.push(done);
            }
        }
    }
    report(load, &contestants);
    Ok(())
}

impl Contestant {
    fn begin(server: &str, load: &str) -> Result<Self, Failure> {
        let (transport, kind) = match load.split_once(':') {
            Some((name, kind)) => (transport(name).ok_or(USAGE)?, kind),
            None => (Transport::Tcp, load),
        };
        let (name, server) = if let Some((name, command)) = server.split_once('=') {
            let words: Vec<String> = command.split(' ').map(String::from).collect();
            (name, Server::run(&words, Place::free(transport)?)?)
        } else {
            let subject = Subject::named(server).ok_or(USAGE)?;
            let manner = match kind {
                FLOOD => Manner::Count,
                _ => Manner::Echo,
            };
            (
                server,
                Server::start(subject, Service::of(transport, manner))?,
            )
        };
        Ok(Contestant {
            name: name.to_owned(),
            load: under(&server, transport, kind)?,
            server,
            turns: Vec::new(),
        })
    }

    fn turn(&mut self, effort: Effort) -> Result<Done, Failure> {
        let measured = self.server.measured();
        let before = measured.processor_time()?;
        let done = self.load.run(effort)?;
        Ok(Done {
            processor: Some(measured.processor_time()?.saturating_sub(before)),
            ..done
        })
    }

    fn over(&self, first: &Contestant, ratio: fn(&Done, &Done) -> f64) -> String {
        let pairs = self.turns.iter().zip(&first.turns);
        let quartiles = Quartiles::of(pairs.map(|(one, first)| ratio(one, first)));
        quartiles.map_or_else(|| "-".into(), |quartiles| quartiles.to_string())
    }
}

fn transport(name: &str) -> Option<Transport> {
    Transport::ALL.into_iter().find(|one| one.name() == name)
}

fn under(server: &Server, transport: Transport, kind: &str) -> Result<Box<dyn Load>, Failure> {
    match kind {
        "handshakes" => {
            let address = server.place().address()?;
            return Ok(Box::new(Handshakes::new(address, HANDSHAKES)?));
        }
        FLOOD => return Ok(Box::new(Flood::new(server.place().address()?)?)),
        _ => {}
    }
    let (bytes, connections) = kind.split_once('x').ok_or(USAGE)?;
    let (bytes, connections) = (bytes.parse()?, connections.parse()?);
    Ok(match transport {
        Transport::Tls => Box::new(Exchange::tls(
            server.place().address()?,
            bytes,
            connections,
        )?),
        Transport::Tcp => Box::new(Exchange::plain(
            server.place().address()?,
            bytes,
            connections,
        )?),
        _ => {
            let place = server.place();
            Box::new(ClosedLoop::new(transport, place, bytes, connections)?)
        }
    })
}

/// Returns the microseconds of processor time for one request.
fn processor(turn: &Done) -> f64 {
    turn.processor_each().unwrap_or(f64::NAN) * 1e6
}

fn report(load: &str, contestants: &[Contestant]) {
    println!(
        "{load:<14} {:>10}  {:<22}  {:>9}  its rate",
        "a request", "rate", "processor"
    );
    let Some(first) = contestants.first() else {
        return;
    };
    for contestant in contestants {
        let median = |number: fn(&Done) -> f64| {
            let quartiles = Quartiles::of(contestant.turns.iter().map(number));
            quartiles.map_or(f64::NAN, |quartiles| quartiles.median)
        };
        println!(
            "{:<14} {:>7.2} µs  {:<22}  {:>6.2} µs  {}",
            contestant.name,
            median(|turn| 1e6 / turn.rate()),
            contestant.over(first, |one, first| one.rate() / first.rate()),
            median(processor),
            contestant.over(first, |one, first| processor(first) / processor(one)),
        );
    }
}
