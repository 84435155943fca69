//! The table as data: which programs meet, over which version, and what is looked at.

use crate::Outcome;

use super::cell::Cell;
use super::check;
use super::peer::{Peer, Trust, Version, gnutls_cli, gnutls_serv, ours, s_client, s_server};

/// One column: something that a session can do.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Cell<'_>) -> Outcome,
    /// Whether it means something where nobody has a certificate, and where someone has.
    pub(crate) anonymous: bool,
    pub(crate) certificates: bool,
    /// Whether it takes seconds.
    pub(crate) long: bool,
}

/// The columns, in their order.
pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "verified",
        run: check::verified::run,
        anonymous: false,
        certificates: true,
        long: false,
    },
    Check {
        name: "client certificate",
        run: check::client_certificate::run,
        anonymous: false,
        certificates: true,
        long: false,
    },
    Check {
        name: "anonymous",
        run: check::anonymous::run,
        anonymous: true,
        certificates: false,
        long: false,
    },
    Check {
        name: "ALPN",
        run: check::protocol::run,
        anonymous: true,
        certificates: true,
        long: false,
    },
    Check {
        name: "resumption",
        run: check::resumption::run,
        // Our anonymous sessions are never resumed.
        anonymous: false,
        certificates: true,
        long: false,
    },
    Check {
        name: "100 MB both ways",
        run: check::volume::run,
        anonymous: true,
        certificates: true,
        long: true,
    },
    Check {
        name: "half-close",
        run: check::half_close::run,
        anonymous: true,
        certificates: true,
        long: false,
    },
];

/// The programs that ours meet.
pub(crate) const PEERS: &[&Peer] = &[
    &gnutls_serv::PEER,
    &s_server::PEER,
    &gnutls_cli::PEER,
    &s_client::PEER,
];

/// One row: a program, and the terms it meets ours under.
pub(crate) struct Row {
    pub(crate) peer: &'static Peer,
    pub(crate) version: Version,
    pub(crate) trust: Trust,
}

/// Returns all rows.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for peer in PEERS {
        for version in [Version::Tls12, Version::Tls13] {
            rows.push(Row {
                peer,
                version,
                trust: Trust::Certificates,
            });
        }
    }
    for peer in PEERS.iter().filter(|peer| !peer.words.anonymous.is_empty()) {
        // TLS 1.3 has no such key exchange.
        for exchange in ["ANON-ECDH", "ANON-DH"] {
            rows.push(Row {
                peer,
                version: Version::Tls12,
                trust: Trust::Anonymous(exchange),
            });
        }
    }
    rows
}

impl Row {
    /// Returns the end that connects.
    pub(crate) fn client(&self) -> &'static Peer {
        if self.peer.is_client() {
            self.peer
        } else {
            &ours::CLIENT
        }
    }

    /// Returns the end that listens.
    pub(crate) fn server(&self) -> &'static Peer {
        if self.peer.is_client() {
            &ours::SERVER
        } else {
            self.peer
        }
    }

    /// Returns the columns that name the row.
    pub(crate) fn names(&self) -> [&'static str; 4] {
        let trust = match self.trust {
            Trust::Certificates => "certificates",
            Trust::Anonymous(exchange) => exchange,
        };
        let ours = if self.peer.is_client() {
            "server"
        } else {
            "client"
        };
        [ours, self.peer.name, self.version.number(), trust]
    }

    /// Says whether `check` means something in this row.
    pub(crate) fn has(&self, check: &Check) -> bool {
        match self.trust {
            Trust::Certificates => check.certificates,
            Trust::Anonymous(_) => check.anonymous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_meets_ours_over_both_versions() {
        let rows = rows();
        for peer in PEERS {
            for version in [Version::Tls12, Version::Tls13] {
                let row = rows.iter().find(|row| {
                    row.peer.name == peer.name
                        && row.version == version
                        && row.trust == Trust::Certificates
                });
                let checks = CHECKS.iter().filter(|check| row.unwrap().has(check));
                assert_eq!(checks.count(), 6);
            }
        }
    }
}
