//! Process objects: what is measured.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use netproc_network::{
    Callbacks, Host, Kind, Network, NetworkOption, Process, ServerCallbacks, Spec, Text,
};

use super::{portions, ready};
use crate::identity::Identity;
use crate::place::Place;
use crate::server::Failure;
use crate::service::{HOW_MANY, Manner, Service, Transport};

/// Serves until the program ends.
pub(crate) fn serve(service: Service, place: &Place) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut server = Spec::server("server")
        .kind(kind(service.transport))
        .backlog(4096)
        .coding("binary");
    server = match place {
        Place::Port(port) => server
            .host(Host::Name(Ipv4Addr::LOCALHOST.to_string()))
            .service(*port),
        Place::Path(path) => server.local_path(path),
    };
    if service.transport == Transport::Tls {
        let parameters = Identity::new()?.write(folder.path())?;
        // The answer would wait for the tickets to be acknowledged.
        server = server
            .keyword(":tls-parameters", parameters)
            .option(NetworkOption::NoDelay(true));
    }
    server = match (service.manner, kind(service.transport)) {
        (Manner::Echo, _) => server.filter(|process, text| process.send(text)),
        (Manner::Count, Kind::Stream) => server.filter(count_bytes),
        (Manner::Count, _) => server.filter(count_messages()),
        (Manner::Close, _) => server.log(|_, accepted, _| {
            if let Some(connection) = accepted {
                connection.delete();
            }
        }),
    };
    let network = Network::new();
    network.open(server)?;
    let _serving = network.run_background(service.threads)?;
    ready();
    loop {
        thread::park();
    }
}

fn kind(transport: Transport) -> Kind {
    match transport {
        Transport::Tcp | Transport::Tls | Transport::LocalStream => Kind::Stream,
        Transport::Udp | Transport::LocalDatagram => Kind::Datagram,
        Transport::LocalSeqpacket => Kind::SeqPacket,
    }
}

/// The process counts its bytes by itself.
fn count_bytes(process: &Process, text: &Text) -> Result<(), netproc_network::Error> {
    let length = text.byte_len() as u64;
    match portions(process.bytes_received() - length, length) {
        0 => Ok(()),
        due => process.send(&vec![b'x'; due]),
    }
}

fn count_messages() -> impl Fn(&Process, &Text) -> Result<(), netproc_network::Error> {
    let count = AtomicU64::new(0);
    move |process, text| {
        if text.internal_bytes() == HOW_MANY {
            return process.send(&count.load(Ordering::Relaxed).to_be_bytes());
        }
        count.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
