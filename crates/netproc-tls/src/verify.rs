//! Judges the certificates of a peer: finds every fault first, then decides.

mod verifier;

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier as _;
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ParsedCertificate, VerifierBuilderError, WebPkiClientVerifier};
use rustls::{CertificateError, DistinguishedName, OtherError};
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

use crate::certificate::{common_name, date, key_of, signature_name};
use crate::files::Trust;
use crate::{Certificate, ClientCertificates, Parameters, Problem, Purpose, VerifyFlags};

pub(crate) use self::verifier::Refusal;

/// Whom the certificates are to be good for.
#[derive(Debug)]
enum Engine {
    /// Nobody is trusted.
    Nobody,
    Server(Arc<WebPkiServerVerifier>),
    Client(Arc<dyn ClientCertVerifier>),
}

/// Judges chains; shared by all handshakes of one client or server.
///
/// What it finds depends on the chain and the time alone. So it can look again after a handshake,
/// and sessions that are resumed, whose certificates no handshake looks at, are told about too.
#[derive(Debug)]
pub(crate) struct Examiner {
    engine: Engine,
    trust: Trust,
    provider: Arc<CryptoProvider>,
    flags: VerifyFlags,
    minimum_bits: (u32, u32),
    fatal_chain: bool,
    fatal_host: bool,
    client_certificates: ClientCertificates,
    hints: Vec<DistinguishedName>,
    /// The use that a certificate has to allow.
    needed: Purpose,
}

impl Examiner {
    /// Makes what a client judges servers with.
    pub(crate) fn for_servers(
        parameters: &Parameters,
        trust: Trust,
        lists: Vec<CertificateRevocationListDer<'static>>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, VerifierBuilderError> {
        let engine = if trust.anchors.is_empty() {
            Engine::Nobody
        } else {
            let builder = WebPkiServerVerifier::builder_with_provider(
                Arc::clone(&trust.anchors),
                Arc::clone(provider),
            );
            let builder = builder
                .with_crls(lists)
                .allow_unknown_revocation_status()
                .enforce_revocation_expiration();
            Engine::Server(builder.build()?)
        };
        Ok(Self::new(
            parameters,
            engine,
            trust,
            provider,
            Purpose::Server,
        ))
    }

    /// Makes what a server judges clients with.
    pub(crate) fn for_clients(
        parameters: &Parameters,
        trust: Trust,
        lists: Vec<CertificateRevocationListDer<'static>>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, VerifierBuilderError> {
        let engine = if trust.anchors.is_empty() {
            Engine::Nobody
        } else {
            let builder = WebPkiClientVerifier::builder_with_provider(
                Arc::clone(&trust.anchors),
                Arc::clone(provider),
            );
            let builder = builder
                .with_crls(lists)
                .allow_unknown_revocation_status()
                .enforce_revocation_expiration();
            Engine::Client(builder.build()?)
        };
        Ok(Self::new(
            parameters,
            engine,
            trust,
            provider,
            Purpose::Client,
        ))
    }

    fn new(
        parameters: &Parameters,
        engine: Engine,
        trust: Trust,
        provider: &Arc<CryptoProvider>,
        needed: Purpose,
    ) -> Self {
        // Servers tell their clients. A client that is trusted by itself need not have an
        // authority that could be named.
        let named = needed == Purpose::Client && trust.same.len() <= trust.anchors.len();
        let hints = if named {
            trust.anchors.subjects()
        } else {
            Vec::new()
        };
        Self {
            engine,
            hints,
            trust,
            provider: Arc::clone(provider),
            flags: parameters.flags,
            minimum_bits: parameters.priority.minimum_bits(),
            fatal_chain: parameters.verifies_chain(),
            fatal_host: parameters.verifies_host(),
            client_certificates: parameters.client_certificates,
            needed,
        }
    }

