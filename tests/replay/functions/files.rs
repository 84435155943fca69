//! Files, as far as cases look at the sockets among them.

use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use netproc::{Text, Value};

use super::argument;
use super::strings::text;
use crate::lisp::{Exit, Machine, Primitive, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("file-exists-p", (1, 1), |machine, given| {
        Ok(expanded(machine, &given[0], &Value::Nil)?.exists().into())
    }),
    one_of("expand-file-name", (1, 2), |machine, given| {
        let path = expanded(machine, &given[0], &argument(given, 1))?;
        Ok(Text::from_bytes(path.as_os_str().as_bytes()).into())
    }),
    one_of("file-name-as-directory", (1, 1), |_, given| {
        let mut folder = text(&given[0])?.clone();
        if !folder.as_bytes().ends_with(b"/") {
            folder.push_text(&Text::unibyte("/"));
        }
        Ok(folder.into())
    }),
    one_of("write-region", (3, 7), |machine, given| {
        let path = expanded(machine, &given[2], &Value::Nil)?;
        let written = std::fs::write(&path, text(&given[0])?.as_bytes());
        written.map_err(|error| Exit::error(&format!("{}: {error}", path.display())))?;
        Ok(Value::Nil)
    }),
    one_of("emacs-pid", (0, 0), |_, _| {
        Ok(Value::from(std::process::id()))
    }),
    // How many arguments there are is all that the runner gives.
    one_of("load", (1, 5), |machine, given| {
        machine.load(&expanded(machine, &given[0], &Value::Nil)?)
    }),
];

/// Returns a path from the root on, without `.` and `..`.
fn expanded(machine: &Machine, name: &Value, folder: &Value) -> Result<PathBuf, Exit> {
    let mut path = machine.folder();
    if folder.is_true() {
        path.push(Path::new(&*text(folder)?.to_string_lossy()));
    }
    path.push(Path::new(&*text(name)?.to_string_lossy()));
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Ok(plain)
}
