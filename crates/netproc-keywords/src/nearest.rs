//! The known keyword that somebody may have meant.

use crate::{Definition, table::table};

/// Returns the known keyword that is most like `name`, or none if none is much like it.
///
/// A missing colon and capital letters count for nothing; a swapped, missing, added or wrong
/// letter counts for one.
///
/// ```
/// use netproc_keywords::nearest;
///
/// assert_eq!(nearest(":nmae").unwrap().keyword, ":name");
/// assert_eq!(nearest("Host").unwrap().keyword, ":host");
/// assert!(nearest(":frobnicate").is_none());
/// ```
pub fn nearest(name: &str) -> Option<&'static Definition> {
    if name.len() > LONGEST {
        return None;
    }
    let name = name.trim_start_matches(':').to_ascii_lowercase();
    table()
        .iter()
        .map(|definition| {
            (
                distance(&name, definition.keyword.trim_start_matches(':')),
                definition,
            )
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, definition)| {
            let letters = name.chars().count().min(definition.keyword.len() - 1);
            *distance <= letters.div_ceil(3)
        })
        .map(|(_, definition)| definition)
}

/// Returns how many letters have to be added, removed, replaced, or swapped with their neighbour.
fn distance(one: &str, two: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let two: Vec<char> = two.chars().collect();
    let width = two.len() + 1;
    let mut before_last: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = Vec::with_capacity(width);
        current.push(row + 1);
        for (column, other) in two.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut least = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && *letter == two[column - 1] && one[row - 1] == *other;
            if swapped {
                least = least.min(before_last[column - 1] + 1);
            }
            current.push(least);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[width - 1]
}

/// Longer names, in bytes, are not compared.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_edits() {
        assert_eq!(distance("name", "name"), 0);
        assert_eq!(distance("nmae", "name"), 1);
        assert_eq!(distance("nam", "name"), 1);
        assert_eq!(distance("", "name"), 4);
        assert_eq!(distance("serivce", "service"), 1);
    }

    #[test]
    fn every_keyword_is_nearest_to_itself() {
        for definition in table() {
            assert_eq!(
                nearest(definition.keyword).unwrap().keyword,
                definition.keyword
            );
        }
    }

    #[test]
    fn nothing_is_near_to_nothing() {
        assert!(nearest("").is_none());
        assert!(nearest(&":".repeat(1000)).is_none());
    }
}
