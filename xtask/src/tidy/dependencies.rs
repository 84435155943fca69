//! Every dependency is named once for a version and once for a reason.

use std::collections::BTreeSet;

use super::layers::LAYERS;
use super::manifest::Manifest;
use super::markdown::Document;
use super::source::Source;
use crate::tree::{Finding, Tree};

/// Where the reasons stand.
const REASONS: &str = "docs/dependencies.md";

/// Checks that manifests, the workspace's list and the reasons agree.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(root) = tree.text("Cargo.toml") else {
        return findings;
    };
    let root = match Manifest::parse(root) {
        Ok(root) => root,
        Err(message) => return vec![Finding::fault("Cargo.toml", 0, message)],
    };
    let mut used = BTreeSet::new();
    for (path, text) in tree.ending("/Cargo.toml") {
        let Ok(manifest) = Manifest::parse(text) else {
            continue;
        };
        let folder = path.trim_end_matches("/Cargo.toml");
        let member = root.members().contains(&folder);
        if member && !manifest.inherits_lints() {
            findings.push(Finding::fault(
                path,
                0,
                "takes its lints from the workspace",
            ));
        }
        let words = words(tree, folder);
        for dependency in manifest.dependencies() {
            if member && !dependency.inherited {
                let message = format!(
                    "`{}` takes its version from the workspace",
                    dependency.package
                );
                findings.push(Finding::fault(path, 0, message));
            }
            if member && !words.contains(&dependency.package.replace('-', "_")) {
                let message = format!("no source names `{}`", dependency.package);
                findings.push(Finding::fault(path, 0, message));
            }
            used.insert(dependency.package);
        }
    }
    for offered in root.workspace_dependencies() {
        if !used.contains(&offered.package) && !is_ours(&offered.package) {
            let message = format!("no member uses `{}`", offered.package);
            findings.push(Finding::fault("Cargo.toml", 0, message));
        }
    }
    reasons(tree, &used, &mut findings);
    findings
}

/// Returns every word of the code under `folder`.
fn words(tree: &Tree, folder: &str) -> BTreeSet<String> {
    let folder = format!("{folder}/");
    let mut words = BTreeSet::new();
    for (_, text) in tree
        .ending(".rs")
        .filter(|(path, _)| path.starts_with(&folder))
    {
        let source = Source::parse(text);
        words.extend(source.tokens().iter().map(|token| token.text.to_owned()));
    }
    words
}

fn reasons(tree: &Tree, used: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    let Some(text) = tree.text(REASONS) else {
        findings.push(Finding::fault(REASONS, 0, "is missing"));
        return;
    };
    let mut given = BTreeSet::new();
    for (line, cells) in Document::parse(text).rows() {
        let first = cells.first().copied().unwrap_or_default();
        let Some(name) = first
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'))
        else {
            continue;
        };
        if !used.contains(name) {
            findings.push(Finding::fault(
                REASONS,
                line,
                format!("nothing uses `{name}`"),
            ));
        }
        if !given.insert(name) {
            findings.push(Finding::fault(
                REASONS,
                line,
                format!("`{name}` stands here twice"),
            ));
        }
    }
    for name in used
        .iter()
        .filter(|name| !is_ours(name) && !given.contains(name.as_str()))
    {
        findings.push(Finding::fault(
            REASONS,
            0,
            format!("gives no reason for `{name}`"),
        ));
    }
}

fn is_ours(package: &str) -> bool {
    LAYERS.iter().any(|layer| layer.name == package) || package.starts_with("netproc-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nslab = \"1\"\n";
    const MEMBER: &str = "[package]\nname = \"a\"\n[lints]\nworkspace = true\n[dependencies]\nslab.workspace = true\n";
    const WHY: &str = "| crate | why |\n|---|---|\n| `slab` | indices |\n";

    fn messages(root: &str, member: &str, why: &str) -> Vec<String> {
        let files = [
            ("Cargo.toml", root),
            ("a/Cargo.toml", member),
            (REASONS, why),
            ("a/src/lib.rs", "use slab::Slab;"),
        ];
        check(&Tree::of(&files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_dependency_with_a_reason_passes() {
        assert_eq!(messages(ROOT, MEMBER, WHY), Vec::<String>::new());
    }

    #[test]
    fn a_dependency_has_a_reason() {
        assert_eq!(
            messages(ROOT, MEMBER, ""),
            [format!("error: {REASONS}: gives no reason for `slab`")]
        );
    }

    #[test]
    fn a_reason_has_a_dependency_and_stands_once() {
        let more = format!("{WHY}| `mio` | poll |\n| `slab` | again |\n");
        let found = messages(ROOT, MEMBER, &more);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_version_stands_in_the_workspace_only() {
        let own = MEMBER.replace("slab.workspace = true", "slab = \"1\"");
        assert!(messages(ROOT, &own, WHY)[0].contains("takes its version"));
    }

    #[test]
    fn a_member_depends_on_nothing_that_it_does_not_name() {
        let member = format!("{MEMBER}mio.workspace = true\n");
        let (root, why) = (
            format!("{ROOT}mio = \"1\"\n"),
            format!("{WHY}| `mio` | poll |\n"),
        );
        assert_eq!(
            messages(&root, &member, &why),
            ["error: a/Cargo.toml: no source names `mio`"]
        );
    }

    #[test]
    fn lints_are_inherited() {
        let own = MEMBER.replace("[lints]\nworkspace = true\n", "");
        assert!(messages(ROOT, &own, WHY)[0].contains("takes its lints"));
    }

    #[test]
    fn the_workspace_offers_nothing_that_nobody_uses() {
        let more = format!("{ROOT}mio = \"1\"\n");
        assert_eq!(
            messages(&more, MEMBER, WHY),
            ["error: Cargo.toml: no member uses `mio`"]
        );
    }
}
