//! The connection type, as `:type` gives it.

use std::fmt;

use netproc_lisp::Value;

use crate::Error;

/// How a socket carries data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the manual names these three")]
pub enum Kind {
    /// A reliable stream of bytes between two ends. The default, written nil.
    #[default]
    Stream,
    /// Single messages, each on its own.
    Datagram,
    /// A reliable sequence of messages between two ends; local sockets only.
    SeqPacket,
}

impl Kind {
    /// Reads the value of `:type`.
    ///
    /// # Errors
    ///
    /// [`Error::Kind`] for anything but nil, `datagram` and `seqpacket`; as in Emacs there is no
    /// symbol for streams.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Nil => Ok(Self::Stream),
            Value::Symbol(symbol) if symbol == "datagram" => Ok(Self::Datagram),
            Value::Symbol(symbol) if symbol == "seqpacket" => Ok(Self::SeqPacket),
            _ => Err(Error::Kind {
                value: value.clone(),
            }),
        }
    }

    /// Returns the type as `:type` takes it.
    pub fn to_value(self) -> Value {
        match self {
            Self::Stream => Value::Nil,
            Self::Datagram => Value::symbol("datagram"),
            Self::SeqPacket => Value::symbol("seqpacket"),
        }
    }

    /// Returns whether a socket of this kind is connected to one peer, and a server accepts.
    pub fn is_connected(self) -> bool {
        self != Self::Datagram
    }

    /// Returns whether data comes as messages with bounds that are kept.
    pub fn keeps_messages(self) -> bool {
        self != Self::Stream
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stream => "stream",
            Self::Datagram => "datagram",
            Self::SeqPacket => "seqpacket",
        })
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        kind.to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back() {
        for kind in [Kind::Stream, Kind::Datagram, Kind::SeqPacket] {
            assert_eq!(Kind::from_value(&kind.to_value()), Ok(kind));
        }
    }

    #[test]
    fn the_symbol_stream_is_refused_as_emacs_does() {
        for value in [Value::symbol("stream"), Value::t(), Value::from("datagram")] {
            assert_eq!(Kind::from_value(&value), Err(Error::Kind { value }));
        }
    }
}
