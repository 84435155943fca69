//! Addresses of families this crate knows nothing about.

use std::fmt;

/// A socket address as a family number and bytes.
///
/// Made by [`Address::raw`](crate::Address::raw), and only for bytes that no other variant of
/// `Address` stands for, so that each address has one form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawAddress {
    family: u16,
    bytes: Box<[u8]>,
}

impl RawAddress {
    /// The most bytes that follow the family, as Linux's `sockaddr_storage` has them.
    pub const MAX_BYTES: usize = 126;

    /// The caller has checked the length.
    pub(crate) fn new(family: u16, bytes: &[u8]) -> Self {
        debug_assert!(bytes.len() <= Self::MAX_BYTES, "the length was checked");
        Self {
            family,
            bytes: bytes.into(),
        }
    }

    /// Returns the number of the family.
    pub fn family(&self) -> u16 {
        self.family
    }

    /// Returns the bytes that follow the family.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for RawAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RawAddress({}, {:?})", self.family, self.bytes)
    }
}
