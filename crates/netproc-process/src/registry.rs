//! The table of processes: identifiers, unique names, and who came first.

mod names;
mod vacancy;

use std::fmt;
use std::sync::Arc;

use crate::ProcessId;
use names::Names;

pub use vacancy::Vacancy;

/// All processes of one network, by identifier, by name and by age.
///
/// A name that is taken gets the lowest free suffix, `web<1>`, `web<2>`, …; removing a process
/// frees its name at once (Emacs manual, Process Information; the suffix rule is Emacs's).
/// Every operation costs at most the logarithm of the number of processes with that name, and
/// removed processes leave no memory behind.
///
/// # Examples
///
/// ```
/// use netproc_process::Registry;
///
/// let mut registry = Registry::new();
/// let first = registry.insert("web", |_, _| "first");
/// let second = registry.insert("web", |_, name| {
///     assert_eq!(&**name, "web<1>");
///     "second"
/// });
/// assert_eq!(registry.find("web<1>"), Some(second));
/// let newest_first: Vec<_> = registry.iter().map(|(_, _, value)| *value).collect();
/// assert_eq!(newest_first, ["second", "first"]);
///
/// assert_eq!(registry.remove(first), Some("first"));
/// assert_eq!(registry.get(first), None);
/// ```
#[derive(Clone)]
#[doc(alias = "process-list")]
pub struct Registry<T> {
    slots: Vec<Slot<T>>,
    names: Names,
    /// Head of the list of vacant slots.
    vacant: u32,
    newest: u32,
    oldest: u32,
    len: usize,
    accepted: u64,
}

#[derive(Clone)]
struct Slot<T> {
    generation: u32,
    content: Content<T>,
}

#[derive(Clone)]
enum Content<T> {
    Vacant { next: u32 },
    Taken(Tenant<T>),
}

#[derive(Clone)]
struct Tenant<T> {
    name: Arc<str>,
    value: T,
    newer: u32,
    older: u32,
}

/// The index that stands for "none"; the table holds fewer processes than that.
const NONE: u32 = u32::MAX;

impl<T> Registry<T> {
    /// Returns an empty table.
    pub fn new() -> Registry<T> {
        Registry {
            slots: Vec::new(),
            names: Names::default(),
            vacant: NONE,
            newest: NONE,
            oldest: NONE,
            len: 0,
            accepted: 0,
        }
    }

    /// Adds a process under `wanted`, or `wanted<N>` if that name is taken.
    ///
    /// `make` is given the identifier and the name that the process really has.
    ///
    /// # Panics
    ///
    /// When 2³² − 1 places are in use, which no machine has the descriptors for.
    pub fn insert(
        &mut self,
        wanted: &str,
        make: impl FnOnce(ProcessId, &Arc<str>) -> T,
    ) -> ProcessId {
        let vacancy = self.vacancy(wanted);
        let value = make(vacancy.id(), vacancy.name());
        vacancy.fill(value)
    }

    /// Returns a place for a process under `wanted`, or `wanted<N>` if that name is taken.
    ///
    /// [`Registry::insert`] in two steps, for those who keep the process beside the table too.
    ///
    /// # Panics
    ///
    /// As [`Registry::insert`].
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_process::Registry;
    ///
    /// let mut registry = Registry::new();
    /// let vacancy = registry.vacancy("web");
    /// assert_eq!(&**vacancy.name(), "web");
    /// let id = vacancy.fill(80);
    /// assert_eq!(registry.get(id), Some(&80));
    /// ```
    pub fn vacancy(&mut self, wanted: &str) -> Vacancy<'_, T> {
        let index = self.vacate();
        let name = self.names.take(wanted, index);
        Vacancy::new(self, index, name)
    }

    /// Lets the vacant place at `index` to a process that is the newest.
    fn occupy(&mut self, index: u32, name: Arc<str>, value: T) {
        let slot = &mut self.slots[index as usize];
        if let Content::Vacant { next } = slot.content {
            self.vacant = next;
        }
        let older = self.newest;
        slot.content = Content::Taken(Tenant {
            name,
            value,
            newer: NONE,
            older,
        });
        match self.tenant_mut(older) {
            Some(tenant) => tenant.newer = index,
            None => self.oldest = index,
        }
        self.newest = index;
        self.len += 1;
    }

    /// Removes a process and frees its name; returns `None` if it was gone already.
    pub fn remove(&mut self, id: ProcessId) -> Option<T> {
        self.get(id)?;
        let index = id.index();
        let slot = &mut self.slots[index];
        // A place whose generations are used up is never let again.
        let retired = slot.generation == u32::MAX;
        let next = if retired { NONE } else { self.vacant };
        slot.generation = slot.generation.saturating_add(1);
        let Content::Taken(tenant) = std::mem::replace(&mut slot.content, Content::Vacant { next })
        else {
            return None;
        };
        if !retired {
            self.vacant = slot_index(index);
        }
        match self.tenant_mut(tenant.newer) {
            Some(newer) => newer.older = tenant.older,
            None => self.newest = tenant.older,
        }
        match self.tenant_mut(tenant.older) {
            Some(older) => older.newer = tenant.newer,
            None => self.oldest = tenant.newer,
        }
        self.names.release(&tenant.name);
        self.len -= 1;
        Some(tenant.value)
    }

    /// Returns a process, or `None` when it was removed.
    pub fn get(&self, id: ProcessId) -> Option<&T> {
        self.occupant(id).map(|tenant| &tenant.value)
    }

    /// Returns a process for changing, or `None` when it was removed.
    pub fn get_mut(&mut self, id: ProcessId) -> Option<&mut T> {
        let slot = self.slots.get_mut(id.index())?;
        match &mut slot.content {
            Content::Taken(tenant) if slot.generation == id.generation() => Some(&mut tenant.value),
            _ => None,
        }
    }

    /// Returns the name of a process, or `None` when it was removed.
    pub fn name(&self, id: ProcessId) -> Option<&Arc<str>> {
        self.occupant(id).map(|tenant| &tenant.name)
    }

    /// Returns the process of that name.
    #[doc(alias = "get-process")]
    pub fn find(&self, name: &str) -> Option<ProcessId> {
        let index = self.names.holder(name)?;
        Some(ProcessId::new(
            index,
            self.slots.get(index as usize)?.generation,
        ))
    }

    /// Returns all processes, newest first.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter {
            registry: self,
            next: self.newest,
            left: self.len,
        }
    }

    /// Returns the number of processes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Tells whether there is no process.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Counts one more accepted connection and returns the count, from 1 on.
    ///
    /// One counter serves all servers of the table; connections without a port are named by it.
    pub fn next_accept(&mut self) -> u64 {
        self.accepted += 1;
        self.accepted
    }

    fn vacate(&mut self) -> u32 {
        if self.vacant == NONE {
            let index = slot_index(self.slots.len());
            assert!(index != NONE, "the table of processes is full");
            self.slots.push(Slot {
                generation: 0,
                content: Content::Vacant { next: NONE },
            });
            self.vacant = index;
        }
        self.vacant
    }

    fn occupant(&self, id: ProcessId) -> Option<&Tenant<T>> {
        let slot = self.slots.get(id.index())?;
        match &slot.content {
            Content::Taken(tenant) if slot.generation == id.generation() => Some(tenant),
            _ => None,
        }
    }

    fn tenant_mut(&mut self, index: u32) -> Option<&mut Tenant<T>> {
        match &mut self.slots.get_mut(index as usize)?.content {
            Content::Taken(tenant) => Some(tenant),
            Content::Vacant { .. } => None,
        }
    }
}

