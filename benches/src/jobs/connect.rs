//! Connections made and closed, one after the other, by a client. Nobody need accept them meanwhile:
//! the kernel makes them.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use async_io::Async;
use netproc_network::{Address, Network, Spec};

use super::Step;
use crate::peers;
use crate::server::Failure;
use crate::subject::Subject;

/// How many connections are one step, which is fewer than may wait to be accepted.
const STEP: u32 = 500;

/// Returns a step on the way of a subject.
pub(super) fn connect(subject: Subject, port: u16) -> Result<Step, Failure> {
    let mut places = places(port);
    let mut next = move || {
        places
            .next()
            .unwrap_or_else(|| (Ipv4Addr::LOCALHOST, port).into())
    };
    Ok(match subject {
        Subject::Netproc => {
            let network = Network::new();
            Box::new(move || {
                for _ in 0..STEP {
                    let client = Spec::client("client").address(Address::from(next()));
                    network.open(client.coding("binary"))?.delete();
                }
                Ok(f64::from(STEP))
            })
        }
        Subject::Tokio => {
            let runtime = peers::tokio::runtime(1)?;
            Box::new(move || {
                runtime.block_on(async {
                    for _ in 0..STEP {
                        drop(tokio::net::TcpStream::connect(next()).await?);
                    }
                    Ok(f64::from(STEP))
                })
            })
        }
        Subject::AsyncIo => Box::new(move || {
            async_io::block_on(async {
                for _ in 0..STEP {
                    drop(Async::<TcpStream>::connect(next()).await?);
                }
                Ok(f64::from(STEP))
            })
        }),
        Subject::Blocking => Box::new(move || {
            for _ in 0..STEP {
                drop(TcpStream::connect(next())?);
            }
            Ok(f64::from(STEP))
        }),
        _ => return Err("it connects to nothing".into()),
    })
}

/// Goes round many addresses of this machine: what is closed holds its port for a while, for one
/// address each.
fn places(port: u16) -> impl Iterator<Item = SocketAddr> {
    (1..=200)
        .cycle()
        .map(move |last| (Ipv4Addr::new(127, 0, 0, last), port).into())
}
