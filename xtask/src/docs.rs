//! Documents that are made from code: written by `docs`, compared by `docs --check`.

use std::path::Path;

use crate::{Outcome, conformance, root};

/// One document and what makes it.
struct Document {
    path: &'static str,
    render: fn() -> String,
}

const DOCUMENTS: &[Document] = &[
    Document {
        path: "docs/keywords.md",
        render: keywords,
    },
    Document {
        path: "docs/status.md",
        render: status,
    },
    Document {
        path: "docs/deviations.md",
        render: conformance::deviations,
    },
];

/// What the first line of a made document says.
const NOTICE: &str = "<!-- Made by `cargo xtask docs`; edit what it is made from. -->\n\n";

/// Writes the documents, or with `--check` fails when one is stale.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    match arguments {
        [] => write(&root(), DOCUMENTS),
        [flag] if flag == "--check" => check(&root(), DOCUMENTS),
        _ => Err("`docs` takes nothing or `--check`".to_owned()),
    }
}

/// Fails when a document is not what the code makes today.
pub(crate) fn check_all() -> Outcome {
    check(&root(), DOCUMENTS)
}

fn write(root: &Path, documents: &[Document]) -> Outcome {
    for document in documents {
        std::fs::write(root.join(document.path), text(document))
            .map_err(|error| format!("cannot write {}: {error}", document.path))?;
        println!("wrote {}", document.path);
    }
    Ok(())
}

fn check(root: &Path, documents: &[Document]) -> Outcome {
    let stale: Vec<_> = documents
        .iter()
        .filter(|document| {
            let found = std::fs::read_to_string(root.join(document.path));
            found.ok().as_deref() != Some(&text(document))
        })
        .map(|document| document.path)
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "stale: {}; run `cargo xtask docs`",
        stale.join(", ")
    ))
}

fn text(document: &Document) -> String {
    format!("{NOTICE}{}\n", (document.render)().trim())
}

fn keywords() -> String {
    netproc_keywords::markdown()
}

fn status() -> String {
    format!(
        "# Status of a process\n\n\
         The states of the machine in `netproc-process` and what leads from one to another. Both parts\n\
         are drawn from the table that the machine itself obeys.\n\n\
         ```mermaid\n{}\n```\n\n\
         ## Transitions\n\n\
         Under each sort of process: the event, the state before and after, the steps taken, and what\n\
         the sentinel hears. An event that is not listed for a state is an error.\n\n\
         ```text\n{}\n```\n",
        netproc_process::status_diagram().trim_end(),
        netproc_process::transition_table().trim_end(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: &[Document] = &[Document {
        path: "made.md",
        render: || "# Made\n".to_owned(),
    }];

    #[test]
    fn a_stale_document_is_told_and_a_written_one_is_fresh() {
        let folder = std::env::temp_dir().join(format!("netproc-xtask-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert!(check(&folder, MADE).unwrap_err().contains("stale: made.md"));
        assert_eq!(write(&folder, MADE), Ok(()));
        assert_eq!(check(&folder, MADE), Ok(()));
        std::fs::write(folder.join("made.md"), "# Mad\n").unwrap();
        assert!(check(&folder, MADE).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_documents_of_the_repository_are_fresh() {
        assert_eq!(check_all(), Ok(()));
    }
}
