//! Bytes on their way through the network in memory.

use std::collections::VecDeque;

use netproc_address::{Address, Kind, NetworkOption};

use super::endpoint::{Id, Message, Phase};
use super::event::Event;
use super::link::Fault;
use super::open::is_nameless;
use super::state::State;
use crate::error::OsError;
use crate::socket::Received;

/// The longest datagram that UDP carries.
const LONGEST_DATAGRAM: usize = 65507;

impl State {
    /// Takes bytes out of a stream and appends as many as there is room for; zero is its end.
    pub(super) fn read(
        &mut self,
        id: Id,
        room: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<usize, OsError> {
        let largest = self
            .endpoints
            .get(&id)
            .and_then(|end| end.link.largest_read);
        let limit = self.limit(room, largest);
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        let mut length = 0;
        while length < limit {
            let Some(message) = endpoint.inbox.front_mut() else {
                break;
            };
            let take = message.bytes.len().min(limit - length);
            bytes.extend(message.bytes.drain(..take));
            length += take;
            if message.bytes.is_empty() {
                endpoint.inbox.pop_front();
            }
        }
        if length > 0 || room == 0 {
            self.made_room(id, length);
            return Ok(length);
        }
        self.nothing_to_read(id).map(|()| 0)
    }

    /// Takes one message; `None` is the end.
    pub(super) fn receive(
        &mut self,
        id: Id,
        buffer: &mut [u8],
    ) -> Result<Option<Received>, OsError> {
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        let Some(message) = endpoint.inbox.pop_front() else {
            return self.nothing_to_read(id).map(|()| None);
        };
        let whole = message.bytes.len();
        for (place, byte) in buffer.iter_mut().zip(&message.bytes) {
            *place = *byte;
        }
        self.made_room(id, whole);
        Ok(Some(Received {
            length: whole.min(buffer.len()),
            from: message.from,
            truncated: whole > buffer.len(),
        }))
    }

    /// Tells whether a message can be taken.
    pub(super) fn has_message(&self, id: Id) -> bool {
        self.endpoints
            .get(&id)
            .is_some_and(|endpoint| !endpoint.inbox.is_empty())
    }

    /// Tells whether an empty inbox is the end, a failure, or only means to wait.
    fn nothing_to_read(&mut self, id: Id) -> Result<(), OsError> {
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        if let Some(error) = endpoint.error.take() {
            return Err(error);
        }
        if endpoint.ended {
            return Ok(());
        }
        let unconnected = endpoint.phase == Phase::Listening
            || (endpoint.phase == Phase::Open && endpoint.kind != Kind::Datagram);
        let code = if unconnected {
            libc::ENOTCONN
        } else {
            libc::EAGAIN
        };
        Err(OsError::from_code(code))
    }

    /// Bytes were read, so the peer may send more.
    fn made_room(&mut self, id: Id, length: usize) {
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return;
        };
        endpoint.pending = endpoint.pending.saturating_sub(length);
        let peer = endpoint.peer;
        if let Some(peer) = peer.and_then(|peer| self.endpoints.get_mut(&peer)) {
            self.woken.append(&mut peer.writers);
        }
    }

    /// Draws how many of `length` bytes go at once.
    fn limit(&mut self, length: usize, largest: Option<usize>) -> usize {
        match largest {
            Some(largest) if length > 1 => length.min(self.random.usize(1..=largest.max(1))),
            _ => length,
        }
    }

    /// Returns how many bytes a connected end may send now.
    pub(super) fn room(&self, id: Id) -> Option<usize> {
        let endpoint = self.endpoints.get(&id)?;
        let peer = self.endpoints.get(&endpoint.peer?)?;
        Some(endpoint.link.capacity.saturating_sub(peer.pending))
    }

