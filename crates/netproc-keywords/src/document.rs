//! The table as a page for people and as JSON for programs.

use std::fmt::Write as _;

use crate::{Category, Definition, Roles, Shape, table::table};

/// Renders the table as the Markdown page `docs/keywords.md`.
///
/// ```
/// let page = netproc_keywords::markdown();
/// assert!(page.starts_with("# Keywords\n"));
/// assert!(page.contains("### `:host`"));
/// ```
pub fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for category in Category::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n| keyword | takes | default |\n|---|---|---|\n",
            category.title()
        );
        for entry in entries(category) {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                entry.keyword,
                shapes(entry),
                entry.default
            );
        }
        for entry in entries(category) {
            let _ = write!(page, "\n### `{}`\n\n{}", entry.keyword, entry.summary);
            if entry.roles != Roles::All {
                let _ = write!(page, " (for {})", entry.roles);
            }
            let _ = write!(page, ".\n\n{}\n", entry.doc);
        }
    }
    page
}

/// Renders the table as a JSON array with one object a keyword.
///
/// Each has the strings `keyword`, `summary`, `doc`, `default`, `category` and `roles`, the array
/// of strings `shapes`, and the boolean `option`.
///
/// ```
/// assert!(netproc_keywords::json().contains(r#""keyword":":host""#));
/// ```
pub fn json() -> String {
    let mut array = String::from("[");
    for (index, entry) in table().iter().enumerate() {
        array.push_str(if index == 0 { "\n{" } else { ",\n{" });
        member(&mut array, "keyword", entry.keyword);
        array.push(',');
        member(&mut array, "summary", entry.summary);
        array.push_str(",\"shapes\":[");
        for (index, shape) in entry.shapes.iter().enumerate() {
            if index > 0 {
                array.push(',');
            }
            string(&mut array, &shape.to_string());
        }
        array.push_str("],");
        member(&mut array, "default", entry.default);
        array.push(',');
        member(&mut array, "category", entry.category.name());
        array.push(',');
        member(&mut array, "roles", &entry.roles.to_string());
        let _ = write!(array, ",\"option\":{},", entry.is_option());
        member(&mut array, "doc", entry.doc);
        array.push('}');
    }
    array.push_str("\n]\n");
    array
}

/// Returns the entries of a category in their order.
fn entries(category: Category) -> impl Iterator<Item = &'static Definition> {
    table()
        .iter()
        .filter(move |entry| entry.category == category)
}

/// Names the kinds of value that an entry takes, those to be typed as they stand in code.
fn shapes(entry: &Definition) -> String {
    let mut names = String::new();
    for (index, shape) in entry.shapes.iter().enumerate() {
        if index > 0 {
            names.push_str(", ");
        }
        let _ = match shape {
            Shape::Nil | Shape::True | Shape::Symbol(_) | Shape::CodingPair => {
                write!(names, "`{shape}`")
            }
            _ => write!(names, "{shape}"),
        };
    }
    names
}

/// Writes one member whose value is a string.
fn member(json: &mut String, name: &str, value: &str) {
    string(json, name);
    json.push(':');
    string(json, value);
}

/// Writes a JSON string.
fn string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(json, "\\u{:04x}", u32::from(control));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

const INTRODUCTION: &str = "\
# Keywords

What `make-network-process` is told, as the table in `netproc-keywords` has it. A keyword that is
left out means the same as one given `nil`, but for `:coding`, `:filter-multibyte` and
`:reuseaddr`. Where a keyword occurs more than once the first counts, but options of the socket
are set each time, so that the last one holds. Keywords that are not known are kept and do
nothing.
";
