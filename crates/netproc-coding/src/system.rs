//! Coding systems by name: what Emacs calls them, and what each stands for.

use std::fmt;
use std::str::FromStr;

use crate::eol::Eol;
use crate::error::UnknownCodingSystem;
use crate::names::{Definition, Kind, SYSTEMS};

/// A way to turn bytes into text and back, as Emacs names it: a character encoding and, perhaps, a
/// line end.
///
/// It remembers the name it was asked for, as `process-coding-system` does: `latin-1` and
/// `iso-latin-1` are the same system under two names, and are not equal. Compare
/// [`canonical`](Self::canonical) forms to ask whether two systems mean the same.
///
/// # Examples
///
/// ```
/// use netproc_coding::{CodingSystem, Eol};
///
/// let system: CodingSystem = "latin-1-dos".parse()?;
/// assert_eq!(system.name(), "latin-1-dos");
/// assert_eq!(system.canonical_name(), "iso-latin-1-dos");
/// assert_eq!(system.eol(), Some(Eol::Dos));
/// # Ok::<(), netproc_coding::UnknownCodingSystem>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[doc(alias = "coding-system-p")]
pub struct CodingSystem {
    definition: u8,
    name: u8,
    eol: Option<Eol>,
}

impl CodingSystem {
    /// Bytes as they are, in unibyte strings: `binary`, also called `no-conversion`.
    pub const BINARY: Self = known("binary");
    /// Bytes as they are but for line ends, in unibyte strings: `raw-text`.
    pub const RAW_TEXT: Self = known("raw-text");
    /// Everything is found from the data: `undecided`, the default.
    pub const UNDECIDED: Self = known("undecided");
    /// UTF-8, the line end found from the data: `utf-8`.
    pub const UTF_8: Self = known("utf-8");
    /// UTF-8 with newlines and nothing converted: `utf-8-unix`.
    pub const UTF_8_UNIX: Self = known("utf-8").with_eol(Eol::Unix);
    pub(crate) const NO_CONVERSION: Self = known("no-conversion");
    pub(crate) const LATIN_1: Self = known("iso-latin-1");
    pub(crate) const ISO_2022_7BIT: Self = known("iso-2022-7bit");
    pub(crate) const UTF_8_WITH_SIGNATURE: Self = known("utf-8-with-signature");
    pub(crate) const UTF_16BE_WITH_SIGNATURE: Self = known("utf-16be-with-signature");
    pub(crate) const UTF_16LE_WITH_SIGNATURE: Self = known("utf-16le-with-signature");

    /// Returns the coding system called `name`, such as `utf-8-dos`, `latin-1` or `binary`.
    ///
    /// # Errors
    ///
    /// [`UnknownCodingSystem`] when no system has this name; it offers the names spelled most
    /// like it. Names are compared exactly, as symbols are: `UTF-8` is unknown.
    #[doc(alias = "check-coding-system")]
    pub fn parse(name: &str) -> Result<Self, UnknownCodingSystem> {
        for (definition, names) in (0..).zip(SYSTEMS.iter().map(|system| system.names)) {
            for (index, forms) in (0..).zip(names) {
                let Some(rest) = name.strip_prefix(forms[0]) else {
                    continue;
                };
                let fixed = forms[0] == forms[1];
                let eol = match rest {
                    "" if fixed => Some(Eol::Unix),
                    "" => None,
                    "-unix" if !fixed => Some(Eol::Unix),
                    "-dos" if !fixed => Some(Eol::Dos),
                    "-mac" if !fixed => Some(Eol::Mac),
                    _ => continue,
                };
                return Ok(Self {
                    definition,
                    name: index,
                    eol,
                });
            }
        }
        Err(UnknownCodingSystem::new(name))
    }

    /// Returns this system with the line end `eol` and its canonical name.
    ///
    /// `no-conversion` has no line end to set and stays as it is.
    #[doc(alias = "coding-system-change-eol-conversion")]
    pub const fn with_eol(self, eol: Eol) -> Self {
        if matches!(self.kind(), Kind::NoConversion) {
            return self;
        }
        Self {
            definition: self.definition,
            name: 0,
            eol: Some(eol),
        }
    }

