//! What can be wrong with a peer's certificate, under the names that Emacs gives it.

use std::fmt;

use netproc_lisp::Value;

/// One word of `:warnings` in [`PeerStatus`](crate::PeerStatus).
///
/// The order is the one in which Emacs lists them.
#[doc(alias = "gnutls-peer-status-warning-describe")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The certificate names itself as its issuer.
    SelfSigned,
    /// The certificate is for other hosts.
    NoHostMatch,
    /// The certificate is for another use, such as signing mail.
    PurposeMismatch,
    /// A certificate on the way breaks a limit that its issuer set.
    SignerConstraintsFailure,
    /// The list of revoked certificates is out of date.
    RevocationDataSuperseded,
    /// A signature in the chain is wrong.
    SignatureFailure,
    /// The time of the certificate is over.
    Expired,
    /// The time of the certificate has not begun.
    NotActivated,
    /// The key or the signature is too weak.
    Insecure,
    /// The certificate is signed with one that may not sign certificates.
    NotCa,
    /// No trusted authority has signed the chain.
    UnknownCa,
    /// The authority has revoked the certificate.
    Revoked,
    /// The certificate could not be verified; stands beside the reason.
    Invalid,
}

impl Warning {
    /// Every warning, in order.
    pub const ALL: [Self; 13] = [
        Self::SelfSigned,
        Self::NoHostMatch,
        Self::PurposeMismatch,
        Self::SignerConstraintsFailure,
        Self::RevocationDataSuperseded,
        Self::SignatureFailure,
        Self::Expired,
        Self::NotActivated,
        Self::Insecure,
        Self::NotCa,
        Self::UnknownCa,
        Self::Revoked,
        Self::Invalid,
    ];

    /// Returns the keyword that `gnutls-peer-status` has for it.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::SelfSigned => ":self-signed",
            Self::NoHostMatch => ":no-host-match",
            Self::PurposeMismatch => ":purpose-mismatch",
            Self::SignerConstraintsFailure => ":signer-constraints-failure",
            Self::RevocationDataSuperseded => ":revocation-data-superseded",
            Self::SignatureFailure => ":signature-failure",
            Self::Expired => ":expired",
            Self::NotActivated => ":not-activated",
            Self::Insecure => ":insecure",
            Self::NotCa => ":not-ca",
            Self::UnknownCa => ":unknown-ca",
            Self::Revoked => ":revoked",
            Self::Invalid => ":invalid",
        }
    }

    /// Returns the warning in words, those of `gnutls-peer-status-warning-describe`.
    pub fn describe(self) -> &'static str {
        match self {
            Self::SelfSigned => "certificate signer was not found (self-signed)",
            Self::NoHostMatch => "certificate host does not match hostname",
            Self::PurposeMismatch => "certificate does not match the intended purpose",
            Self::SignerConstraintsFailure => "certificate signer constraints were violated",
            Self::RevocationDataSuperseded => {
                "certificate revocation data are old and have been superseded"
            }
            Self::SignatureFailure => "certificate signature could not be verified",
            Self::Expired => "certificate has expired",
            Self::NotActivated => "certificate is not yet activated",
            Self::Insecure => "certificate was signed with an insecure algorithm",
            Self::NotCa => "certificate signer is not a CA",
            Self::UnknownCa => {
                "the certificate was signed by an unknown and therefore untrusted authority"
            }
            Self::Revoked => "certificate was revoked (CRL)",
            Self::Invalid => "certificate could not be verified",
        }
    }

    /// Returns the bit of GnuTLS's verification status, 0 for what GnuTLS tells in another way.
    pub(crate) fn status_bit(self) -> u32 {
        match self {
            Self::SelfSigned | Self::NoHostMatch => 0,
            Self::Invalid => 1 << 1,
            Self::Revoked => 1 << 5,
            Self::UnknownCa => 1 << 6,
            Self::NotCa => 1 << 7,
            Self::Insecure => 1 << 8,
            Self::NotActivated => 1 << 9,
            Self::Expired => 1 << 10,
            Self::SignatureFailure => 1 << 11,
            Self::RevocationDataSuperseded => 1 << 12,
            Self::SignerConstraintsFailure => 1 << 16,
            Self::PurposeMismatch => 1 << 18,
        }
    }
}

/// Shows the keyword.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())
    }
}

impl From<Warning> for Value {
    fn from(warning: Warning) -> Self {
        Self::keyword(warning.keyword())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_all_is_in_order_and_without_gaps() {
        for pair in Warning::ALL.windows(2) {
            assert!(pair[0] < pair[1]);
        }
        assert_eq!(Warning::ALL.len(), Warning::Invalid as usize + 1);
    }

    #[test]
    fn the_codes_are_those_that_emacs_reports() {
        let code = |warnings: &[Warning]| {
            let bits = warnings.iter().fold(0, |bits, w| bits | w.status_bit());
            format!("{bits:x}")
        };
        assert_eq!(code(&[Warning::UnknownCa, Warning::Invalid]), "42");
        assert_eq!(code(&[Warning::Expired, Warning::Invalid]), "402");
    }
}
