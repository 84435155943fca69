//! Compares echo servers in one run: each has its turn in every round, so that what else happens on
//! the machine happens to all of them, and what counts is the ratio within a round.

use std::env;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use netproc_benches::load::{Exchange, Handshakes, Load};
use netproc_benches::server::{Echo, Failure, Server, serve_if_asked};

const USAGE: &str = "\
usage: ratio [--rounds N] [--turn MILLISECONDS] [LOAD [SERVER…]]

Has each SERVER echo in each round and prints, for each, the median of the rounds: the time of an
exchange, the same as a part of the first server's, and the processor time that the server took.
LOAD is BYTESxCONNECTIONS, such as 64x64; tls:BYTESxCONNECTIONS; or tls:handshakes. SERVER is one
of ours: netproc, tokio, async-io, epoll, netproc-tls, tokio-tls; or NAME=COMMAND, words apart by
spaces, {port} in the place of the port.";

/// How many handshakes are under way at a time.
const HANDSHAKES: usize = 16;

/// What is measured of one server in one round.
#[derive(Clone, Copy)]
struct Turn {
    /// Seconds for an exchange with all connections.
    exchange: f64,
    /// Seconds of processor time of the server for the same.
    processor: f64,
}

struct Subject {
    name: String,
    server: Server,
    load: Box<dyn Load>,
    turns: Vec<Turn>,
}

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let mut words: Vec<String> = env::args().skip(1).collect();
    let rounds: usize = option(&mut words, "--rounds")?.unwrap_or(11);
    let turn = Duration::from_millis(option(&mut words, "--turn")?.unwrap_or(300));
    let mut words = words.into_iter();
    let load = words.next().unwrap_or_else(|| "64x64".into());
    if load.starts_with('-') {
        println!("{USAGE}");
        return Ok(());
    }
    let mut servers: Vec<String> = words.collect();
    if servers.is_empty() {
        servers = if load.starts_with("tls:") {
            ["tokio-tls", "netproc-tls"].map(String::from).into()
        } else {
            ["tokio", "netproc", "async-io", "epoll"]
                .map(String::from)
                .into()
        };
    }
    netproc_socket::raise_descriptor_limit()?;
    let mut subjects = Vec::new();
    for name in servers {
        subjects.push(subject(&name, &load)?);
    }
    for round in 0..=rounds {
        for subject in &mut subjects {
            let measured = measure(subject, turn)?;
            // The first round is to warm up.
            if round > 0 {
                subject.turns.push(measured);
            }
        }
    }
    report(&load, &subjects);
    Ok(())
}

/// Takes an option with a number out of the words.
fn option<T: std::str::FromStr>(words: &mut Vec<String>, name: &str) -> Result<Option<T>, Failure> {
    let Some(place) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    let number = words.get(place + 1).and_then(|word| word.parse().ok());
    words.drain(place..(place + 2).min(words.len()));
    Ok(Some(number.ok_or(USAGE)?))
}

fn subject(name: &str, load: &str) -> Result<Subject, Failure> {
    let (name, server) = match name.split_once('=') {
        Some((name, command)) => {
            let words: Vec<String> = command.split(' ').map(String::from).collect();
            (name, Server::run(&words)?)
        }
        None => (name, Server::start(Echo::named(name).ok_or(USAGE)?)?),
    };
    let load = begin(server.address(), load)?;
    Ok(Subject {
        name: name.to_owned(),
        server,
        load,
        turns: Vec::new(),
    })
}

fn begin(server: SocketAddr, load: &str) -> Result<Box<dyn Load>, Failure> {
    let numbers = |load: &str| {
        let (bytes, connections) = load.split_once('x').ok_or(USAGE)?;
        Ok::<(usize, usize), Failure>((bytes.parse()?, connections.parse()?))
    };
    Ok(match load.strip_prefix("tls:") {
        Some("handshakes") => Box::new(Handshakes::new(server, HANDSHAKES)?),
        Some(load) => {
            let (bytes, connections) = numbers(load)?;
            Box::new(Exchange::tls(server, bytes, connections)?)
        }
        None => {
            let (bytes, connections) = numbers(load)?;
            Box::new(Exchange::plain(server, bytes, connections)?)
        }
    })
}

fn measure(subject: &mut Subject, turn: Duration) -> Result<Turn, Failure> {
    let processor = subject.server.processor_time()?;
    let begun = Instant::now();
    let mut exchanges = 0_u32;
    while begun.elapsed() < turn {
        subject.load.exchange()?;
        exchanges += 1;
    }
    let exchange = begun.elapsed() / exchanges;
    let processor = subject.server.processor_time()?.saturating_sub(processor) / exchanges;
    Ok(Turn {
        exchange: exchange.as_secs_f64(),
        processor: processor.as_secs_f64(),
    })
}

fn report(load: &str, subjects: &[Subject]) {
    println!(
        "{load:<14} {:>10}  {:>18}  {:>9}  {:>18}",
        "an exchange", "rate", "processor", "its rate"
    );
    let Some(first) = subjects.first() else {
        return;
    };
    for subject in subjects {
        let pairs = || first.turns.iter().zip(&subject.turns);
        let rates: Vec<f64> = pairs().map(|(a, b)| a.exchange / b.exchange).collect();
        let frugal: Vec<f64> = pairs().map(|(a, b)| a.processor / b.processor).collect();
        let exchange: Vec<f64> = subject.turns.iter().map(|turn| turn.exchange).collect();
        let processor: Vec<f64> = subject.turns.iter().map(|turn| turn.processor).collect();
        println!(
            "{:<14} {:>7.1} us  {:>5.2} ({:.2} - {:.2})  {:>6.1} us  {:>5.2} ({:.2} - {:.2})",
            subject.name,
            quantile(&exchange, 2) * 1e6,
            quantile(&rates, 2),
            quantile(&rates, 1),
            quantile(&rates, 3),
            quantile(&processor, 2) * 1e6,
            quantile(&frugal, 2),
            quantile(&frugal, 1),
            quantile(&frugal, 3),
        );
    }
}

/// Returns a quartile.
fn quantile(values: &[f64], quarters: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let place = (values.len() * quarters / 4).min(values.len().saturating_sub(1));
    values.get(place).copied().unwrap_or(f64::NAN)
}
