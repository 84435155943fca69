//! The slots of a process that the user reads and writes.

use std::sync::Arc;

use netproc_address::{Address, NetworkOption};
use netproc_coding::CodingSystem;
use netproc_keywords::{Arguments, BufferSetting, Spec};
use netproc_lisp::{Value, plist};

use crate::{Error, Party};

use super::flags::Flag;
use super::{Machine, Rare};

/// What the setters have changed, or what a server hands to its connections.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    filter: Value,
    sentinel: Value,
    plist: Value,
    /// The contact with what setters wrote into it; absent while it is the spec's.
    pub(super) contact: Option<Arguments>,
}

/// What becomes of received text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the manual names these three")]
pub enum FilterKind {
    /// It is inserted into the buffer.
    Default,
    /// The filter is t: nothing is read.
    Unread,
    /// A function of the user is called.
    Function,
}

const DEFAULT_FILTER: &str = "internal-default-process-filter";
const DEFAULT_SENTINEL: &str = "internal-default-process-sentinel";

impl Machine {
    /// Returns the unique name.
    #[doc(alias = "process-name")]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Returns the spec that the process, or the server that accepted it, was made from.
    pub fn spec(&self) -> &Arc<Spec> {
        &self.spec
    }

    /// Tells whether the process is a server, a datagram server among them.
    pub fn is_server(&self) -> bool {
        self.flags.has(Flag::Server)
    }

    /// Returns our end, once known.
    pub fn local(&self) -> Option<&Address> {
        self.local.as_ref()
    }

    /// Returns the peer's end, once known; of a datagram process, where it sends to.
    pub fn remote(&self) -> Option<&Address> {
        self.remote.as_ref()
    }

    /// Returns the filter: a function, t, or the symbol of the default filter.
    #[doc(alias = "process-filter")]
    pub fn filter(&self) -> Value {
        or_default(self.filter_slot(), DEFAULT_FILTER)
    }

    /// Returns what becomes of received text.
    pub fn filter_kind(&self) -> FilterKind {
        match self.filter_slot() {
            Value::Nil => FilterKind::Default,
            value if value.is_symbol("t") => FilterKind::Unread,
            value if value.is_symbol(DEFAULT_FILTER) => FilterKind::Default,
            _ => FilterKind::Function,
        }
    }

    /// Sets the filter and the contact's `:filter`; nil means the default filter, t no reading.
    /// Returns the effective one. Text not yet handed out goes to the new one.
    #[doc(alias = "set-process-filter")]
    pub fn set_filter(&mut self, filter: &Value) -> Value {
        let filter = or_default(filter, DEFAULT_FILTER);
        self.slots_mut().filter = filter.clone();
        self.write_contact(":filter", filter.clone());
        filter
    }

    /// Returns the sentinel: a function, or the symbol of the default sentinel.
    #[doc(alias = "process-sentinel")]
    pub fn sentinel(&self) -> Value {
        or_default(self.sentinel_slot(), DEFAULT_SENTINEL)
    }

    /// Tells whether the sentinel is the default one, which writes into the buffer.
    pub fn has_default_sentinel(&self) -> bool {
        let slot = self.sentinel_slot();
        slot.is_nil() || slot.is_symbol(DEFAULT_SENTINEL)
    }

    /// Sets the sentinel and the contact's `:sentinel`; nil means the default one. Returns the
    /// effective one.
    #[doc(alias = "set-process-sentinel")]
    pub fn set_sentinel(&mut self, sentinel: &Value) -> Value {
        let sentinel = or_default(sentinel, DEFAULT_SENTINEL);
        self.slots_mut().sentinel = sentinel.clone();
        self.write_contact(":sentinel", sentinel.clone());
        sentinel
    }

    /// Returns the log function of a server; nil for none, and for everything that accepts nothing.
    pub fn log(&self) -> &Value {
        if self.party == Party::Listener {
            &self.spec.log
        } else {
            &Value::Nil
        }
    }

    /// Returns the property list.
    #[doc(alias = "process-plist")]
    pub fn plist(&self) -> &Value {
        self.slots
            .as_ref()
            .map_or(&self.spec.plist, |slots| &slots.plist)
    }

