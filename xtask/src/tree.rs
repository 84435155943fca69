//! The repository's files in memory, so that a check is a function from text to findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// Files by their path from the root, with `/` between folders.
#[derive(Default)]
pub(crate) struct Tree {
    texts: BTreeMap<String, String>,
    paths: BTreeSet<String>,
}

/// Hidden folders that belong to the project; all others are left out.
const HIDDEN: &[&str] = &[".ci", ".cargo", ".github"];

impl Tree {
    /// Reads the files under `root`, without `target` folders and hidden ones.
    pub(crate) fn read(root: &Path) -> std::io::Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    /// Returns a tree of made-up files.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.add((*path).to_owned(), (*text).to_owned());
        }
        tree
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                let hidden = name.starts_with('.') && !HIDDEN.contains(&name.as_str());
                if !hidden && name != "target" {
                    self.read_folder(&entry.path(), &format!("{path}/"))?;
                }
            } else {
                // Files that are not text have a path and no content to judge.
                let text = String::from_utf8(std::fs::read(entry.path())?).unwrap_or_default();
                self.add(path, text);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, text: String) {
        let mut rest = path.as_str();
        while let Some((folder, _)) = rest.rsplit_once('/') {
            self.paths.insert(folder.to_owned());
            rest = folder;
        }
        self.paths.insert(path.clone());
        self.texts.insert(path, text);
    }

    /// Says whether `path` is a file or a folder of the tree.
    pub(crate) fn exists(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Returns the text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Iterates over all files, as path and text.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Iterates over the files whose name ends with `ending`.
    pub(crate) fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.ends_with(ending))
    }

    /// Iterates over the folders under `crates/`, by name.
    pub(crate) fn crates(&self) -> impl Iterator<Item = &str> {
        self.paths
            .iter()
            .filter_map(|path| path.strip_prefix("crates/"))
            .filter(|rest| !rest.contains('/'))
    }
}

/// Says whether the name of `path` ends with a dot and `extension`.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, end)| end == extension)
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Worth a look; does not fail.
    Warning,
    /// Fails.
    Fault,
}

/// One thing a check has to say about one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    pub(crate) path: String,
    /// Line, counted from 1; 0 speaks of the whole file.
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Finding {
    /// Returns a finding that fails.
    pub(crate) fn fault(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Fault,
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// Returns a finding that only warns.
    pub(crate) fn warning(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Warning,
            ..Self::fault(path, line, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Warning => "warning",
            Weight::Fault => "error",
        };
        match self.line {
            0 => write!(f, "{weight}: {}: {}", self.path, self.message),
            line => write!(f, "{weight}: {}:{line}: {}", self.path, self.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_a_file_exist_too() {
        let tree = Tree::of(&[("crates/netproc/src/lib.rs", "")]);
        assert!(tree.exists("crates/netproc/src"));
        assert!(!tree.exists("crates/netproc/tests"));
        assert_eq!(tree.crates().collect::<Vec<_>>(), ["netproc"]);
    }

    #[test]
    fn a_finding_shows_its_place() {
        let finding = Finding::fault("a.rs", 3, "is wrong");
        assert_eq!(finding.to_string(), "error: a.rs:3: is wrong");
        assert_eq!(
            Finding::warning("a.rs", 0, "is long").to_string(),
            "warning: a.rs: is long"
        );
    }
}
