//! The authorities that the platform trusts, read once.
//!
//! To read and check some 150 certificates takes milliseconds, several times as long as a
//! handshake, and clients are often made for one connection each.

use std::collections::HashSet;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::RootCertStore;

use super::{Trust, admit};
use crate::parameters::trust_bundles;

/// What was read, and when what it was read from had changed last.
static READ: Mutex<Option<(Option<SystemTime>, Trust)>> = Mutex::new(None);

/// Returns what the platform trusts, as it was read before unless its bundle has changed since.
pub(super) fn trust() -> Trust {
    let changed = changed();
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((then, trust)) = &*read
        && *then == changed
    {
        return trust.clone();
    }
    let trust = load();
    // A platform that has nothing yet may have something soon.
    *read = (!trust.same.is_empty()).then(|| (changed, trust.clone()));
    trust
}

fn changed() -> Option<SystemTime> {
    let bundle = trust_bundles().into_iter().next()?;
    fs::metadata(bundle).ok()?.modified().ok()
}

fn load() -> Trust {
    let mut trust = (RootCertStore::empty(), HashSet::new());
    // What the platform has and cannot be read is trusted by nobody; the rest is of use.
    for certificate in rustls_native_certs::load_native_certs().certs {
        admit(&mut trust, certificate);
    }
    Trust {
        anchors: Arc::new(trust.0),
        same: Arc::new(trust.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_once() {
        let first = trust();
        if !first.same.is_empty() {
            assert!(Arc::ptr_eq(&first.anchors, &trust().anchors));
        }
    }
}
