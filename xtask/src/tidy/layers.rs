//! The import table between our crates, held against manifests and sources.

use std::collections::BTreeMap;

use super::manifest::Manifest;
use super::paths::named_paths;
use super::source::Source;
use crate::tree::{Finding, Tree};

/// One crate and what it may import of ours.
pub(crate) struct Layer {
    pub(crate) name: &'static str,
    /// No sockets, no executor, no clock, no `unsafe`.
    pub(crate) pure: bool,
    pub(crate) imports: &'static [&'static str],
}

/// Every crate under `crates/`, lowest first; `docs/architecture.md` shows the same table.
pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        name: "netproc-lisp",
        pure: true,
        imports: &[],
    },
    Layer {
        name: "netproc-address",
        pure: true,
        imports: &["netproc-lisp"],
    },
    Layer {
        name: "netproc-coding",
        pure: true,
        imports: &["netproc-lisp"],
    },
    Layer {
        name: "netproc-keywords",
        pure: true,
        imports: &["netproc-lisp", "netproc-address", "netproc-coding"],
    },
    Layer {
        name: "netproc-process",
        pure: true,
        imports: &[
            "netproc-lisp",
            "netproc-address",
            "netproc-coding",
            "netproc-keywords",
        ],
    },
    Layer {
        name: "netproc-dialogue",
        pure: true,
        imports: &["netproc-lisp"],
    },
    Layer {
        name: "netproc-socket",
        pure: false,
        imports: &["netproc-address"],
    },
    Layer {
        name: "netproc-tls",
        pure: false,
        imports: &["netproc-lisp", "netproc-address"],
    },
    Layer {
        name: "netproc-network",
        pure: false,
        imports: BELOW_NETWORK,
    },
    Layer {
        name: "netproc",
        pure: false,
        imports: BELOW_FACADE,
    },
    Layer {
        name: "netproc-cli",
        pure: false,
        imports: &["netproc"],
    },
    Layer {
        name: "netproc-emacs",
        pure: false,
        imports: &["netproc"],
    },
];

const BELOW_NETWORK: &[&str] = &[
    "netproc-lisp",
    "netproc-address",
    "netproc-coding",
    "netproc-keywords",
    "netproc-process",
    "netproc-socket",
    "netproc-tls",
];

const BELOW_FACADE: &[&str] = &[
    "netproc-lisp",
    "netproc-address",
    "netproc-coding",
    "netproc-keywords",
    "netproc-process",
    "netproc-dialogue",
    "netproc-socket",
    "netproc-tls",
    "netproc-network",
];

/// Returns the layer of a crate under `crates/`.
pub(crate) fn layer(name: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|layer| layer.name == name)
}

/// Holds every crate's manifest and sources against the table, and the table against itself.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let Some(layer) = layer(name) else {
            findings.push(Finding::fault(
                &path,
                0,
                format!("`{name}` is not in the import table"),
            ));
            continue;
        };
        check_manifest(tree, &path, layer, &mut findings);
        check_sources(tree, layer, &mut findings);
    }
    findings
}

fn check_manifest(tree: &Tree, path: &str, layer: &Layer, findings: &mut Vec<Finding>) {
    let manifest = match Manifest::parse(tree.text(path).unwrap_or_default()) {
        Ok(manifest) => manifest,
        Err(message) => return findings.push(Finding::fault(path, 0, message)),
    };
    if manifest.name() != Some(layer.name) {
        findings.push(Finding::fault(
            path,
            0,
            "the folder and the package have different names",
        ));
    }
    for dependency in manifest.dependencies() {
        let package = dependency.package.as_str();
        if is_ours(package) && !layer.imports.contains(&package) {
            let message = format!("`{}` may not depend on `{package}`", layer.name);
            findings.push(Finding::fault(path, 0, message));
        }
    }
}

