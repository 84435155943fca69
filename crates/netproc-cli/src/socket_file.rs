//! The file of a local socket, removed when its server ends.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use netproc::address::{Address, LocalName};
use netproc::keywords::Endpoint;

/// The file that a server made by binding; dropping this removes it.
///
/// A file that has taken its place meanwhile belongs to somebody else and stays.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    stamp: Stamp,
}

impl SocketFile {
    /// Finds the file of the address that a server was bound to, if it made one.
    ///
    /// `before` is what [`stamp_of`](Self::stamp_of) told before the server was made: a file that
    /// was there already belongs to a socket that was passed in.
    pub(crate) fn of(address: Option<&Address>, before: Option<Stamp>) -> Option<Self> {
        let path = path(address?)?;
        let stamp = Stamp::of(&path)?;
        // Made only where it is ours, since dropping it removes the file.
        (before != Some(stamp)).then(|| SocketFile { path, stamp })
    }

    /// Tells the file that is in the place where a server is to be bound.
    pub(crate) fn stamp_of(endpoint: &Endpoint) -> Option<Stamp> {
        match endpoint {
            Endpoint::Address(address) => Stamp::of(&path(address)?),
            Endpoint::Local(name) => Stamp::of(&path(&Address::Local(name.clone()))?),
            Endpoint::Internet { .. } => None,
        }
    }
}

/// What tells a file from all others: its device and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(u64, u64);

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::symlink_metadata(path).ok()?;
        Some(Stamp(metadata.dev(), metadata.ino()))
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if Stamp::of(&self.path) == Some(self.stamp) {
            // Somebody else may have removed it just now, which is as good.
            let _removed = fs::remove_file(&self.path);
        }
    }
}

/// Returns the file of an address that has one.
fn path(address: &Address) -> Option<PathBuf> {
    match address {
        Address::Local(LocalName::Path(path)) => Some(PathBuf::from(OsStr::from_bytes(path))),
        _ => None,
    }
}
