//! Making a process: from a spec to a machine, a socket and a place on the roster.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use futures_lite::future;
use netproc_address::{Address, Family, Host, Kind, Service};
use netproc_keywords::{BufferSetting, Endpoint, Role, Spec};
use netproc_process::{Failure, Input, Machine};
use netproc_socket::{
    Attempt, Backend, BindOptions, ConnectOptions, Connected, LookupError, Query, Socket,
};
use netproc_tls::Parameters;

use crate::buffers::Buffer;

use crate::error::Error;
use crate::link::{Link, Pipe, Session};
use crate::network::{Inner, Network};
use crate::patience::Patience;
use crate::process::Process;
use crate::security::{self, Clients};
use crate::shared::{Callbacks, Shared};
use crate::traffic;

/// The family of IPv6 by its number.
const IPV6: i32 = Family::IPV6_NUMBER as i32;

/// The resolver's code for a name without an address.
const NO_NAME: i32 = -2;

/// Makes the process that a spec describes.
///
/// Ready when the process exists: for a `:nowait` client at once, for others when the connection
/// stands. Dropping the future or an error leaves nothing behind.
pub(crate) async fn open(network: &Network, spec: Spec) -> Result<Process, Error> {
    netproc_socket::prepare();
    let inner = network.inner();
    let tls = security::parameters(&spec, inner.tls_profile())?;
    let callbacks = {
        let functions = inner.functions();
        Callbacks {
            filter: functions.filter(&spec.filter)?,
            sentinel: functions.sentinel(&spec.sentinel)?,
            log: functions.log(&spec.log)?,
        }
    };
    let buffer = find_buffer(inner, &spec.buffer)?;
    let spec = Arc::new(spec);
    let mut unfinished = Unfinished::register(inner, &spec, callbacks, buffer);
    let backend = inner.backend();
    match (spec.role, spec.kind) {
        (Role::Server { backlog }, _) => {
            if let Some(parameters) = tls {
                let tls = security::make_server(parameters).await?;
                unfinished.shared.lock().rare().tls = Some(tls);
            }
            let (socket, local) = open_server(backend, &spec, backlog).await?;
            unfinished
                .shared
                .adopt_server(socket, local, spec.kind == Kind::Datagram);
        }
        (Role::Client { .. }, Kind::Datagram) if !is_slow(&spec) => {
            open_datagram_client(backend, &unfinished.shared, &spec).await?;
        }
        (Role::Client { nowait: true }, _) => {
            let shared = Arc::clone(unfinished.finish().shared());
            let waits = tls.as_ref().is_some_and(Parameters::completes_negotiation);
            let connector = Connector::new(inner, tls);
            let connecting = connect_in_background(connector, Arc::clone(&shared), spec);
            inner.spawn(connecting);
            if waits {
                shared.wait_until_connected().await;
            }
            return Ok(Process::from_shared(shared));
        }
        (Role::Client { nowait: false }, _) => {
            let shared = &unfinished.shared;
            let deleted = async {
                // Somebody found the process in the list and deleted it.
                shared.wait_until_connected().await;
                Err(Error::Deleted {
                    process: shared.name.clone(),
                })
            };
            let connector = Connector::new(inner, tls);
            let connecting = connector.connect(shared, &spec);
            let (link, local, remote) = future::or(connecting, deleted).await?;
            shared.adopt_connection(link, local, remote);
        }
    }
    let process = unfinished.finish();
    // As in Emacs, the sentinel hears of an encrypted connection before its maker has it.
    process.deliver_now();
    inner.roster().admit(&process);
    Ok(process)
}

/// Tells whether a `:nowait` client must be made in the background.
fn is_slow(spec: &Spec) -> bool {
    spec.role.is_nowait() && matches!(spec.endpoint, Endpoint::Internet { .. })
}

fn find_buffer(inner: &Inner, setting: &BufferSetting) -> Result<Option<Buffer>, Error> {
    match setting {
        BufferSetting::Named(name) => inner.buffers().get_or_create(name).map(Some),
        BufferSetting::Handle(value) => Ok(Buffer::from_value(value)),
        BufferSetting::None => Ok(None),
    }
}

/// A process that is in the table but not made yet; dropped, it is taken out again.
struct Unfinished {
    shared: Arc<Shared>,
    finished: bool,
}

