//! What the command line asks for: a process, or one of the commands beside it.

use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;

use netproc::keywords::nearest;

use crate::cert;
use crate::complaint::Complaint;
use crate::flags::Flag;
use crate::peer;
use crate::tls::TlsOptions;

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print the long help.
    Help,
    /// Print the version.
    Version,
    /// Print the keyword table, or one entry.
    Keywords { json: bool, name: Option<String> },
    /// Look for mistakes in a file of keyword lists; `-` is standard input.
    Check { file: OsString },
    /// Print the network interfaces.
    Interfaces { json: bool },
    /// Make a key and a certificate.
    Cert(cert::Order),
    /// Show what a server presents.
    Peer(peer::Visit),
    /// Make a network process and serve it.
    Run(Run),
}

/// A network process to be made.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// Whether events are written as JSON.
    pub(crate) json: bool,
    /// Whether events are not written at all.
    pub(crate) quiet: bool,
    /// How many threads serve connections; by default one a processor.
    pub(crate) threads: Option<NonZeroUsize>,
    /// What the flags say about TLS.
    pub(crate) tls: TlsOptions,
    /// The keyword list, one word each, or the whole list as one word.
    pub(crate) words: Vec<OsString>,
}

/// Finds out what is to be done.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Complaint> {
    let mut arguments = arguments.into_iter().peekable();
    let mut run = Run::default();
    while let Some(word) =
        arguments.next_if(|argument| argument.as_encoded_bytes().starts_with(b"-"))
    {
        let Some(mut flag) = Flag::read(&word) else {
            return Err(no_flag(&word));
        };
        if run.tls.take(&mut flag, &mut arguments)? {
            continue;
        }
        let switch = match flag.name.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "-V" | "--version" => return Ok(Command::Version),
            "--" => break,
            "-j" | "--json" => &mut run.json,
            "-q" | "--quiet" => &mut run.quiet,
            "--threads" => {
                run.threads = Some(threads(&flag.text(&mut arguments, "a number")?)?);
                continue;
            }
            _ => return Err(no_flag(&word)),
        };
        flag.alone()?;
        *switch = true;
    }
    let Some(first) = arguments.peek() else {
        return Err(Complaint::error("expected a keyword list or a command")
            .hint("for example: netproc :host localhost :service 80; see netproc --help"));
    };
    let command = first.to_str().unwrap_or_default().to_owned();
    match command.as_str() {
        "help" => return Ok(Command::Help),
        "keywords" | "check" | "interfaces" | "cert" | "peer" => {}
        _ => {
            run.words = arguments.collect();
            expect_keyword(&run.words[0])?;
            return Ok(Command::Run(run));
        }
    }
    let mut rest: Vec<OsString> = arguments.skip(1).collect();
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Command::Help);
    }
    let mut json = run.json;
    match command.as_str() {
        "cert" => return cert::parse(rest, json).map(Command::Cert),
        "peer" => return peer::parse(rest, json).map(Command::Peer),
        _ => {}
    }
    rest.retain(|word| {
        let is_json = word == "--json" || word == "-j";
        json |= is_json;
        !is_json
    });
    let mut rest = rest.into_iter();
    let (parsed, most) = match command.as_str() {
        "keywords" => {
            let name = rest.next().map(|name| name.to_string_lossy().into_owned());
            (Command::Keywords { json, name }, "at most one keyword")
        }
        "check" => {
            let file = rest.next().ok_or_else(|| {
                Complaint::error("check: expected the name of a file")
                    .hint("netproc check FILE, or netproc check - for standard input")
            })?;
            (Command::Check { file }, "one file")
        }
        _ => (Command::Interfaces { json }, "no more words"),
    };
    match rest.next() {
        None => Ok(parsed),
        Some(word) => Err(Complaint::error(format!(
            "{command}: {}: expected {most}",
            word.display()
        ))),
    }
}

/// Tells whether the words are one keyword list in Lisp syntax.
pub(crate) fn is_whole_list(words: &[OsString]) -> bool {
    let begins_list = |word: &OsString| word.to_string_lossy().trim_start().starts_with('(');
    matches!(words, [word] if begins_list(word))
}

/// Refuses a word that is no keyword where one must stand.
pub(crate) fn expect_keyword(word: &OsStr) -> Result<(), Complaint> {
    let text = word.to_string_lossy();
    if (text.starts_with(':') && text.len() > 1) || text.trim_start().starts_with('(') {
        return Ok(());
    }
    let complaint = Complaint::error(format!(
        "{text}: expected a keyword such as :host in this place"
    ));
    Err(if text.starts_with('-') {
        complaint.hint("flags stand before the keyword list")
    } else if let Some(known) = nearest(&text).filter(|_| !text.starts_with(':')) {
        complaint.hint(format!("did you mean {}?", known.keyword))
    } else {
        complaint.hint("each value follows its keyword: netproc :host localhost :service 80")
    })
}

fn no_flag(word: &OsStr) -> Complaint {
    Complaint::error(format!("{} is no flag", word.display()))
        .hint("flags are --json, --quiet, --threads N, --tls, --help and --version")
}

fn threads(count: &str) -> Result<NonZeroUsize, Complaint> {
    count.parse().map_err(|_| {
        Complaint::error(format!(
            "--threads {count}: expected how many threads, at least 1"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Complaint> {
        super::parse(
            line.split(' ')
                .filter(|word| !word.is_empty())
                .map(OsString::from),
        )
    }

    #[test]
    fn flags_stand_before_the_list() {
        let command = parse("--json --threads 3 :name x").expect("a command");
        let Command::Run(run) = command else {
            panic!("{command:?}")
        };
        assert!(run.json && !run.quiet);
        assert_eq!(run.threads.map(NonZeroUsize::get), Some(3));
        assert_eq!(run.words, [":name", "x"]);
    }

    #[test]
    fn an_unknown_flag_is_named() {
        assert!(
            parse("--jsn")
                .expect_err("no flag")
                .message
                .starts_with("--jsn")
        );
    }

    #[test]
    fn nothing_is_not_enough() {
        assert!(parse("").is_err());
    }

    #[test]
    fn a_keyword_without_its_colon_is_guessed() {
        let complaint = parse("host localhost").expect_err("no keyword");
        assert_eq!(complaint.hint.as_deref(), Some("did you mean :host?"));
    }

    #[test]
    fn commands_take_json_before_or_after() {
        let expected = Command::Keywords {
            json: true,
            name: None,
        };
        assert_eq!(parse("--json keywords").as_ref(), Ok(&expected));
        assert_eq!(parse("keywords --json").as_ref(), Ok(&expected));
    }

    #[test]
    fn check_needs_one_file() {
        assert!(parse("check").is_err());
        assert!(parse("check a b").is_err());
        assert!(parse("check a").is_ok());
    }
}
