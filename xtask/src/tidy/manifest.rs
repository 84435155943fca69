//! `Cargo.toml` files, read for their names and dependencies.

use serde_json::Value;

/// One manifest.
pub(crate) struct Manifest(Value);

/// One line of a dependency table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dependency {
    /// The package, whatever it is called here.
    pub(crate) package: String,
    /// Whether its version comes from the workspace.
    pub(crate) inherited: bool,
}

const TABLES: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

impl Manifest {
    /// Reads a manifest.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        basic_toml::from_str(text)
            .map(Self)
            .map_err(|error| format!("is no manifest: {error}"))
    }

    /// Returns the name of the package.
    pub(crate) fn name(&self) -> Option<&str> {
        self.0.pointer("/package/name")?.as_str()
    }

    /// Says whether the package takes its lints from the workspace.
    pub(crate) fn inherits_lints(&self) -> bool {
        self.0.pointer("/lints/workspace").and_then(Value::as_bool) == Some(true)
    }

    /// Returns the dependencies of every kind and target.
    pub(crate) fn dependencies(&self) -> Vec<Dependency> {
        let targets = self.0.get("target").and_then(Value::as_object);
        let scopes =
            std::iter::once(&self.0).chain(targets.into_iter().flat_map(|all| all.values()));
        let mut found = Vec::new();
        for scope in scopes {
            for table in TABLES {
                found.extend(entries(scope.get(table)));
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// Returns what the workspace offers its members.
    pub(crate) fn workspace_dependencies(&self) -> Vec<Dependency> {
        entries(self.0.pointer("/workspace/dependencies")).collect()
    }

    /// Returns the oldest Rust that the workspace allows.
    pub(crate) fn rust_version(&self) -> Option<&str> {
        self.0.pointer("/workspace/package/rust-version")?.as_str()
    }

    /// Returns the folders of the workspace's members.
    pub(crate) fn members(&self) -> Vec<&str> {
        let members = self
            .0
            .pointer("/workspace/members")
            .and_then(Value::as_array);
        members
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}

fn entries(table: Option<&Value>) -> impl Iterator<Item = Dependency> {
    table
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, entry)| Dependency {
            package: entry
                .get("package")
                .and_then(Value::as_str)
                .unwrap_or(name)
                .to_owned(),
            inherited: entry.get("workspace").and_then(Value::as_bool) == Some(true),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_every_kind_are_read() {
        let manifest = Manifest::parse(
            "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\n\
             [build-dependencies]\nc = \"1\"\n[dev-dependencies.d]\nversion = \"1\"\n\
             [target.'cfg(unix)'.dependencies]\ne = { package = \"f\", version = \"1\" }\n",
        );
        let dependencies = manifest
            .map(|manifest| manifest.dependencies())
            .unwrap_or_default();
        let names: Vec<_> = dependencies
            .iter()
            .map(|d| (d.package.as_str(), d.inherited))
            .collect();
        assert_eq!(
            names,
            [("b", true), ("c", false), ("d", false), ("f", false)]
        );
    }

    #[test]
    fn a_broken_manifest_is_an_error() {
        assert!(Manifest::parse("[package").is_err());
    }
}