    /// Sends bytes along a connection, or a datagram to the connected address.
    pub(super) fn write(&mut self, id: Id, bytes: &[u8]) -> Result<usize, OsError> {
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        if endpoint.kind == Kind::Datagram {
            return self.send(id, bytes, None);
        }
        if let Some(error) = endpoint.error.take() {
            return Err(error);
        }
        match endpoint.phase {
            Phase::Connecting => return Err(OsError::from_code(libc::EAGAIN)),
            Phase::Listening => return Err(OsError::from_code(libc::ENOTCONN)),
            Phase::Open => return Err(OsError::from_code(libc::EPIPE)),
            Phase::Connected if endpoint.broken || endpoint.write_ended => {
                return Err(OsError::from_code(libc::EPIPE));
            }
            Phase::Connected => {}
        }
        let (link, peer) = (endpoint.link.clone(), endpoint.peer);
        let records = endpoint.kind == Kind::SeqPacket;
        if bytes.is_empty() && !records {
            return Ok(0);
        }
        let Some(room) = self.room(id) else {
            // The peer is gone: the bytes are lost, and it becomes known in time.
            self.plan_in_order(id, &link, Event::Reset { to: id });
            return Ok(bytes.len());
        };
        let length = if records {
            if bytes.len() > link.capacity {
                return Err(OsError::from_code(libc::EMSGSIZE));
            }
            if bytes.len() > room {
                return Err(OsError::from_code(libc::EAGAIN));
            }
            bytes.len()
        } else if room == 0 {
            return Err(OsError::from_code(libc::EAGAIN));
        } else {
            self.limit(bytes.len().min(room), link.largest_write)
        };
        if let Some(to) = peer {
            let message = self.send_off(to, &bytes[..length], None);
            self.plan_in_order(to, &link, Event::Deliver { to, message });
        }
        Ok(length)
    }

    /// Makes a message of bytes that set out.
    fn send_off(&mut self, to: Id, bytes: &[u8], from: Option<Address>) -> Message {
        if let Some(endpoint) = self.endpoints.get_mut(&to) {
            endpoint.pending += bytes.len();
        }
        let bytes = VecDeque::from(bytes.to_vec());
        Message { bytes, from }
    }

    /// Sends one datagram.
    pub(super) fn send(
        &mut self,
        id: Id,
        bytes: &[u8],
        to: Option<&Address>,
    ) -> Result<usize, OsError> {
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        if let Some(error) = endpoint.error.take() {
            return Err(error);
        }
        let Some(to) = to.or(endpoint.remote.as_ref()).cloned() else {
            let local = matches!(endpoint.local, Address::Local(_));
            let code = if local {
                libc::ENOTCONN
            } else {
                libc::EDESTADDRREQ
            };
            return Err(OsError::from_code(code));
        };
        if std::mem::discriminant(&endpoint.local) != std::mem::discriminant(&to) {
            return Err(OsError::from_code(libc::EAFNOSUPPORT));
        }
        if is_nameless(&to) {
            return Err(OsError::from_code(libc::EINVAL));
        }
        if bytes.len() > LONGEST_DATAGRAM {
            return Err(OsError::from_code(libc::EMSGSIZE));
        }
        if self.fault(&to) == Some(Fault::Unreachable) {
            return Err(OsError::from_code(libc::ENETUNREACH));
        }
        let from = self.sender_name(id, &to);
        let Some(receiver) = self.datagram_receiver(&to) else {
            // Over the Internet nobody tells; locally the kernel knows.
            return match to {
                Address::Local(_) => Err(self.nobody(&to)),
                _ => Ok(bytes.len()),
            };
        };
        let link = self.link(&to);
        let lost = self.random.f64() < link.loss || self.fault(&to).is_some();
        let full = self.endpoints.get(&receiver).is_some_and(|endpoint| {
            endpoint.pending + bytes.len() > link.capacity.max(LONGEST_DATAGRAM)
        });
        if lost || full {
            return Ok(bytes.len());
        }
        let message = self.send_off(receiver, bytes, from);
        let arrival = self.now + self.delay(&link);
        self.plan(
            arrival,
            Event::Deliver {
                to: receiver,
                message,
            },
        );
        Ok(bytes.len())
    }