impl Unfinished {
    fn register(
        inner: &Arc<Inner>,
        spec: &Arc<Spec>,
        callbacks: Callbacks,
        buffer: Option<Buffer>,
    ) -> Self {
        let mut registry = inner.registry();
        let vacancy = registry.vacancy(&spec.name);
        let mut machine = Machine::from_spec(spec, Arc::clone(vacancy.name()));
        let limits = inner.limits();
        machine.set_water_marks(limits.high_water, limits.low_water);
        let shared = Shared::new(inner, vacancy.id(), machine, callbacks, buffer);
        vacancy.fill(Arc::clone(&shared));
        Unfinished {
            shared,
            finished: false,
        }
    }

    fn finish(&mut self) -> Process {
        self.finished = true;
        Process::from_shared(Arc::clone(&self.shared))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.finished {
            self.shared.abandon();
            self.shared.retire();
        }
    }
}

/// As [`Network::addresses_of_async`].
pub(crate) async fn addresses(network: &Network, spec: &Spec) -> Result<Vec<Address>, Error> {
    candidates(network.inner().backend(), spec).await
}

/// Finds the addresses a spec means, in the order to try them.
async fn candidates(backend: &Backend, spec: &Spec) -> Result<Vec<Address>, Error> {
    match &spec.endpoint {
        Endpoint::Address(address) => Ok(vec![address.clone()]),
        Endpoint::Local(name) => Ok(vec![Address::Local(name.clone())]),
        Endpoint::Internet {
            host,
            service,
            family,
        } => {
            let query = Query::new(host.clone(), service.clone())
                .family(*family)
                .kind(spec.kind)
                .passive(spec.role.is_server());
            backend
                .resolve(&query)
                .await
                .map_err(|cause| Error::Lookup {
                    what: sought(&spec.endpoint),
                    cause,
                })
        }
    }
}

/// Opens the socket of a server, or takes the one the service manager passed in.
async fn open_server(
    backend: &Backend,
    spec: &Spec,
    backlog: i32,
) -> Result<(Socket, Address), Error> {
    if spec.use_external_socket
        && let Ok(Some(passed)) = backend.take_passed_socket()
    {
        return Ok((passed.socket, passed.address));
    }
    let addresses = candidates(backend, spec).await?;
    let options = BindOptions {
        options: spec.options.clone(),
        reuse_address: !spec.reuse_address_given,
    };
    // Of several addresses a server takes the first, as in Emacs.
    let Some(address) = addresses.first() else {
        return Err(no_address(spec));
    };
    let opened = match spec.kind {
        Kind::Datagram => backend.bind_datagram(address, &options),
        kind => backend.listen(kind, address, backlog, &options),
    };
    let socket = opened.map_err(|cause| Error::Open {
        cause,
        server: true,
        arguments: spec.arguments.to_value(),
    })?;
    let local = socket.local_address().unwrap_or_else(|_| address.clone());
    Ok((socket, local))
}

async fn open_datagram_client(
    backend: &Backend,
    shared: &Arc<Shared>,
    spec: &Spec,
) -> Result<(), Error> {
    let addresses = candidates(backend, spec).await?;
    let Some(remote) = addresses.first() else {
        return Err(no_address(spec));
    };
    let socket = backend
        .open_datagram(remote.family(), &spec.options)
        .map_err(|cause| Error::Open {
            cause,
            server: false,
            arguments: spec.arguments.to_value(),
        })?;
    let local = socket.local_address().unwrap_or_else(|_| remote.clone());
    shared.adopt_datagram_client(socket, local, remote.clone());
    Ok(())
}

fn no_address(spec: &Spec) -> Error {
    // The resolver said yes and named nothing: the same as an unknown name.
    Error::Lookup {
        what: sought(&spec.endpoint),
        cause: LookupError::from_code(NO_NAME),
    }
}

/// Returns what was looked up, as the message of a failure names it.
fn sought(endpoint: &Endpoint) -> String {
    match endpoint {
        // Emacs asks for port 0 then.
        Endpoint::Internet {
            service: Service::Any,
            ..
        } => format!("{}/0", host_of(endpoint)),
        Endpoint::Internet { service, .. } => format!("{}/{service}", host_of(endpoint)),
        Endpoint::Address(address) => address.to_string(),
        Endpoint::Local(name) => Address::Local(name.clone()).to_string(),
    }
}

