//! Sessions without certificates, which rustls does not have: OpenSSL over the same byte pipe.
//!
//! OpenSSL reads from and writes to memory; this module moves bytes between that memory and the
//! pipe. So nothing here blocks, and there is one place that waits.

mod explain;
mod hello;
mod session;
mod tank;

use openssl::bn::BigNum;
use openssl::dh::Dh;
use openssl::error::ErrorStack;
use openssl::pkey::Params;
use openssl::ssl::{
    AlpnError, Ssl, SslContext, SslContextBuilder, SslMethod, SslMode, SslOptions,
    SslSessionCacheMode, SslVerifyMode, SslVersion,
};
use rustls::pki_types::ServerName;

use crate::{Error, Group, Parameters};

pub(crate) use self::session::Session;

/// What is the same for all anonymous sessions of one client or server.
pub(crate) struct Engine {
    context: SslContext,
    /// The least length in bits of a peer's prime.
    minimum: u32,
    /// The length of our own prime; none for a client, which takes the server's.
    prime: Option<u32>,
}

impl Engine {
    /// Makes what a client opens with.
    pub(crate) fn client(parameters: &Parameters) -> Result<Self, Error> {
        let make = || -> Result<SslContext, ErrorStack> {
            let mut builder = builder(SslMethod::tls_client(), parameters)?;
            let protocols: Vec<u8> = wire(&parameters.alpn);
            if !protocols.is_empty() {
                builder.set_alpn_protos(&protocols)?;
            }
            Ok(builder.build())
        };
        Ok(Self {
            context: make().map_err(|error| unusable(&error))?,
            minimum: minimum(parameters),
            prime: None,
        })
    }

    /// Makes what a server answers with.
    pub(crate) fn server(parameters: &Parameters) -> Result<Self, Error> {
        let minimum = minimum(parameters);
        let make = |bits, prime: &Dh<Params>| -> Result<Self, ErrorStack> {
            let mut builder = builder(SslMethod::tls_server(), parameters)?;
            builder.set_tmp_dh(prime)?;
            if parameters.priority.server_precedence() {
                builder.set_options(SslOptions::CIPHER_SERVER_PREFERENCE);
            }
            let own = parameters.alpn.clone();
            if !own.is_empty() {
                builder.set_alpn_select_callback(move |_, offered| {
                    agreed(&own, offered).ok_or(AlpnError::ALERT_FATAL)
                });
            }
            Ok(Self {
                context: builder.build(),
                minimum,
                prime: Some(bits),
            })
        };
        let Some((bits, prime)) = PRIMES.iter().find(|(bits, _)| *bits >= minimum) else {
            return Err(Error::Unsupported {
                keyword: ":min-prime-bits",
                value: minimum.to_string(),
                instead: "the longest prime of a server has 8192 bits",
            });
        };
        let prime = prime().and_then(|prime| Dh::from_pqg(prime, None, BigNum::from_u32(2)?));
        prime
            .and_then(|prime| make(*bits, &prime))
            .map_err(|error| unusable(&error))
    }

    /// Returns a session that has not begun; a client's asks for `name`, unless it is an address.
    fn begin(&self, name: Option<&ServerName<'_>>) -> Result<Ssl, ErrorStack> {
        let mut ssl = Ssl::new(&self.context)?;
        if self.prime.is_some() {
            ssl.set_accept_state();
            return Ok(ssl);
        }
        ssl.set_connect_state();
        if let Some(ServerName::DnsName(name)) = name {
            ssl.set_hostname(name.as_ref())?;
        }
        Ok(ssl)
    }
}

type Prime = fn() -> Result<BigNum, ErrorStack>;

/// The primes of RFC 3526, shortest first.
const PRIMES: [(u32, Prime); 5] = [
    (2048, BigNum::get_rfc3526_prime_2048),
    (3072, BigNum::get_rfc3526_prime_3072),
    (4096, BigNum::get_rfc3526_prime_4096),
    (6144, BigNum::get_rfc3526_prime_6144),
    (8192, BigNum::get_rfc3526_prime_8192),
];

fn minimum(parameters: &Parameters) -> u32 {
    let level = parameters.priority.minimum_bits().0;
    parameters.min_prime_bits.unwrap_or(level)
}

fn builder(method: SslMethod, parameters: &Parameters) -> Result<SslContextBuilder, ErrorStack> {
    let priority = &parameters.priority;
    let mut builder = SslContext::builder(method)?;
    // OpenSSL counts a suite without certificates as one of no security at all.
    builder.set_security_level(0);
    builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    builder.set_max_proto_version(Some(SslVersion::TLS1_2))?;
    builder.set_cipher_list(&priority.anonymous_suites().join(":"))?;
    let groups: Vec<&str> = priority
        .groups()
        .iter()
        .copied()
        .filter_map(group_name)
        .collect();
    if !groups.is_empty() {
        builder.set_groups_list(&groups.join(":"))?;
    }
    builder.set_verify(SslVerifyMode::NONE);
    builder.set_session_cache_mode(SslSessionCacheMode::OFF);
    builder.set_options(
        SslOptions::NO_TICKET | SslOptions::NO_COMPRESSION | SslOptions::NO_RENEGOTIATION,
    );
    builder.set_mode(SslMode::RELEASE_BUFFERS);
    Ok(builder)
}

fn group_name(group: Group) -> Option<&'static str> {
    match group {
        Group::X25519 => Some("X25519"),
        Group::Secp256r1 => Some("P-256"),
        Group::Secp384r1 => Some("P-384"),
        Group::X25519MlKem768 => None,
    }
}

/// Names of protocols as they are sent: each behind a byte for its length.
fn wire(names: &[Vec<u8>]) -> Vec<u8> {
    let mut wire = Vec::new();
    for name in names {
        // Longer ones were refused before.
        wire.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        wire.extend(name);
    }
    wire
}

/// Returns the first of our protocols that is offered.
fn agreed<'a>(own: &[Vec<u8>], offered: &'a [u8]) -> Option<&'a [u8]> {
    let find = |wanted: &Vec<u8>| {
        let mut rest = offered;
        while let Some((length, names)) = rest.split_first() {
            let (name, others) = names.split_at_checked(usize::from(*length))?;
            if name == wanted {
                return Some(name);
            }
            rest = others;
        }
        None
    };
    own.iter().find_map(find)
}

fn unusable(error: &ErrorStack) -> Error {
    Error::Library {
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_protocol_of_the_server_that_is_offered_is_agreed() {
        let own = [b"h2".to_vec(), b"imap".to_vec()];
        assert_eq!(agreed(&own, b"\x04imap\x02h2"), Some(&b"h2"[..]));
        assert_eq!(agreed(&own, b"\x04imap"), Some(&b"imap"[..]));
        assert_eq!(agreed(&own, b"\x03pop"), None);
        assert_eq!(agreed(&own, b"\x09imap"), None, "longer than it is");
        assert_eq!(wire(&own), b"\x02h2\x04imap");
    }
}