    /// Returns what the receiver sees of the sender, which gets a port with its first datagram.
    fn sender_name(&mut self, id: Id, to: &Address) -> Option<Address> {
        let local = self.endpoints.get(&id)?.local.clone();
        if !is_nameless(&local) {
            return Some(local);
        }
        let named = self.client_name(to);
        if is_nameless(&named) {
            return None;
        }
        self.endpoints.get_mut(&id)?.local = named.clone();
        Some(named)
    }

    /// A message arrives.
    pub(super) fn deliver(&mut self, to: Id, mut message: Message) {
        let Some(endpoint) = self.endpoints.get_mut(&to) else {
            return;
        };
        if endpoint.broken {
            return;
        }
        if endpoint.kind == Kind::Datagram {
            let stranger = endpoint.remote.is_some() && endpoint.remote != message.from;
            if !stranger {
                endpoint.inbox.push_back(message);
                endpoint.wake_readers(&mut self.woken);
            }
            return;
        }
        endpoint.arrived += message.bytes.len();
        let (arrived, route) = (endpoint.arrived, endpoint.route.clone());
        let excess = match route.and_then(|route| self.fault(&route)) {
            Some(Fault::ResetAfter(limit)) => arrived.saturating_sub(limit),
            _ => 0,
        };
        let kept = message.bytes.len().saturating_sub(excess);
        message.bytes.truncate(kept);
        let Some(endpoint) = self.endpoints.get_mut(&to) else {
            return;
        };
        if kept > 0 || endpoint.kind == Kind::SeqPacket {
            endpoint.inbox.push_back(message);
            endpoint.wake_readers(&mut self.woken);
        }
        if excess > 0 {
            let peer = endpoint.peer;
            self.reset_one(to);
            if let Some(peer) = peer {
                self.reset_one(peer);
            }
        }
    }

    /// Breaks one end of a connection.
    pub(super) fn reset_one(&mut self, id: Id) {
        if let Some(endpoint) = self.endpoints.get_mut(&id) {
            if !endpoint.broken {
                endpoint.break_off();
            }
            endpoint.wake_all(&mut self.woken);
        }
    }

    /// Ends what one end writes.
    pub(super) fn end_writing(&mut self, id: Id) -> Result<(), OsError> {
        let Some(endpoint) = self.endpoints.get_mut(&id) else {
            return Err(OsError::from_code(libc::EBADF));
        };
        if endpoint.phase != Phase::Connected {
            return Err(OsError::from_code(libc::ENOTCONN));
        }
        if !endpoint.write_ended {
            endpoint.write_ended = true;
            let (link, peer) = (endpoint.link.clone(), endpoint.peer);
            if let Some(to) = peer {
                self.plan_in_order(to, &link, Event::End { to });
            }
        }
        Ok(())
    }

    /// Closes one end for good.
    pub(super) fn close(&mut self, id: Id) {
        let Some(mut endpoint) = self.endpoints.remove(&id) else {
            return;
        };
        // Woken rather than dropped, since the lock is held.
        endpoint.wake_all(&mut self.woken);
        for waiting in std::mem::take(&mut endpoint.queue) {
            if let Some(end) = self.endpoints.get_mut(&waiting) {
                end.options.push(NetworkOption::Linger(Some(0)));
            }
            self.close(waiting);
        }
        let Some(to) = endpoint.peer else {
            return;
        };
        if endpoint.closes_hard() {
            self.plan_in_order(to, &endpoint.link, Event::Reset { to });
        } else if !endpoint.write_ended {
            self.plan_in_order(to, &endpoint.link, Event::End { to });
        }
        if let Some(peer) = self.endpoints.get_mut(&to) {
            self.woken.append(&mut peer.writers);
        }
    }
}
