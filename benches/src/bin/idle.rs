//! Measures the resident memory of one server process for each idle connection it holds.
//!
//! Client and server are two processes, so that the server's memory is the server's alone. Each
//! connection echoes one byte before it idles: accepted, served, and known to be so. What the
//! kernel holds for a socket is not counted.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use netproc_benches::{echo_server, memory};
use netproc_network::{Kind, Network, Service};

const USAGE: &str = "\
usage: idle [CONNECTIONS] [-- COMMAND ARGUMENT…]

Holds CONNECTIONS idle connections (15000 by default) to one server and prints how much its
resident memory grew. The server is one of our own, or COMMAND, an echo server on all addresses
that writes a line when it is ready; {port} in an argument is the port to listen on.";

/// How many connections are made before the first reading, so that buffers, tables and threads
/// that the server makes once are not counted as if each connection had them.
const WARM_UP: usize = 100;

/// Clients connect to as many addresses of the loopback network, each with all ports before it.
const DESTINATIONS: usize = 8;

/// How long one echo may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(30);

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "serve") {
        return serve(arguments.get(1).map_or(Ok(0), |port| port.parse())?);
    }
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{USAGE}");
        return Ok(());
    }
    let mut command = vec![
        env::current_exe()?.display().to_string(),
        "serve".into(),
        "{port}".into(),
    ];
    if let Some(at) = arguments.iter().position(|argument| argument == "--") {
        command = arguments.split_off(at).split_off(1);
    }
    let connections = arguments
        .first()
        .map_or(Ok(15_000), |count| count.parse())?;
    netproc_socket::raise_descriptor_limit()?;
    measure(connections, &command)
}

/// Runs an echo server until its standard input ends.
fn serve(port: u16) -> Result<(), Failure> {
    let network = Network::new();
    let server = echo_server::open(&network, Kind::Stream, "0.0.0.0", Service::Port(port))?;
    let _serving = network.run_background(1)?;
    println!("{}", server.service());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

fn measure(connections: usize, command: &[String]) -> Result<(), Failure> {
    let server = Server::start(command)?;
    let begun = Instant::now();
    let mut held = Vec::with_capacity(connections);
    connect(&mut held, WARM_UP.min(connections), server.port)?;
    let (warm, before) = (held.len(), server.resident()?);
    connect(&mut held, connections, server.port)?;
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
fn connect(held: &mut Vec<TcpStream>, wanted: usize, port: u16) -> Result<(), Failure> {
    while held.len() < wanted {
        let last = u8::try_from(held.len() % DESTINATIONS)? + 1;
        let address = SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, last), port);
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(b"x")?;
        stream.read_exact(&mut [0])?;
        held.push(stream);
    }
    Ok(())
}

/// The server's process, ended when this is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts the server and waits for its first line.
    fn start(command: &[String]) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut words = command
            .iter()
            .map(|word| word.replace("{port}", &port.to_string()));
        let child = Command::new(words.next().ok_or(USAGE)?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut server = Server { child, port };
        let output = server
            .child
            .stdout
            .take()
            .ok_or("the server has no output")?;
        let mut output = BufReader::new(output);
        if output.read_line(&mut String::new())? == 0 {
            return Err("the server ended before it was ready".into());
        }
        // A full pipe would hold a server up that tells of each connection.
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Ok(server)
    }

    fn resident(&self) -> io::Result<u64> {
        memory::resident(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}
