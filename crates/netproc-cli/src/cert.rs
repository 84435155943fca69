//! The command `cert`: a key and a certificate to develop with.
//!
//! What it makes is good for a server at once: of X.509 version 3, with the hosts as subject
//! alternative names, no authority, and a key on an elliptic curve.

mod files;
mod make;
mod order;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::cert::make::Made;
pub(crate) use crate::cert::order::{Order, Use, parse};

/// Why there is no certificate.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Files are there already.
    Exists(Vec<PathBuf>),
    /// A file cannot be read or written: what was tried, the file, and the cause.
    File(&'static str, PathBuf, std::io::Error),
    /// The authority is of no use: its file, and why.
    Authority(PathBuf, String),
    /// The certificate cannot be made, in the words of the library that makes it.
    Library(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Exists(paths) => {
                let names: Vec<String> = paths.iter().map(|it| shown(it)).collect();
                let verb = if names.len() == 1 { "is" } else { "are" };
                write!(
                    formatter,
                    "{} {verb} there already and not replaced; --force replaces, --out DIR \
                     writes elsewhere",
                    names.join(" and ")
                )
            }
            Failure::File(what, path, error) => {
                let reason = netproc::socket::bare_text(error);
                write!(formatter, "{what} {}: {reason}", path.display())
            }
            Failure::Authority(path, reason) => {
                write!(formatter, "--signed-by {}: {reason}", path.display())
            }
            Failure::Library(reason) => write!(formatter, "making the certificate: {reason}"),
        }
    }
}

/// Makes what was ordered, writes its files, and returns the page that tells about it.
///
/// # Errors
///
/// Why there is no certificate; then no file was written.
pub(crate) fn run(order: &Order) -> Result<String, Failure> {
    let (key, certificate) = (order.key_path(), order.certificate_path());
    if !order.force {
        files::expect_none([&key, &certificate])?;
    }
    let made = make::make(order)?;
    files::write(
        (&key, &made.key),
        (&certificate, &made.certificate),
        order.force,
    )?;
    Ok(if order.json {
        as_json(order, &made)
    } else {
        as_text(order, &made)
    })
}

fn as_json(order: &Order, made: &Made) -> String {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let page = serde_json::json!({
        "for": order.purpose.name(),
        "hosts": order.hosts(),
        "subject": made.contents.subject,
        "issuer": made.contents.issuer,
        "fingerprint": made.contents.sha256(),
        "valid_from": made.contents.valid_from,
        "valid_to": made.contents.valid_to,
        "key": text(&order.key_path()),
        "certificate": text(&order.certificate_path()),
        "trust": text(&order.trust_path()),
    });
    format!("{page:#}\n")
}

fn as_text(order: &Order, made: &Made) -> String {
    let (key, certificate) = (shown(&order.key_path()), shown(&order.certificate_path()));
    let what = match &order.purpose {
        Use::Server => format!("A certificate for {}", order.hosts().join(", ")),
        Use::Client(name) => format!("A certificate for the client {name}"),
        Use::Authority => "An authority that signs certificates".to_owned(),
    };
    format!(
        "{what}, until {}.\n  key          {key}  (keep it secret)\n  \
         certificate  {certificate}\n\n{}",
        made.contents.valid_to,
        next_commands(order, &key, &certificate)
    )
}

/// Returns what to type next: two commands that work as they stand.
fn next_commands(order: &Order, key: &str, certificate: &str) -> String {
    let trust = shown(&order.trust_path());
    match &order.purpose {
        Use::Server => {
            let host = order.hosts().into_iter().next().unwrap_or_default();
            let host = host.replacen('*', "any", 1);
            let listen = if order.is_local() { "local" } else { "0.0.0.0" };
            format!(
                "A server with it, and a client that trusts it:\n  \
                 netproc --tls-key {key} --tls-certificate {certificate} :server t :host {listen} \
                 :service 7443 :filter echo\n  \
                 netproc --tls-trust {trust} :host {host} :service 7443\n"
            )
        }
        Use::Client(_) => {
            let server = match order.signed_by {
                Some(_) => trust.as_str(),
                None => "localhost.pem",
            };
            format!(
                "A server, with the files of netproc cert, that lets only such clients in, and a \
                 client that shows it:\n  \
                 netproc --tls-client-ca {trust} --tls-key localhost-key.pem --tls-certificate \
                 localhost.pem :server t :host local :service 7443 :filter echo\n  \
                 netproc --tls-key {key} --tls-certificate {certificate} --tls-trust {server} \
                 :host localhost :service 7443\n"
            )
        }
        Use::Authority => format!(
            "Certificates that it signs, for a server and for a client:\n  \
             netproc cert --signed-by {certificate}\n  \
             netproc cert --signed-by {certificate} --client NAME\n"
        ),
    }
}

/// Returns a path as a shell takes it.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |character: char| {
        character.is_ascii_alphanumeric()
            || matches!(character, '/' | '.' | '-' | '_' | '+' | ':' | '@')
    };
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Returns the path of the key that belongs to a certificate whose name was made here.
fn key_beside(certificate: &Path) -> PathBuf {
    let mut name = certificate.file_stem().unwrap_or_default().to_os_string();
    name.push("-key");
    let mut extension = OsString::from(".");
    extension.push(certificate.extension().unwrap_or("pem".as_ref()));
    name.push(extension);
    certificate.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_where_a_shell_would_split_them() {
        for (path, expected) in [
            ("a/localhost-key.pem", "a/localhost-key.pem"),
            ("my folder/key.pem", "'my folder/key.pem'"),
            ("it's.pem", "'it'\\''s.pem'"),
            ("-key.pem", "'-key.pem'"),
        ] {
            assert_eq!(shown(Path::new(path)), expected);
        }
    }

    #[test]
    fn the_key_stands_beside_its_certificate() {
        for (certificate, key) in [
            ("a/authority.pem", "a/authority-key.pem"),
            ("b.crt", "b-key.crt"),
            ("c", "c-key.pem"),
        ] {
            assert_eq!(key_beside(Path::new(certificate)), Path::new(key));
        }
    }
}
