//! Files that are whole or not there, and never replaced by accident.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::cert::Failure;

/// Only the owner reads a key.
const SECRET: u32 = 0o600;

/// Everybody may read a certificate, as far as the umask lets them.
const PUBLIC: u32 = 0o666;

/// Refuses to go on where one of the files is there.
pub(super) fn expect_none(paths: [&PathBuf; 2]) -> Result<(), Failure> {
    let there: Vec<PathBuf> = paths
        .into_iter()
        .filter(|path| path.symlink_metadata().is_ok())
        .cloned()
        .collect();
    if there.is_empty() {
        Ok(())
    } else {
        Err(Failure::Exists(there))
    }
}

/// Writes a key and its certificate, given as a file and its text each: both or none.
pub(super) fn write(
    key: (&Path, &str),
    certificate: (&Path, &str),
    replaces: bool,
) -> Result<(), Failure> {
    for (path, _) in [key, certificate] {
        if let Some(folder) = path.parent()
            && !folder.as_os_str().is_empty()
        {
            fs::create_dir_all(folder)
                .map_err(|error| Failure::File("making the folder", folder.to_owned(), error))?;
        }
    }
    // What would fail after the key has been replaced is looked at before.
    if let Some((path, _)) = [key, certificate]
        .into_iter()
        .find(|(path, _)| path.is_dir())
    {
        let error = io::ErrorKind::IsADirectory.into();
        return Err(Failure::File("writing", path.to_owned(), error));
    }
    let key = Draft::write(key, SECRET, replaces)?;
    let certificate = Draft::write(certificate, PUBLIC, replaces)?;
    key.publish()?;
    certificate.publish()
}

/// A whole file that is removed again unless it is published.
struct Draft {
    place: PathBuf,
    /// Where it stands until then: beside its place if it is to replace what is there, so that a
    /// server that reads its files again never sees half of one.
    path: PathBuf,
    is_published: bool,
}

impl Draft {
    fn write((place, text): (&Path, &str), mode: u32, replaces: bool) -> Result<Self, Failure> {
        let mut draft = place.to_owned();
        if replaces {
            let mut name = place.file_name().unwrap_or_default().to_os_string();
            name.push(format!(".{}.new", std::process::id()));
            draft.set_file_name(name);
        }
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => Failure::Exists(vec![draft.clone()]),
            _ => Failure::File("writing", place.to_owned(), error),
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(mode);
        let mut file = options.open(&draft).map_err(failed)?;
        let written = Draft {
            place: place.to_owned(),
            path: draft.clone(),
            is_published: false,
        };
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        Ok(written)
    }

    fn publish(mut self) -> Result<(), Failure> {
        if self.path != self.place {
            fs::rename(&self.path, &self.place)
                .map_err(|error| Failure::File("writing", self.place.clone(), error))?;
        }
        self.is_published = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_published {
            let _as_well_as_it_goes = fs::remove_file(&self.path);
        }
    }
}
