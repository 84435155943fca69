//! The one place that chooses who does the cryptography.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!("netproc-tls needs one of its features `aws-lc-rs` and `ring`");

/// Returns the provider with every suite and group that it has.
#[cfg(feature = "aws-lc-rs")]
pub(crate) fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// Returns the provider with every suite and group that it has.
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
pub(crate) fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// Returns the provider narrowed to what `priority` allows, in its order.
pub(crate) fn narrowed(priority: &crate::Priority) -> Arc<CryptoProvider> {
    let mut provider = provider();
    provider.cipher_suites = priority.order_suites(&provider.cipher_suites);
    provider.kx_groups = priority.order_groups(&provider.kx_groups);
    Arc::new(provider)
}
