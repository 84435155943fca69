//! Turns what OpenSSL reports into the causes of this crate.

use std::io;
use std::sync::Arc;

use openssl::error::ErrorStack;
use openssl::ssl::Error as SslError;
use rustls::AlertDescription;

use super::tank::Tank;
use crate::explain::{alert_words, is_foreign, not_tls};
use crate::{Cause, Step};

/// Why a step did not succeed.
#[derive(Clone)]
pub(super) enum Failure {
    /// The pipe ended where the session did not.
    End,
    /// OpenSSL says no.
    Library(ErrorStack),
    /// The pipe failed.
    Pipe(Arc<io::Error>),
}

impl Failure {
    pub(super) fn of(error: SslError, tank: &Tank) -> Self {
        if tank.is_over() {
            return Self::End;
        }
        match error.into_io_error() {
            Ok(error) => error.into(),
            Err(error) => error.ssl_error().cloned().map_or(Self::End, Self::Library),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Pipe(Arc::new(error))
    }
}

/// Returns the cause of a failure; `begins` are the first bytes of the peer in a handshake.
pub(super) fn explain(step: Step, begins: &[u8], failure: Failure) -> Cause {
    match failure {
        Failure::End | Failure::Library(_) if is_foreign(step, begins) => not_tls(begins),
        Failure::End if step == Step::Handshake => Cause::Closed,
        Failure::End => Cause::Truncated,
        Failure::Pipe(error) => Cause::Pipe(error),
        Failure::Library(stack) => library(&stack),
    }
}

/// Alerts have their number from here on (`SSL_AD_REASON_OFFSET`).
const ALERTS: i32 = 1000;

fn library(stack: &ErrorStack) -> Cause {
    let errors = stack.errors();
    // The layers below the session put errors of their own before the one that has a name.
    if let Some(cause) = errors.iter().find_map(named) {
        return cause;
    }
    let reason = errors.first().map(|error| match error.reason() {
        Some(reason) => reason.to_owned(),
        None => error.to_string(),
    });
    Cause::Protocol {
        reason: reason.unwrap_or_else(|| "OpenSSL gives no reason".to_owned()),
    }
}

fn named(error: &openssl::error::Error) -> Option<Cause> {
    if let Some(alert) = alert(error.reason_code()) {
        return Some(alerted(alert));
    }
    Some(match error.reason()? {
        "no shared cipher" | "no ciphers available" => Cause::NoAnonymousSuite,
        "no application protocol" => Cause::NoApplicationProtocol,
        "unsupported protocol" | "wrong ssl version" | "version too low" | "version too high" => {
            Cause::Version
        }
        "packet length too long" | "encrypted length too long" | "data length too long" => {
            Cause::OversizedRecord
        }
        "decryption failed or bad record mac" | "bad record mac" | "cipher operation failed" => {
            Cause::Decrypt
        }
        _ => return None,
    })
}

fn alert(reason: i32) -> Option<AlertDescription> {
    let number = u8::try_from(reason.checked_sub(ALERTS)?).ok()?;
    Some(AlertDescription::from(number))
}

fn alerted(alert: AlertDescription) -> Cause {
    match alert {
        // The last is what a server with certificates says that finds none for our suites.
        AlertDescription::HandshakeFailure
        | AlertDescription::InsufficientSecurity
        | AlertDescription::AccessDenied => Cause::NoAnonymousSuite,
        AlertDescription::ProtocolVersion => Cause::Version,
        AlertDescription::NoApplicationProtocol => Cause::NoApplicationProtocol,
        other => Cause::Alert {
            alert: alert_words(other),
        },
    }
}
