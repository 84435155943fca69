//! The cases: Lisp files by topic, whose first line says what they show.

use std::path::{Path, PathBuf};

/// What follows the sentence on the first line of every case.
const COOKIE: &str = "-*- lexical-binding: t -*-";

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    /// Topic and name, as in `streams/echo`.
    pub(super) name: String,
    /// What the case shows.
    pub(super) sentence: String,
    pub(super) path: PathBuf,
    /// Whether it needs IPv6 on the loopback interface.
    pub(super) ipv6: bool,
    /// Whether Emacs runs as `--batch`, where errors in callbacks end it.
    pub(super) batch: bool,
    /// The socket that Emacs finds open when it starts.
    pub(super) listen: Option<Listen>,
}

/// A socket handed to Emacs by who starts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listen {
    Tcp,
    Local,
}

impl Case {
    /// Reads the head of the case `name` from its text.
    pub(super) fn parse(name: &str, path: &Path, text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let sentence = lines
            .next()
            .and_then(|line| line.strip_prefix(";;; "))
            .and_then(|line| line.strip_suffix(COOKIE))
            .map(str::trim)
            .filter(|sentence| sentence.ends_with('.'))
            .ok_or_else(|| format!("{name}: begins with `;;; SENTENCE.  {COOKIE}`"))?;
        let mut case = Self {
            name: name.to_owned(),
            sentence: sentence.to_owned(),
            path: path.to_owned(),
            ipv6: false,
            batch: false,
            listen: None,
        };
        for line in lines.take_while(|line| line.starts_with(";; ")) {
            match line {
                ";; needs: ipv6" => case.ipv6 = true,
                ";; mode: batch" => case.batch = true,
                ";; listen: tcp" => case.listen = Some(Listen::Tcp),
                ";; listen: local" => case.listen = Some(Listen::Local),
                _ => {}
            }
        }
        Ok(case)
    }

    /// Returns the folder that the case stands in.
    pub(super) fn topic(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// Reads every case under `folder`, by name.
pub(super) fn read(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for topic in entries(folder)? {
        for path in entries(&topic)? {
            if path.extension().is_none_or(|extension| extension != "el") {
                continue;
            }
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let name = format!("{}/{}", stem(&topic), stem(&path));
            cases.push(Case::parse(&name, &path, &text)?);
        }
    }
    Ok(cases)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listing = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Case, String> {
        Case::parse("streams/echo", Path::new("echo.el"), text)
    }

    #[test]
    fn a_case_says_what_it_shows_and_needs() {
        let case = parse(
            ";;; Text comes back.  -*- lexical-binding: t -*-\n;; needs: ipv6\n\n;; mode: batch\n",
        );
        let case = case.unwrap();
        assert_eq!(case.sentence, "Text comes back.");
        assert_eq!(case.topic(), "streams");
        assert!(case.ipv6 && !case.batch && case.listen.is_none());
    }

    #[test]
    fn a_case_without_a_sentence_is_refused() {
        assert!(parse("(call (server))\n").unwrap_err().contains("SENTENCE"));
        assert!(parse(";;; No stop  -*- lexical-binding: t -*-\n").is_err());
    }
}
