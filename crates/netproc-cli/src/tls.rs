//! The flags `--tls…`: an easy form of `:tls-parameters`.

pub(crate) mod judge;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use netproc::lisp::Value;

use crate::complaint::Complaint;
use crate::flags::Flag;
use crate::snippet::printable;

/// The flag that switches verification off.
const INSECURE: &str = "--tls-dangerously-verify-nothing";

/// Every flag that says something about TLS.
const FLAGS: [&str; 11] = [
    "--tls",
    "--tls-host",
    "--tls-trust",
    "--tls-no-platform-trust",
    "--tls-crl",
    "--tls-key",
    "--tls-certificate",
    "--tls-client-ca",
    "--tls-alpn",
    "--tls-priority",
    INSECURE,
];

/// What the flags say about TLS.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TlsOptions {
    /// Whether any of the flags was given.
    pub(crate) is_given: bool,
    /// The host that the server's certificate has to be for, where it is not that of `:host`.
    pub(crate) host: Option<String>,
    trust: Vec<OsString>,
    revoked: Vec<OsString>,
    keys: Vec<OsString>,
    certificates: Vec<OsString>,
    client_authorities: Vec<OsString>,
    protocols: Vec<String>,
    priority: Option<String>,
    without_platform: bool,
    verifies_nothing: bool,
}

impl TlsOptions {
    /// Takes a flag if it is about TLS, and tells whether it was.
    pub(crate) fn take(
        &mut self,
        flag: &mut Flag,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<bool, Complaint> {
        if !flag.name.starts_with("--tls") {
            return Ok(false);
        }
        let name = flag.name.clone();
        match name.as_str() {
            "--tls" => flag.alone()?,
            "--tls-host" => self.host = Some(flag.text(rest, "a name or an address")?),
            "--tls-trust" => self.trust.push(flag.value(rest, "a file")?),
            "--tls-crl" => self.revoked.push(flag.value(rest, "a file")?),
            "--tls-key" => self.keys.push(flag.value(rest, "a file")?),
            "--tls-certificate" | "--tls-cert" => {
                self.certificates.push(flag.value(rest, "a file")?);
            }
            "--tls-client-ca" => self.client_authorities.push(flag.value(rest, "a file")?),
            "--tls-alpn" => {
                let names = flag.text(rest, "a protocol such as h2")?;
                self.protocols.extend(names.split(',').map(str::to_owned));
            }
            "--tls-priority" => self.priority = Some(flag.text(rest, "a priority string")?),
            "--tls-no-platform-trust" => {
                flag.alone()?;
                self.without_platform = true;
            }
            INSECURE => {
                flag.alone()?;
                self.verifies_nothing = true;
            }
            _ => return Err(unknown(&name)),
        }
        self.is_given = true;
        Ok(true)
    }

    /// Tells whether verification is switched off.
    pub(crate) fn verifies_nothing(&self) -> bool {
        self.verifies_nothing
    }

    /// Writes the list for `:tls-parameters`.
    ///
    /// # Errors
    ///
    /// When a flag is missing, or means nothing on this side.
    pub(crate) fn to_value(&self, is_server: bool) -> Result<Value, Complaint> {
        self.check(is_server)?;
        let mut list = vec![Value::symbol("gnutls-x509pki")];
        let mut put = |keyword: &str, value: Value| {
            if value.is_true() {
                list.extend([Value::keyword(keyword), value]);
            }
        };
        let trust = if is_server {
            &self.client_authorities
        } else {
            &self.trust
        };
        let pairs = self.keys.iter().zip(&self.certificates);
        put(":hostname", Value::from(self.host.clone()));
        put(":trustfiles", Value::list(trust.iter().map(file)));
        put(":crlfiles", Value::list(self.revoked.iter().map(file)));
        let pairs = pairs.map(|(key, certificate)| Value::list([file(key), file(certificate)]));
        put(":keylist", Value::list(pairs));
        let protocols = self.protocols.iter().map(|name| Value::string(name));
        put(":alpn-protocols", Value::list(protocols));
        put(":priority", Value::from(self.priority.clone()));
        if self.without_platform {
            list.extend([Value::keyword(":platform-trust"), Value::Nil]);
        }
        if self.verifies_nothing {
            list.extend([Value::keyword(":verify-error"), Value::Nil]);
        }
        Ok(Value::list(list))
    }

    fn check(&self, is_server: bool) -> Result<(), Complaint> {
        if self.keys.len() != self.certificates.len() {
            return Err(Complaint::error(format!(
                "{} --tls-key and {} --tls-certificate: expected each key with its certificate",
                self.keys.len(),
                self.certificates.len()
            ))
            .hint("netproc cert makes both"));
        }
        let of_clients = [
            ("--tls-host", self.host.is_some()),
            ("--tls-trust", !self.trust.is_empty()),
            ("--tls-no-platform-trust", self.without_platform),
            (INSECURE, self.verifies_nothing),
        ];
        let of_servers = [("--tls-client-ca", !self.client_authorities.is_empty())];
        let (wrong, side, hint) = if is_server {
            let hint = "a server judges clients by --tls-client-ca FILE";
            (&of_clients[..], "client", hint)
        } else {
            let hint = "a client judges servers by --tls-trust FILE";
            (&of_servers[..], "server", hint)
        };
        if let Some((flag, _)) = wrong.iter().find(|(_, is_given)| *is_given) {
            return Err(Complaint::error(format!("{flag}: expected a {side}")).hint(hint));
        }
        if is_server && self.keys.is_empty() {
            return Err(Complaint::error(
                "--tls: a server needs --tls-key FILE and --tls-certificate FILE",
            )
            .hint("netproc cert makes both"));
        }
        Ok(())
    }
}

/// Adds to advice about a keyword the flag that does the same.
///
/// The message may quote a certificate, whose maker is not to write to the terminal.
pub(crate) fn with_flags(message: &str) -> String {
    advice(message, "--tls-trust FILE")
}

/// Does the same for messages about the clients of a server.
pub(crate) fn with_server_flags(message: &str) -> String {
    advice(message, "--tls-client-ca FILE")
}

fn advice(message: &str, trust: &str) -> String {
    let mut message = printable(message);
    for (advice, flag) in [
        (" to :trustfiles", trust),
        (":hostname is nil", "--tls-host NAME"),
        (" by :keylist", "--tls-key FILE --tls-certificate FILE"),
        (" in :alpn-protocols", "--tls-alpn NAME"),
        (" check :priority", "--tls-priority STRING"),
    ] {
        message = message.replace(advice, &format!("{advice} ({flag})"));
    }
    message
}

fn file(path: impl AsRef<OsStr>) -> Value {
    let path = path.as_ref();
    match path.to_str() {
        Some(text) => Value::string(text),
        None => Value::bytes(path.as_bytes()),
    }
}

fn unknown(flag: &str) -> Complaint {
    let complaint = Complaint::error(format!("{flag} is no flag"));
    if ["--tls-insecure", "--tls-dangerously-insecure"].contains(&flag) {
        return complaint.hint(format!(
            "{INSECURE} lets anybody on the way read and change everything; --tls-trust FILE \
             trusts one certificate"
        ));
    }
    complaint.hint(format!("flags of TLS are {}", FLAGS.join(", ")))
}

#[cfg(test)]
mod tests {
    use netproc::tls::{Parameters, Profile};

