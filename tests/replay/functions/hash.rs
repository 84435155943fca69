//! Hash tables, small ones.

use std::sync::{Mutex, PoisonError};

use netproc::Value;
use netproc::lisp::Opaque;

use super::argument;
use crate::lisp::{Exit, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    many("make-hash-table", 0, |_, _| {
        Ok(Opaque::new("#<hash-table>", Table::default()).into())
    }),
    one_of("gethash", (2, 3), |_, given| {
        let default = argument(given, 2);
        with(&given[1], |entries| {
            let found = entries.iter().find(|(key, _)| key.is_eq(&given[0]));
            found.map_or(default, |(_, value)| value.clone())
        })
    }),
    one_of("puthash", (3, 3), |_, given| {
        with(&given[2], |entries| {
            match entries.iter_mut().find(|(key, _)| key.is_eq(&given[0])) {
                Some((_, value)) => *value = given[1].clone(),
                None => entries.push((given[0].clone(), given[1].clone())),
            }
        })?;
        Ok(given[1].clone())
    }),
];

/// Keys, compared by identity, with their values.
type Table = Mutex<Vec<(Value, Value)>>;

fn with<T>(table: &Value, action: impl FnOnce(&mut Vec<(Value, Value)>) -> T) -> Result<T, Exit> {
    let opaque = table
        .as_opaque()
        .and_then(|opaque| opaque.downcast_ref::<Table>());
    let entries = opaque.ok_or_else(|| Exit::wrong_type("hash-table-p", table))?;
    Ok(action(
        &mut entries.lock().unwrap_or_else(PoisonError::into_inner),
    ))
}