    /// Returns this system with the line end of `other`, left open when it is open there.
    pub(crate) const fn with_eol_of(self, other: Self) -> Self {
        match other.eol {
            Some(eol) => self.with_eol(eol),
            None => self,
        }
    }

    /// Returns the name as it was given, aliases kept.
    pub fn name(self) -> &'static str {
        self.form(self.name)
    }

    /// Returns the name Emacs itself uses, with the same line end.
    ///
    /// It is what is reported once detection or sending has changed the system.
    pub fn canonical_name(self) -> &'static str {
        self.canonical().name()
    }

    /// Returns this system under its canonical name, with the same line end.
    pub const fn canonical(self) -> Self {
        Self {
            definition: self.definition,
            name: 0,
            eol: self.eol,
        }
    }

    /// Returns this system under its canonical name, its line end left open.
    #[doc(alias = "coding-system-base")]
    pub const fn base(self) -> Self {
        let eol = if matches!(self.kind(), Kind::NoConversion) {
            Some(Eol::Unix)
        } else {
            None
        };
        Self {
            definition: self.definition,
            name: 0,
            eol,
        }
    }

    /// Returns the line end, or `None` when it is to be found from the data.
    #[doc(alias = "coding-system-eol-type")]
    pub const fn eol(self) -> Option<Eol> {
        self.eol
    }

    /// Returns the other names of the same system, its canonical name not among them.
    #[doc(alias = "coding-system-aliases")]
    pub fn aliases(self) -> impl Iterator<Item = &'static str> {
        self.definition().names.iter().skip(1).map(|forms| forms[0])
    }

    /// Returns whether the strings it decodes to are multibyte.
    ///
    /// Only `raw-text`, `no-conversion` and `binary` give unibyte strings.
    #[doc(alias = "process-filter-multibyte-p")]
    pub const fn is_multibyte(self) -> bool {
        !matches!(self.kind(), Kind::NoConversion | Kind::RawText)
    }

    /// Returns whether the characters, not only the line ends, are still to be found from the data.
    pub const fn is_undecided(self) -> bool {
        matches!(self.kind(), Kind::Undecided | Kind::PreferUtf8)
    }

    /// Returns the encoder that `set-process-coding-system` makes of `encode`.
    ///
    /// A line end left open becomes `-unix`, and no system at all becomes `raw-text-unix`. The same
    /// completes what a decoder found when it fills an encoding half that was nil, which
    /// happens as soon as [`Decoder::coding_system`](crate::Decoder::coding_system) changes.
    #[doc(alias = "set-process-coding-system")]
    pub fn for_encoding(encode: Option<Self>) -> Self {
        let system = encode.unwrap_or(Self::RAW_TEXT);
        if system.eol.is_some() {
            system
        } else {
            system.with_eol(Eol::Unix)
        }
    }

    /// Returns the system the first multibyte send completes this one to.
    ///
    /// `undecided` becomes `utf-8`, a line end left open `-unix`; what needs no completion
    /// keeps its name.
    pub fn completed(self) -> Self {
        if self.is_undecided() {
            Self::UTF_8.with_eol(self.eol.unwrap_or(Eol::Unix))
        } else if self.eol.is_none() {
            self.with_eol(Eol::Unix)
        } else {
            self
        }
    }

    pub(crate) const fn kind(self) -> Kind {
        self.definition().kind
    }

    const fn definition(self) -> &'static Definition {
        &SYSTEMS[self.definition as usize]
    }

    fn form(self, name: u8) -> &'static str {
        self.definition().names[usize::from(name)][match self.eol {
            None => 0,
            Some(Eol::Unix) => 1,
            Some(Eol::Dos) => 2,
            Some(Eol::Mac) => 3,
        }]
    }
}

impl Default for CodingSystem {
    /// Returns `undecided`, which finds everything from the data.
    fn default() -> Self {
        Self::UNDECIDED
    }
}

impl FromStr for CodingSystem {
    type Err = UnknownCodingSystem;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::parse(name)
    }
}

impl fmt::Display for CodingSystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl fmt::Debug for CodingSystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CodingSystem({})", self.name())
    }
}

