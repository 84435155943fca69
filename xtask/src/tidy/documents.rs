//! Documents: what they name exists, and every crate has one.

use super::layers::{LAYERS, layer};
use super::manifest::Manifest;
use super::markdown::Document;
use crate::VERBS;
use crate::tree::{Finding, Tree, has_extension};

/// The document that shows the import table.
const ARCHITECTURE: &str = "docs/architecture.md";

/// Folders whose paths a document may name from the root.
const FOLDERS: &[&str] = &["crates/", "docs/", "xtask/", "tests/", "benches/", ".ci/"];

/// Checks all documents.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        if tree.text(&format!("crates/{name}/README.md")).is_none() {
            findings.push(Finding::fault(
                &format!("crates/{name}"),
                0,
                "has no README.md",
            ));
        }
    }
    let mut packages = packages(tree);
    packages.extend(lisp_names(tree));
    for (path, text) in tree.ending(".md") {
        let document = Document::parse(text);
        if let Some(line) = document.unclosed {
            findings.push(Finding::fault(path, line, "a code fence is not closed"));
        }
        links(tree, path, &document, &mut findings);
        files(tree, path, &document, &mut findings);
        for line in document.lines() {
            if matches!(line.fence, None | Some("" | "text")) {
                for name in unknown_crates(line.text, &packages) {
                    let message = format!("there is no crate `{name}`");
                    findings.push(Finding::fault(path, line.number, message));
                }
            }
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| speaks_of_verbs(path)) {
        for (index, line) in text.lines().enumerate() {
            for verb in unknown_verbs(line) {
                let message = format!("there is no verb `cargo xtask {verb}`");
                findings.push(Finding::fault(path, index + 1, message));
            }
        }
    }
    architecture(tree, &mut findings);
    oldest_rust(tree, &mut findings);
    findings
}

/// Returns the names of all packages of the workspace.
fn packages(tree: &Tree) -> Vec<String> {
    let manifests = tree
        .ending("Cargo.toml")
        .filter_map(|(_, text)| Manifest::parse(text).ok());
    manifests
        .filter_map(|manifest| manifest.name().map(str::to_owned))
        .collect()
}

/// Returns the names that Lisp defines, which may begin as those of crates do.
fn lisp_names(tree: &Tree) -> impl Iterator<Item = String> {
    let lines = tree.ending(".el").flat_map(|(_, text)| text.lines());
    lines.filter_map(|line| {
        let (_, defined) = line.strip_prefix("(def")?.split_once(' ')?;
        defined.split_whitespace().next().map(str::to_owned)
    })
}

fn speaks_of_verbs(path: &str) -> bool {
    let tells = has_extension(path, "md") || has_extension(path, "rs") || path.starts_with('.');
    // These sources hold made-up verbs for their own tests.
    tells && !path.starts_with("xtask/")
}

fn links(tree: &Tree, path: &str, document: &Document<'_>, findings: &mut Vec<Finding>) {
    for (line, target) in document.links() {
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (file, anchor) = match target.split_once('#') {
            Some((file, anchor)) => (file, Some(anchor)),
            None => (target.as_str(), None),
        };
        let file = if file.is_empty() {
            path.to_owned()
        } else {
            join(folder(path), file)
        };
        if !tree.exists(&file) {
            findings.push(Finding::fault(
                path,
                line,
                format!("the link `{target}` leads nowhere"),
            ));
        } else if let (Some(anchor), true) = (anchor, has_extension(&file, "md")) {
            let text = tree.text(&file).unwrap_or_default();
            if !Document::parse(text)
                .anchors()
                .iter()
                .any(|known| known == anchor)
            {
                let message = format!("the link `{target}` names no heading");
                findings.push(Finding::fault(path, line, message));
            }
        }
    }
}

fn files(tree: &Tree, path: &str, document: &Document<'_>, findings: &mut Vec<Finding>) {
    for (line, span) in document.code_spans() {
        if is_file_name(span) && !resolves(tree, path, span.trim_end_matches('/')) {
            findings.push(Finding::fault(
                path,
                line,
                format!("there is no file `{span}`"),
            ));
        }
    }
}

/// Says whether a code span is meant as a file of this repository.
fn is_file_name(span: &str) -> bool {
    let plain = span
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    let rooted = FOLDERS
        .iter()
        .any(|folder| span.starts_with(folder) && span.len() > folder.len());
    let ending = |ending: &str| span.ends_with(ending) && span.len() > ending.len();
    plain
        && (rooted
            || ending(".md")
            || ending(".toml")
            || (ending(".rs") && span.contains('/') && !span.starts_with('/')))
}

/// A name counts from the document's folder, from its crate's sources, or from the root.
fn resolves(tree: &Tree, path: &str, name: &str) -> bool {
    let folder = folder(path);
    tree.exists(name)
        || tree.exists(&join(folder, name))
        || tree.exists(&join(&format!("{folder}/src"), name))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Follows `relative` from `folder`.
fn join(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn unknown_crates<'a>(text: &'a str, packages: &[String]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("netproc-") {
        let joined =
            text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_'));
        let end = text[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let name = &text[at..at + end.unwrap_or(text.len() - at)];
        let known = packages.iter().any(|package| package == name);
        if !joined && !name.ends_with('-') && !known {
            found.push(name);
        }
    }
    found
}

fn unknown_verbs(line: &str) -> Vec<&str> {
    let uses = line.split("cargo xtask ").skip(1);
    let verbs = uses.map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        &rest[..end.unwrap_or(rest.len())]
    });
    let unknown = verbs.filter(|verb| {
        let shout = verb.chars().all(|c| c.is_ascii_uppercase());
        !shout && !VERBS.iter().any(|known| known.name == *verb)
    });
    unknown.collect()
}

