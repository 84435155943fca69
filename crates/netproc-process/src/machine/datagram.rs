//! Where a datagram process sends to.

use netproc_address::{Address, LocalName};
use netproc_lisp::Value;

use crate::{Party, State};

use super::Machine;

impl Machine {
    /// Returns where a datagram process sends to, `None` if nowhere yet or if it is no datagram
    /// process.
    pub fn datagram_target(&self) -> Option<&Address> {
        match (self.party, &self.remote) {
            (Party::Datagram, Some(target)) if !is_unnamed(target) => Some(target),
            _ => None,
        }
    }

    /// Returns what `process-datagram-address` returns: the target, zeros where there is none yet,
    /// and nil for processes that are closed or not of datagrams.
    #[doc(alias = "process-datagram-address")]
    pub fn datagram_address(&self) -> Value {
        match self.state {
            State::Closed | State::Failed => Value::Nil,
            _ => self.datagram_value().unwrap_or_default(),
        }
    }

    /// Makes `address` the target and returns it; returns nil and changes nothing if it is no
    /// address of the socket's family, or the process is closed or not of datagrams.
    ///
    /// Addresses `(FAMILY . BYTES)` of the socket's family are taken for what they mean.
    #[doc(alias = "set-process-datagram-address")]
    pub fn set_datagram_address(&mut self, address: &Value) -> Value {
        if self.party != Party::Datagram || matches!(self.state, State::Closed | State::Failed) {
            return Value::Nil;
        }
        match (Address::from_value(address), self.own_family()) {
            (Ok(target), Some(own)) if target.family() == own.family() => {
                self.remote = Some(target);
                address.clone()
            }
            _ => Value::Nil,
        }
    }

    /// Returns the target as the contact shows it: zeros of the right length for none.
    pub(super) fn datagram_value(&self) -> Option<Value> {
        if self.party != Party::Datagram {
            return None;
        }
        if let Some(target) = self.datagram_target() {
            return Some(target.to_value());
        }
        // What follows the family in the three forms of a socket address (ip(7), ipv6(7), unix(7)).
        let length = match self.own_family()? {
            Address::V4(_) => 14,
            Address::V6(_) => 26,
            _ => 108,
        };
        let zeros = Value::vector(std::iter::repeat_n(Value::from(0), length));
        Some(Value::cons(Value::from(0), zeros))
    }

    /// Returns the `:remote` of a server, if it is of the socket's family.
    pub(super) fn initial_target(&self, local: &Address) -> Option<Address> {
        let target = self.spec.initial_remote.as_ref()?;
        (target.family() == local.family()).then(|| target.clone())
    }

    fn own_family(&self) -> Option<&Address> {
        self.local.as_ref().or(self.remote.as_ref())
    }
}

fn is_unnamed(address: &Address) -> bool {
    matches!(address, Address::Local(LocalName::Unnamed))
}
