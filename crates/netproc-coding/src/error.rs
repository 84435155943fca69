//! The one thing that can go wrong: a coding system with a name nobody knows.

use std::fmt;

use crate::system::all_names;

/// No coding system has the name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownCodingSystem {
    /// The name as it was written.
    pub name: Box<str>,
    /// Known names that are spelled most like it, best first; at most three, often none.
    pub nearest: Vec<&'static str>,
}

impl UnknownCodingSystem {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            nearest: nearest(name),
        }
    }
}

impl fmt::Display for UnknownCodingSystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no coding system is named `{}`",
            self.name.escape_debug()
        )?;
        match self.nearest.split_first() {
            None => write!(
                formatter,
                "; expected a name such as `utf-8-unix` or `binary`"
            ),
            Some((first, rest)) => {
                write!(formatter, "; did you mean `{first}`")?;
                rest.iter()
                    .try_for_each(|name| write!(formatter, " or `{name}`"))?;
                write!(formatter, "?")
            }
        }
    }
}

impl std::error::Error for UnknownCodingSystem {}

/// Returns up to three known names that are few edits away from `name`, best first.
fn nearest(name: &str) -> Vec<&'static str> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let wanted = name.to_ascii_lowercase();
    let bare = |text: &str| text.replace(['-', '_', ' '], "");
    let bare_wanted = bare(&wanted);
    let tolerance = (wanted.chars().count() / 3).clamp(1, 3);
    let mut found: Vec<(usize, &'static str)> = all_names()
        .filter_map(|known| {
            let edits = if bare(known) == bare_wanted {
                0
            } else {
                edit_distance(&wanted, known)
            };
            (edits <= tolerance).then_some((edits, known))
        })
        .collect();
    found.sort_unstable();
    let best = found.first().map_or(0, |&(edits, _)| edits);
    found
        .into_iter()
        .filter(|&(edits, _)| edits <= best + 1)
        .map(|(_, known)| known)
        .take(3)
        .collect()
}

/// Counts the insertions, deletions and replacements that turn `from` into `to`.
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, left) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, &right) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

/// Names longer than this are not compared: no known name comes near.
const LONGEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_names_are_answered_with_their_neighbours() {
        assert_eq!(UnknownCodingSystem::new("utf8").nearest[0], "utf-8");
        assert_eq!(
            UnknownCodingSystem::new("UTF-8-UNIX").nearest[0],
            "utf-8-unix"
        );
        assert_eq!(UnknownCodingSystem::new("latin1").nearest[0], "latin-1");
        assert_eq!(
            UnknownCodingSystem::new("windws-1252").nearest[0],
            "windows-1252"
        );
        assert!(UnknownCodingSystem::new("klingon").nearest.is_empty());
    }

    #[test]
    fn the_message_names_what_was_written_and_what_was_meant() {
        let message = UnknownCodingSystem::new("shift-jsi").to_string();
        assert!(
            message.contains("`shift-jsi`") && message.contains("`shift_jis`"),
            "{message}"
        );
    }
}
