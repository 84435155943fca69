//! `openssl s_client`: joins a session to its standard input and output.

use std::process::Command;

use super::{
    PROTOCOL, Peer, Places, Resumption, Role, Sessions, Terms, Traffic, Trust, Version, Words,
    suites,
};

/// The client of OpenSSL.
pub(crate) const PEER: Peer = Peer {
    name: "openssl s_client",
    package: Some("openssl"),
    role: Role::Client {
        command,
        resumption: Resumption::File,
        // It throws away what comes after its own end.
        reads_on: false,
        answers_end: true,
    },
    words: Words {
        trusts: "Verified peername: localhost",
        wrong_host: "hostname mismatch",
        refused: "",
        knows_client: "",
        misses_certificate: "",
        wanted_certificate: "alert certificate required",
        protocol: "ALPN protocol: h2",
        resumed: "Reused, TLSv",
        anonymous: "Cipher is A",
        other_end: "closed",
    },
    half_close: "its end reaches us, and ours reaches it; what comes after its own it would throw away",
};

fn command(terms: &Terms, places: Places<'_>, port: u16) -> Command {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &format!("127.0.0.1:{port}")]);
    command.arg(match terms.version {
        Version::Tls12 => "-tls1_2",
        Version::Tls13 => "-tls1_3",
    });
    match terms.trust {
        Trust::Certificates => {
            command.args(["-servername", terms.host, "-verify_hostname", terms.host]);
            command.args(["-verify_return_error", "-CAfile"]);
            command.arg(&places.certificates.authority);
        }
        Trust::Anonymous(_) => {
            command.args(["-cipher", &suites(terms)]);
        }
    }
    if terms.shows {
        let client = &places.certificates.client;
        command.arg("-key").arg(&client.key);
        command.arg("-cert").arg(&client.certificate);
    }
    if terms.protocol {
        command.args(["-alpn", PROTOCOL]);
    }
    if terms.traffic == Traffic::Volume {
        // Otherwise it prints the tickets of TLS 1.3 among what it receives.
        command.arg("-quiet");
    }
    match &terms.sessions {
        Sessions::Kept(file) => command.arg("-sess_out").arg(file),
        Sessions::Resumed(file) => command.arg("-sess_in").arg(file),
        Sessions::One | Sessions::Two => &mut command,
    };
    command
}
