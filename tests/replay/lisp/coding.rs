//! Coding systems by the symbols that Lisp names them with.

use netproc::{CodingSystem, Value};

use super::Exit;

/// Returns the coding system of that name; nil is none.
pub(crate) fn coding_system(name: &Value) -> Result<Option<CodingSystem>, Exit> {
    if name.is_nil() {
        return Ok(None);
    }
    let symbol = name
        .as_symbol()
        .ok_or_else(|| Exit::wrong_type("symbolp", name))?;
    match CodingSystem::parse(symbol.as_str()) {
        Ok(system) => Ok(Some(system)),
        Err(error) => Err(netproc::Error::from(error).into()),
    }
}
