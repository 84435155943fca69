//! Identifiers of processes, which never come to mean another process.

use std::fmt;

/// Names one process for as long as the table that made it lives.
///
/// An identifier is a place in a [`Registry`](crate::Registry) and the generation of its tenant.
/// Places are used again, generations are not, so an identifier that outlives its process finds
/// nothing instead of the next tenant.
///
/// # Examples
///
/// ```
/// use netproc_process::Registry;
///
/// let mut registry = Registry::new();
/// let first = registry.insert("web", |_, _| ());
/// registry.remove(first);
/// let second = registry.insert("web", |_, _| ());
/// assert_ne!(first, second);
/// assert!(registry.get(first).is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProcessId {
    index: u32,
    generation: u32,
}

impl ProcessId {
    pub(crate) const fn new(index: u32, generation: u32) -> ProcessId {
        ProcessId { index, generation }
    }

    /// Returns the identifier as one number, for instance as the key of a poller's event.
    pub const fn to_bits(self) -> u64 {
        (self.generation as u64) << 32 | self.index as u64
    }

    /// Returns the identifier that [`to_bits`](ProcessId::to_bits) wrote.
    ///
    /// A number of any other origin gives an identifier that names no process, or some process.
    pub const fn from_bits(bits: u64) -> ProcessId {
        // Both halves are cut to their width on purpose: that is the layout `to_bits` wrote.
        ProcessId {
            index: (bits & 0xffff_ffff) as u32,
            generation: (bits >> 32) as u32,
        }
    }

    /// Returns the place in the table: small and dense, so that a host can keep its own values
    /// for each process in a vector.
    pub const fn index(self) -> usize {
        self.index as usize
    }

    /// Returns the generation of the tenant, counted from 0 at each place.
    pub const fn generation(self) -> u32 {
        self.generation
    }
}

impl fmt::Debug for ProcessId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ProcessId({}.{})", self.index, self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_give_the_same_identifier_back() {
        let id = ProcessId::new(7, u32::MAX);
        assert_eq!(ProcessId::from_bits(id.to_bits()), id);
    }
}
