//! A place in the table that waits for its process, which may need to know its name and identifier.

use std::fmt;
use std::sync::Arc;

use super::Registry;
use crate::ProcessId;

/// A place in a [`Registry`] with its identifier and its name; both are free again if nothing
/// is put there.
#[must_use = "the name is free again when this is dropped"]
pub struct Vacancy<'a, T> {
    registry: &'a mut Registry<T>,
    index: u32,
    /// The name until the process has it.
    name: Arc<str>,
    filled: bool,
}

impl<'a, T> Vacancy<'a, T> {
    pub(super) fn new(registry: &'a mut Registry<T>, index: u32, name: Arc<str>) -> Self {
        Vacancy {
            registry,
            index,
            name,
            filled: false,
        }
    }

    /// Returns the identifier that the process will have.
    pub fn id(&self) -> ProcessId {
        let generation = self.registry.slots[self.index as usize].generation;
        ProcessId::new(self.index, generation)
    }

    /// Returns the name that the process will have.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Puts the process there and returns its identifier.
    pub fn fill(mut self, process: T) -> ProcessId {
        self.filled = true;
        self.registry
            .occupy(self.index, Arc::clone(&self.name), process);
        self.id()
    }
}

impl<T> fmt::Debug for Vacancy<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Vacancy")
            .field("id", &self.id())
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Vacancy<'_, T> {
    fn drop(&mut self) {
        if !self.filled {
            self.registry.names.release(&self.name);
        }
    }
}
