//! The file of a local socket, removed when its server ends.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use netproc::address::{Address, LocalName};

/// The file that a server made by binding; dropping this removes it.
///
/// A file that has taken its place meanwhile belongs to somebody else and stays.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl SocketFile {
    /// Finds the file of the address that a server was bound to, if it has one.
    pub(crate) fn of(address: Option<&Address>) -> Option<Self> {
        let Some(Address::Local(LocalName::Path(path))) = address else {
            return None;
        };
        let path = PathBuf::from(OsStr::from_bytes(path));
        let identity = identity(&path)?;
        Some(SocketFile { path, identity })
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if identity(&self.path) == Some(self.identity) {
            // Somebody else may have removed it just now, which is as good.
            let _removed = fs::remove_file(&self.path);
        }
    }
}

/// Returns what tells a file from all others.
fn identity(path: &PathBuf) -> Option<(u64, u64)> {
    let metadata = fs::symlink_metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
