//! Two texts compared by line, and what differs shown with a little of what does not.

/// How many equal lines are shown on either side of a difference.
const AROUND: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Both(&'a str),
    Left(&'a str),
    Right(&'a str),
}

/// Returns the lines that differ, those of `left` with `-` and those of `right` with `+`.
pub(super) fn show(left: &str, right: &str) -> String {
    let lines = compare(left, right);
    let near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        let to = (at + AROUND + 1).min(lines.len());
        lines[from..to]
            .iter()
            .any(|line| !matches!(line, Line::Both(_)))
    };
    let mut shown = String::new();
    let mut gap = false;
    for (at, line) in lines.iter().enumerate() {
        if !near(at) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            shown.push_str("    ...\n");
        }
        let (mark, text) = match line {
            Line::Both(text) => ("    ", text),
            Line::Left(text) => ("  - ", text),
            Line::Right(text) => ("  + ", text),
        };
        shown.extend([mark, text, "\n"]);
    }
    shown
}

/// Walks the longest common subsequence; transcripts are short, so the table may be square.
fn compare<'a>(left: &'a str, right: &'a str) -> Vec<Line<'a>> {
    let left: Vec<&str> = left.lines().collect();
    let right: Vec<&str> = right.lines().collect();
    let mut longest = vec![vec![0_usize; right.len() + 1]; left.len() + 1];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            longest[i][j] = if left[i] == right[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < left.len() || j < right.len() {
        if i < left.len() && j < right.len() && left[i] == right[j] {
            lines.push(Line::Both(left[i]));
            i += 1;
            j += 1;
        } else if j >= right.len() || (i < left.len() && longest[i + 1][j] >= longest[i][j + 1]) {
            lines.push(Line::Left(left[i]));
            i += 1;
        } else {
            lines.push(Line::Right(right[j]));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_show_nothing() {
        assert_eq!(show("a\nb\n", "a\nb\n"), "");
    }

    #[test]
    fn a_changed_line_is_shown_both_ways_between_its_neighbours() {
        let shown = show("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\nx\n6\n7\n");
        assert_eq!(shown, "    ...\n    3\n    4\n  - 5\n  + x\n    6\n    7\n");
    }

    #[test]
    fn a_missing_line_is_shown_alone() {
        assert_eq!(show("a\nb\n", "b\n"), "  - a\n    b\n");
    }
}