    /// Replaces the property list.
    ///
    /// # Errors
    ///
    /// [`Error::NotAList`] for anything but a list.
    #[doc(alias = "set-process-plist")]
    pub fn set_plist(&mut self, plist: Value) -> Result<(), Error> {
        if !matches!(plist, Value::Nil | Value::Cons(_)) {
            return Err(Error::NotAList { value: plist });
        }
        self.slots_mut().plist = plist;
        Ok(())
    }

    /// Returns a property, compared by `eq`; nil if there is none.
    #[doc(alias = "process-get")]
    pub fn get(&self, property: &Value) -> Value {
        plist::get(self.plist(), property)
    }

    /// Sets a property, in place or at the end.
    ///
    /// # Errors
    ///
    /// [`Error::NotAPropertyList`] if the list ends after a property without its value.
    #[doc(alias = "process-put")]
    pub fn put(&mut self, property: &Value, value: Value) -> Result<(), Error> {
        let list =
            plist::put(self.plist(), property, value).map_err(|_| Error::NotAPropertyList {
                value: self.plist().clone(),
            })?;
        self.slots_mut().plist = list;
        Ok(())
    }

    /// Tells whether to ask about the process before exit. Default: yes, unless `:noquery`.
    #[doc(alias = "process-query-on-exit-flag")]
    pub fn query_on_exit(&self) -> bool {
        self.flags.has(Flag::Query)
    }

    /// Sets whether to ask about the process before exit.
    #[doc(alias = "set-process-query-on-exit-flag")]
    pub fn set_query_on_exit(&mut self, query: bool) {
        self.flags.set(Flag::Query, query);
    }

    /// Tells whether the flag is set that Emacs keeps for coding systems of buffers. It changes
    /// nothing about a network process. Default: no, or what the server has.
    #[doc(alias = "process-inherit-coding-system-flag")]
    pub fn inherits_coding_system(&self) -> bool {
        self.flags.has(Flag::InheritsCodingSystem)
    }

    /// Sets the flag that Emacs keeps for coding systems of buffers.
    #[doc(alias = "set-process-inherit-coding-system-flag")]
    pub fn set_inherits_coding_system(&mut self, inherits: bool) {
        self.flags.set(Flag::InheritsCodingSystem, inherits);
    }

    /// Tells whether exit has to ask: the flag is set and the process is open, listening or
    /// stopped.
    pub fn asks_before_exit(&self) -> bool {
        use crate::Status::{Listen, Open, Stop};
        self.query_on_exit() && matches!(self.status(), Open | Listen | Stop)
    }

    /// Returns the coding systems of input and output, as given until data or sending decides;
    /// `None` for nil.
    #[doc(alias = "process-coding-system")]
    pub fn coding_systems(&self) -> (Option<CodingSystem>, Option<CodingSystem>) {
        let unless = |flag, system| {
            if self.flags.has(flag) {
                None
            } else {
                Some(system)
            }
        };
        (
            unless(Flag::DecodeNil, self.decoder.coding_system()),
            unless(Flag::EncodeNil, self.encoder.coding_system()),
        )
    }

    /// Sets the coding systems. Bytes of a character not yet complete are kept for the new one.
    ///
    /// Decoding by `None` finds the system from the data; encoding by `None` means
    /// `raw-text-unix`, and a line end left open there becomes `-unix`.
    #[doc(alias = "set-process-coding-system")]
    pub fn set_coding_systems(
        &mut self,
        decode: Option<CodingSystem>,
        encode: Option<CodingSystem>,
    ) {
        self.decoder
            .set_coding_system(decode.unwrap_or(CodingSystem::UNDECIDED));
        self.finish_encoding();
        self.encoder
            .set_coding_system(CodingSystem::for_encoding(encode));
        self.flags.set(Flag::DecodeNil, decode.is_none());
        self.flags.set(Flag::EncodeNil, false);
    }

    /// Tells whether the filter gets characters; raw coding systems give bytes.
    #[doc(alias = "process-filter-multibyte-p")]
    pub fn filter_multibyte(&self) -> bool {
        self.decoder.is_multibyte()
    }

