//! What `process-contact` shows: the arguments as given, brought up to date.

use netproc_address::Address;
use netproc_keywords::Arguments;
use netproc_lisp::Value;

use crate::{Party, message};

use super::Machine;

impl Machine {
    /// Returns what `process-contact` returns for `key` (Emacs manual, Network Processes).
    ///
    /// Nil gives host and service, t the whole list, any other key its first value or nil.
    #[doc(alias = "process-contact")]
    pub fn contact(&self, key: &Value) -> Value {
        match key {
            Value::Nil => {
                let contact = self.contact_arguments();
                let value = |keyword| contact.get(keyword).cloned().unwrap_or_default();
                Value::list([value(":host"), value(":service")])
            }
            key if key.is_symbol("t") => self.contact_arguments().to_value(),
            key => self
                .contact_arguments()
                .get_key(key)
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// Returns the whole contact: the arguments as given and in their order, with what is known of
    /// the socket in place where the keyword occurs and otherwise at the end.
    pub fn contact_arguments(&self) -> Arguments {
        let mut contact = self.stored_contact().clone();
        if self.is_accepted() {
            contact.set(":server", Value::Nil);
            if let Some(remote) = &self.remote {
                contact.set(":host", host(remote));
            }
            set_port(&mut contact, self.remote.as_ref());
            set_address(&mut contact, ":local", self.local.as_ref());
            set_address(&mut contact, ":remote", self.remote.as_ref());
        } else if self.is_server() {
            set_port(&mut contact, self.local.as_ref());
            set_address(&mut contact, ":local", self.local.as_ref());
            if let (Party::Datagram, Some(target)) = (self.party, self.datagram_value()) {
                contact.set(":remote", target);
            }
        } else {
            match (self.party, self.datagram_value()) {
                (Party::Datagram, Some(target)) => contact.set(":remote", target),
                _ => set_address(&mut contact, ":remote", self.remote.as_ref()),
            }
            set_address(&mut contact, ":local", self.local.as_ref());
        }
        contact
    }

    /// Sets a keyword of the contact, in place or at the end.
    pub(super) fn write_contact(&mut self, keyword: &str, value: Value) {
        let mut contact = self.contact_arguments();
        contact.set(keyword, value);
        self.slots_mut().contact = Some(contact);
    }

    /// Stores the contact of a server, so that all its connections share one list.
    pub(super) fn settle_contact(&mut self) {
        let contact = self.contact_arguments();
        self.slots_mut().contact = Some(contact);
    }

    fn stored_contact(&self) -> &Arguments {
        let stored = self.slots.as_ref().and_then(|slots| slots.contact.as_ref());
        stored.unwrap_or(&self.spec.arguments)
    }
}

fn host(peer: &Address) -> Value {
    message::numeric_host(peer).map_or_else(Value::t, Value::from)
}

fn set_port(contact: &mut Arguments, address: Option<&Address>) {
    if let Some(port) = address.and_then(Address::port) {
        contact.set(":service", i64::from(port));
    }
}

fn set_address(contact: &mut Arguments, keyword: &str, address: Option<&Address>) {
    if let Some(address) = address {
        contact.set(keyword, address.to_value());
    }
}
