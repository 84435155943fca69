//! Turns what rustls and the byte pipe report into this crate's error.

use std::io;
use std::sync::Arc;

use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};

use crate::verify::Refusal;
use crate::{Cause, Error, Step};

/// Returns the error of a step; `begins` are the first bytes of the peer.
pub(crate) fn explain(step: Step, host: Option<&str>, begins: &[u8], error: io::Error) -> Error {
    let host = host.map(str::to_owned);
    let eof = error.kind() == io::ErrorKind::UnexpectedEof;
    match error.downcast::<rustls::Error>() {
        Ok(error) => {
            if let Some(refusal) = refusal(&error) {
                return Error::Certificate {
                    host,
                    problems: refusal.problems.clone(),
                    certificates: refusal.certificates.clone(),
                };
            }
            let cause = match error {
                rustls::Error::InvalidMessage(_) if is_foreign(step, begins) => not_tls(begins),
                rustls::Error::AlertReceived(AlertDescription::HandshakeFailure)
                    if has_chosen(begins) =>
                {
                    Cause::CertificateWanted
                }
                // In a session that was agreed on it is about something else than suites.
                rustls::Error::AlertReceived(alert @ AlertDescription::HandshakeFailure)
                    if step != Step::Handshake =>
                {
                    Cause::Alert {
                        alert: alert_words(alert),
                    }
                }
                error => cause(&error),
            };
            Error::Connection { step, host, cause }
        }
        Err(error) => {
            let cause = match step {
                _ if eof && is_foreign(step, begins) => not_tls(begins),
                Step::Handshake if eof => Cause::Closed,
                Step::Read if eof => Cause::Truncated,
                _ => Cause::Pipe(Arc::new(error)),
            };
            Error::Connection { step, host, cause }
        }
    }
}

/// Returns what a verifier of ours found.
fn refusal(error: &rustls::Error) -> Option<&Refusal> {
    let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error else {
        return None;
    };
    other.0.downcast_ref()
}

/// Every record of TLS begins with a byte from 20 to 23.
pub(crate) fn is_foreign(step: Step, begins: &[u8]) -> bool {
    step == Step::Handshake && begins.first().is_some_and(|byte| !(20..=23).contains(byte))
}

/// Says whether the peer is a server that has said hello: there was a suite in common.
///
/// When it fails the handshake after that, it is for a certificate of the client's that is missing
/// (RFC 5246, section 7.4.6); TLS 1.3 has an alert for that.
fn has_chosen(begins: &[u8]) -> bool {
    const HANDSHAKE: u8 = 22;
    const SERVER_HELLO: u8 = 2;
    begins.first() == Some(&HANDSHAKE) && begins.get(5) == Some(&SERVER_HELLO)
}

pub(crate) fn not_tls(begins: &[u8]) -> Cause {
    Cause::NotTls {
        begins: begins.to_owned(),
    }
}

fn cause(error: &rustls::Error) -> Cause {
    use rustls::Error as E;
    match error {
        E::AlertReceived(alert) => alerted(*alert),
        E::PeerIncompatible(incompatible) => incompatibility(incompatible),
        E::NoCertificatesPresented => Cause::CertificateMissing,
        E::NoApplicationProtocol => Cause::NoApplicationProtocol,
        E::PeerSentOversizedRecord | E::InvalidMessage(InvalidMessage::MessageTooLarge) => {
            Cause::OversizedRecord
        }
        E::DecryptError => Cause::Decrypt,
        E::InvalidCertificate(CertificateError::BadSignature) => Cause::Protocol {
            reason: "its signature of the handshake is wrong".to_owned(),
        },
        // A server of rustls says so when no certificate fits the suites of the client.
        E::General(text) if text.contains("no server certificate chain") => Cause::NothingInCommon,
        other => Cause::Protocol {
            reason: other.to_string(),
        },
    }
}

