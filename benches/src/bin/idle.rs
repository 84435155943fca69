//! Measures the resident memory of one server process for each idle connection it holds.
//!
//! Client and server are two processes, so that the server's memory is the server's alone. Each
//! connection echoes one byte before it idles: accepted, served, and known to be so. What the
//! kernel holds for a socket is not counted.

use std::env;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use netproc_benches::server::{Echo, Failure, Server, serve_if_asked};

const USAGE: &str = "\
usage: idle [CONNECTIONS [SERVER | -- COMMAND ARGUMENT…]]

Holds CONNECTIONS idle connections (15000 by default) to one server and prints how much its
resident memory grew. SERVER is one of ours: netproc (the default), async-io, epoll. COMMAND is any
echo server that writes a line when it is ready; {port} in an argument is the port to listen on.";

/// How many connections are made before the first reading, so that buffers, tables and threads
/// that the server makes once are not counted as if each connection had them.
const WARM_UP: usize = 100;

/// How long one echo may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> Result<(), Failure> {
    serve_if_asked()?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    // Each end has its own limit; the server inherits it from here.
    netproc_socket::raise_descriptor_limit()?;
    match arguments.as_slice() {
        [] => measure(15_000, &Server::start(Echo::Netproc)?),
        [count] if count.parse::<usize>().is_ok() => {
            measure(count.parse()?, &Server::start(Echo::Netproc)?)
        }
        [count, separator, command @ ..] if separator == "--" => {
            measure(count.parse()?, &Server::run(command)?)
        }
        [count, name] => {
            let echo = Echo::named(name).ok_or(USAGE)?;
            measure(count.parse()?, &Server::start(echo)?)
        }
        _ => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

fn measure(connections: usize, server: &Server) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut held = Vec::with_capacity(connections);
    connect(&mut held, WARM_UP.min(connections), server.address())?;
    let (warm, before) = (held.len(), server.resident()?);
    connect(&mut held, connections, server.address())?;
    let (all, after) = (held.len(), server.resident()?);
    let took = begun.elapsed();
    let each = after.saturating_sub(before) / u64::try_from(all - warm)?.max(1);
    println!("resident with {warm:>6}  {:>8} KiB", before / 1024);
    println!("resident with {all:>6}  {:>8} KiB", after / 1024);
    println!("each connection       {each:>8} bytes");
    println!("all connected in      {:>8.1} s", took.as_secs_f64());
    Ok(())
}

/// Makes connections until there are `wanted`, each after the one before has echoed.
fn connect(held: &mut Vec<TcpStream>, wanted: usize, server: SocketAddr) -> Result<(), Failure> {
    while held.len() < wanted {
        let mut stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(b"x")?;
        stream.read_exact(&mut [0])?;
        held.push(stream);
    }
    Ok(())
}
