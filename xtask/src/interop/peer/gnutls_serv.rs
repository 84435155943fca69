//! `gnutls-serv`: sends back what comes in line by line.

use std::process::Command;

use super::{PROTOCOL, Peer, Places, Port, Role, Terms, Trust, Words, priority};

/// The server of GnuTLS.
pub(crate) const PEER: Peer = Peer {
    name: "gnutls-serv",
    package: Some("gnutls-bin"),
    role: Role::Server {
        command,
        // It says the like for IPv6, where there is any; clients here use IPv4.
        port: Port::Given("Server listening on IPv4 0.0.0.0 port"),
        echoes: true,
        odd_refusal: Some("decode error"),
    },
    words: Words {
        trusts: "",
        wrong_host: "",
        refused: "Error in handshake: A TLS fatal alert has been received.",
        knows_client: "- Status: The certificate is trusted.",
        misses_certificate: "Error in handshake: ",
        wanted_certificate: "",
        protocol: "- Application protocol: h2",
        resumed: "*** This is a resumed session",
        anonymous: "-(ANON-",
        other_end: "",
    },
    half_close: "what it sends back arrives after our end, and its end behind that",
};

fn command(terms: &Terms, places: Places<'_>, port: u16) -> Command {
    let mut command = Command::new("gnutls-serv");
    command.args(["--port", &port.to_string(), "--priority", &priority(terms)]);
    command.arg("--echo");
    if terms.trust == Trust::Certificates {
        let server = &places.certificates.server;
        command.arg("--x509keyfile").arg(&server.key);
        command.arg("--x509certfile").arg(&server.certificate);
    }
    if terms.asks {
        command.args(["--require-client-cert", "--verify-client-cert"]);
        command
            .arg("--x509cafile")
            .arg(&places.certificates.authority);
    } else {
        command.arg("--disable-client-cert");
    }
    if terms.protocol {
        command.args(["--alpn", PROTOCOL, "--alpn-fatal"]);
    }
    command
}
