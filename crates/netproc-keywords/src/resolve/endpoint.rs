//! Host, service and family, which mean something together only.

use netproc_address::{Error as AddressError, Family, Host, LocalName, Service};
use netproc_lisp::{Text, Value};

use crate::{
    Arguments, Endpoint, Error,
    draft::{Draft, Given},
    error::{Fault, error_condition},
    resolve::{Sink, Walk},
    table::Key,
    warnings,
};

/// Joins host, service and family; returns nothing only if mistakes went into the sink.
pub(super) fn assemble(
    walk: &Walk<'_>,
    draft: &Draft<'_>,
    arguments: &mut Arguments,
    sink: &mut Sink,
) -> Result<Option<Endpoint>, Error> {
    let host = draft.host;
    if draft.family == Some(Family::Local) {
        if let Some(host) = host.filter(|host| host.value.is_true()) {
            sink.warn(warnings::local_ignores_host(host));
            arguments.set(":host", Value::Nil);
        }
        let Some(service) = draft.service else {
            return Ok(None);
        };
        return sink.take(local_name(service));
    }
    // A mistake in one of the two is known already; the other can still be looked at.
    let names = Names {
        host,
        service: draft.service,
        family: draft.family,
    };
    let host = match host {
        Some(host) => sink.take(names.ascii_host(host))?,
        None => None,
    };
    if let Some(Family::Raw(_)) = draft.family {
        sink.error(names.unknown_family(walk.given(Key::Family)))?;
    }
    let service = match draft.service {
        Some(service) => sink.take(names.service(service))?,
        None => None,
    };
    let host = match (draft.host, host) {
        (Some(given), Some(host)) => sink.take(names.host(given, host))?,
        _ => None,
    };
    Ok(host.zip(service).map(|(host, service)| Endpoint::Internet {
        host,
        service,
        family: draft.family,
    }))
}

/// Checks what a host or a service by itself can have wrong, whatever stands beside it.
pub(crate) fn check_alone(draft: &Draft<'_>) -> Result<(), Error> {
    let names = Names {
        host: draft.host,
        service: draft.service,
        family: None,
    };
    if let Some(host) = draft.host {
        names.ascii_host(host)?;
    }
    // A string may be the path of a local socket, which hardly any is not.
    match draft
        .service
        .filter(|service| service.value.as_text().is_none())
    {
        Some(service) => names.service(service).map(|_| ()),
        None => Ok(()),
    }
}

/// Reads the name of a local socket.
fn local_name(service: Given<'_>) -> Result<Endpoint, Error> {
    let text = service
        .value
        .as_text()
        .ok_or_else(|| service.wrong_type("stringp"))?;
    if text.is_empty() {
        // Emacs makes of it an abstract name of 108 NULs, the same for everybody.
        return Err(service.bad(LOCAL_NAME, "Service name is empty"));
    }
    LocalName::from_text(text)
        .map(Endpoint::Local)
        .map_err(|reason| {
            let text = match reason {
                AddressError::LocalNameTooLong { .. } => "Service name too long",
                _ => "Service name contains a NUL",
            };
            let mut fault = service.fault(LOCAL_NAME, error_condition(text));
            fault.hint = Some(reason.to_string());
            Error::Value(fault)
        })
}

/// What the resolver would be asked, and what it would answer to questions that make no sense.
#[derive(Clone, Copy)]
struct Names<'a> {
    host: Option<Given<'a>>,
    service: Option<Given<'a>>,
    family: Option<Family>,
}

impl Names<'_> {
    /// Refuses a host name with characters outside ASCII.
    fn ascii_host(self, host: Given<'_>) -> Result<Host, Error> {
        match Host::from_value(host.value) {
            Ok(name) => Ok(name),
            Err(AddressError::HostNotAscii { .. })
                if host.value.as_text().is_some_and(Text::is_multibyte) =>
            {
                let mut text = Text::from("Non-ASCII hostname ");
                push_text(&mut text, host.value);
                text.push_str(" detected, please use puny-encode-domain");
                let mut fault = host.fault("a name in ASCII", error_condition(text));
                fault.hint = Some("write it in its encoded form, xn--…".to_owned());
                Err(Error::Value(fault))
            }
            Err(reason) => {
                let expected = match reason {
                    AddressError::HostNul { .. } => "a name without NUL",
                    _ => "a name in ASCII",
                };
                Err(host.bad(expected, self.refusal(NO_SUCH_HOST)))
            }
        }
    }

    /// Refuses a host name that is empty.
    fn host(self, given: Given<'_>, host: Host) -> Result<Host, Error> {
        if host == Host::Name(String::new()) {
            return Err(given.bad("a name that is not empty", self.refusal(NO_SUCH_HOST)));
        }
        Ok(host)
    }

    /// Reads the service, or refuses what is neither a port nor a name.
    fn service(self, service: Given<'_>) -> Result<Service, Error> {
        Service::from_value(service.value).map_err(|reason| {
            let expected = match reason {
                AddressError::Port { .. } => "a port from 0 to 65535",
                _ => "a port from 0 to 65535 or the name of a service",
            };
            service.bad(expected, self.refusal(NO_SUCH_SERVICE))
        })
    }

    /// Returns the error of a family that has no host names.
    fn unknown_family(self, family: Given<'_>) -> Error {
        let fault = Fault {
            hint: Some("other families need an exact address".to_owned()),
            ..*family.fault(
                "nil, ipv4, ipv6 or local",
                error_condition(self.refusal(NO_SUCH_FAMILY)),
            )
        };
        Error::Value(Box::new(fault))
    }

    /// Writes `HOST/SERVICE REASON`, as Emacs does with what the resolver says.
    fn refusal(self, reason: &str) -> Text {
        let mut text = Text::new();
        match self.host.map(|host| host.value) {
            Some(host @ Value::String(_)) => push_text(&mut text, host),
            _ if self.family == Some(Family::Ipv6) => text.push_str("::1"),
            _ => text.push_str("127.0.0.1"),
        }
        text.push_str("/");
        match self.service.map(|service| service.value) {
            Some(service @ Value::String(_)) => push_text(&mut text, service),
            Some(Value::Integer(port)) => text.push_str(&port.to_string()),
            _ => text.push_str("0"),
        }
        text.push_str(" ");
        text.push_str(reason);
        text
    }
}

/// Puts the characters of a string after `text`.
fn push_text(text: &mut Text, string: &Value) {
    if let Some(string) = string.as_text() {
        text.push_text(string);
    }
}

/// What glibc says of a host that does not exist.
const NO_SUCH_HOST: &str = "Name or service not known";
/// What glibc says of a service that does not exist.
const NO_SUCH_SERVICE: &str = "Servname not supported for ai_socktype";
/// What glibc says of a family that it does not look up.
const NO_SUCH_FAMILY: &str = "ai_family not supported";
/// What names a local socket.
const LOCAL_NAME: &str = "a path of 1 to 107 bytes without NUL, or an abstract name after a NUL";
