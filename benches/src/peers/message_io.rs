//! An echo server as one writes it on message-io: one callback for all events, on one thread.

use message_io::network::{NetEvent, Transport as Wire};
use message_io::node;

use super::{not_offered, ready};
use crate::place::Place;
use crate::server::Failure;
use crate::service::{Manner, Service, Transport};

/// Serves until the program ends.
pub(crate) fn serve(service: Service, place: &Place) -> Result<(), Failure> {
    if (service.transport, service.manner) != (Transport::Tcp, Manner::Echo) {
        return Err(not_offered(service));
    }
    let (handler, listener) = node::split::<()>();
    handler.network().listen(Wire::Tcp, place.address()?)?;
    ready();
    listener.for_each(move |event| {
        if let NetEvent::Message(peer, bytes) = event.network() {
            // A peer that is gone is told of by an event of its own.
            let _sent = handler.network().send(peer, bytes);
        }
    });
    Ok(())
}
