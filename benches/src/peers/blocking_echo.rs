//! A datagram server that does nothing but receive and send back.

use std::io;
use std::net::UdpSocket;

use super::READ_SIZE;

/// Serves until the socket fails.
pub(crate) fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let (count, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], from)?;
    }
}
