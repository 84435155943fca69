//! What a peer showed and what was agreed with it.

use netproc_lisp::Value;
use rustls::pki_types::UnixTime;
use rustls::{CommonState, HandshakeKind, NamedGroup, ProtocolVersion};

use crate::error::warnings_of;
use crate::priority::parts;
use crate::stream::Facts;
use crate::{Certificate, Cipher, Group, KeyExchange, Mac, Problem, Version, Warning};

/// The state of a session, with everything that the peer showed.
#[doc(alias = "gnutls-peer-status")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerStatus {
    /// What is wrong with the certificate, in Emacs's order; empty when all is well.
    pub warnings: Vec<Warning>,
    /// The same in detail. A certificate that is trusted itself and self-signed is a warning and
    /// no problem.
    pub problems: Vec<Problem>,
    /// The certificates, the peer's own first; empty for a client that showed none, and in an
    /// anonymous session.
    pub certificates: Vec<Certificate>,
    /// The version of TLS.
    pub protocol: Option<Version>,
    /// The cipher.
    pub cipher: Option<Cipher>,
    /// The key exchange of TLS 1.2; none with TLS 1.3, where the suite does not say it.
    pub key_exchange: Option<KeyExchange>,
    /// How records are authenticated.
    pub mac: Option<Mac>,
    /// Whether records are encrypted before they are authenticated (RFC 7366), which makes a
    /// difference for chained blocks alone.
    pub encrypts_then_macs: bool,
    /// Whether both sides know how to renegotiate safely (RFC 5746); always with TLS 1.3.
    pub safe_renegotiation: bool,
    /// The length in bits of the prime of an anonymous key exchange without curves.
    pub prime_bits: Option<u32>,
    /// The group in which the keys were agreed; none for a resumed session of TLS 1.2, and for
    /// the server of an anonymous session.
    pub group: Option<Group>,
    /// The application protocol that was agreed.
    pub application_protocol: Option<Vec<u8>>,
    /// Whether an earlier session was resumed. [`to_value`](Self::to_value) leaves it out, since
    /// Emacs has no key for it.
    pub resumed: bool,
    /// The host that a client asked a server for; none on the client's side.
    pub requested_host: Option<String>,
}

impl PeerStatus {
    pub(crate) fn new(session: &CommonState, facts: &Facts, requested: Option<&str>) -> Self {
        let chain = session.peer_certificates().unwrap_or_default();
        let problems = if chain.is_empty() {
            Vec::new()
        } else {
            facts
                .examiner
                .examine(chain, facts.name.as_ref(), UnixTime::now())
        };
        let certificates = Certificate::all_from(chain);
        let mut warnings = warnings_of(&problems);
        let self_signed = certificates
            .first()
            .is_some_and(|own| own.issuer == own.subject);
        if self_signed && !warnings.contains(&Warning::SelfSigned) {
            warnings.insert(0, Warning::SelfSigned);
        }
        let suite = session
            .negotiated_cipher_suite()
            .and_then(|suite| parts(suite.suite()));
        Self {
            warnings,
            problems,
            certificates,
            protocol: session.protocol_version().and_then(version),
            cipher: suite.map(|(cipher, _)| cipher),
            key_exchange: suite.and_then(|(_, exchange)| exchange),
            mac: suite.map(|_| Mac::Aead),
            encrypts_then_macs: false,
            // rustls does not renegotiate at all, and tells its peers so.
            safe_renegotiation: true,
            prime_bits: None,
            group: session
                .negotiated_key_exchange_group()
                .and_then(|group| group_of(group.name())),
            application_protocol: session.alpn_protocol().map(<[u8]>::to_vec),
            resumed: session.handshake_kind() == Some(HandshakeKind::Resumed),
            requested_host: requested.map(str::to_owned),
        }
    }

    /// Returns whether the handshake resumed an earlier session: no certificate was sent then, and
    /// those that are shown here are the ones of that session.
    pub fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Returns the property list of `gnutls-peer-status`, with its keys in Emacs's order.
    ///
    /// `:key-exchange` of TLS 1.3 is `"ECDHE-RSA"`, which is what GnuTLS calls it.
    pub fn to_value(&self) -> Value {
        let mut list = Vec::new();
        let mut put = |key: &str, value: Value| list.extend([Value::keyword(key), value]);
        if !self.warnings.is_empty() {
            put(
                ":warnings",
                Value::list(self.warnings.iter().copied().map(Value::from)),
            );
        }
        if let Some(own) = self.certificates.first() {
            let all = self.certificates.iter().map(Certificate::to_value);
            put(":certificates", Value::list(all));
            put(":certificate", own.to_value());
        }
        if let Some(bits) = self.prime_bits {
            put(":diffie-hellman-prime-bits", Value::from(bits));
        }
        let exchange = self.key_exchange.unwrap_or(KeyExchange::EcdheRsa);
        put(":key-exchange", Value::from(exchange.to_string()));
        let text = |word: Option<String>| Value::from(word);
        put(":protocol", text(self.protocol.map(|it| it.to_string())));
        put(":cipher", text(self.cipher.map(|it| it.to_string())));
        put(":mac", text(self.mac.map(|it| it.to_string())));
        put(":encrypt-then-mac", Value::from(self.encrypts_then_macs));
        if self.protocol == Some(Version::Tls12) {
            put(":safe-renegotiation", Value::from(self.safe_renegotiation));
        }
        Value::list(list)
    }
}

fn version(version: ProtocolVersion) -> Option<Version> {
    match version {
        ProtocolVersion::TLSv1_2 => Some(Version::Tls12),
        ProtocolVersion::TLSv1_3 => Some(Version::Tls13),
        _ => None,
    }
}

fn group_of(name: NamedGroup) -> Option<Group> {
    match name {
        NamedGroup::X25519MLKEM768 => Some(Group::X25519MlKem768),
        NamedGroup::X25519 => Some(Group::X25519),
        NamedGroup::secp256r1 => Some(Group::Secp256r1),
        NamedGroup::secp384r1 => Some(Group::Secp384r1),
        _ => None,
    }
}