/// Looks the host up and connects, racing its addresses.
async fn connect_client(
    backend: &Backend,
    shared: &Arc<Shared>,
    spec: &Spec,
) -> Result<Connected, Error> {
    let addresses = candidates(backend, spec).await?;
    let observed = Arc::downgrade(shared);
    let options = ConnectOptions {
        on_attempt: Some(Arc::new(move |attempt| {
            if let (Attempt::Started(remote), Some(shared)) = (attempt, observed.upgrade()) {
                let mut state = shared.lock();
                shared.handle(
                    &mut state,
                    Input::AddressTried {
                        remote: remote.clone(),
                        local: None,
                    },
                );
            }
        })),
        ..ConnectOptions::new(spec.options.clone())
    };
    backend
        .connect(spec.kind, addresses, &options)
        .await
        .map_err(|cause| Error::Connect {
            cause,
            arguments: spec.arguments.to_value(),
        })
}

/// What a client is connected with: nothing of the network but this, so that a network that is
/// dropped meanwhile is gone.
struct Connector {
    backend: Backend,
    tls: Option<Parameters>,
    clients: Arc<Clients>,
    handshake_limit: Duration,
}

impl Connector {
    fn new(inner: &Inner, tls: Option<Parameters>) -> Self {
        Connector {
            backend: inner.backend().clone(),
            tls,
            clients: Arc::clone(inner.tls_clients()),
            handshake_limit: inner.limits().handshake,
        }
    }

    /// Makes a connection, encrypted if it is to be; with the addresses of both ends.
    async fn connect(
        self,
        shared: &Arc<Shared>,
        spec: &Spec,
    ) -> Result<(Link, Address, Address), Error> {
        // First, since files that are of no use are no reason to connect.
        let client = match self.tls {
            Some(parameters) => Some(self.clients.client(parameters).await?),
            None => None,
        };
        let Connected {
            socket,
            local,
            remote,
        } = connect_client(&self.backend, shared, spec).await?;
        let link = match client {
            Some(client) => {
                let deadline = Patience::lasting(self.handshake_limit);
                let handshake = client.connect(Pipe::new(socket)).deadline(deadline);
                Link::Secure(Box::new(Session::new(handshake.await?)))
            }
            None => Link::Plain(socket),
        };
        Ok((link, local, remote))
    }
}

/// Makes the connection of a `:nowait` client, then has it served.
async fn connect_in_background(connector: Connector, shared: Arc<Shared>, spec: Arc<Spec>) {
    let connecting = async {
        if spec.kind == Kind::Datagram {
            open_datagram_client(&connector.backend, &shared, &spec).await
        } else {
            let (link, local, remote) = connector.connect(&shared, &spec).await?;
            shared.adopt_connection(link, local, remote);
            Ok(())
        }
    };
    // A process that is deleted meanwhile gives the attempt up, its sockets included.
    let deleted = async {
        shared.wait_until_connected().await;
        Ok(())
    };
    if let Err(error) = future::or(connecting, deleted).await {
        let mut state = shared.lock();
        match &error {
            Error::Lookup { cause, .. } => {
                let host = host_of(&spec.endpoint);
                let text = cause.text();
                shared.handle(
                    &mut state,
                    Input::LookupFailed {
                        host: &host,
                        text: &text,
                    },
                );
            }
            other => {
                let failure = failure_of(other);
                shared.handle(&mut state, Input::ConnectFailed(failure));
            }
        }
    }
    shared.notify();
    if let Some(inner) = shared.inner() {
        inner.roster().admit(&Process::from_shared(shared));
    }
}

/// Returns the host as messages name it: this one by its address.
fn host_of(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Internet {
            host: Host::Local,
            family: Some(Family::Ipv6 | Family::Raw(IPV6)),
            ..
        } => Ipv6Addr::LOCALHOST.to_string(),
        Endpoint::Internet {
            host: Host::Local, ..
        } => Ipv4Addr::LOCALHOST.to_string(),
        Endpoint::Internet { host, .. } => host.to_string(),
        _ => String::new(),
    }
}

fn failure_of(error: &Error) -> Failure {
    if let Error::Tls(error) = error {
        return traffic::failure_of(error);
    }
    let errno = match error {
        Error::Connect { cause, .. } => cause.cause().code(),
        Error::Open { cause, .. } => cause.cause().code(),
        _ => 0,
    };
    if errno == 0 {
        Failure::Other {
            reason: error.to_string(),
            code: None,
        }
    } else {
        Failure::System { errno }
    }
}

/// Looks up the addresses of a host, each with port 0.
pub(crate) async fn lookup_addresses(
    network: &Network,
    host: &str,
    family: Option<Family>,
) -> Result<Vec<Address>, Error> {
    let query = Query::new(Host::Name(host.into()), Service::Port(0)).family(family);
    network
        .inner()
        .backend()
        .resolve(&query)
        .await
        .map_err(|cause| Error::Lookup {
            what: format!("{host}/0"),
            cause,
        })
}
