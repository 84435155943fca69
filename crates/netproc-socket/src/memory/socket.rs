//! A socket of the network in memory.

use std::io::{self, IoSlice};
use std::task::{Context, Poll};

use netproc_address::{Address, Family, Kind, NetworkOption, OptionName};

use super::MemoryNetwork;
use super::endpoint::{Endpoint, Id, Phase, register};
use crate::batch::Batch;
use crate::connect::Progress;
use crate::error::OsError;
use crate::socket::Received;

/// One end of the network in memory; dropping it closes the end.
pub(crate) struct MemorySocket {
    network: MemoryNetwork,
    id: Id,
    kind: Kind,
}

impl MemorySocket {
    pub(super) fn new(network: MemoryNetwork, id: Id, kind: Kind) -> MemorySocket {
        MemorySocket { network, id, kind }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn family(&self) -> io::Result<Family> {
        Ok(self.local_address()?.family())
    }

    /// Looks at the endpoint, which lives for as long as this socket does.
    fn look<T>(&self, work: impl FnOnce(&mut Endpoint) -> Result<T, OsError>) -> io::Result<T> {
        let id = self.id;
        let found = self
            .network
            .with(|state| match state.endpoints.get_mut(&id) {
                Some(endpoint) => work(endpoint),
                None => Err(OsError::from_code(libc::EBADF)),
            });
        found.map_err(io::Error::from)
    }

    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.kind != Kind::Stream {
            let received = self.try_receive(buffer)?;
            return Ok(received.map_or(0, |received| received.length));
        }
        let mut bytes = Vec::with_capacity(buffer.len());
        let length = self.try_read_to(&mut bytes)?;
        buffer[..length].copy_from_slice(&bytes);
        Ok(length)
    }

    pub(crate) fn try_read_to(&self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let room = bytes.capacity() - bytes.len();
        if self.kind != Kind::Stream {
            let mut buffer = vec![0; room];
            let length = self.try_read(&mut buffer)?;
            bytes.extend_from_slice(&buffer[..length]);
            return Ok(length);
        }
        let read = self.network.with(|state| state.read(self.id, room, bytes));
        read.map_err(io::Error::from)
    }

    pub(crate) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Option<Received>> {
        if self.kind == Kind::Stream {
            let length = self.try_read(buffer)?;
            return Ok((length > 0 || buffer.is_empty()).then_some(Received::stream(length)));
        }
        let received = self.network.with(|state| state.receive(self.id, buffer));
        received.map_err(io::Error::from)
    }

    pub(crate) fn try_receive_batch(&self, batch: &mut Batch, most: usize) -> io::Result<bool> {
        batch.clear();
        if self.kind == Kind::Stream {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let most = most.clamp(1, Batch::MOST);
        self.network.with(|state| {
            for count in 0..most {
                if count > 0 && !state.has_message(self.id) {
                    return Ok(false);
                }
                batch.receive_one(|room| Ok(state.receive(self.id, room)?))?;
            }
            Ok(true)
        })
    }

    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.network.with(|state| state.write(self.id, bytes));
        written.map_err(io::Error::from)
    }

    pub(crate) fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let slices: Vec<&[u8]> = slices.iter().map(|slice| &**slice).collect();
        self.try_write(&slices.concat())
    }

    pub(crate) fn try_send_to(&self, bytes: &[u8], to: Option<&Address>) -> io::Result<usize> {
        if self.kind != Kind::Datagram {
            return self.try_write(bytes);
        }
        let sent = self.network.with(|state| state.send(self.id, bytes, to));
        sent.map_err(io::Error::from)
    }

    pub(crate) fn try_accept(&self) -> io::Result<(MemorySocket, Address)> {
        let accepted = self.network.with(|state| state.accept(self.id));
        let (id, peer) = accepted.map_err(io::Error::from)?;
        Ok((MemorySocket::new(self.network.clone(), id, self.kind), peer))
    }

    pub(crate) fn connect_again(&self, address: &Address) -> io::Result<Progress> {
        let progress = self.network.with(|state| state.connect(self.id, address));
        progress.map_err(io::Error::from)
    }

    pub(crate) fn shutdown_write(&self) -> io::Result<()> {
        let ended = self.network.with(|state| state.end_writing(self.id));
        ended.map_err(io::Error::from)
    }

    pub(crate) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.network
            .with(|state| match state.endpoints.get_mut(&self.id) {
                Some(endpoint) if !endpoint.is_readable() => {
                    register(&mut endpoint.readers, cx.waker());
                    Poll::Pending
                }
                _ => Poll::Ready(Ok(())),
            })
    }

    pub(crate) fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.network.with(|state| {
            let room = state.room(self.id);
            let Some(endpoint) = state.endpoints.get_mut(&self.id) else {
                return Poll::Ready(Ok(()));
            };
            let full = endpoint.kind != Kind::Datagram
                && match endpoint.phase {
                    Phase::Connecting | Phase::Listening => true,
                    Phase::Open => false,
                    // A peer that is gone takes everything, and it becomes known later.
                    Phase::Connected => {
                        room == Some(0) && !endpoint.broken && !endpoint.write_ended
                    }
                };
            if full {
                register(&mut endpoint.writers, cx.waker());
                return Poll::Pending;
            }
            Poll::Ready(Ok(()))
        })
    }

    pub(crate) fn local_address(&self) -> io::Result<Address> {
        self.look(|endpoint| Ok(endpoint.local.clone()))
    }

    pub(crate) fn peer_address(&self) -> io::Result<Address> {
        self.look(|endpoint| {
            let connected = endpoint.phase == Phase::Connected && !endpoint.broken;
            let unconnected = OsError::from_code(libc::ENOTCONN);
            let remote = endpoint.remote.as_ref().filter(|_| connected);
            remote.cloned().ok_or(unconnected)
        })
    }

    pub(crate) fn set_option(&self, option: &NetworkOption) -> io::Result<()> {
        self.look(|endpoint| {
            endpoint.set_option(option);
            Ok(())
        })
    }

    pub(crate) fn option(&self, name: OptionName) -> io::Result<NetworkOption> {
        self.look(|endpoint| {
            let unknown = OsError::from_code(libc::ENOPROTOOPT);
            endpoint.option(name).ok_or(unknown)
        })
    }

    pub(crate) fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.look(|endpoint| Ok(endpoint.error.take().map(io::Error::from)))
    }
}

impl Drop for MemorySocket {
    fn drop(&mut self) {
        self.network.with(|state| state.close(self.id));
    }
}