/// The table of crates in the architecture is the import table, as far as the crates exist.
fn architecture(tree: &Tree, findings: &mut Vec<Finding>) {
    let Some(text) = tree.text(ARCHITECTURE) else {
        return;
    };
    let document = Document::parse(text);
    let mut shown = Vec::new();
    for (line, cells) in document.rows() {
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
            continue;
        };
        let name = first.trim_matches('`');
        if !name.starts_with("netproc") {
            continue;
        }
        shown.push(name);
        let Some(layer) = layer(name) else { continue };
        // A row may speak of crates that are still to come only when the table does.
        let short = |name: &str| name.strip_prefix("netproc-").unwrap_or(name).to_owned();
        let here = layer
            .imports
            .iter()
            .filter(|name| tree.exists(&format!("crates/{name}")));
        let mut wanted: Vec<String> = here.map(|name| short(name)).collect();
        let mut found: Vec<String> = last
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| name != "–")
            .collect();
        wanted.sort();
        found.sort();
        if wanted != found {
            let message = format!("`{name}` may import {}", wanted.join(", "));
            findings.push(Finding::fault(ARCHITECTURE, line, message));
        }
    }
    for name in tree.crates().filter(|name| !shown.contains(name)) {
        findings.push(Finding::fault(
            ARCHITECTURE,
            0,
            format!("does not list `{name}`"),
        ));
    }
    for name in shown {
        if !LAYERS.iter().any(|layer| layer.name == name) {
            findings.push(Finding::fault(
                ARCHITECTURE,
                0,
                format!("lists `{name}`, no crate"),
            ));
        }
    }
}

/// A document that names the oldest Rust names the one of the manifest.
fn oldest_rust(tree: &Tree, findings: &mut Vec<Finding>) {
    let root = Manifest::parse(tree.text("Cargo.toml").unwrap_or_default());
    let Ok(root) = root else { return };
    let Some(oldest) = root.rust_version() else {
        return;
    };
    for (path, text) in tree.ending(".md") {
        for (index, line) in text.lines().enumerate() {
            let named = line.match_indices("Rust ").filter_map(|(at, word)| {
                let rest = line[at + word.len()..].trim_start_matches('(');
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
                let version = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
                version.starts_with("1.").then_some(version)
            });
            for version in named.filter(|version| *version != oldest) {
                let message = format!("names Rust {version}; the manifest says {oldest}");
                findings.push(Finding::fault(path, index + 1, message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: (&str, &str) = (
        "crates/netproc-lisp/Cargo.toml",
        "[package]\nname = \"netproc-lisp\"\n",
    );
    const README: (&str, &str) = ("crates/netproc-lisp/README.md", "# netproc-lisp\n");

    fn messages(path: &str, text: &str) -> Vec<String> {
        let files = [
            MANIFEST,
            README,
            ("Cargo.toml", ""),
            ("docs/style.md", "# Names\n"),
            (path, text),
        ];
        check(&Tree::of(&files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    fn refused(text: &str, part: &str) {
        let found = messages("docs/a.md", text);
        assert!(
            found.len() == 1 && found[0].contains(part),
            "{text:?}: {found:?}"
        );
    }

    #[test]
    fn a_crate_has_a_readme() {
        assert_eq!(check(&Tree::of(&[MANIFEST])).len(), 1);
    }

    #[test]
    fn links_lead_somewhere() {
        refused("See [this](gone.md).", "leads nowhere");
        refused("See [this](style.md#verbs).", "names no heading");
        refused("See [this](#verbs).", "names no heading");
        let fine = "[a](style.md#names) [b](../crates/netproc-lisp) [c](https://example.org/x.md)";
        assert_eq!(messages("docs/a.md", fine), Vec::<String>::new());
    }

    #[test]
    fn named_crates_exist() {
        refused("The crate `netproc-lips` reads.", "netproc-lips");
        refused("```text\nnetproc-lips --> wire\n```", "netproc-lips");
        let fine = "All `netproc-*`, netproc-lisp.\n```rust\nlet name = \"netproc-1\";\n```";
        assert_eq!(messages("docs/a.md", fine), Vec::<String>::new());
    }

    #[test]
    fn named_files_exist() {
        refused("It stands in `crates/netproc-lisp/src/gone.rs`.", "gone.rs");
        refused("Read `gone.md`.", "gone.md");
        let fine = "Read `style.md`, `Cargo.toml` and `docs/`; one form, `name.rs`.";
        assert_eq!(messages("docs/a.md", fine), Vec::<String>::new());
    }

    #[test]
    fn named_verbs_exist() {
        refused("Run `cargo xtask dance`.", "dance");
        assert_eq!(
            messages("docs/a.md", "`cargo xtask tidy`, `cargo xtask VERB`"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_oldest_rust_is_the_one_of_the_manifest() {
        let root = (
            "Cargo.toml",
            "[workspace.package]\nrust-version = \"1.88\"\n",
        );
        let found = |text| check(&Tree::of(&[root, ("README.md", text)])).len();
        assert_eq!(found("Needs Rust (1.80 or later), Rust 1.79."), 2);
        assert_eq!(found("Needs Rust 1.88. Rust is a language."), 0);
    }

    #[test]
    fn a_fence_is_closed() {
        refused("a\n```rust\nb\n", "not closed");
    }

    #[test]
    fn the_architecture_shows_the_import_table() {
        let row = |imports: &str| format!("| `netproc-lisp` | data | {imports} |\n");
        assert_eq!(messages(ARCHITECTURE, &row("–")), Vec::<String>::new());
        assert_eq!(messages(ARCHITECTURE, &row("address")).len(), 1);
        assert_eq!(messages(ARCHITECTURE, "none\n").len(), 1);
    }
}
