//! The differences file: where Emacs and we differ, why, and which case shows it.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the file says, in its order.
pub(super) struct Differences {
    introduction: String,
    conclusion: String,
    sections: Vec<Section>,
}

struct Section {
    title: String,
    why: String,
    entries: Vec<Entry>,
}

/// One row of the document.
struct Entry {
    emacs: String,
    netproc: String,
    why: String,
    cases: Vec<String>,
    /// The cases that differ over the engine alone, which the replay in `tests/replay` shows.
    engine: Vec<String>,
}

impl Differences {
    /// Reads the file.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let file: Value = basic_toml::from_str(text).map_err(|error| error.to_string())?;
        let sections = list(&file, "section").iter().map(Section::parse);
        Ok(Self {
            introduction: required(&file, "introduction")?,
            conclusion: required(&file, "conclusion")?,
            sections: sections.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the cases that differ, each with what is said of it.
    pub(super) fn cases(&self) -> BTreeMap<&str, &str> {
        let entries = self.sections.iter().flat_map(|section| &section.entries);
        entries
            .flat_map(|entry| {
                let said = entry.netproc.as_str();
                entry.cases.iter().map(move |case| (case.as_str(), said))
            })
            .collect()
    }

    /// Returns the document that is made from the file.
    pub(super) fn document(&self) -> String {
        let mut text = format!(
            "# Where netproc and Emacs differ\n\n{}\n",
            self.introduction.trim()
        );
        for section in &self.sections {
            text.push_str(&section.document());
        }
        format!("{text}\n{}\n", self.conclusion.trim())
    }
}

impl Section {
    fn parse(value: &Value) -> Result<Self, String> {
        let title = required(value, "title")?;
        let why = optional(value, "why");
        let entries = list(value, "entry").iter().map(Entry::parse);
        let entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
        for entry in &entries {
            if why.is_empty() && entry.why.is_empty() {
                return Err(format!("`{}` has no reason", entry.emacs));
            }
        }
        Ok(Self {
            title,
            why,
            entries,
        })
    }

    fn document(&self) -> String {
        let reasons = self.entries.iter().any(|entry| !entry.why.is_empty());
        let mut text = format!("\n## {}\n\n", self.title);
        if !self.why.is_empty() {
            text.extend([self.why.trim(), "\n\n"]);
        }
        text.push_str(if reasons {
            "| Emacs 28.2 | netproc | Why | Shown by |\n|---|---|---|---|\n"
        } else {
            "| Emacs 28.2 | netproc | Shown by |\n|---|---|---|\n"
        });
        for entry in &self.entries {
            let in_emacs = entry.cases.iter().map(|case| format!("`{case}`"));
            let alone = entry.engine.iter().map(|case| format!("`{case}`*"));
            let shown: Vec<String> = in_emacs.chain(alone).collect();
            let shown = if shown.is_empty() {
                "no case".to_owned()
            } else {
                shown.join(", ")
            };
            text.extend(["| ", &entry.emacs, " | ", &entry.netproc, " | "]);
            if reasons {
                text.extend([&entry.why, " | "]);
            }
            text.extend([&shown, " |\n"]);
        }
        text
    }
}

impl Entry {
    fn parse(value: &Value) -> Result<Self, String> {
        Ok(Self {
            emacs: required(value, "emacs")?,
            netproc: required(value, "netproc")?,
            why: optional(value, "why"),
            cases: names(value, "cases")?,
            engine: names(value, "engine")?,
        })
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn names(value: &Value, key: &str) -> Result<Vec<String>, String> {
    let names = list(value, key).iter().map(|name| {
        let name = name.as_str().map(str::to_owned);
        name.ok_or_else(|| format!("`{key}` holds names"))
    });
    names.collect()
}

fn optional(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn required(value: &Value, key: &str) -> Result<String, String> {
    match optional(value, key) {
        text if text.is_empty() => Err(format!("`{key}` is missing in {value}")),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
introduction = "Measured."
conclusion = "No more."
[[section]]
title = "Safe"
why = "Emacs crashes."
[[section.entry]]
emacs = "crashes"
netproc = "does not"
cases = ["a/b"]
engine = ["a/c"]
[[section.entry]]
emacs = "hangs"
netproc = "goes on"
"#;

    #[test]
    fn the_document_marks_what_no_case_shows() {
        let document = Differences::parse(FILE).unwrap().document();
        assert_eq!(
            document,
            "# Where netproc and Emacs differ\n\nMeasured.\n\n## Safe\n\nEmacs crashes.\n\n\
             | Emacs 28.2 | netproc | Shown by |\n|---|---|---|\n\
             | crashes | does not | `a/b`, `a/c`* |\n| hangs | goes on | no case |\n\nNo more.\n"
        );
    }

    #[test]
    fn cases_are_found_by_name() {
        let differences = Differences::parse(FILE).unwrap();
        assert_eq!(differences.cases().get("a/b"), Some(&"does not"));
    }

    #[test]
    fn an_entry_without_a_reason_is_refused() {
        let text = FILE.replace("why = \"Emacs crashes.\"\n", "");
        assert!(Differences::parse(&text).err().unwrap().contains("reason"));
    }
}
