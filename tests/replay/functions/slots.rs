//! The slots of processes.

use netproc::functions as emacs;
use netproc::network::Error;
use netproc::{Buffer, CodingSystem, Value, tls};

use super::argument;
use super::processes::process;
use crate::lisp::{Exit, Primitive, coding_system, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("process-buffer", (1, 1), |_, given| {
        let buffer = emacs::process_buffer(&process(&given[0])?);
        Ok(Value::from(buffer.map(|buffer| buffer.to_value())))
    }),
    one_of("set-process-buffer", (2, 2), |_, given| {
        let process = process(&given[0])?;
        let buffer = Buffer::from_value(&given[1]);
        if buffer.is_none() && given[1].is_true() {
            return Err(Exit::wrong_type("bufferp", &given[1]));
        }
        emacs::set_process_buffer(&process, buffer.as_ref());
        Ok(given[1].clone())
    }),
    one_of("process-filter", (1, 1), |_, given| {
        Ok(emacs::process_filter(&process(&given[0])?))
    }),
    one_of("set-process-filter", (2, 2), |_, given| {
        Ok(emacs::set_process_filter(
            &process(&given[0])?,
            given[1].clone(),
        )?)
    }),
    one_of("process-sentinel", (1, 1), |_, given| {
        Ok(emacs::process_sentinel(&process(&given[0])?))
    }),
    one_of("set-process-sentinel", (2, 2), |_, given| {
        Ok(emacs::set_process_sentinel(
            &process(&given[0])?,
            given[1].clone(),
        )?)
    }),
    one_of("process-plist", (1, 1), |_, given| {
        Ok(emacs::process_plist(&process(&given[0])?))
    }),
    one_of("set-process-plist", (2, 2), |_, given| {
        Ok(emacs::set_process_plist(
            &process(&given[0])?,
            given[1].clone(),
        )?)
    }),
    one_of("process-get", (2, 2), |_, given| {
        Ok(emacs::process_get(&process(&given[0])?, given[1].clone()))
    }),
    one_of("process-put", (3, 3), |_, given| {
        let process = process(&given[0])?;
        Ok(emacs::process_put(
            &process,
            given[1].clone(),
            given[2].clone(),
        )?)
    }),
    one_of("process-coding-system", (1, 1), |_, given| {
        let (decoding, encoding) = emacs::process_coding_system(&process(&given[0])?);
        Ok(Value::cons(name(decoding), name(encoding)))
    }),
    one_of("set-process-coding-system", (1, 3), |_, given| {
        let process = process(&given[0])?;
        let decoding = coding_system(&argument(given, 1))?;
        let encoding = coding_system(&argument(given, 2))?;
        process.set_coding_systems(decoding, encoding);
        Ok(Value::Nil)
    }),
    one_of("process-filter-multibyte-p", (1, 1), |_, given| {
        Ok(emacs::process_filter_multibyte_p(&process(&given[0])?).into())
    }),
    one_of("set-process-filter-multibyte", (2, 2), |_, given| {
        emacs::set_process_filter_multibyte(&process(&given[0])?, given[1].is_true());
        Ok(Value::Nil)
    }),
    one_of("process-query-on-exit-flag", (1, 1), |_, given| {
        Ok(emacs::process_query_on_exit_flag(&process(&given[0])?).into())
    }),
    one_of("set-process-query-on-exit-flag", (2, 2), |_, given| {
        emacs::set_process_query_on_exit_flag(&process(&given[0])?, given[1].is_true());
        Ok(given[1].clone())
    }),
    one_of("process-inherit-coding-system-flag", (1, 1), |_, given| {
        Ok(emacs::process_inherit_coding_system_flag(&process(&given[0])?).into())
    }),
    one_of(
        "set-process-inherit-coding-system-flag",
        (2, 2),
        |_, given| {
            let process = process(&given[0])?;
            emacs::set_process_inherit_coding_system_flag(&process, given[1].is_true());
            Ok(given[1].clone())
        },
    ),
    one_of("gnutls-peer-status", (1, 1), |_, given| {
        Ok(emacs::gnutls_peer_status(&process(&given[0])?))
    }),
    many("gnutls-boot-parameters", 0, |machine, given| {
        let list = Value::list(given.iter().cloned());
        let parameters = tls::boot_parameters(&list, machine.network.tls_profile());
        Ok(parameters.map_err(Error::from)?)
    }),
    many("gnutls-negotiate", 0, |_, given| {
        let list = Value::list(given.iter().cloned());
        Ok(emacs::gnutls_negotiate(&list)?.to_value())
    }),
    one_of("gnutls-get-initstage", (1, 1), |_, given| {
        Ok(Value::from(emacs::gnutls_get_initstage(&process(
            &given[0],
        )?)))
    }),
];

/// Returns a coding system as the symbol that names it.
fn name(system: Option<CodingSystem>) -> Value {
    system.map_or(Value::Nil, |system| Value::symbol(system.name()))
}
