//! One anonymous session over a byte pipe.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite};
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::ssl::{ErrorCode, NameType, SslStream};
use rustls::pki_types::ServerName;

use super::explain::{Failure, explain};
use super::hello::{self, Agreed};
use super::tank::Tank;
use super::{Engine, unusable};
use crate::prefixed::Prefixed;
use crate::priority::anonymous_parts;
use crate::{Cause, Error, Group, KeyExchange, PeerStatus, Step, Version};

/// The most that one write encrypts.
const PIECE: usize = 16 * 1024;

/// A session whose handshake has succeeded.
pub(crate) struct Session<IO> {
    tls: SslStream<Tank>,
    pub(crate) pipe: Prefixed<IO>,
    agreed: Agreed,
    /// The length in bits of the prime, where there is one.
    prime: Option<u32>,
    group: Option<Group>,
    closing: bool,
    /// Why nothing more can be read.
    broken: Option<Failure>,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<IO> {
    /// Shakes hands; `host` is for the words of an error.
    pub(crate) async fn shake(
        engine: &Engine,
        name: Option<&ServerName<'_>>,
        host: Option<&str>,
        pipe: Prefixed<IO>,
    ) -> Result<Self, Error> {
        let failed = |cause| Error::Connection {
            step: Step::Handshake,
            host: host.map(str::to_owned),
            cause,
        };
        let stream = engine
            .begin(name)
            .and_then(|ssl| SslStream::new(ssl, Tank::new()));
        let tls = stream.map_err(|error| unusable(&error))?;
        let mut session = Self {
            tls,
            pipe,
            agreed: Agreed::default(),
            prime: None,
            group: None,
            closing: false,
            broken: None,
        };
        let shaken = poll_fn(|context| session.poll_shake(context)).await;
        let begins = session.pipe.begins();
        shaken.map_err(|failure| failed(explain(Step::Handshake, begins, failure)))?;
        let finished = session.pipe.finish();
        finished.map_err(|error| failed(explain(Step::Handshake, &[], error.into())))?;
        if !session.look(engine) {
            return Err(failed(Cause::NoAnonymousSuite));
        }
        match session.prime {
            Some(bits) if bits < engine.minimum => Err(failed(Cause::ShortPrime {
                bits,
                minimum: engine.minimum,
            })),
            _ => Ok(session),
        }
    }

    fn poll_shake(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        loop {
            let step = self.tls.do_handshake();
            match step {
                Err(error) if error.code() == ErrorCode::WANT_READ => {
                    ready!(self.poll_flush(context))?;
                    ready!(self.poll_fill(context))?;
                }
                Err(error) => {
                    // The alert that says why; whether it goes out changes nothing here.
                    let _ = self.poll_flush(context);
                    return Poll::Ready(Err(Failure::of(error, self.tls.get_ref())));
                }
                Ok(()) => return self.poll_flush(context).map_err(Failure::from),
            }
        }
    }

    /// Remembers what was agreed; false when that is no suite that could have been.
    fn look(&mut self, engine: &Engine) -> bool {
        let first = self.tls.get_mut().first.take();
        let (input, output) = first.unwrap_or_default();
        let server = if engine.prime.is_some() {
            output
        } else {
            input
        };
        self.agreed = hello::agreed(&server);
        let parts = self.tls.ssl().current_cipher();
        let parts = parts.and_then(|suite| anonymous_parts(suite.name()));
        let Some((exchange, _, _)) = parts else {
            return false;
        };
        // A server does not keep the key that its client made; of a prime it knows its own.
        let key = self.tls.ssl().peer_tmp_key().ok();
        if exchange == KeyExchange::AnonDh {
            let bits = key.as_ref().map(|key| key.bits()).or(engine.prime);
            // What is not known is not long enough.
            self.prime = Some(bits.unwrap_or(0));
        } else if let Some(key) = key {
            self.group = match key.id() {
                Id::X25519 => Some(Group::X25519),
                Id::EC => key
                    .ec_key()
                    .ok()
                    .and_then(|key| match key.group().curve_name() {
                        Some(Nid::X9_62_PRIME256V1) => Some(Group::Secp256r1),
                        Some(Nid::SECP384R1) => Some(Group::Secp384r1),
                        _ => None,
                    }),
                _ => None,
            };
        }
        true
    }

    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tls.get_mut().poll_fill(&mut self.pipe, context)
    }

    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tls.get_mut().poll_drain(&mut self.pipe, context)
    }

    pub(crate) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, Cause>> {
        let failed = |failure| Poll::Ready(Err(explain(Step::Read, &[], failure)));
        if let Some(failure) = &self.broken {
            // OpenSSL would call it the end when it is asked once more.
            return failed(failure.clone());
        }
        loop {
            let idle = self.tls.get_ref().is_dry();
            match self.tls.ssl_read(buffer) {
                Ok(count) => return Poll::Ready(Ok(count)),
                Err(error) if error.code() == ErrorCode::ZERO_RETURN => return Poll::Ready(Ok(0)),
                Err(error) if error.code() == ErrorCode::WANT_READ => {}
                Err(error) => {
                    let failure = Failure::of(error, self.tls.get_ref());
                    let _ = self.poll_flush(context);
                    self.broken = Some(failure.clone());
                    return failed(failure);
                }
            }
            // What OpenSSL answers by itself, such as its refusal to shake hands again. Reading
            // does not wait for it, and leaves alone what a writer may be waiting for.
            if idle && !self.tls.get_ref().is_dry() {
                let _ = self.poll_drain(context);
            }
            if let Err(error) = ready!(self.poll_fill(context)) {
                return failed(error.into());
            }
        }
    }

    pub(crate) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Cause>> {
        let failed = |failure| explain(Step::Write, &[], failure);
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        if let Some(failure) = &self.broken {
            return Poll::Ready(Err(failed(failure.clone())));
        }
        if self.tls.get_ref().is_full() {
            ready!(self.poll_drain(context)).map_err(|error| failed(error.into()))?;
        }
        let piece = &bytes[..bytes.len().min(PIECE)];
        match self.tls.ssl_write(piece) {
            Ok(count) => match self.poll_drain(context) {
                Poll::Ready(Err(error)) => Poll::Ready(Err(failed(error.into()))),
                _ => Poll::Ready(Ok(count)),
            },
            Err(error) => {
                let failure = Failure::of(error, self.tls.get_ref());
                Poll::Ready(Err(failed(failure)))
            }
        }
    }

    pub(crate) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    pub(crate) fn poll_close(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closing {
            self.closing = true;
            // A session that broke has no end to send; the pipe below is closed all the same.
            let _ = self.tls.shutdown();
        }
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.pipe).poll_close(context)
    }
}

impl<IO> Session<IO> {
    pub(crate) fn application_protocol(&self) -> Option<&[u8]> {
        self.tls.ssl().selected_alpn_protocol()
    }

    pub(crate) fn peer_status(&self) -> PeerStatus {
        let ssl = self.tls.ssl();
        let suite = ssl.current_cipher();
        let parts = suite.and_then(|suite| anonymous_parts(suite.name()));
        let requested = ssl.servername(NameType::HOST_NAME);
        PeerStatus {
            warnings: Vec::new(),
            problems: Vec::new(),
            certificates: Vec::new(),
            protocol: Some(Version::Tls12),
            cipher: parts.map(|(_, cipher, _)| cipher),
            key_exchange: parts.map(|(exchange, _, _)| exchange),
            mac: parts.map(|(_, _, mac)| mac),
            encrypts_then_macs: self.agreed.encrypt_then_mac,
            safe_renegotiation: self.agreed.safe_renegotiation,
            prime_bits: self.prime,
            group: self.group,
            application_protocol: self.application_protocol().map(<[u8]>::to_vec),
            resumed: false,
            requested_host: requested.filter(|_| ssl.is_server()).map(str::to_owned),
        }
    }
}