fn incompatibility(incompatible: &PeerIncompatible) -> Cause {
    use PeerIncompatible as P;
    match incompatible {
        P::ServerDoesNotSupportTls12Or13
        | P::ServerTlsVersionIsDisabledByOurConfig
        | P::SupportedVersionsExtensionRequired
        // Every client from TLS 1.2 on sends this extension.
        | P::SignatureAlgorithmsExtensionRequired
        | P::Tls12NotOffered
        | P::Tls12NotOfferedOrEnabled => Cause::Version,
        P::NoCipherSuitesInCommon
        | P::NoKxGroupsInCommon
        | P::NoSignatureSchemesInCommon
        | P::NamedGroupsExtensionRequired
        | P::NoEcPointFormatsInCommon
        | P::EcPointsExtensionRequired
        => Cause::NothingInCommon,
        other => Cause::Protocol {
            reason: format!("{other:?}"),
        },
    }
}

fn alerted(alert: AlertDescription) -> Cause {
    use AlertDescription as A;
    let words = alert_words(alert);
    match alert {
        A::ProtocolVersion => Cause::Version,
        A::HandshakeFailure | A::InsufficientSecurity => Cause::NothingInCommon,
        A::NoApplicationProtocol => Cause::NoApplicationProtocol,
        A::CertificateRequired => Cause::CertificateWanted,
        A::BadCertificate
        | A::UnsupportedCertificate
        | A::CertificateRevoked
        | A::CertificateExpired
        | A::CertificateUnknown
        | A::UnknownCA
        | A::AccessDenied => Cause::CertificateRefused { alert: words },
        _ => Cause::Alert { alert: words },
    }
}

/// Returns the name of an alert in words: `UnknownCA` becomes `unknown CA`.
pub(crate) fn alert_words(alert: AlertDescription) -> String {
    let name = format!("{alert:?}");
    let mut words = String::with_capacity(name.len() + 4);
    let characters: Vec<char> = name.chars().collect();
    for (index, character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| characters[before]);
        let begins = character.is_ascii_uppercase()
            && before.is_some_and(|before| before.is_ascii_lowercase());
        let follows = characters
            .get(index + 1)
            .is_none_or(char::is_ascii_uppercase);
        if begins {
            words.push(' ');
        }
        if character.is_ascii_uppercase() && !follows {
            words.push(character.to_ascii_lowercase());
        } else {
            words.push(*character);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_told_in_words() {
        assert_eq!(alert_words(AlertDescription::UnknownCA), "unknown CA");
        assert_eq!(
            alert_words(AlertDescription::InternalError),
            "internal error"
        );
        assert_eq!(
            alert_words(AlertDescription::BadRecordMac),
            "bad record mac"
        );
    }

    #[test]
    fn a_server_that_fails_after_its_hello_wants_a_certificate() {
        let failure = |begins: &[u8]| {
            let alert = rustls::Error::AlertReceived(AlertDescription::HandshakeFailure);
            explain(Step::Handshake, None, begins, io::Error::other(alert))
        };
        let after_hello = failure(&[22, 3, 3, 0, 70, 2, 0, 0, 66]);
        assert!(matches!(
            after_hello.cause(),
            Some(Cause::CertificateWanted)
        ));
        let at_once = failure(&[21, 3, 3, 0, 2, 2, 40]);
        assert!(matches!(at_once.cause(), Some(Cause::NothingInCommon)));
    }

    #[test]
    fn a_handshake_that_fails_in_a_session_is_not_about_suites() {
        let alert = rustls::Error::AlertReceived(AlertDescription::HandshakeFailure);
        let error = explain(Step::Read, Some("h"), &[], io::Error::other(alert));
        assert_eq!(
            error.to_string(),
            "TLS read with h: the peer sent the alert \"handshake failure\""
        );
    }

    #[test]
    fn a_greeting_of_another_protocol_is_shown_with_what_to_do() {
        let eof = io::ErrorKind::UnexpectedEof.into();
        let error = explain(Step::Handshake, Some("mail"), b"220 mail", eof);
        assert_eq!(
            error.to_string(),
            "TLS handshake with mail: the peer does not speak TLS: it begins with \"220 mail\"; \
             ask it for STARTTLS before the handshake"
        );
    }
}
