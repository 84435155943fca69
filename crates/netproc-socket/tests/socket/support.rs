//! What every test needs: a time limit, addresses, connected pairs.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_lite::future;
use netproc_address::{Address, Kind, LocalName};
use netproc_socket::{Backend, BindOptions, ConnectOptions, Received, Socket};

/// Runs a future on this thread; a test that hangs fails instead.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let limit = async {
        async_io::Timer::after(Duration::from_secs(60)).await;
        panic!("the test took too long");
    };
    async_io::block_on(future::or(test, limit))
}

/// The backend under test.
pub(crate) fn system() -> Backend {
    Backend::system()
}

/// Reads an Internet address such as `127.0.0.1:0`.
pub(crate) fn internet(text: &str) -> Address {
    text.parse::<SocketAddr>()
        .expect("an Internet address")
        .into()
}

/// Makes the address of a file in a folder.
pub(crate) fn path(folder: &tempfile::TempDir, name: &str) -> Address {
    let path = folder.path().join(name);
    let name = LocalName::path(path.as_os_str().as_encoded_bytes()).expect("a short path");
    Address::Local(name)
}

/// Makes an abstract name that no other test has.
pub(crate) fn abstract_name(name: &str) -> Address {
    let name = format!("netproc-test-{}-{name}", std::process::id());
    Address::Local(LocalName::abstract_name(name).expect("a short name"))
}

/// Listens with the defaults.
pub(crate) fn listen(kind: Kind, address: &Address) -> Socket {
    let options = BindOptions::default();
    system()
        .listen(kind, address, 5, &options)
        .expect("a listener")
}

/// Connects with the defaults.
pub(crate) async fn connect(kind: Kind, address: &Address) -> Socket {
    let options = ConnectOptions::default();
    let connected = system()
        .connect(kind, vec![address.clone()], &options)
        .await;
    connected.expect("a connection").socket
}

/// Makes two connected sockets over `address`: the client and what was accepted.
pub(crate) async fn pair(kind: Kind, address: &Address) -> (Socket, Socket) {
    let server = listen(kind, address);
    let client = connect(kind, &server.local_address().expect("an address")).await;
    let (accepted, _peer) = accept(&server).await.expect("a client");
    (client, accepted)
}

/// Waits for a client.
pub(crate) async fn accept(server: &Socket) -> io::Result<(Socket, Address)> {
    again(|| server.try_accept(), || server.readable()).await
}

/// Waits for bytes; empty at the end.
pub(crate) async fn read(socket: &Socket) -> io::Result<Vec<u8>> {
    let mut buffer = [0; 4096];
    let length = again(|| socket.try_read(&mut buffer), || socket.readable()).await?;
    Ok(buffer[..length].to_vec())
}

/// Waits for a message of at most `limit` bytes.
pub(crate) async fn receive(
    socket: &Socket,
    limit: usize,
) -> io::Result<Option<(Vec<u8>, Received)>> {
    let mut buffer = vec![0; limit];
    let received = again(|| socket.try_receive(&mut buffer), || socket.readable()).await?;
    Ok(received.map(|received| (buffer[..received.length].to_vec(), received)))
}

/// Calls until the answer is not that it would block.
pub(crate) async fn again<T, W: Future<Output = io::Result<()>>>(
    mut call: impl FnMut() -> io::Result<T>,
    mut wait: impl FnMut() -> W,
) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait().await?,
            result => return result,
        }
    }
}

/// Tells whether the system has IPv6; where it has not, says so.
pub(crate) fn has_ipv6() -> bool {
    let usable = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !usable {
        eprintln!("this machine has no IPv6; it is not tested");
    }
    usable
}

/// Tells whether the system knows service names; where it must, in CI, their absence is a failure.
pub(crate) fn knows_services() -> bool {
    let known = std::path::Path::new("/etc/services").exists();
    if !known {
        let missing = "/etc/services is missing (Debian package netbase)";
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("{missing}; service names are not tested");
    }
    known
}
