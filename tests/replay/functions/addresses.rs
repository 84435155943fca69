//! Addresses, interfaces and lookup.

use netproc::functions as emacs;
use netproc::network::Error;
use netproc::{Family, Value};

use super::processes::process;
use super::strings::text;
use super::{argument, messages};
use crate::lisp::{Primitive, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("process-datagram-address", (1, 1), |_, given| {
        Ok(emacs::process_datagram_address(&process(&given[0])?))
    }),
    one_of("set-process-datagram-address", (2, 2), |_, given| {
        Ok(emacs::set_process_datagram_address(
            &process(&given[0])?,
            &given[1],
        ))
    }),
    one_of("format-network-address", (1, 2), |_, given| {
        let omit_port = argument(given, 1).is_true();
        Ok(Value::from(emacs::format_network_address(
            &given[0], omit_port,
        )?))
    }),
    one_of("network-interface-list", (0, 2), |_, given| {
        let full = argument(given, 0).is_true();
        Ok(emacs::network_interface_list(
            full,
            family(&argument(given, 1)),
        )?)
    }),
    one_of("network-interface-info", (1, 1), |_, given| {
        let name = text(&given[0])?.to_string_lossy();
        Ok(Value::from(emacs::network_interface_info(&name)?))
    }),
    // Emacs tells why there is none, and returns nil.
    one_of("network-lookup-address-info", (1, 2), |machine, given| {
        let name = text(&given[0])?.to_string_lossy();
        match emacs::network_lookup_address_info(&name, family(&argument(given, 1))) {
            Err(error @ netproc::Error::Network(Error::Lookup { .. })) => {
                messages::add(machine, &messages::text_of(&error.condition()));
                Ok(Value::Nil)
            }
            addresses => Ok(Value::list(addresses?)),
        }
    }),
];

/// Returns the family that is meant; what is none is one that nobody knows.
fn family(value: &Value) -> Option<Family> {
    Family::from_value(value).unwrap_or(Some(Family::Raw(i32::MAX)))
}
