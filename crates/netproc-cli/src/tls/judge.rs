//! What is wrong or odd about a list of `:tls-parameters`, found without a connection.

use std::io;
use std::path::Path;

use netproc::lisp::{Span, Spanned, Value};
use netproc::tls::{Client, Error, Parameters, Profile, Server};

use crate::complaint::Complaint;

/// A complaint, and the keyword inside of the list that it is about.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) complaint: Complaint,
    keyword: Option<String>,
    /// Whether the keyword itself is wrong, not its value.
    is_about_keyword: bool,
}

impl Finding {
    fn new(is_error: bool, message: impl Into<String>, keyword: Option<&str>) -> Self {
        Finding {
            complaint: Complaint {
                is_error,
                message: format!(":tls-parameters: {}", message.into()),
                hint: None,
            },
            keyword: keyword.map(str::to_owned),
            is_about_keyword: false,
        }
    }

    fn error(error: &Error) -> Self {
        Finding {
            is_about_keyword: matches!(error, Error::UnknownKeyword { .. }),
            ..Self::new(true, error.to_string(), keyword(error).as_deref())
        }
    }

    /// Returns the place to show: that of the value of its keyword, or of the whole list.
    pub(crate) fn place(&self, list: &Spanned) -> Span {
        let list = unquoted(list);
        let mut elements = list.children.iter();
        let found = self.keyword.as_ref().and_then(|keyword| {
            let written = elements.find(|element| element.value.is_symbol(keyword))?;
            let value = elements.next().filter(|_| !self.is_about_keyword);
            Some(value.unwrap_or(written).span)
        });
        found.unwrap_or(list.span)
    }
}

/// Finds what is wrong or odd about the list itself; looks at no file.
pub(crate) fn words(list: &Value, is_server: bool) -> Vec<Finding> {
    match Parameters::from_value(list, Profile::Safe) {
        Ok(parameters) => odd(&parameters, is_server),
        Err(error) => vec![Finding::error(&error)],
    }
}

/// Finds what is wrong or odd about the list and, as warnings, about the files it names.
pub(crate) fn words_and_files(list: &Value, is_server: bool) -> Vec<Finding> {
    let parameters = match Parameters::from_value(list, Profile::Safe) {
        Ok(parameters) => parameters,
        Err(error) => return vec![Finding::error(&error)],
    };
    let mut found = odd(&parameters, is_server);
    let unreadable = unreadable(&parameters);
    if !unreadable.is_empty() {
        found.extend(unreadable);
        return found;
    }
    // The host may come from elsewhere, and which authorities this machine has does not matter.
    let made = if is_server {
        Server::new(&parameters).map(drop)
    } else {
        let host = parameters.host().unwrap_or("localhost").to_owned();
        Client::new(&parameters.with_host(&host).without_platform_trust()).map(drop)
    };
    if let Err(error) = made {
        let mut finding = Finding::error(&error);
        // A file may be another one when the process is made.
        finding.complaint.is_error =
            !matches!(error, Error::File { .. } | Error::KeyMismatch { .. });
        found.push(finding);
    }
    found
}

fn odd(parameters: &Parameters, is_server: bool) -> Vec<Finding> {
    let mut found: Vec<Finding> = parameters
        .notes()
        .map(|note| Finding::new(false, note.to_string(), Some(note.keyword())))
        .collect();
    if parameters.is_anonymous() {
        found.push(Finding::new(
            false,
            "nobody shows a certificate: whoever is on the way can read and change everything",
            None,
        ));
        return found;
    }
    if is_server && parameters.identities().is_empty() {
        found.push(Finding::error(&Error::NoIdentity));
    }
    if !is_server && !parameters.verifies_chain() {
        found.push(Finding::new(
            false,
            "the server's certificate is not verified: whoever is on the way can read and change \
             everything",
            Some(":verify-error"),
        ));
    }
    found
}

