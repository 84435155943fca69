//! Our own ends: a small program on the library, told by `:tls-parameters` what to do.

use std::path::Path;
use std::process::Command;

use super::{
    PROTOCOL, Peer, Places, Port, Resumption, Role, Sessions, Terms, Traffic, Trust, Version, Words,
};
use crate::interop::certificates::Identity;

/// What our end says of a session that resumes no other.
pub(crate) const NEW: &str = "resumed nil";

/// What our client says when it has sent its end before it has read anything.
pub(crate) const ENDED_FIRST: &str = "our end after 0 bytes";

/// What our ends say when the other end has ended, and was not cut off.
pub(crate) const OTHER_END: &str = "the other end";

/// What our ends say when the other is gone without having ended.
pub(crate) const CUT: &str = "without the end of the TLS session";

/// How the words of our end about a session begin, when there is one.
pub(crate) fn opened(version: Version) -> String {
    format!("open TLS{}", version.number())
}

/// What both of our ends say.
const WORDS: Words = Words {
    trusts: "open TLS",
    wrong_host: "it is for localhost",
    refused: "did not accept our certificate",
    knows_client: "peer CN=interop client",
    misses_certificate: "the peer showed no certificate, and one is required",
    wanted_certificate: "the peer wants a client certificate",
    protocol: "protocol h2",
    resumed: "resumed t",
    anonymous: "exchange ANON-",
    other_end: OTHER_END,
};

/// Our client.
pub(crate) const CLIENT: Peer = Peer {
    name: "netproc client",
    package: None,
    role: Role::Client {
        command: client,
        resumption: Resumption::OneRun,
        reads_on: true,
        answers_end: true,
    },
    words: WORDS,
    half_close: "",
};

/// Our server.
pub(crate) const SERVER: Peer = Peer {
    name: "netproc server",
    package: None,
    role: Role::Server {
        command: server,
        port: Port::After("port "),
        echoes: false,
        odd_refusal: None,
    },
    words: WORDS,
    half_close: "",
};

fn client(terms: &Terms, places: Places<'_>, port: u16) -> Command {
    let mut command = Command::new(places.ours);
    command.args(["client", &port.to_string()]);
    let certificates = places.certificates;
    let mut list = List::new(terms);
    if terms.trust == Trust::Certificates {
        list.put(":hostname", &quoted(terms.host));
        list.put(
            ":trustfiles",
            &format!("({})", name(&certificates.authority)),
        );
    }
    if terms.shows {
        list.identity(&certificates.client);
    }
    command.arg(list.finish());
    if terms.sessions == Sessions::Two {
        command.arg("twice");
    }
    if matches!(terms.traffic, Traffic::Late | Traffic::Page(_)) {
        command.arg("late");
    }
    command
}

/// It listens on a port of the system's choice, and says which.
fn server(terms: &Terms, places: Places<'_>, _: u16) -> Command {
    let mut command = Command::new(places.ours);
    command.arg("server");
    let certificates = places.certificates;
    let mut list = List::new(terms);
    if terms.trust == Trust::Certificates {
        list.identity(&certificates.server);
    }
    if terms.asks {
        list.put(
            ":trustfiles",
            &format!("({})", name(&certificates.authority)),
        );
    }
    command.arg(list.finish());
    command
}

/// The value of `:tls-parameters`.
///
/// Nothing in it says which version is meant: the other end offers one, and ours takes it.
struct List(String);

impl List {
    fn new(terms: &Terms) -> Self {
        let kind = match terms.trust {
            Trust::Certificates => "gnutls-x509pki",
            Trust::Anonymous(_) => "gnutls-anon",
        };
        let mut list = Self(format!("({kind}"));
        if terms.protocol {
            // The other end knows the second alone.
            list.put(":alpn-protocols", &format!("(\"imap\" \"{PROTOCOL}\")"));
        }
        list
    }

    fn put(&mut self, keyword: &str, value: &str) {
        for word in [" ", keyword, " ", value] {
            self.0.push_str(word);
        }
    }

    fn identity(&mut self, identity: &Identity) {
        let (key, certificate) = (name(&identity.key), name(&identity.certificate));
        self.put(":keylist", &format!("(({key} {certificate}))"));
    }

    fn finish(mut self) -> String {
        self.0.push(')');
        self.0
    }
}

fn name(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
