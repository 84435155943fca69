//! A datagram server that does nothing but receive and send back: one system call each.

use super::{READ_SIZE, bind_local, bind_udp, not_offered};
use crate::place::Place;
use crate::server::Failure;
use crate::service::{Manner, Service, Transport};

/// Serves until the socket fails.
pub(crate) fn serve(service: Service, place: &Place) -> Result<(), Failure> {
    let mut buffer = vec![0; READ_SIZE];
    match (service.transport, service.manner) {
        (Transport::Udp, Manner::Echo) => {
            let socket = bind_udp(place)?;
            loop {
                let (count, from) = socket.recv_from(&mut buffer)?;
                socket.send_to(&buffer[..count], from)?;
            }
        }
        (Transport::LocalDatagram, Manner::Echo) => {
            let socket = bind_local(place)?;
            loop {
                let (count, from) = socket.recv_from(&mut buffer)?;
                if let Some(path) = from.as_pathname() {
                    socket.send_to(&buffer[..count], path)?;
                }
            }
        }
        _ => Err(not_offered(service)),
    }
}
