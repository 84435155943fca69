//! Where a server is reached: a port of loopback, or a path.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::service::Transport;

/// Where one server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Place {
    /// A port of 127.0.0.1.
    Port(u16),
    /// The path of a socket.
    Path(PathBuf),
}

static PATHS: AtomicUsize = AtomicUsize::new(0);

impl Place {
    /// Returns one that nobody has yet.
    ///
    /// # Errors
    ///
    /// When the system has no port left.
    pub fn free(transport: Transport) -> io::Result<Self> {
        if transport.is_local() {
            return Ok(Place::Path(socket_path("server")));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Place::Port(listener.local_addr()?.port()))
    }

    /// Returns the place that a word on a command line means.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word.parse() {
            Ok(port) => Place::Port(port),
            Err(_) => Place::Path(word.into()),
        }
    }

    /// Returns the address of a port.
    ///
    /// # Errors
    ///
    /// When it is a path.
    pub fn address(&self) -> io::Result<SocketAddr> {
        match self {
            Place::Port(port) => Ok((Ipv4Addr::LOCALHOST, *port).into()),
            Place::Path(_) => Err(io::ErrorKind::AddrNotAvailable.into()),
        }
    }

    /// Returns the path.
    ///
    /// # Errors
    ///
    /// When it is a port.
    pub fn path(&self) -> io::Result<&Path> {
        match self {
            Place::Path(path) => Ok(path),
            Place::Port(_) => Err(io::ErrorKind::AddrNotAvailable.into()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Port(port) => write!(formatter, "{port}"),
            Place::Path(path) => write!(formatter, "{}", path.display()),
        }
    }
}

/// Returns a path for a socket that no other socket of this run has.
pub(crate) fn socket_path(whose: &str) -> PathBuf {
    let number = PATHS.fetch_add(1, Ordering::Relaxed);
    let name = format!("netproc-bench-{}-{whose}-{number}", std::process::id());
    std::env::temp_dir().join(name)
}
