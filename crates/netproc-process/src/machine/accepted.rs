//! What a server hands to the connections that it accepts.

use std::sync::Arc;

use netproc_address::{Address, Kind};
use netproc_coding::{Decoder, Encoder};

use crate::{Party, State, message};

use super::flags::{Flag, Flags};
use super::inbox::Inbox;
use super::{FilterKind, Machine, Rare};

/// What is known of a connection when a server accepts it.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "accept(2) tells no more")]
pub struct Accepted {
    /// The unique name, made from [`Machine::accepted_name`].
    pub name: Arc<str>,
    /// Our end.
    pub local: Address,
    /// The peer's end.
    pub remote: Address,
}

impl Machine {
    /// Makes the process for a connection that `server` accepted.
    ///
    /// It has the server's filter, sentinel, coding systems and property list of this moment; it
    /// is not stopped and asks before exit, whatever the server does. Its first effect is
    /// [`Effect::Log`](crate::Effect::Log) if the server has a log function, the next one the
    /// sentinel's `open from`. Its buffer is [`accepted_buffer_name`](Machine::accepted_buffer_name).
    pub fn accepted(server: &Machine, connection: Accepted) -> Machine {
        let party = match server.spec.kind {
            Kind::SeqPacket => Party::SeqPacket,
            Kind::Stream | Kind::Datagram => Party::Stream,
        };
        let mut flags = Flags::default();
        for flag in [Flag::Accepted, Flag::Query, Flag::OpenEvent] {
            flags.set(flag, true);
        }
        for flag in [
            Flag::DecodeNil,
            Flag::EncodeNil,
            Flag::HalfOpen,
            Flag::InheritsCodingSystem,
        ] {
            flags.set(flag, server.flags.has(flag));
        }
        let mut rare = None;
        if server.log().is_true() {
            flags.set(Flag::AcceptLog, true);
            rare = Some(Box::new(Rare {
                accept_log: server.log().clone(),
                ..Rare::default()
            }));
        }
        let mut decoder = Decoder::new(server.decoder.coding_system());
        if decoder.is_multibyte() != server.decoder.is_multibyte() {
            decoder.set_multibyte(server.decoder.is_multibyte());
        }
        Machine {
            spec: Arc::clone(&server.spec),
            name: connection.name,
            slots: server.slots.clone(),
            local: Some(connection.local),
            remote: Some(connection.remote),
            decoder,
            encoder: Encoder::new(server.encoder.coding_system()),
            inbox: Inbox::Empty,
            queue: None,
            rare,
            lost: 0,
            high_water: server.high_water,
            low_water: server.low_water,
            flags,
            state: State::Open,
            party,
            last_event: None,
        }
    }

    /// Tells whether a server accepted it.
    pub fn is_accepted(&self) -> bool {
        self.flags.has(Flag::Accepted)
    }

    /// Returns the name that a connection from `remote` asks for: `SERVER <HOST:PORT>`, or
    /// `SERVER <N>` with the number of the accept if the peer has no port.
    pub fn accepted_name(&self, remote: &Address, accept: u64) -> String {
        format!("{} {}", self.name, message::accepted_suffix(remote, accept))
    }

    /// Returns the name of the buffer for a connection from `remote`, `None` if it gets none.
    ///
    /// Connections get one of their own, named after the server's buffer or else the server, when
    /// the server's filter is the default one or t at this moment.
    pub fn accepted_buffer_name(&self, remote: &Address, accept: u64) -> Option<String> {
        if self.filter_kind() == FilterKind::Function {
            return None;
        }
        let base = self.buffer_name().unwrap_or(&self.name);
        Some(format!(
            "{base} {}",
            message::accepted_suffix(remote, accept)
        ))
    }
}