/// Returns every coding system known, under each of its names, with its line end left open where
/// it can be.
///
/// # Examples
///
/// ```
/// assert!(netproc_coding::names().any(|name| name == "koi8-r"));
/// ```
#[doc(alias = "coding-system-list")]
pub fn names() -> impl Iterator<Item = &'static str> {
    SYSTEMS
        .iter()
        .flat_map(|system| system.names)
        .map(|forms| forms[0])
}

/// Returns every name that parses, those that fix a line end included.
pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
    SYSTEMS
        .iter()
        .flat_map(|system| system.names)
        .flat_map(|forms| {
            let distinct = if forms[0] == forms[1] { 1 } else { 4 };
            forms[..distinct].iter().copied()
        })
}

/// Finds a system at compile time; an unknown name does not compile.
const fn known(name: &str) -> CodingSystem {
    let mut definition = 0;
    while definition < SYSTEMS.len() {
        let names = SYSTEMS[definition].names;
        let mut index = 0;
        while index < names.len() {
            if same(names[index][0], name) {
                let eol = if same(names[index][0], names[index][1]) {
                    Some(Eol::Unix)
                } else {
                    None
                };
                #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 256")]
                return CodingSystem {
                    definition: definition as u8,
                    name: index as u8,
                    eol,
                };
            }
            index += 1;
        }
        definition += 1;
    }
    panic!("no such coding system")
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_parses_to_itself_and_is_listed_once() {
        let mut seen = HashSet::new();
        for name in all_names() {
            assert_eq!(CodingSystem::parse(name).map(CodingSystem::name), Ok(name));
            assert!(seen.insert(name), "{name} is listed twice");
        }
    }

    #[test]
    fn aliases_are_kept_until_a_line_end_is_set() {
        let check = |name: &str, canonical: &str, with_dos: &str| {
            let system = CodingSystem::parse(name).unwrap();
            assert_eq!(system.name(), name);
            assert_eq!(system.canonical_name(), canonical);
            assert_eq!(system.with_eol(Eol::Dos).name(), with_dos);
        };
        check("latin-1", "iso-latin-1", "iso-latin-1-dos");
        check("ascii", "us-ascii", "us-ascii-dos");
        check("koi8-r-unix", "cyrillic-koi8-unix", "cyrillic-koi8-dos");
        check("iso-8859-15", "iso-latin-9", "iso-latin-9-dos");
        check(
            "utf-16-le",
            "utf-16le-with-signature",
            "utf-16le-with-signature-dos",
        );
        check("euc-jp", "japanese-iso-8bit", "japanese-iso-8bit-dos");
        check("binary", "no-conversion", "binary");
        check("emacs-internal", "utf-8-emacs-unix", "utf-8-emacs-dos");
    }

    #[test]
    fn binary_has_no_variants() {
        assert!(CodingSystem::parse("binary-unix").is_err());
        assert!(CodingSystem::parse("no-conversion-dos").is_err());
        assert!(CodingSystem::parse("emacs-internal-unix").is_err());
    }

    #[test]
    fn encoding_halves_are_completed_as_emacs_completes_them() {
        let check = |name: &str, set: &str, sent: &str| {
            let system = CodingSystem::parse(name).unwrap();
            assert_eq!(CodingSystem::for_encoding(Some(system)).name(), set);
            assert_eq!(system.completed().name(), sent);
        };
        check("utf-8", "utf-8-unix", "utf-8-unix");
        check("utf-8-dos", "utf-8-dos", "utf-8-dos");
        check("undecided", "undecided-unix", "utf-8-unix");
        check("undecided-dos", "undecided-dos", "utf-8-dos");
        check("prefer-utf-8-dos", "prefer-utf-8-dos", "utf-8-dos");
        check("binary", "binary", "binary");
        check("raw-text", "raw-text-unix", "raw-text-unix");
        check("latin-1", "iso-latin-1-unix", "iso-latin-1-unix");
        check("us-ascii", "us-ascii-unix", "us-ascii-unix");
        assert_eq!(CodingSystem::for_encoding(None).name(), "raw-text-unix");
    }
}
