//! The one place that chooses who does the cryptography.

use std::sync::Arc;

use rustls::CipherSuite;
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

/// Returns the SHA-256 of `bytes`.
///
/// A provider shows its hashes through the suites that use them.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    let suites = provider().cipher_suites;
    let mut suites = suites
        .iter()
        .filter(|it| it.suite() == CipherSuite::TLS13_AES_128_GCM_SHA256);
    suites
        .find_map(rustls::SupportedCipherSuite::tls13)
        .map(|suite| suite.common.hash_provider.hash(bytes).as_ref().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_fips_180() {
        let hash = sha256(b"abc");
        assert_eq!(hash.len(), 32);
        assert_eq!(hash[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
