//! The command `peer`: what a server presents when TLS is begun with it.
//!
//! Nothing is sent but the handshake and its end, so the certificate need not be trusted to be
//! shown. Whether it would be is told.

mod page;
mod starttls;

use std::ffi::OsString;
use std::time::Duration;

use async_io::Timer;
use futures_lite::{AsyncReadExt, AsyncWriteExt, future};
use netproc::ProcessStream;
use netproc::keywords::{Diagnostic, RawSpec};
use netproc::lisp::Value;
use netproc::network::Error;
use netproc::prelude::{Network, Spec};
use netproc::tls::{
    self, Cause, Certificate, Client, Parameters, PeerStatus, Problem, Profile, TlsStream, Warning,
};

use crate::complaint::Complaint;
use crate::failure::{NOT_VERIFIED, REFUSED, SUCCESS};
use crate::flags::Flag;
use crate::peer::starttls::Protocol;
use crate::snippet::printable;
use crate::tls::{TlsOptions, judge, with_flags};
use crate::words::read_word;

/// How long the handshake may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the server has to say that it does not accept us.
///
/// With TLS 1.3 it says so only when the handshake is done for us.
const VERDICT: Duration = Duration::from_secs(1);

/// A server to be looked at.
#[derive(Debug, PartialEq)]
pub(crate) struct Visit {
    host: Value,
    service: Value,
    tls: TlsOptions,
    starttls: Option<Protocol>,
    json: bool,
}

/// What was found.
pub(crate) struct Sight {
    /// The host that its certificate has to be for.
    pub(crate) host: String,
    /// The address that was reached.
    pub(crate) address: String,
    /// The session; none where what it showed made one impossible.
    pub(crate) session: Option<PeerStatus>,
    /// What is wrong with its certificate.
    pub(crate) problems: Vec<Problem>,
    /// What it showed, its own certificate first.
    pub(crate) certificates: Vec<Certificate>,
    /// Why it does not accept us, if it said so.
    pub(crate) refusal: Option<tls::Error>,
}

/// Why a server could not be looked at.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are wrong.
    Arguments(Complaint),
    /// There is no connection.
    Network(Error),
    /// The server does not begin with TLS.
    Clear(starttls::Failure),
    /// There is no session.
    Tls(tls::Error),
}

/// Reads the words after `peer`.
pub(crate) fn parse(words: Vec<OsString>, mut json: bool) -> Result<Visit, Complaint> {
    let mut tls = TlsOptions::default();
    let mut starttls = None;
    let mut places = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(mut flag) = Flag::read(&word) else {
            places.push(word);
            continue;
        };
        if tls.take(&mut flag, &mut words)? {
            continue;
        }
        match flag.name.as_str() {
            "--json" | "-j" => {
                flag.alone()?;
                json = true;
            }
            "--starttls" => {
                let name = flag.text(&mut words, Protocol::NAMES)?;
                starttls = Some(Protocol::find(&name).ok_or_else(|| {
                    let expected = Protocol::NAMES;
                    Complaint::error(format!("peer: --starttls {name}: expected {expected}"))
                })?);
            }
            name => {
                return Err(Complaint::error(format!("peer: {name} is no flag")).hint(
                    "flags are --json, --starttls and those of TLS, such as --tls-trust FILE",
                ));
            }
        }
    }
    if tls.verifies_nothing() {
        return Err(Complaint::error(
            "peer: every certificate is shown, and whether it is good is told: leave \
             --tls-dangerously-verify-nothing out",
        ));
    }
    let [host, service] = places.as_slice() else {
        return Err(Complaint::error("peer: expected a host and a service")
            .hint("for example: netproc peer example.org 443"));
    };
    Ok(Visit {
        host: read_word(":host", host)?,
        service: read_word(":service", service)?,
        tls,
        starttls,
        json,
    })
}

/// Looks at the server; returns the page that tells about it, and the exit status.
///
/// # Errors
///
/// Why it could not be looked at.
pub(crate) fn run(visit: &Visit) -> Result<(String, u8), Failure> {
    let spec = visit.spec()?;
    let client = visit.client()?;
    let network = Network::new();
    let sight = async_io::block_on(network.run(look(&network, spec, &client, visit)))?;
    let status = match (sight.problems.as_slice(), &sight.refusal) {
        ([], None) => SUCCESS,
        ([], Some(_)) => REFUSED,
        _ => NOT_VERIFIED,
    };
    let page = if visit.json {
        page::as_json(&sight)
    } else {
        page::as_text(&sight)
    };
    Ok((page, status))
}

impl Sight {
    /// Returns what is wrong or odd, in the words of `gnutls-peer-status`.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        if let Some(session) = &self.session {
            return session.warnings.clone();
        }
        let warnings = self.problems.iter().flat_map(Problem::warnings);
        let mut warnings: Vec<Warning> = warnings.copied().collect();
        warnings.sort_unstable();
        warnings.dedup();
        warnings
    }
}

