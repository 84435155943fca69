//! The arguments of `open-network-stream` as Lisp has them.

use netproc_lisp::{Value, plist};

use super::{ClientCertificate, StreamRequest, StreamType};
use crate::error::Error;
use crate::function::{CapabilityCommand, CertificateFiles, CommandFunction};
use crate::pattern::Pattern;

/// What one keyword does with its value.
type Setter = fn(&mut StreamRequest, &'static str, &Value) -> Result<(), Error>;

/// The keywords, in the order of Emacs's documentation.
const KEYWORDS: &[(&str, Setter)] = &[
    (":type", set_type),
    (":coding", |request, _, value| {
        request.coding = value.clone();
        Ok(())
    }),
    (":return-list", |request, _, value| {
        request.return_list = value.is_true();
        Ok(())
    }),
    (":end-of-command", |request, keyword, value| {
        request.end_of_command = pattern(keyword, value)?;
        Ok(())
    }),
    (":end-of-capability", |request, keyword, value| {
        request.end_of_capability = pattern(keyword, value)?;
        Ok(())
    }),
    (":success", |request, keyword, value| {
        request.success = pattern(keyword, value)?;
        Ok(())
    }),
    (":capability-command", set_capability_command),
    (":starttls-function", set_starttls_function),
    (":always-query-capabilities", |request, _, value| {
        request.always_query_capabilities = value.is_true();
        Ok(())
    }),
    (":client-certificate", set_client_certificate),
    (":use-starttls-if-possible", |request, _, value| {
        request.use_starttls_if_possible = value.is_true();
        Ok(())
    }),
    (":warn-unless-encrypted", |request, _, value| {
        request.warn_unless_encrypted = value.is_true();
        Ok(())
    }),
    (":nogreeting", |request, _, value| {
        request.nogreeting = value.is_true();
        Ok(())
    }),
    (":nowait", |request, _, value| {
        request.nowait = value.is_true();
        Ok(())
    }),
    (":shell-command", |_, keyword, value| {
        if value.is_nil() {
            return Ok(());
        }
        let value = value.clone();
        Err(Error::Shell { keyword, value })
    }),
    (":tls-parameters", |request, _, value| {
        request.tls_parameters = value.clone();
        Ok(())
    }),
];

/// Returns the keywords that `open-network-stream` has.
///
/// # Examples
///
/// ```
/// assert!(netproc_dialogue::keywords().any(|keyword| keyword == ":starttls-function"));
/// ```
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(keyword, _)| *keyword)
}

impl StreamRequest {
    /// Reads the arguments of `open-network-stream`: name, buffer, host, service, and the list of
    /// keywords.
    ///
    /// Of a keyword that is there twice the first counts, as in Emacs. Functions are
    /// [`CommandFunction`]s, patterns are Emacs regexps.
    ///
    /// # Errors
    ///
    /// The first argument that is wrong, with what was expected. Emacs passes over keywords that
    /// it does not know; here they are an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_dialogue::{StreamRequest, StreamType, Value};
    /// use netproc_lisp::read;
    ///
    /// let open = |list: &str| {
    ///     let list = read(list).expect("Lisp data");
    ///     StreamRequest::from_values(&"c".into(), &Value::Nil, &"localhost".into(), &25.into(), &list)
    /// };
    /// assert_eq!(open("(:type ssl :nowait t)")?.stream_type, StreamType::Tls);
    ///
    /// let message = |list| open(list).expect_err("it is wrong").to_string();
    /// assert_eq!(
    ///     message("(:type stattls)"),
    ///     ":type stattls: expected network, plain, starttls, tls, ssl or nil",
    /// );
    /// assert_eq!(
    ///     message("(:sucess \"^3\")"),
    ///     ":sucess is no parameter of open-network-stream; is :success meant?",
    /// );
    /// # Ok::<(), netproc_dialogue::Error>(())
    /// ```
    #[doc(alias = "open-network-stream")]
    pub fn from_values(
        name: &Value,
        buffer: &Value,
        host: &Value,
        service: &Value,
        parameters: &Value,
    ) -> Result<Self, Error> {
        let name = string("NAME", name)?;
        let host = string("HOST", host)?;
        let known = match service {
            Value::String(text) => text.as_str().is_some(),
            Value::Integer(_) => true,
            _ => false,
        };
        if !known {
            return Err(Error::Value {
                keyword: "SERVICE",
                value: service.clone(),
                expected: "a port number or the name of a service",
            });
        }
        let request = StreamRequest::new(name, host, service.clone()).buffer(buffer.clone());
        request.with_list(parameters)
    }

    /// Reads a list of keywords over what is set already.
    ///
    /// # Errors
    ///
    /// As [`StreamRequest::from_values`].
    pub fn with_list(mut self, parameters: &Value) -> Result<Self, Error> {
        let entries = plist::entries(parameters).map_err(|_| Error::NotAList {
            value: parameters.clone(),
        })?;
        let mut seen = Vec::new();
        for (keyword, value) in entries {
            let known = KEYWORDS.iter().find(|(known, _)| keyword.is_symbol(known));
            let Some((known, set)) = known else {
                return Err(Error::UnknownKeyword {
                    keyword: keyword.clone(),
                    nearest: nearest(keyword),
                });
            };
            if !seen.contains(known) {
                seen.push(*known);
                set(&mut self, known, value)?;
            }
        }
        Ok(self)
    }
}