/// Narrows a position in the slots; `NONE` when it does not fit.
fn slot_index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

impl<T> Default for Registry<T> {
    fn default() -> Registry<T> {
        Registry::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Registry<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_map()
            .entries(self.iter().map(|(id, name, value)| ((id, name), value)))
            .finish()
    }
}

impl<'a, T> IntoIterator for &'a Registry<T> {
    type Item = (ProcessId, &'a Arc<str>, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// Walks a [`Registry`], newest process first.
pub struct Iter<'a, T> {
    registry: &'a Registry<T>,
    next: u32,
    left: usize,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = (ProcessId, &'a Arc<str>, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        let slot = self.registry.slots.get(self.next as usize)?;
        let Content::Taken(tenant) = &slot.content else {
            return None;
        };
        let id = ProcessId::new(self.next, slot.generation);
        self.next = tenant.older;
        self.left -= 1;
        Some((id, &tenant.name, &tenant.value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<T: fmt::Debug> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Iter")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(registry: &Registry<()>) -> Vec<String> {
        registry
            .iter()
            .map(|(_, name, ())| name.to_string())
            .collect()
    }

    /// Probe 04-naming, "process-list-order".
    #[test]
    fn the_list_is_newest_first() {
        let mut registry = Registry::new();
        let ids: Vec<_> = (0..4).map(|_| registry.insert("n", |_, _| ())).collect();
        registry.remove(ids[1]);
        registry.insert("n", |_, _| ());
        registry.remove(ids[0]);
        registry.insert("n", |_, _| ());
        registry.insert("n<2>", |_, _| ());
        assert_eq!(names(&registry), ["n<2><1>", "n", "n<1>", "n<3>", "n<2>"]);
    }

    #[test]
    fn a_removed_process_is_found_neither_by_identifier_nor_by_name() {
        let mut registry = Registry::new();
        let id = registry.insert("n", |_, _| 1);
        assert_eq!(registry.remove(id), Some(1));
        assert_eq!(registry.remove(id), None);
        assert_eq!(registry.get(id), None);
        assert_eq!(registry.get_mut(id), None);
        assert_eq!((registry.name(id), registry.find("n")), (None, None));
        let next = registry.insert("n", |_, _| 2);
        assert_eq!((registry.get(id), registry.get(next)), (None, Some(&2)));
    }

    #[test]
    fn a_million_short_lives_take_no_memory() {
        let mut registry = Registry::new();
        let stays = registry.insert("n", |_, _| ());
        for _ in 0..1_000_000 {
            let id = registry.insert("n", |_, _| ());
            registry.remove(id);
        }
        assert_eq!(registry.slots.len(), 2);
        assert_eq!(registry.name(stays).map(|name| &**name), Some("n"));
    }

    #[test]
    fn a_place_whose_generations_are_used_up_is_left_empty() {
        let mut registry = Registry::new();
        let id = registry.insert("n", |_, _| ());
        registry.remove(id);
        registry.slots[0].generation = u32::MAX;
        let last = registry.insert("n", |_, _| ());
        assert_eq!(last, ProcessId::new(0, u32::MAX));
        registry.remove(last);
        let next = registry.insert("n", |_, _| ());
        assert_eq!(next, ProcessId::new(1, 0));
        assert!(registry.get(last).is_none());
    }

    #[test]
    fn a_place_that_nobody_takes_frees_its_name() {
        let mut registry = Registry::new();
        drop(registry.vacancy("n"));
        assert_eq!((registry.find("n"), registry.len()), (None, 0));
        let id = registry.vacancy("n").fill(());
        assert_eq!(registry.find("n"), Some(id));
        assert_eq!(registry.slots.len(), 1);
    }

    #[test]
    fn one_counter_numbers_all_accepts() {
        let mut registry = Registry::<()>::new();
        assert_eq!((registry.next_accept(), registry.next_accept()), (1, 2));
    }
}
