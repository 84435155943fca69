//! Unique process names: the lowest free `<N>` after a name that is taken.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The names in use, and for each base name which suffixes are free again.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    holders: HashMap<Arc<str>, u32>,
    suffixes: HashMap<Box<str>, Suffixes>,
}

/// The suffixes of one base name.
///
/// Every suffix from `next` on was never handed out; of those below, `freed` are free again.
/// A suffix below `next` that is not in `freed` belongs to a name in use.
#[derive(Debug, Clone)]
struct Suffixes {
    next: u64,
    freed: BTreeSet<u64>,
}

impl Names {
    /// Takes `wanted` for `holder`, or `wanted<N>` with the lowest free N.
    pub(super) fn take(&mut self, wanted: &str, holder: u32) -> Arc<str> {
        let name: Arc<str> = if self.holders.contains_key(wanted) {
            self.lowest_free(wanted).into()
        } else {
            wanted.into()
        };
        self.holders.insert(Arc::clone(&name), holder);
        name
    }

    /// Gives a name back; it is free at once.
    pub(super) fn release(&mut self, name: &str) {
        self.holders.remove(name);
        let Some((base, suffix)) = split_suffix(name) else {
            return;
        };
        let Some(suffixes) = self.suffixes.get_mut(base) else {
            return;
        };
        suffixes.release(suffix);
        if suffixes.next == 1 {
            self.suffixes.remove(base);
        }
    }

    /// Returns who holds `name`.
    pub(super) fn holder(&self, name: &str) -> Option<u32> {
        self.holders.get(name).copied()
    }

    fn lowest_free(&mut self, base: &str) -> String {
        let suffixes = self.suffixes.entry(base.into()).or_default();
        loop {
            let name = format!("{base}<{}>", suffixes.take());
            // Somebody may have asked for this very name; it then counts as handed out.
            if !self.holders.contains_key(name.as_str()) {
                return name;
            }
        }
    }
}

impl Default for Suffixes {
    fn default() -> Self {
        Suffixes {
            next: 1,
            freed: BTreeSet::new(),
        }
    }
}

impl Suffixes {
    fn take(&mut self) -> u64 {
        self.freed.pop_first().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }

    fn release(&mut self, suffix: u64) {
        if suffix >= self.next {
            return;
        }
        self.freed.insert(suffix);
        // Free suffixes at the end need not be remembered: they are simply not handed out yet.
        while self.next > 1 && self.freed.remove(&(self.next - 1)) {
            self.next -= 1;
        }
    }
}

/// Splits `BASE<N>` as [`Names`] would have written it.
fn split_suffix(name: &str) -> Option<(&str, u64)> {
    let (base, digits) = name.strip_suffix('>')?.rsplit_once('<')?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().map(|suffix| (base, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(names: &mut Names, wanted: &str) -> String {
        names.take(wanted, 0).to_string()
    }

    /// Probe 04-naming, "uniquify".
    #[test]
    fn the_lowest_free_suffix_is_taken() {
        let mut names = Names::default();
        let taken: Vec<_> = (0..4).map(|_| take(&mut names, "n")).collect();
        assert_eq!(taken, ["n", "n<1>", "n<2>", "n<3>"]);
        names.release("n<1>");
        assert_eq!(take(&mut names, "n"), "n<1>");
        names.release("n");
        assert_eq!(take(&mut names, "n"), "n");
        assert_eq!(take(&mut names, "n<2>"), "n<2><1>");
    }

    #[test]
    fn a_name_asked_for_with_its_suffix_is_skipped_and_later_found_free() {
        let mut names = Names::default();
        assert_eq!(take(&mut names, "n<2>"), "n<2>");
        let taken: Vec<_> = (0..3).map(|_| take(&mut names, "n")).collect();
        assert_eq!(taken, ["n", "n<1>", "n<3>"]);
        names.release("n<2>");
        assert_eq!(take(&mut names, "n"), "n<2>");
    }

    #[test]
    fn nothing_is_kept_when_all_names_are_free_again() {
        let mut names = Names::default();
        let taken: Vec<_> = (0..100).map(|_| take(&mut names, "n")).collect();
        for name in taken {
            names.release(&name);
        }
        assert!(names.holders.is_empty() && names.suffixes.is_empty());
    }

    #[test]
    fn only_suffixes_we_would_write_are_read() {
        assert_eq!(split_suffix("n<12>"), Some(("n", 12)));
        assert_eq!(split_suffix("<1>"), Some(("", 1)));
        for odd in [
            "n",
            "n<>",
            "n<01>",
            "n<+1>",
            "n<1> ",
            "n<99999999999999999999>",
        ] {
            assert_eq!(split_suffix(odd), None, "{odd}");
        }
    }
}