fn unreadable(parameters: &Parameters) -> Vec<Finding> {
    let identities = parameters.identities().iter();
    let identities = identities.flat_map(|pair| [pair.key.as_path(), pair.certificate.as_path()]);
    let named = |keyword, paths: &'_ [std::path::PathBuf]| {
        paths
            .iter()
            .filter_map(move |path| missing(keyword, path))
            .collect::<Vec<_>>()
    };
    let mut found = named(":trustfiles", parameters.trust_files());
    found.extend(named(":crlfiles", parameters.crl_files()));
    found.extend(identities.filter_map(|path| missing(":keylist", path)));
    found
}

fn missing(keyword: &str, path: &Path) -> Option<Finding> {
    let error = match path.metadata() {
        Ok(metadata) if metadata.is_dir() => io::ErrorKind::IsADirectory.into(),
        Ok(_) => return None,
        Err(error) => error,
    };
    let reason = netproc::socket::bare_text(&error);
    let message = format!(
        "{keyword}: the file {} cannot be read: {reason}",
        path.display()
    );
    Some(Finding::new(false, message, Some(keyword)))
}

/// Returns the keyword that an error is about.
fn keyword(error: &Error) -> Option<String> {
    let keyword = match error {
        Error::Value { keyword, .. }
        | Error::Unsupported { keyword, .. }
        | Error::File { keyword, .. } => (*keyword).to_owned(),
        Error::UnknownKeyword { keyword, .. } | Error::NoValue { keyword } => keyword.to_string(),
        Error::HostMissing { .. } | Error::Host { .. } => ":hostname".to_owned(),
        Error::KeyMismatch { .. } => ":keylist".to_owned(),
        _ => return None,
    };
    Some(keyword)
}

fn unquoted(form: &Spanned) -> &Spanned {
    match form.children.as_slice() {
        [quote, quoted] if quote.value.is_symbol("quote") => quoted,
        _ => form,
    }
}

#[cfg(test)]
mod tests {
    use netproc::lisp::{read, read_spanned};

    use super::*;

    fn found(list: &str, is_server: bool) -> Vec<(bool, String)> {
        let list = read(list).expect("a list");
        words_and_files(&list, is_server)
            .into_iter()
            .map(|finding| (finding.complaint.is_error, finding.complaint.message))
            .collect()
    }

    #[test]
    fn a_good_list_is_good() {
        assert_eq!(found("(gnutls-x509pki :hostname \"h\")", false), []);
    }

    #[test]
    fn mistakes_are_errors_and_missing_files_warnings() {
        for (list, is_server, is_error, part) in [
            ("(gnutls-x509pki :hots \"h\")", false, true, "no :hots"),
            (
                "(gnutls-x509pki :priority \"NORMAL:+RSA\")",
                false,
                true,
                "ECDHE-RSA",
            ),
            (
                "(gnutls-x509pki :keylist ((\"/no/k\" \"/no/c\")))",
                true,
                false,
                "/no/k cannot",
            ),
            (
                "(gnutls-x509pki :trustfiles (\"/\"))",
                false,
                false,
                "a directory",
            ),
            ("(gnutls-x509pki)", true, true, "needs a certificate"),
            (
                "(gnutls-x509pki :verify-error nil)",
                false,
                false,
                "not verified",
            ),
            (
                "(gnutls-x509pki :loglevel 9)",
                false,
                false,
                "no log is written",
            ),
        ] {
            let found = found(list, is_server);
            let (found_error, message) = found.first().expect(list);
            assert!(message.contains(part), "{list}: {message}");
            assert_eq!(*found_error, is_error, "{list}");
        }
    }

    #[test]
    fn the_place_is_that_of_the_value() {
        let form = read_spanned("'(gnutls-x509pki :priority \"NORMAL:+RSA\")").expect("a form");
        let list = form.value.cdr().and_then(Value::car).expect("a list");
        let finding = words(list, false).remove(0);
        assert_eq!(finding.place(&form).range(), 27..40);
    }
}
