//! The commands `keywords` and `interfaces`: tables for people, JSON for programs.

use std::fmt::Write as _;
use std::io;

use comfy_table::{ContentArrangement, Table, presets};
use netproc::keywords::{Definition, json, lookup, nearest, table};
use netproc::socket::{Interface, interfaces};

use crate::complaint::Complaint;
use crate::snippet::printable;

/// Makes the table of keywords, or what is to be said about one.
pub(crate) fn keywords(as_json: bool, name: Option<&str>) -> Result<String, Complaint> {
    match (name, as_json) {
        (None, true) => Ok(json()),
        (None, false) => Ok(all_keywords()),
        (Some(name), as_json) => {
            let definition = find(name)?;
            Ok(if as_json {
                one_as_json(definition)
            } else {
                one_as_text(definition)
            })
        }
    }
}

/// Finds a keyword that may have been typed without its colon.
fn find(name: &str) -> Result<&'static Definition, Complaint> {
    lookup(name)
        .or_else(|| lookup(&format!(":{name}")))
        .ok_or_else(|| {
            let complaint = Complaint::error(format!("keywords: {name} is no keyword"));
            match nearest(name) {
                Some(known) => complaint.hint(format!("did you mean {}?", known.keyword)),
                None => complaint.hint("netproc keywords prints all of them"),
            }
        })
}

fn all_keywords() -> String {
    let mut page = borderless(&["KEYWORD", "TAKES", "DEFAULT", "WHAT FOR"]);
    for definition in table() {
        page.add_row([
            definition.keyword,
            &definition.expected(),
            definition.default,
            definition.summary,
        ]);
    }
    printed(&page)
}

fn one_as_text(definition: &Definition) -> String {
    format!(
        "{}  {}\n\nFor {}. Takes {}.\n\n{}\n",
        definition.keyword,
        definition.summary,
        definition.roles,
        definition.expected(),
        wrapped(definition.doc),
    )
}

/// Picks one object out of the rendered table, so that both have one form.
fn one_as_json(definition: &Definition) -> String {
    let is_it = |entry: &serde_json::Value| entry["keyword"] == definition.keyword;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&json()).unwrap_or_default();
    entries
        .iter()
        .find(|entry| is_it(entry))
        .map_or_else(String::new, |entry| format!("{entry}\n"))
}

/// Makes the table of network interfaces.
///
/// # Errors
///
/// The system's error.
pub(crate) fn all_interfaces(as_json: bool) -> io::Result<String> {
    let interfaces = interfaces()?;
    if as_json {
        let entries: Vec<serde_json::Value> = interfaces.iter().map(interface_as_json).collect();
        return Ok(format!("{:#}\n", serde_json::Value::Array(entries)));
    }
    let mut page = borderless(&["NAME", "ADDRESSES", "FLAGS"]);
    for interface in &interfaces {
        page.add_row([
            interface.name.clone(),
            addresses(interface).join("\n"),
            interface.flags.names().collect::<Vec<_>>().join(" "),
        ]);
    }
    Ok(printed(&page))
}

fn interface_as_json(interface: &Interface) -> serde_json::Value {
    serde_json::json!({
        "name": interface.name,
        "index": interface.index,
        "addresses": addresses(interface),
        "flags": interface.flags.names().collect::<Vec<_>>(),
    })
}

fn addresses(interface: &Interface) -> Vec<String> {
    let text = |address: &netproc::socket::InterfaceAddress| address.address.ip().to_string();
    interface.addresses.iter().map(text).collect()
}

fn borderless(header: &[&str]) -> Table {
    let mut page = Table::new();
    page.load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    page
}

/// Makes a table of names and what stands behind them.
pub(crate) fn columns<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut page = Table::new();
    page.load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        page.add_row([name, &printable(&value)]);
    }
    let mut text = String::new();
    for line in page.lines() {
        // A row without a name keeps its place in the column.
        let line = line.strip_prefix(' ').unwrap_or(&line);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Prints a table without the blanks at the ends of its lines.
fn printed(page: &Table) -> String {
    let mut text = String::new();
    for line in page.lines() {
        let _ = writeln!(text, "{}", line.trim());
    }
    text
}

/// Breaks a paragraph into lines of a width that reads well.
fn wrapped(paragraph: &str) -> String {
    const WIDTH: usize = 78;
    let mut text = String::with_capacity(paragraph.len());
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        if column > 0 {
            let breaks = column + 1 + width > WIDTH;
            text.push(if breaks { '\n' } else { ' ' });
            column = if breaks { 0 } else { column + 1 };
        }
        text.push_str(word);
        column += width;
    }
    text
}
