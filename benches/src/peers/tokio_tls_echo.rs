//! An echo server over TLS as one writes it on tokio-rustls, on one thread.

use std::net::TcpListener;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::tokio_echo::{echo, listen, runtime};
use crate::server::Failure;

/// Serves until accepting fails.
pub(crate) fn serve(
    listener: TcpListener,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<(), Failure> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    runtime()?.block_on(async {
        let listener = listen(listener)?;
        loop {
            let (connection, _peer) = listener.accept().await?;
            let accepted = acceptor.accept(connection);
            tokio::spawn(async move { echo(accepted.await?).await });
        }
    })
}
