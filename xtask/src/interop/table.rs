//! The outcome as a table, for a terminal or as Markdown.

use std::fmt::Write as _;

use super::matrix::{CHECKS, PEERS, Row};

/// Names of the columns that say which row it is.
const NAMES: [&str; 4] = ["ours", "other end", "TLS", "trust"];

/// Returns the table, with what half-close means for each program below.
pub(crate) fn print(rows: &[Row], entries: &[Vec<String>], markdown: bool) -> String {
    let mut lines: Vec<Vec<&str>> = Vec::new();
    let head = NAMES.into_iter().chain(CHECKS.iter().map(|it| it.name));
    lines.push(head.collect());
    for (row, entries) in rows.iter().zip(entries) {
        let names = row.names().into_iter();
        lines.push(names.chain(entries.iter().map(String::as_str)).collect());
    }
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        push(&mut text, line, &widths, markdown);
        if index == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            let rule: Vec<&str> = rule.iter().map(String::as_str).collect();
            push(&mut text, &rule, &widths, markdown);
        }
    }
    text.push_str("\nHalf-close, program by program:\n\n");
    for peer in PEERS {
        // Writing to a string does not fail.
        let _ = writeln!(text, "- {}: {}.", peer.name, peer.half_close);
    }
    text
}

fn push(text: &mut String, line: &[&str], widths: &[usize], markdown: bool) {
    let (before, between, after) = if markdown {
        ("| ", " | ", " |")
    } else {
        ("", "  ", "")
    };
    let cells = line.iter().zip(widths);
    let cells: Vec<String> = cells
        .map(|(cell, width)| format!("{cell:<width$}"))
        .collect();
    let line = format!("{before}{}{after}", cells.join(between));
    text.push_str(line.trim_end());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::matrix::rows;

    fn lines(markdown: bool) -> Vec<String> {
        let rows = rows();
        let entries = vec![vec!["ok".to_owned(); CHECKS.len()]; rows.len()];
        let text = print(&rows, &entries, markdown);
        let table = text.lines().take_while(|line| !line.is_empty());
        let lines: Vec<String> = table.map(str::to_owned).collect();
        assert_eq!(lines.len(), rows.len() + 2);
        lines
    }

    #[test]
    fn columns_stand_below_each_other() {
        let lines = lines(false);
        let place = lines[0].find("resumption");
        assert!(
            lines[2..]
                .iter()
                .all(|it| it[place.unwrap()..].starts_with("ok"))
        );
    }

    #[test]
    fn markdown_has_the_same_cells_in_every_line() {
        for line in lines(true) {
            assert!(line.starts_with("| ") && line.ends_with(" |"), "{line}");
            assert_eq!(line.split(" | ").count(), NAMES.len() + CHECKS.len());
        }
    }
}
