//! `openssl s_server`: joins a session to its standard input and output, or answers with a file.

use std::process::Command;

use super::{PROTOCOL, Peer, Places, Port, Role, Terms, Traffic, Trust, Version, Words, suites};

/// The server of OpenSSL.
pub(crate) const PEER: Peer = Peer {
    name: "openssl s_server",
    package: Some("openssl"),
    role: Role::Server {
        command,
        port: Port::After("ACCEPT 127.0.0.1:"),
        echoes: false,
        odd_refusal: None,
    },
    words: Words {
        trusts: "",
        wrong_host: "",
        refused: "alert certificate unknown",
        knows_client: "subject=CN=interop client",
        misses_certificate: "peer did not return a certificate",
        wanted_certificate: "",
        protocol: "ALPN protocols selected: h2",
        resumed: "Reused session-id",
        anonymous: "CIPHER is A",
        other_end: "DONE",
    },
    half_close: "16 MiB of its answer arrive after our end; it says that our end has come, and ends in turn",
};

/// It listens on a port of its own choice, and says which.
fn command(terms: &Terms, places: Places<'_>, _: u16) -> Command {
    let mut command = Command::new("openssl");
    command.args(["s_server", "-accept", "127.0.0.1:0"]);
    command.arg(match terms.version {
        Version::Tls12 => "-tls1_2",
        Version::Tls13 => "-tls1_3",
    });
    match terms.trust {
        Trust::Certificates => {
            let server = &places.certificates.server;
            command.arg("-key").arg(&server.key);
            command.arg("-cert").arg(&server.certificate);
        }
        Trust::Anonymous(_) => {
            command.args(["-nocert", "-cipher", &suites(terms)]);
        }
    }
    if matches!(terms.traffic, Traffic::Page(_)) {
        command.arg("-WWW");
    }
    if terms.asks {
        command.args(["-Verify", "1", "-verify_return_error", "-CAfile"]);
        command.arg(&places.certificates.authority);
        // How names are written has changed from version to version.
        command.args(["-nameopt", "RFC2253"]);
    }
    if terms.protocol {
        command.args(["-alpn", PROTOCOL]);
    }
    command
}