fn check_sources(tree: &Tree, layer: &Layer, findings: &mut Vec<Finding>) {
    let prefix = format!("crates/{}/", layer.name);
    for (path, text) in tree
        .ending(".rs")
        .filter(|(path, _)| path.starts_with(&prefix))
    {
        let source = Source::parse(text);
        let mut seen = BTreeMap::new();
        for named in named_paths(&source.tokens()) {
            let package = named.first().replace('_', "-");
            let names_crate = named.path.contains("::") || named.first().contains('_');
            if names_crate && is_known(&package) && !may_name(layer, &package) {
                seen.entry(package).or_insert(named.line);
            }
        }
        for (package, line) in seen {
            let message = format!("`{}` may not import `{package}`", layer.name);
            findings.push(Finding::fault(path, line, message));
        }
    }
}

fn is_ours(package: &str) -> bool {
    package == "netproc" || package.starts_with("netproc-") || package == "xtask"
}

fn is_known(package: &str) -> bool {
    layer(package).is_some()
}

fn may_name(layer: &Layer, package: &str) -> bool {
    // A crate's own tests and examples call it by its name.
    package == layer.name || layer.imports.contains(&package)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    const COMMAND: &str = "[package]\nname = \"netproc-cli\"\n[dependencies]\nnetproc = \"0\"\n";

    #[test]
    fn an_arrow_turned_round_in_a_manifest_is_refused() {
        let manifest = "[package]\nname = \"netproc-lisp\"\n\
            [dependencies]\nnetproc-address.workspace = true\n";
        assert_eq!(
            messages(&[("crates/netproc-lisp/Cargo.toml", manifest)]),
            [
                "error: crates/netproc-lisp/Cargo.toml: `netproc-lisp` may not depend on `netproc-address`"
            ]
        );
    }

    #[test]
    fn an_arrow_turned_round_under_another_name_is_refused() {
        let manifest = "[package]\nname = \"netproc-lisp\"\n\
            [target.'cfg(unix)'.dev-dependencies]\nnet = { package = \"netproc\", version = \"0\" }\n";
        assert_eq!(
            messages(&[("crates/netproc-lisp/Cargo.toml", manifest)]).len(),
            1
        );
    }

    #[test]
    fn the_table_itself_runs_one_way_only() {
        for (index, layer) in LAYERS.iter().enumerate() {
            for import in layer.imports {
                let place = LAYERS.iter().position(|other| other.name == *import);
                assert!(
                    place.is_some_and(|place| place < index),
                    "{} -> {import}",
                    layer.name
                );
            }
        }
    }

    #[test]
    fn an_import_of_a_neighbour_in_source_is_refused() {
        let source = "//! Runs.\nuse netproc::prelude::*;\nuse netproc_process::Machine;\n";
        assert_eq!(
            messages(&[
                ("crates/netproc-cli/Cargo.toml", COMMAND),
                ("crates/netproc-cli/src/main.rs", source)
            ]),
            [
                "error: crates/netproc-cli/src/main.rs:3: `netproc-cli` may not import `netproc-process`"
            ]
        );
    }

    #[test]
    fn what_the_table_allows_passes() {
        let source = "//! Runs.\nuse netproc::prelude::*;\n// netproc_process is below.\n";
        let files = [
            ("crates/netproc-cli/Cargo.toml", COMMAND),
            ("crates/netproc-cli/src/main.rs", source),
        ];
        assert_eq!(messages(&files), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_a_layer_is_refused() {
        let manifest = "[package]\nname = \"netproc-extra\"\n";
        assert_eq!(
            messages(&[("crates/netproc-extra/Cargo.toml", manifest)]).len(),
            1
        );
    }

    #[test]
    fn a_folder_has_the_name_of_its_package() {
        let manifest = "[package]\nname = \"netproc-lips\"\n";
        assert_eq!(
            messages(&[("crates/netproc-lisp/Cargo.toml", manifest)]).len(),
            1
        );
    }
}
