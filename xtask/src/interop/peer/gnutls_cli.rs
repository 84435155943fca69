//! `gnutls-cli`: joins a session to its standard input and output.

use std::process::Command;

use super::{PROTOCOL, Peer, Places, Resumption, Role, Sessions, Terms, Trust, Words, priority};

/// The client of GnuTLS.
pub(crate) const PEER: Peer = Peer {
    name: "gnutls-cli",
    package: Some("gnutls-bin"),
    role: Role::Client {
        command,
        resumption: Resumption::OneRun,
        reads_on: true,
        answers_end: false,
    },
    words: Words {
        trusts: "- Status: The certificate is trusted.",
        wrong_host: "The name in the certificate does not match the expected.",
        refused: "",
        knows_client: "",
        misses_certificate: "",
        wanted_certificate: "Received alert [116]: Certificate is required",
        protocol: "- Application protocol: h2",
        resumed: "*** This is a resumed session",
        anonymous: "-(ANON-",
        other_end: "- Peer has closed the GnuTLS connection",
    },
    half_close: "its end, then bytes of ours that it prints, then our end; after ours alone it cuts the connection, which our server says",
};

fn command(terms: &Terms, places: Places<'_>, port: u16) -> Command {
    let mut command = Command::new("gnutls-cli");
    command.args(["--port", &port.to_string(), "--priority", &priority(terms)]);
    if terms.trust == Trust::Certificates {
        command.args(["--verify-hostname", terms.host]);
        command.args(["--sni-hostname", terms.host]);
        command
            .arg("--x509cafile")
            .arg(&places.certificates.authority);
    }
    if terms.shows {
        let client = &places.certificates.client;
        command.arg("--x509keyfile").arg(&client.key);
        command.arg("--x509certfile").arg(&client.certificate);
    }
    if terms.protocol {
        command.args(["--alpn", PROTOCOL]);
    }
    if terms.sessions == Sessions::Two {
        // With TLS 1.3 there is nothing to resume before the server has sent a ticket.
        command.args(["--resume", "--waitresumption"]);
    }
    command.arg("127.0.0.1");
    command
}