    use super::*;

    fn options(line: &str) -> Result<TlsOptions, Complaint> {
        let mut words = line.split_whitespace().map(OsString::from);
        let mut options = TlsOptions::default();
        while let Some(word) = words.next() {
            let mut flag = Flag::read(&word).expect("a flag");
            assert!(options.take(&mut flag, &mut words)?, "{word:?}");
        }
        Ok(options)
    }

    #[track_caller]
    fn check(line: &str, is_server: bool, expected: &str) {
        let value = options(line).and_then(|options| options.to_value(is_server));
        let value = value.expect("a list");
        assert_eq!(value.to_string(), expected);
        assert!(Parameters::from_value(&value, Profile::Safe).is_ok());
    }

    #[test]
    fn flags_become_a_list() {
        check("--tls", false, "(gnutls-x509pki)");
        check(
            "--tls-host h --tls-trust a --tls-trust=b --tls-no-platform-trust --tls-crl c --tls-alpn h2,http/1.1 \
             --tls-priority SECURE128",
            false,
            "(gnutls-x509pki :hostname \"h\" :trustfiles (\"a\" \"b\") :crlfiles (\"c\") \
             :alpn-protocols (\"h2\" \"http/1.1\") :priority \"SECURE128\" \
             :platform-trust nil)",
        );
        check(
            "--tls-key k --tls-certificate c --tls-key l --tls-cert d --tls-client-ca a",
            true,
            "(gnutls-x509pki :trustfiles (\"a\") :keylist ((\"k\" \"c\") (\"l\" \"d\")))",
        );
    }

    #[test]
    fn every_flag_is_explained() {
        for flag in FLAGS {
            let explained = format!("  {flag}");
            let with_another = format!(", {flag}");
            let help = crate::help::HELP;
            assert!(
                help.contains(&explained) || help.contains(&with_another),
                "{flag}"
            );
        }
    }

    #[test]
    fn verification_is_switched_off_by_one_flag_only() {
        let value = options(INSECURE).expect("flags").to_value(false);
        let value = value.expect("a list");
        assert_eq!(value.to_string(), "(gnutls-x509pki :verify-error nil)");
        let complaint = options("--tls-insecure").expect_err("no flag");
        assert!(complaint.hint.expect("a hint").starts_with(INSECURE));
    }

    #[test]
    fn flags_of_the_other_side_and_halves_are_refused() {
        for (line, is_server) in [
            ("--tls", true),
            ("--tls-key k", true),
            ("--tls-key k", false),
            ("--tls-certificate c", false),
            ("--tls-client-ca a", false),
            ("--tls-key k --tls-certificate c --tls-trust a", true),
            ("--tls-key k --tls-certificate c --tls-host a", true),
            ("--tls=yes", false),
            ("--tls-trust", false),
            ("--tls-frobnicate", false),
        ] {
            let value = options(line).and_then(|options| options.to_value(is_server));
            assert!(value.is_err(), "{line}");
        }
    }
}