impl Visit {
    /// Makes the connection's own list.
    fn spec(&self) -> Result<Spec, Complaint> {
        let mut raw = RawSpec::new();
        raw.push(":name", "peer");
        raw.push(":host", self.host.clone());
        raw.push(":service", self.service.clone());
        raw.resolve()
            .map_err(|error| Complaint::from(&Diagnostic::from(error)))
    }

    /// Makes a client that judges as others would, and goes on all the same.
    fn client(&self) -> Result<Client, Failure> {
        let list = self.tls.to_value(false)?;
        let found = judge::words(&list, false);
        if let Some(mistake) = found.into_iter().find(|it| it.complaint.is_error) {
            return Err(mistake.complaint.into());
        }
        let mut parameters = Parameters::from_value(&list, Profile::Safe)?;
        if parameters.host().is_none() {
            let host = self.host.as_str().unwrap_or("localhost");
            parameters = parameters.with_host(host);
        }
        Ok(Client::new(&parameters.dangerously_verify_nothing())?)
    }
}

async fn look(
    network: &Network,
    spec: Spec,
    client: &Client,
    visit: &Visit,
) -> Result<Sight, Failure> {
    let process = network.open_async(spec).await?;
    let address = process.remote_address();
    let mut pipe = process.into_stream()?;
    if let Some(protocol) = visit.starttls {
        let service = visit.service.to_string();
        let host = visit.host.as_str().unwrap_or(client.host());
        let place = (host, service.trim_matches('"'));
        let spoken = starttls::speak(protocol, place, &mut pipe, PATIENCE).await;
        spoken.map_err(Failure::Clear)?;
    }
    let mut sight = Sight {
        host: client.host().to_owned(),
        address: address.map_or_else(String::new, |address| address.to_string()),
        session: None,
        problems: Vec::new(),
        certificates: Vec::new(),
        refusal: None,
    };
    let handshake = client.connect(pipe).deadline(Timer::after(PATIENCE));
    let mut stream = match handshake.await {
        Ok(stream) => stream,
        // So bad that there is no session, and can be shown all the same.
        Err(error) if !error.certificates().is_empty() => {
            sight.problems = error.problems().to_vec();
            sight.certificates = error.certificates().to_vec();
            return Ok(sight);
        }
        Err(error) => return Err(error.into()),
    };
    let mut status = stream.peer_status();
    sight.problems = std::mem::take(&mut status.problems);
    sight.certificates = std::mem::take(&mut status.certificates);
    sight.session = Some(status);
    let refusal = future::or(verdict(&mut stream), async {
        Timer::after(VERDICT).await;
        None
    });
    sight.refusal = refusal.await;
    Ok(sight)
}

/// Ends the session, and returns why the server had ended it before, if it had.
async fn verdict(stream: &mut TlsStream<ProcessStream>) -> Option<tls::Error> {
    // The server may have hung up already; what it showed is known.
    let _ended = stream.close().await;
    let mut greeting = [0; 1024];
    loop {
        match stream.read(&mut greeting).await {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                let error = tls::Error::from_io(&error)?;
                let is_verdict = matches!(
                    error.cause()?,
                    Cause::CertificateWanted
                        | Cause::CertificateRefused { .. }
                        | Cause::Alert { .. }
                );
                return is_verdict.then(|| error.clone());
            }
        }
    }
}

impl From<Complaint> for Failure {
    fn from(complaint: Complaint) -> Self {
        Failure::Arguments(complaint)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Network(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Arguments(complaint) => complaint.fmt(formatter),
            Failure::Network(error) => error.fmt(formatter),
            Failure::Clear(failure) => formatter.write_str(&printable(&failure.to_string())),
            Failure::Tls(error) => {
                let message = with_flags(&error.to_string());
                let advice = "ask it for STARTTLS before the handshake";
                let flag = format!("{advice} (--starttls PROTOCOL)");
                formatter.write_str(&message.replace(advice, &flag))
            }
        }
    }
}

impl From<tls::Error> for Failure {
    fn from(error: tls::Error) -> Self {
        Failure::Tls(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(line: &str) -> Result<Visit, Complaint> {
        parse(line.split_whitespace().map(OsString::from).collect(), false)
    }

    #[test]
    fn a_host_and_a_service_are_enough() {
        let visit = visit("localhost 443").expect("a visit");
        assert_eq!(visit.host, Value::string("localhost"));
        assert_eq!(visit.service, Value::from(443));
        assert!(!visit.json);
    }

    #[test]
    fn flags_stand_anywhere() {
        let visit = visit("--json localhost --tls-trust a https").expect("a visit");
        assert!(visit.json && visit.tls.is_given);
        assert_eq!(visit.service, Value::string("https"));
    }

    #[test]
    fn anything_else_is_refused() {
        for line in [
            "",
            "localhost",
            "localhost 443 5",
            "--tls-dangerously-verify-nothing localhost 443",
            "--tls-client-ca a localhost 443",
            "--frobnicate localhost 443",
        ] {
            let refused = match visit(line) {
                Err(_) => true,
                Ok(visit) => visit.client().is_err(),
            };
            assert!(refused, "{line}");
        }
    }
}
