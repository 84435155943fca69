//! Echo servers in processes of their own, so that one disturbs neither another nor the client.
//!
//! A program that measures begins with [`serve_if_asked`]; [`Server::start`] runs the same program
//! once more, as the server.

use std::io::{self, BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use netproc_network::tls::Parameters;
use netproc_network::{Callbacks, Kind, Network, Service, Spec};
use rcgen::{Certificate, CertificateParams, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::peers::{async_echo, blocking_echo, epoll_echo, tokio_echo, tokio_tls_echo};

/// The first argument of a program that is to be a server.
const SERVE: &str = "serve";

/// What stops a measurement.
pub type Failure = Box<dyn std::error::Error>;

/// Who echoes: a process object, or the same work on the same sockets without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Echo {
    /// A stream server of `netproc-network`, on one background thread.
    Netproc,
    /// A datagram server of `netproc-network`, on one background thread.
    NetprocDatagram,
    /// Tasks on `async-io`, on one thread.
    AsyncIo,
    /// Tasks on tokio, on one thread.
    Tokio,
    /// A stream server of `netproc-network` with TLS, on one background thread.
    NetprocTls,
    /// Tasks on tokio-rustls, on one thread.
    TokioTls,
    /// One loop round epoll.
    Epoll,
    /// One datagram socket, received from and sent on.
    BlockingDatagram,
}

impl Echo {
    /// Every server there is.
    pub const ALL: [Echo; 8] = [
        Echo::Netproc,
        Echo::NetprocDatagram,
        Echo::NetprocTls,
        Echo::TokioTls,
        Echo::AsyncIo,
        Echo::Tokio,
        Echo::Epoll,
        Echo::BlockingDatagram,
    ];

    /// Returns the word for it on a command line and in a table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Echo::Netproc => "netproc",
            Echo::NetprocDatagram => "netproc-datagram",
            Echo::AsyncIo => "async-io",
            Echo::Tokio => "tokio",
            Echo::NetprocTls => "netproc-tls",
            Echo::TokioTls => "tokio-tls",
            Echo::Epoll => "epoll",
            Echo::BlockingDatagram => "blocking-datagram",
        }
    }

    /// Returns the server of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|echo| echo.name() == name)
    }

    fn serve(self, port: u16) -> Result<(), Failure> {
        let address = (Ipv4Addr::LOCALHOST, port);
        match self {
            Echo::Netproc => serve_process(Kind::Stream, port, None),
            Echo::NetprocDatagram => serve_process(Kind::Datagram, port, None),
            Echo::NetprocTls => {
                let folder = tempfile::tempdir()?;
                let identity = Identity::new()?;
                let parameters = identity.write(folder.path())?;
                serve_process(Kind::Stream, port, Some(parameters))
            }
            Echo::TokioTls => {
                let Identity { certificate, key } = Identity::new()?;
                let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
                let listener = ready(TcpListener::bind(address)?);
                tokio_tls_echo::serve(listener, certificate.der().clone(), key)
            }
            Echo::AsyncIo => Ok(async_echo::serve(ready(TcpListener::bind(address)?))?),
            Echo::Tokio => Ok(tokio_echo::serve(ready(TcpListener::bind(address)?))?),
            Echo::Epoll => Ok(epoll_echo::serve(ready(TcpListener::bind(address)?))?),
            Echo::BlockingDatagram => Ok(blocking_echo::serve(&ready(UdpSocket::bind(address)?))?),
        }
    }
}

/// Tells the program that started this one that clients may come.
fn ready<T>(socket: T) -> T {
    println!("ready");
    socket
}

fn serve_process(kind: Kind, port: u16, tls: Option<Parameters>) -> Result<(), Failure> {
    let mut server = Spec::server("echo")
        .kind(kind)
        .host("127.0.0.1")
        .service(Service::Port(port))
        .backlog(1024)
        .coding("binary")
        .filter(|process, text| process.send(text));
    if let Some(parameters) = tls {
        server = server.keyword(":tls-parameters", parameters);
    }
    let network = Network::new();
    network.open(server)?;
    let _serving = network.run_background(1)?;
    ready(());
    loop {
        thread::park();
    }
}

/// A certificate on ECDSA P-256 that is signed by itself, and its key.
struct Identity {
    certificate: Certificate,
    key: KeyPair,
}

impl Identity {
    fn new() -> Result<Self, Failure> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec!["localhost".into()])?.self_signed(&key)?;
        Ok(Identity { certificate, key })
    }

    /// Writes it where a process reads it.
    fn write(&self, folder: &Path) -> io::Result<Parameters> {
        let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
        fs::write(&key, self.key.serialize_pem())?;
        fs::write(&certificate, self.certificate.pem())?;
        Ok(Parameters::server(key, certificate))
    }
}

/// Returns when standard input ends, as it does when the program that started this one is gone.
fn wait_for_the_end() {
    // However it ends, it is over.
    let _ended = io::copy(&mut io::stdin(), &mut io::sink());
}

/// Serves, and does not return, if this program was started by [`Server::start`].
///
/// # Errors
///
/// When the port cannot be had, or serving fails.
pub fn serve_if_asked() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).take(3).collect();
    let [verb, name, port] = arguments.as_slice() else {
        return Ok(());
    };
    if verb != SERVE {
        return Ok(());
    }
    let echo = Echo::named(name).ok_or_else(|| format!("there is no server {name}"))?;
    let port = port.parse()?;
    // Serving ends with the program that asked for it.
    thread::spawn(|| {
        wait_for_the_end();
        std::process::exit(0);
    });
    echo.serve(port)?;
    std::process::exit(0)
}

/// A server in its own process, ended when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts one of our servers: this program once more, which must have [`serve_if_asked`].
    ///
    /// # Errors
    ///
    /// When the program cannot be run, or ends before it is ready.
    pub fn start(echo: Echo) -> Result<Self, Failure> {
        let program = env::current_exe()?.display().to_string();
        Server::run(&[program, SERVE.into(), echo.name().into(), "{port}".into()])
    }

    /// Runs any command that serves on the port that takes the place of `{port}`, and that writes
    /// a line when it is ready.
    ///
    /// # Errors
    ///
    /// When the command cannot be run, or ends before it is ready.
    pub fn run(command: &[String]) -> Result<Self, Failure> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let port = address.port().to_string();
        let mut words = command.iter().map(|word| word.replace("{port}", &port));
        let child = Command::new(words.next().ok_or("no command")?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut server = Server { child, address };
        let output = server.child.stdout.take().ok_or("no output")?;
        let mut output = BufReader::new(output);
        if output.read_line(&mut String::new())? == 0 {
            return Err("the server ended before it was ready".into());
        }
        // A full pipe would hold a server up that tells of each connection.
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Ok(server)
    }

    /// Returns where clients reach it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its resident memory in bytes.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn resident(&self) -> io::Result<u64> {
        crate::memory::resident(self.child.id())
    }

    /// Returns how much processor time its threads have taken.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn processor_time(&self) -> io::Result<Duration> {
        crate::memory::processor_time(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}