    /// Returns every fault of a chain, the peer's own certificate first.
    pub(crate) fn examine(
        &self,
        chain: &[CertificateDer<'_>],
        host: Option<&ServerName<'_>>,
        now: UnixTime,
    ) -> Vec<Problem> {
        let Some((own, others)) = chain.split_first() else {
            return vec![Problem::Malformed];
        };
        let Ok((_, parsed)) = X509Certificate::from_der(own) else {
            return vec![Problem::Malformed];
        };
        if parsed.version() != X509Version::V3 {
            let version = parsed.version().0.saturating_add(1);
            return vec![Problem::OldVersion { version }];
        }
        let mut problems = Vec::new();
        let times = self.times(&parsed, now, &mut problems);
        self.keys(chain, &mut problems);
        if self.is_trusted_itself(own) {
            self.purpose(&parsed, &mut problems);
        } else {
            // A fault of the time would hide the others.
            let moment = if times {
                now
            } else {
                moment_within(chain, now)
            };
            let found = self.chain(own, others, host, moment);
            problems.extend(found.and_then(|error| self.problem(&error, &parsed)));
        }
        if let Some(host) = host {
            problems.extend(self.host(own, &parsed, host));
        }
        problems
    }

    /// Returns an error when there are `problems` for which the handshake has to end.
    fn decide(
        &self,
        chain: &[CertificateDer<'_>],
        problems: Vec<Problem>,
    ) -> Result<(), rustls::Error> {
        let fatal = |problem: &Problem| {
            problem.is_fatal()
                || if problem.is_about_host() {
                    self.fatal_host
                } else {
                    self.fatal_chain
                }
        };
        if !problems.iter().any(fatal) {
            return Ok(());
        }
        let refusal = OtherError(Arc::new(Refusal {
            problems,
            certificates: Certificate::all_from(chain),
        }));
        Err(CertificateError::Other(refusal).into())
    }

    /// Returns whether the times are good, or need not be.
    fn times(
        &self,
        certificate: &X509Certificate<'_>,
        now: UnixTime,
        problems: &mut Vec<Problem>,
    ) -> bool {
        if self.flags.ignore_times {
            return false;
        }
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let validity = certificate.validity();
        if now < validity.not_before.timestamp() {
            problems.push(Problem::NotYetValid {
                from: date(&validity.not_before),
            });
        } else if now > validity.not_after.timestamp() {
            problems.push(Problem::Expired {
                on: date(&validity.not_after),
            });
        } else {
            return true;
        }
        false
    }

    fn keys(&self, chain: &[CertificateDer<'_>], problems: &mut Vec<Problem>) {
        for certificate in chain {
            let Ok((_, parsed)) = X509Certificate::from_der(certificate) else {
                continue;
            };
            let Some((algorithm, bits)) = key_of(&parsed) else {
                continue;
            };
            let (rsa, curve) = self.minimum_bits;
            let minimum = if algorithm.starts_with("RSA") {
                rsa
            } else {
                curve
            };
            if bits < minimum {
                let algorithm = algorithm.to_owned();
                problems.push(Problem::WeakKey {
                    algorithm,
                    bits,
                    minimum,
                });
                return;
            }
        }
    }

    fn is_trusted_itself(&self, certificate: &CertificateDer<'_>) -> bool {
        !self.flags.refuse_same && self.trust.same.contains(certificate.as_ref())
    }

    /// A certificate that is trusted itself has no chain, but it has a purpose.
    fn purpose(&self, certificate: &X509Certificate<'_>, problems: &mut Vec<Problem>) {
        let Ok(Some(usage)) = certificate.extended_key_usage() else {
            return;
        };
        let usage = usage.value;
        let allowed = match self.needed {
            Purpose::Server => usage.server_auth,
            Purpose::Client => usage.client_auth,
        };
        if !allowed && !usage.any {
            problems.push(Problem::WrongPurpose {
                needed: self.needed,
            });
        }
    }

    /// Returns what is wrong with the chain, names aside.
    fn chain(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: Option<&ServerName<'_>>,
        moment: UnixTime,
    ) -> Option<CertificateError> {
        let result = match (&self.engine, host) {
            (Engine::Nobody, _) => return Some(CertificateError::UnknownIssuer),
            (Engine::Server(engine), Some(host)) => engine
                .verify_server_cert(own, others, host, &[], moment)
                .map(drop),
            (Engine::Client(engine), _) => engine.verify_client_cert(own, others, moment).map(drop),
            // A client always has a host.
            (Engine::Server(_), None) => return Some(CertificateError::NotValidForName),
        };
        match result {
            // Names are compared last, and are looked at elsewhere: the chain is good.
            Ok(())
            | Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => None,
            Err(rustls::Error::InvalidCertificate(error)) => Some(error),
            Err(_) => Some(CertificateError::BadEncoding),
        }
    }

    fn problem(
        &self,
        error: &CertificateError,
        certificate: &X509Certificate<'_>,
    ) -> Option<Problem> {
        use CertificateError as E;
        let self_issued = certificate.issuer() == certificate.subject();
        Some(match error {
            E::Expired
            | E::ExpiredContext { .. }
            | E::NotValidYet
            | E::NotValidYetContext { .. }
                if self.flags.ignore_times =>
            {
                return None;
            }
            E::Expired | E::NotValidYet => Problem::Other {
                reason: error.to_string(),
            },
            E::ExpiredContext { not_after, .. } => Problem::Expired {
                on: day(*not_after),
            },
            E::NotValidYetContext { not_before, .. } => Problem::NotYetValid {
                from: day(*not_before),
            },
            _ if self_issued && is_about_issuer(error) => Problem::SelfSigned,
            E::UnknownIssuer => Problem::UnknownAuthority {
                issuer: crate::certificate::name(certificate.issuer()),
            },
            E::Revoked => Problem::Revoked,
            E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => {
                Problem::StaleRevocationList
            }
            E::UnhandledCriticalExtension => Problem::UnknownCriticalExtension,
            E::BadSignature => Problem::BadSignature,
            E::UnsupportedSignatureAlgorithmContext { .. }
            | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                Problem::WeakSignature {
                    algorithm: signature_name(certificate),
                }
            }
            E::InvalidPurpose | E::InvalidPurposeContext { .. } => Problem::WrongPurpose {
                needed: self.needed,
            },
            E::BadEncoding => Problem::Malformed,
            E::Other(other) => other_problem(&other.to_string()),
            other => Problem::Other {
                reason: other.to_string(),
            },
        })
    }

    fn host(
        &self,
        own: &CertificateDer<'_>,
        parsed: &X509Certificate<'_>,
        host: &ServerName<'_>,
    ) -> Option<Problem> {
        let address = matches!(host, ServerName::IpAddress(_));
        let refused = address && self.flags.refuse_addresses;
        let matches = ParsedCertificate::try_from(own)
            .is_ok_and(|certificate| verify_server_name(&certificate, host).is_ok());
        if matches && !refused {
            return None;
        }
        let presented = crate::certificate::alternative_names(parsed);
        let name = common_name(parsed.subject());
        match name {
            Some(name) if presented.is_empty() && host.to_str().eq_ignore_ascii_case(&name) => {
                Some(Problem::NameOnlyInCommonName { name })
            }
            _ => Some(Problem::WrongHost { presented }),
        }
    }
}

/// Returns a time at which every certificate of the chain has begun.
fn moment_within(chain: &[CertificateDer<'_>], now: UnixTime) -> UnixTime {
    let begins = chain.iter().filter_map(|certificate| {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        u64::try_from(parsed.validity().not_before.timestamp()).ok()
    });
    begins.max().map_or(now, |seconds| {
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds))
    })
}

/// Whether the fault may come from having no issuer: then the certificate's own is the reason.
fn is_about_issuer(error: &CertificateError) -> bool {
    match error {
        CertificateError::UnknownIssuer => true,
        CertificateError::Other(other) => {
            let text = other.to_string();
            text.contains("CaUsedAsEndEntity") || text.contains("EndEntityUsedAsCa")
        }
        _ => false,
    }
}

/// The faults for which rustls has no name of its own; the text is the name in webpki.
fn other_problem(text: &str) -> Problem {
    let known = [
        ("CaUsedAsEndEntity", Problem::AuthorityAsPeer),
        ("EndEntityUsedAsCa", Problem::SignerNotAuthority),
        ("PathLenConstraintViolated", Problem::SignerConstraints),
        ("NameConstraintViolation", Problem::SignerConstraints),
        ("UnsupportedCertVersion", Problem::OldVersion { version: 1 }),
    ];
    let found = known.into_iter().find(|(name, _)| text.contains(name));
    found.map_or_else(
        || Problem::Other {
            reason: text.to_owned(),
        },
        |(_, problem)| problem,
    )
}

fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    x509_parser::time::ASN1Time::from_timestamp(seconds)
        .map_or_else(|_| format!("{seconds} s after 1970"), |time| date(&time))
}
