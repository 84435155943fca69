//! `:verify-flags`: which of GnuTLS's bits change something here.

use crate::Error;

/// How strictly certificates are judged, beyond whether they are judged at all.
///
/// Default: nothing is waived and nothing is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one field for each bit of GnuTLS that means something here"
)]
#[non_exhaustive]
pub struct VerifyFlags {
    /// Do not look at the times of certificates (`GNUTLS_VERIFY_DISABLE_TIME_CHECKS`, 64).
    pub ignore_times: bool,
    /// Do not look at revocation lists (`GNUTLS_VERIFY_DISABLE_CRL_CHECKS`, 512).
    pub ignore_revocation: bool,
    /// Let no certificate match an IP address (`GNUTLS_VERIFY_DO_NOT_ALLOW_IP_MATCHES`, 2).
    pub refuse_addresses: bool,
    /// Do not trust a peer's certificate for being among the trusted ones itself
    /// (`GNUTLS_VERIFY_DO_NOT_ALLOW_SAME`, 4).
    pub refuse_same: bool,
}

/// The bits that need nothing done: what they ask for is always so, here.
const ALWAYS: u32 = (1 << 7) | (1 << 8) | (1 << 10);

/// The bits that have no meaning here, and what to do without each.
const REFUSED: &[(u32, &str, &str)] = &[
    (
        0,
        "GNUTLS_VERIFY_DISABLE_CA_SIGN",
        "a signer has to be an authority; add the peer's certificate itself to :trustfiles",
    ),
    (
        3,
        "GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT",
        "X.509 version 1 is accepted only for a root in :trustfiles; add it there",
    ),
    (
        4,
        "GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD2",
        "let the certificate be signed with SHA-256 or better",
    ),
    (
        5,
        "GNUTLS_VERIFY_ALLOW_SIGN_RSA_MD5",
        "let the certificate be signed with SHA-256 or better",
    ),
    (
        11,
        "GNUTLS_VERIFY_DO_NOT_ALLOW_UNSORTED_CHAIN",
        "chains may be in any order; leave the bit out",
    ),
    (
        12,
        "GNUTLS_VERIFY_DO_NOT_ALLOW_WILDCARDS",
        "wildcards count in the leftmost label only; leave the bit out",
    ),
    (
        13,
        "GNUTLS_VERIFY_USE_TLS1_RSA",
        "it is internal to GnuTLS; leave the bit out",
    ),
    (
        14,
        "GNUTLS_VERIFY_IGNORE_UNKNOWN_CRIT_EXTENSIONS",
        "make a certificate without such extensions, or add it to :trustfiles",
    ),
    (
        15,
        "GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1",
        "let the certificate be signed with SHA-256 or better",
    ),
    (
        16,
        "GNUTLS_VERIFY_RSA_PSS_FIXED_SALT_LENGTH",
        "leave the bit out",
    ),
];

impl VerifyFlags {
    /// Returns the flags that the bits of GnuTLS mean.
    ///
    /// # Errors
    ///
    /// When a bit asks for what is not supported; the error names it and what to do instead.
    pub fn from_bits(bits: u32) -> Result<Self, Error> {
        for (bit, name, instead) in REFUSED {
            if bits & (1 << bit) != 0 {
                return Err(Error::Unsupported {
                    keyword: ":verify-flags",
                    value: (*name).to_owned(),
                    instead,
                });
            }
        }
        let known = ALWAYS | (1 << 1) | (1 << 2) | (1 << 6) | (1 << 9);
        if bits & !known != 0 {
            return Err(Error::Unsupported {
                keyword: ":verify-flags",
                value: format!("{:#x}", bits & !known),
                instead: "GnuTLS has no such bits; leave them out",
            });
        }
        Ok(Self {
            refuse_addresses: bits & (1 << 1) != 0,
            refuse_same: bits & (1 << 2) != 0,
            ignore_times: bits & (1 << 6) != 0,
            ignore_revocation: bits & (1 << 9) != 0,
        })
    }

    /// Returns the bits of GnuTLS that mean these flags.
    pub fn bits(self) -> u32 {
        u32::from(self.refuse_addresses) << 1
            | u32::from(self.refuse_same) << 2
            | u32::from(self.ignore_times) << 6
            | u32::from(self.ignore_revocation) << 9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_64_waives_the_times() {
        let flags = VerifyFlags::from_bits(64).unwrap();
        assert!(flags.ignore_times && !flags.ignore_revocation);
    }

    #[test]
    fn what_is_always_so_changes_nothing() {
        assert_eq!(
            VerifyFlags::from_bits(ALWAYS).unwrap(),
            VerifyFlags::default()
        );
    }

    #[test]
    fn every_other_bit_is_refused_by_name_or_number() {
        for bit in [0, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17, 31] {
            let error = VerifyFlags::from_bits(1 << bit).unwrap_err().to_string();
            assert!(error.starts_with(":verify-flags: \""), "{bit}: {error}");
        }
    }
}