    /// Makes the filter get characters or bytes.
    #[doc(alias = "set-process-filter-multibyte")]
    pub fn set_filter_multibyte(&mut self, multibyte: bool) {
        self.decoder.set_multibyte(multibyte);
    }

    /// Notes that the data decided the coding system of input, and so an open one of output.
    pub(super) fn note_detection(&mut self) {
        self.flags.set(Flag::DecodeNil, false);
        if self.flags.take(Flag::EncodeNil) {
            self.encoder.set_coding_system(self.decoder.coding_system());
        }
    }

    /// Gives the process the buffer that it was made with; the contact stays as it is.
    pub fn attach_buffer(&mut self, name: impl Into<Arc<str>>, buffer: Value) {
        let rare = self.rare();
        rare.buffer_name = Some(name.into());
        rare.buffer = buffer;
    }

    /// Gives the process another buffer, or none, and writes it into the contact's `:buffer`.
    ///
    /// The caller points the process mark to the buffer's end if it is another buffer.
    #[doc(alias = "set-process-buffer")]
    pub fn set_buffer(&mut self, buffer: Option<(Arc<str>, Value)>) {
        let (name, value) = match buffer {
            Some((name, value)) => (Some(name), value),
            None => (None, Value::Nil),
        };
        let rare = self.rare();
        rare.buffer_name = name;
        rare.buffer = value.clone();
        self.drop_idle_rare();
        self.write_contact(":buffer", value);
    }

    /// Returns the buffer object, nil for none.
    #[doc(alias = "process-buffer")]
    pub fn buffer(&self) -> &Value {
        self.rare.as_ref().map_or(&Value::Nil, |rare| &rare.buffer)
    }

    /// Returns the name of the buffer.
    pub fn buffer_name(&self) -> Option<&Arc<str>> {
        self.rare
            .as_ref()
            .and_then(|rare| rare.buffer_name.as_ref())
    }

    /// Writes an option that the socket has taken into the contact.
    #[doc(alias = "set-network-process-option")]
    pub fn set_option(&mut self, option: &NetworkOption) {
        self.write_contact(option.name().keyword(), option.value());
    }

    /// Calls `visit` with every value that the process holds, so that a host can mark the ones it
    /// collects. Shared values are visited once for each process that holds them.
    pub fn visit_values(&self, visit: &mut dyn FnMut(&Value)) {
        let Spec {
            filter,
            sentinel,
            log,
            plist,
            tls,
            ..
        } = &*self.spec;
        for value in [filter, sentinel, log, plist, tls] {
            visit(value);
        }
        if let BufferSetting::Handle(buffer) = &self.spec.buffer {
            visit(buffer);
        }
        visit_arguments(&self.spec.arguments, visit);
        if let Some(Slots {
            filter,
            sentinel,
            plist,
            contact,
        }) = self.slots.as_deref()
        {
            for value in [filter, sentinel, plist] {
                visit(value);
            }
            if let Some(contact) = contact {
                visit_arguments(contact, visit);
            }
        }
        if let Some(Rare {
            buffer, accept_log, ..
        }) = self.rare.as_deref()
        {
            visit(buffer);
            visit(accept_log);
        }
    }

    fn filter_slot(&self) -> &Value {
        self.slots
            .as_ref()
            .map_or(&self.spec.filter, |slots| &slots.filter)
    }

    fn sentinel_slot(&self) -> &Value {
        self.slots
            .as_ref()
            .map_or(&self.spec.sentinel, |slots| &slots.sentinel)
    }

    pub(super) fn slots_mut(&mut self) -> &mut Slots {
        let slots = self.slots.get_or_insert_with(|| {
            Arc::new(Slots {
                filter: self.spec.filter.clone(),
                sentinel: self.spec.sentinel.clone(),
                plist: self.spec.plist.clone(),
                contact: None,
            })
        });
        Arc::make_mut(slots)
    }
}

fn or_default(value: &Value, default: &str) -> Value {
    if value.is_nil() {
        Value::symbol(default)
    } else {
        value.clone()
    }
}

fn visit_arguments(arguments: &Arguments, visit: &mut dyn FnMut(&Value)) {
    for argument in arguments {
        visit(&argument.keyword);
        visit(&argument.value);
    }
}