fn string(keyword: &'static str, value: &Value) -> Result<String, Error> {
    value
        .as_str()
        .map(ToOwned::to_owned)
        .ok_or_else(|| Error::Value {
            keyword,
            value: value.clone(),
            expected: "a string",
        })
}

fn set_type(
    request: &mut StreamRequest,
    keyword: &'static str,
    value: &Value,
) -> Result<(), Error> {
    request.stream_type = match value.as_symbol().map(netproc_lisp::Symbol::as_str) {
        _ if value.is_nil() => StreamType::Network,
        Some("network") => StreamType::Network,
        Some("plain") => StreamType::Plain,
        Some("starttls") => StreamType::Starttls,
        Some("tls" | "ssl") => StreamType::Tls,
        Some("shell") => {
            let value = value.clone();
            return Err(Error::Shell { keyword, value });
        }
        _ => {
            return Err(Error::Value {
                keyword,
                value: value.clone(),
                expected: "network, plain, starttls, tls, ssl or nil",
            });
        }
    };
    Ok(())
}

fn pattern(keyword: &'static str, value: &Value) -> Result<Option<Pattern>, Error> {
    if value.is_nil() {
        return Ok(None);
    }
    let held = value.as_opaque().and_then(|held| held.downcast_ref());
    if let Some(pattern) = held {
        return Ok(Some(Pattern::clone(pattern)));
    }
    let Some(source) = value.as_str() else {
        return Err(Error::Value {
            keyword,
            value: value.clone(),
            expected: "a regexp or nil",
        });
    };
    Pattern::emacs(source)
        .map(Some)
        .map_err(|error| Error::Pattern { keyword, error })
}

fn function(value: &Value) -> Option<CommandFunction> {
    value.as_opaque()?.downcast_ref().cloned()
}

fn set_capability_command(
    request: &mut StreamRequest,
    keyword: &'static str,
    value: &Value,
) -> Result<(), Error> {
    request.capability_command = match (value, function(value)) {
        (Value::Nil, _) => None,
        (_, Some(function)) => Some(CapabilityCommand::Function(function)),
        _ => match value.as_str() {
            Some(command) => Some(CapabilityCommand::from(command)),
            None => {
                return Err(Error::Value {
                    keyword,
                    value: value.clone(),
                    expected: "a string, a function of the greeting (CommandFunction) or nil",
                });
            }
        },
    };
    Ok(())
}

fn set_starttls_function(
    request: &mut StreamRequest,
    keyword: &'static str,
    value: &Value,
) -> Result<(), Error> {
    request.starttls_function = function(value);
    if request.starttls_function.is_none() && value.is_true() {
        return Err(Error::Value {
            keyword,
            value: value.clone(),
            expected: "a function of the capabilities (CommandFunction) or nil",
        });
    }
    Ok(())
}

fn set_client_certificate(
    request: &mut StreamRequest,
    keyword: &'static str,
    value: &Value,
) -> Result<(), Error> {
    let files: Option<Vec<&Value>> = value.list_iter().ok().map(Iterator::collect);
    let files = files.as_deref();
    let paths = match files {
        Some([key, certificate]) => key.as_str().zip(certificate.as_str()),
        _ => None,
    };
    request.client_certificate = match (files, paths) {
        (Some([]), _) => ClientCertificate::None,
        (_, Some((key, certificate))) => ClientCertificate::Files(CertificateFiles {
            key: key.into(),
            certificate: certificate.into(),
        }),
        _ if value.is_symbol("t") => ClientCertificate::Ask,
        _ => {
            return Err(Error::Value {
                keyword,
                value: value.clone(),
                expected: "a list of the key file and the certificate file, t or nil",
            });
        }
    };
    Ok(())
}

/// Returns the keyword that differs from a symbol by one letter or two.
fn nearest(keyword: &Value) -> Option<&'static str> {
    let written = keyword.as_symbol()?.as_str().trim_start_matches(':');
    // Longer ones are nobody's misspelling.
    if written.len() > 40 {
        return None;
    }
    keywords()
        .map(|known| (distance(written, known.trim_start_matches(':')), known))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, known)| known)
}

/// Returns how many letters have to be added, removed or replaced.
fn distance(one: &str, two: &str) -> usize {
    let mut last: Vec<usize> = (0..=two.len()).collect();
    for (row, letter) in one.bytes().enumerate() {
        let mut diagonal = row;
        let mut left = row + 1;
        if let Some(first) = last.first_mut() {
            *first = left;
        }
        for (above, other) in last.iter_mut().skip(1).zip(two.bytes()) {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = *above;
            left = replaced.min(diagonal + 1).min(left + 1);
            *above = left;
        }
    }
    last.last().copied().unwrap_or_default()
}
