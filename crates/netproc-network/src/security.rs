//! What TLS needs before there is a connection: parameters read, files read, clients kept.

use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use netproc_address::{Address, Host};
use netproc_keywords::{Endpoint, Spec};
use netproc_tls::{Client, Error as TlsError, Handshake, Parameters, Profile, Server};

use crate::changes::Changes;

/// How many clients a network keeps.
const KEPT: usize = 16;

/// What a process is to be encrypted with, as its spec says; no file was read yet.
///
/// # Errors
///
/// What is wrong with the list of `:tls-parameters`.
pub(crate) fn parameters(spec: &Spec, profile: Profile) -> Result<Option<Parameters>, TlsError> {
    if spec.tls.is_nil() {
        return Ok(None);
    }
    let parameters = Parameters::from_value(&spec.tls, profile)?;
    let host = match parameters.host() {
        None if !spec.role.is_server() => host_of(&spec.endpoint),
        _ => None,
    };
    Ok(Some(match host {
        Some(host) => parameters.with_host(&host),
        None => parameters,
    }))
}

/// Returns the host that a client means, if its spec names one.
pub(crate) fn host_of(endpoint: &Endpoint) -> Option<String> {
    match endpoint {
        Endpoint::Internet { host, .. } => Some(match host {
            Host::Local => "localhost".to_owned(),
            Host::Name(name) => name.clone(),
        }),
        Endpoint::Address(Address::V4(address)) => Some(address.ip().to_string()),
        Endpoint::Address(Address::V6(address)) => Some(IpAddr::V6(*address.ip()).to_string()),
        _ => None,
    }
}

/// What a server encrypts its connections with.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) server: Arc<Server>,
    /// Told when the server ends: handshakes under way are given up then.
    pub(crate) ended: Arc<Changes>,
}

/// Makes a TLS server on a thread where files may be read.
pub(crate) async fn make_server(parameters: Parameters) -> Result<Tls, TlsError> {
    let server = blocking::unblock(move || Server::new(&parameters)).await?;
    Ok(Tls {
        server: Arc::new(server),
        ended: Arc::default(),
    })
}

/// Names a client in the messages of errors, if its address says anything.
pub(crate) fn named<'a, IO>(handshake: Handshake<'a, IO>, peer: &Address) -> Handshake<'a, IO> {
    match peer {
        Address::V4(_) | Address::V6(_) => handshake.peer(peer.to_string()),
        _ => handshake,
    }
}

/// The clients of a network: one for all connections with the same parameters.
///
/// A client reads the trusted authorities of the platform, which is much, and the sessions that
/// can be resumed are those of one client.
#[derive(Default)]
pub(crate) struct Clients(Mutex<Vec<Entry>>);

/// A client, the one used last at the end.
struct Entry {
    /// What it was made from, without the host.
    parameters: Parameters,
    /// When the files changed last that it was made from.
    files: Vec<Option<SystemTime>>,
    client: Client,
}

impl Clients {
    /// Returns a client for these parameters, on a thread where files may be read.
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
    pub(crate) async fn client(self: &Arc<Self>, wanted: Parameters) -> Result<Client, TlsError> {
        let clients = Arc::clone(self);
        blocking::unblock(move || clients.find_or_make(&wanted)).await
    }

    fn find_or_make(&self, wanted: &Parameters) -> Result<Client, TlsError> {
        let Some(host) = wanted.host() else {
            return Client::new(wanted);
        };
        let parameters = wanted.clone().with_host("");
        let files = changes(wanted);
        {
            let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let same = |entry: &Entry| entry.parameters == parameters && entry.files == files;
            if let Some(place) = entries.iter().position(same) {
                let entry = entries.remove(place);
                let client = entry.client.for_host(host);
                entries.push(entry);
                return client;
            }
        }
        let client = Client::new(wanted)?;
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.parameters != parameters);
        if entries.len() == KEPT {
            entries.remove(0);
        }
        entries.push(Entry {
            parameters,
            files,
            client: client.clone(),
        });
        Ok(client)
    }
}

/// Returns when each file that the parameters name was changed last.
fn changes(parameters: &Parameters) -> Vec<Option<SystemTime>> {
    let changed = |path: &Path| path.metadata().and_then(|it| it.modified()).ok();
    let trust = parameters
        .trust_files()
        .iter()
        .chain(parameters.crl_files());
    let own = parameters
        .identities()
        .iter()
        .flat_map(|identity| [&identity.key, &identity.certificate]);
    trust.chain(own).map(|path| changed(path)).collect()
}
