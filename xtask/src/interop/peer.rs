//! What a session is made of: the programs that can be an end of it, and the terms they meet under.

pub(crate) mod gnutls_cli;
pub(crate) mod gnutls_serv;
pub(crate) mod ours;
pub(crate) mod s_client;
pub(crate) mod s_server;

use std::path::{Path, PathBuf};
use std::process::Command;

use super::certificates::{Certificates, HOST};

/// The application protocol that both ends are told to speak.
pub(crate) const PROTOCOL: &str = "h2";

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Tls12,
    Tls13,
}

impl Version {
    /// Returns the number, as everyone writes it.
    pub(crate) fn number(self) -> &'static str {
        match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
    }
}

/// What the ends trust each other by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The server has a certificate that the client verifies.
    Certificates,
    /// Nobody has any, and the keys are agreed on as the word says, in the words of GnuTLS.
    Anonymous(&'static str),
}

/// How one run of a client goes about sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sessions {
    /// It makes one.
    One,
    /// It makes one, ends it, and resumes it.
    Two,
    /// It makes one and writes it to a file.
    Kept(PathBuf),
    /// It resumes the one in the file.
    Resumed(PathBuf),
}

/// What flows through a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// A line or two.
    Talk,
    /// Many bytes, in both directions.
    Volume,
    /// The client sends, ends, and reads only then.
    Late,
    /// The same, and what is read is the file of that name.
    Page(&'static str),
}

/// What a session is to be like; every end is started by the same terms.
#[derive(Clone)]
pub(crate) struct Terms {
    pub(crate) version: Version,
    pub(crate) trust: Trust,
    /// The host that the client expects.
    pub(crate) host: &'static str,
    /// Whether the server asks for a certificate of the client.
    pub(crate) asks: bool,
    /// Whether the client shows one.
    pub(crate) shows: bool,
    /// Whether both ends name [`PROTOCOL`].
    pub(crate) protocol: bool,
    pub(crate) sessions: Sessions,
    pub(crate) traffic: Traffic,
}

impl Terms {
    /// Returns the terms of a session with nothing special about it.
    pub(crate) fn new(version: Version, trust: Trust) -> Self {
        Self {
            version,
            trust,
            host: HOST,
            asks: false,
            shows: false,
            protocol: false,
            sessions: Sessions::One,
            traffic: Traffic::Talk,
        }
    }
}

/// Where the things are that command lines name.
#[derive(Clone, Copy)]
pub(crate) struct Places<'a> {
    /// The program that is our end.
    pub(crate) ours: &'a Path,
    /// The folder of the check: programs are started in it.
    pub(crate) folder: &'a Path,
    pub(crate) certificates: &'a Certificates,
}

/// One program that can be an end of a session.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The Debian package that brings it; none for ours.
    pub(crate) package: Option<&'static str>,
    pub(crate) role: Role,
    pub(crate) words: Words,
    /// How far a half-closed session is tried with it; empty for ours.
    pub(crate) half_close: &'static str,
}

/// Which end a program is, and how it is started as that.
pub(crate) enum Role {
    /// It connects to a port of this machine.
    Client {
        command: fn(&Terms, Places<'_>, u16) -> Command,
        resumption: Resumption,
        /// Whether it reads on after it has sent its end.
        reads_on: bool,
        /// Whether it answers our end with its own; others cut the connection.
        answers_end: bool,
    },
    /// It listens on a port of this machine.
    Server {
        command: fn(&Terms, Places<'_>, u16) -> Command,
        /// How it says that it listens.
        port: Port,
        /// Whether it sends back what it receives; others send their standard input.
        echoes: bool,
        /// What it tells a client of TLS 1.2 that shows no certificate, where it does not say so.
        odd_refusal: Option<&'static str>,
    },
}

/// How a client resumes a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resumption {
    /// Within one run.
    OneRun,
    /// By a file from one run to the next.
    File,
}

/// How the port of a server is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// The server chooses and says it after these words.
    After(&'static str),
    /// It is told one, and listens when it has said these words on a whole line.
    Given(&'static str),
}

/// What a program says when something has happened; empty where it says nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Words {
    /// A client: the server's certificate is good.
    pub(crate) trusts: &'static str,
    /// A client: it is for another host.
    pub(crate) wrong_host: &'static str,
    /// A server: the client did not like the certificate.
    pub(crate) refused: &'static str,
    /// A server: the client's certificate is good.
    pub(crate) knows_client: &'static str,
    /// A server: the client has none.
    pub(crate) misses_certificate: &'static str,
    /// A client: the server wants one.
    pub(crate) wanted_certificate: &'static str,
    /// Both ends agreed on [`PROTOCOL`].
    pub(crate) protocol: &'static str,
    /// The session is resumed.
    pub(crate) resumed: &'static str,
    /// Keys were agreed on without certificates.
    pub(crate) anonymous: &'static str,
    /// The other end has ended, as TLS has it and not by a cut.
    pub(crate) other_end: &'static str,
}

impl Peer {
    /// Says whether this program is the end that connects.
    pub(crate) fn is_client(&self) -> bool {
        matches!(self.role, Role::Client { .. })
    }
}

/// Returns the priority string of GnuTLS for `terms`, which our end understands as well.
fn priority(terms: &Terms) -> String {
    let version = format!("NORMAL:-VERS-ALL:+VERS-TLS{}", terms.version.number());
    match terms.trust {
        Trust::Certificates => version,
        Trust::Anonymous(exchange) => format!("{version}:-KX-ALL:+{exchange}"),
    }
}

/// Returns the anonymous suites of `terms` for OpenSSL, which has them where nothing else is asked
/// for than that the other end has them too.
fn suites(terms: &Terms) -> String {
    let family = match terms.trust {
        Trust::Anonymous("ANON-ECDH") => "AECDH",
        Trust::Anonymous(_) => "ADH",
        Trust::Certificates => "DEFAULT",
    };
    format!("{family}:@SECLEVEL=0")
}
