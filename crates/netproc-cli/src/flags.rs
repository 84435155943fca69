//! Flags with values, as `--flag VALUE` or `--flag=VALUE`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::complaint::Complaint;

/// A flag, and the value that is attached to it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flag {
    /// The flag with its hyphens, such as `--host`.
    pub(crate) name: String,
    attached: Option<OsString>,
}

impl Flag {
    /// Reads a word; none when it is no flag.
    pub(crate) fn read(word: &OsStr) -> Option<Self> {
        let bytes = word.as_bytes();
        if !bytes.starts_with(b"-") || bytes == b"-" {
            return None;
        }
        let equals = bytes.iter().position(|byte| *byte == b'=');
        let (name, attached) = match equals {
            Some(equals) if bytes.starts_with(b"--") => {
                let value = OsString::from_vec(bytes[equals + 1..].to_vec());
                (&bytes[..equals], Some(value))
            }
            _ => (bytes, None),
        };
        Some(Flag {
            name: String::from_utf8_lossy(name).into_owned(),
            attached,
        })
    }

    /// Takes the value: the attached one or the next word. `what` says what is expected.
    pub(crate) fn value(
        &mut self,
        rest: &mut impl Iterator<Item = OsString>,
        what: &str,
    ) -> Result<OsString, Complaint> {
        if let Some(value) = self.attached.take() {
            return Ok(value);
        }
        let name = &self.name;
        match rest.next() {
            None => Err(Complaint::error(format!(
                "{name}: expected {what} after it"
            ))),
            Some(next) if next.as_bytes().starts_with(b"--") => Err(Complaint::error(format!(
                "{name}: expected {what} after it, not {}",
                next.display()
            ))
            .hint(format!(
                "if this is the value, write {name}={}",
                next.display()
            ))),
            Some(next) => Ok(next),
        }
    }

    /// Takes the value, which must be text.
    pub(crate) fn text(
        &mut self,
        rest: &mut impl Iterator<Item = OsString>,
        what: &str,
    ) -> Result<String, Complaint> {
        self.value(rest, what)?.into_string().map_err(|value| {
            Complaint::error(format!(
                "{} {}: expected {what}, which is text",
                self.name,
                value.display()
            ))
        })
    }

    /// Refuses a value that was attached to a flag that takes none.
    pub(crate) fn alone(&self) -> Result<(), Complaint> {
        match &self.attached {
            None => Ok(()),
            Some(value) => Err(Complaint::error(format!(
                "{}={}: expected no value",
                self.name,
                value.display()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(word: &str) -> Flag {
        Flag::read(OsStr::new(word)).expect("a flag")
    }

    #[test]
    fn words_and_a_single_hyphen_are_no_flags() {
        for word in ["host", "-", "", ":host"] {
            assert_eq!(Flag::read(OsStr::new(word)), None, "{word}");
        }
    }

    #[test]
    fn a_value_is_attached_or_follows() {
        let mut rest = ["after".into(), "last".into()].into_iter();
        let mut attached = flag("--key=a=b");
        assert_eq!(attached.name, "--key");
        assert_eq!(attached.value(&mut rest, "a file"), Ok("a=b".into()));
        assert_eq!(flag("--key").value(&mut rest, "a file"), Ok("after".into()));
    }

    #[test]
    fn a_flag_is_no_value_unless_it_is_attached() {
        let mut rest = ["--json".into()].into_iter();
        let complaint = flag("--key")
            .value(&mut rest, "a file")
            .expect_err("a flag");
        assert_eq!(
            complaint.message,
            "--key: expected a file after it, not --json"
        );
        let mut none = std::iter::empty();
        assert!(flag("--key").value(&mut none, "a file").is_err());
        assert_eq!(
            flag("--key=--json").value(&mut none, "a file"),
            Ok("--json".into())
        );
    }

    #[test]
    fn a_value_where_none_is_expected_is_refused() {
        let complaint = flag("--json=yes").alone().expect_err("a value");
        assert_eq!(complaint.message, "--json=yes: expected no value");
    }
}
