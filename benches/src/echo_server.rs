//! The server that is measured: a process object whose filter sends back what it is given.

use std::io;
use std::net::SocketAddr;

use netproc_network::{Background, Callbacks, Error, Kind, Network, Process, Service, Spec};

/// An echo server on one background thread; it stops when this is dropped.
#[derive(Debug)]
pub struct EchoServer {
    address: SocketAddr,
    _serving: Background,
    _network: Network,
}

impl EchoServer {
    /// Starts an echo server on a free port of the loopback address.
    ///
    /// A datagram server answers whoever it heard last.
    ///
    /// # Errors
    ///
    /// When the server cannot be made, or the system gives no thread.
    pub fn start(kind: Kind) -> Result<Self, Box<dyn std::error::Error>> {
        let network = Network::new();
        let server = open(&network, kind, "127.0.0.1", Service::Any)?;
        let address = server.local_address().and_then(|address| address.to_std());
        Ok(EchoServer {
            address: address.ok_or_else(|| io::Error::other("no Internet address"))?,
            _serving: network.run_background(1)?,
            _network: network,
        })
    }

    /// Returns where clients reach it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Opens an echo server on a network of the caller, who serves it.
///
/// # Errors
///
/// When the address or the port cannot be had.
pub fn open(network: &Network, kind: Kind, host: &str, service: Service) -> Result<Process, Error> {
    let server = Spec::server("echo").kind(kind).host(host).service(service);
    network.open(
        server
            .backlog(4096)
            .filter(|process, text| process.send(text)),
    )
}
