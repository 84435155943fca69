//! What kind of certificate is asked for, and where it is to be written.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::cert::key_beside;
use crate::complaint::Complaint;
use crate::flags::Flag;

/// The hosts of a certificate when none are named.
const LOCAL_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// How many days a certificate is good for when nothing else is said.
const DAYS: u32 = 365;

/// The most days: dates from the year 10000 on cannot be written.
const MOST_DAYS: u32 = 36_500;

/// What a certificate is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Use {
    /// A server that is reached under its hosts.
    #[default]
    Server,
    /// A client of that name.
    Client(String),
    /// Signing other certificates.
    Authority,
}

impl Use {
    /// Returns the use in a word.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Use::Server => "server",
            Use::Client(_) => "client",
            Use::Authority => "authority",
        }
    }
}

/// A certificate that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// What it is for.
    pub(crate) purpose: Use,
    /// Its hosts as they were named.
    named_hosts: Vec<String>,
    /// How many days it is good for.
    pub(crate) days: u32,
    /// The certificate of the authority that signs it, and the key of that; itself otherwise.
    pub(crate) signed_by: Option<(PathBuf, PathBuf)>,
    /// The folder of its files.
    folder: PathBuf,
    /// The files of its key and of itself, where they are named one by one.
    paths: Option<(PathBuf, PathBuf)>,
    /// Whether files that are there are replaced.
    pub(crate) force: bool,
    /// Whether what was made is told in JSON.
    pub(crate) json: bool,
}

impl Order {
    /// Returns the hosts that it is to be good for, none unless it is for a server.
    pub(crate) fn hosts(&self) -> Vec<String> {
        match self.purpose {
            Use::Server if self.named_hosts.is_empty() => LOCAL_HOSTS.map(str::to_owned).to_vec(),
            Use::Server => self.named_hosts.clone(),
            _ => Vec::new(),
        }
    }

    /// Tells whether no host but those of this machine's own is named.
    pub(crate) fn is_local(&self) -> bool {
        self.hosts()
            .iter()
            .all(|host| LOCAL_HOSTS.contains(&host.as_str()))
    }

    /// Returns the file for the key.
    pub(crate) fn key_path(&self) -> PathBuf {
        match &self.paths {
            Some((key, _)) => key.clone(),
            None => key_beside(&self.certificate_path()),
        }
    }

    /// Returns the file for the certificate.
    pub(crate) fn certificate_path(&self) -> PathBuf {
        match &self.paths {
            Some((_, certificate)) => certificate.clone(),
            None => self.folder.join(format!("{}.pem", self.file_name())),
        }
    }

    /// Returns the file that the other side has to trust.
    pub(crate) fn trust_path(&self) -> PathBuf {
        match &self.signed_by {
            Some((authority, _)) => authority.clone(),
            None => self.certificate_path(),
        }
    }

    /// Returns the name of the files without their ending: that of the first host, or of the use.
    fn file_name(&self) -> String {
        let name = match &self.purpose {
            Use::Server => self.hosts().into_iter().next().unwrap_or_default(),
            Use::Client(name) => format!("client-{name}"),
            Use::Authority => "authority".to_owned(),
        };
        let harmless = |character: char| match character {
            '*' => '_',
            '.' | '-' | '_' | '@' => character,
            other if other.is_alphanumeric() => other,
            _ => '-',
        };
        let name: String = name.chars().map(harmless).collect();
        // A name of dots alone, or one that begins with a hyphen, makes a file hard to handle.
        match name.trim_start_matches(['.', '-']) {
            "" => "certificate".to_owned(),
            name => name.to_owned(),
        }
    }
}

/// Reads the words after `cert`.
pub(crate) fn parse(words: Vec<OsString>, json: bool) -> Result<Order, Complaint> {
    let mut draft = Draft {
        json,
        ..Draft::default()
    };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(flag) = Flag::read(&word) else {
            return Err(Complaint::error(format!(
                "cert: {}: expected a flag in this place",
                word.display()
            ))
            .hint(format!("hosts are named by --host {}", word.display())));
        };
        draft.take(flag, &mut words)?;
    }
    draft.finish()
}

/// What was read of an order so far.
#[derive(Default)]
struct Draft {
    hosts: Vec<String>,
    client: Option<String>,
    authority: bool,
    days: Option<u32>,
    signed_by: Option<PathBuf>,
    signed_by_key: Option<PathBuf>,
    folder: Option<PathBuf>,
    key: Option<PathBuf>,
    certificate: Option<PathBuf>,
    force: bool,
    json: bool,
}

impl Draft {
    fn take(
        &mut self,
        mut flag: Flag,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<(), Complaint> {
        let name = flag.name.clone();
        let mut path = |what: &str| flag.value(rest, what).map(PathBuf::from).map(Some);
        match name.as_str() {
            "--out" => self.folder = path("a folder")?,
            "--key" => self.key = path("a file")?,
            "--certificate" | "--cert" => self.certificate = path("a file")?,
            "--signed-by" => self.signed_by = path("the certificate of an authority")?,
            "--signed-by-key" => self.signed_by_key = path("the key of an authority")?,
            "--host" => {
                let host = flag.text(rest, "a name or an address")?;
                self.hosts.push(check_host(host)?);
            }
            "--days" => self.days = Some(days(&flag.text(rest, "a number")?)?),
            "--client" => self.client = Some(client(flag.text(rest, "a name")?)?),
            switch => {
                let switch = match switch {
                    "--authority" | "--ca" => &mut self.authority,
                    "--force" => &mut self.force,
                    "--json" | "-j" => &mut self.json,
                    _ => return Err(unknown(switch)),
                };
                flag.alone()?;
                *switch = true;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Order, Complaint> {
        let purpose = match (self.client, self.authority) {
            (Some(_), true) => return Err(both("--client", "--authority")),
            (Some(name), false) => Use::Client(name),
            (None, true) => Use::Authority,
            (None, false) => Use::Server,
        };
        if purpose != Use::Server && !self.hosts.is_empty() {
            return Err(both("--host", &format!("--{}", purpose.name())));
        }
        if purpose == Use::Authority && self.signed_by.is_some() {
            return Err(both("--authority", "--signed-by"));
        }
        let paths = match (self.key, self.certificate) {
            (Some(_), Some(_)) if self.folder.is_some() => {
                return Err(both("--out", "--key"));
            }
            (Some(key), Some(certificate)) if key == certificate => {
                return Err(Complaint::error(format!(
                    "cert: --key and --certificate are both {}: expected two files",
                    key.display()
                ))
                .hint("the certificate is handed around, the key is not"));
            }
            (Some(key), Some(certificate)) => Some((key, certificate)),
            (None, None) => None,
            _ => {
                return Err(Complaint::error(
                    "cert: expected --key FILE and --certificate FILE together",
                )
                .hint("or --out DIR, and both are named for the host"));
            }
        };
        let signed_by = match (self.signed_by, self.signed_by_key) {
            (Some(authority), key) => {
                let key = key.unwrap_or_else(|| key_beside(&authority));
                Some((authority, key))
            }
            (None, Some(_)) => {
                return Err(Complaint::error(
                    "cert: --signed-by-key: expected --signed-by FILE beside it",
                ));
            }
            (None, None) => None,
        };
        Ok(Order {
            purpose,
            named_hosts: self.hosts,
            days: self.days.unwrap_or(DAYS),
            signed_by,
            folder: self.folder.unwrap_or_default(),
            paths,
            force: self.force,
            json: self.json,
        })
    }
}

fn both(one: &str, other: &str) -> Complaint {
    Complaint::error(format!("cert: {one} cannot be joined with {other}"))
}

fn unknown(flag: &str) -> Complaint {
    Complaint::error(format!("cert: {flag} is no flag")).hint(
        "flags are --host, --days, --out, --key, --certificate, --authority, --signed-by, \
         --client, --force and --json",
    )
}

fn days(text: &str) -> Result<u32, Complaint> {
    let days = text.parse().ok();
    days.filter(|days| (1..=MOST_DAYS).contains(days))
        .ok_or_else(|| {
            Complaint::error(format!(
                "cert: --days {text}: expected a number from 1 to {MOST_DAYS}"
            ))
        })
}

fn client(name: String) -> Result<String, Complaint> {
    let usable = !name.trim().is_empty() && name.len() <= 64 && !name.contains(char::is_control);
    if usable {
        return Ok(name);
    }
    Err(Complaint::error(format!(
        "cert: --client {name:?}: expected a name of 1 to 64 bytes, such as alice or \
         alice@example.org"
    )))
}

/// Refuses what no certificate can have as a host: RFC 5280 wants ASCII, RFC 1035 short labels.
fn check_host(host: String) -> Result<String, Complaint> {
    if host.parse::<IpAddr>().is_ok() {
        return Ok(host);
    }
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name = host.strip_prefix("*.").unwrap_or(&host);
    let looks_like_address = name
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if host.len() <= 253 && name.split('.').all(label) && !looks_like_address {
        return Ok(host);
    }
    Err(Complaint::error(format!(
        "cert: --host {host}: expected a DNS name in ASCII (its xn-- form) or an IP address"
    )))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn order(line: &str) -> Result<Order, Complaint> {
        let words = line.split_whitespace().map(OsString::from).collect();
        parse(words, false)
    }

    #[test]
    fn nothing_said_means_this_machine_for_a_year() {
        let order = order("").expect("an order");
        assert_eq!(order.hosts(), LOCAL_HOSTS);
        assert_eq!(order.days, 365);
        assert_eq!(order.key_path(), Path::new("localhost-key.pem"));
        assert_eq!(order.certificate_path(), Path::new("localhost.pem"));
        assert!(order.is_local());
    }

    #[test]
    fn files_are_named_for_the_first_host() {
        for (host, file) in [
            ("example.org", "d/example.org.pem"),
            ("*.example.org", "d/_.example.org.pem"),
            ("::1", "d/1.pem"),
            ("fe80::1", "d/fe80--1.pem"),
        ] {
            let order = order(&format!("--out d --host {host}")).expect("an order");
            assert_eq!(order.certificate_path(), Path::new(file));
        }
        let client = order("--client ../../x").expect("an order");
        assert_eq!(client.certificate_path(), Path::new("client-..-..-x.pem"));
    }

    #[test]
    fn hosts_are_names_in_ascii_or_addresses() {
        for host in ["a", "a.b", "*.a.b", "xn--mnchen-3ya.de", "127.0.0.1", "::1"] {
            assert!(order(&format!("--host {host}")).is_ok(), "{host}");
        }
        for host in [
            "münchen.de",
            "a..b",
            "*",
            "*.",
            "-a",
            "a*.b",
            "127.0.0",
            "a:80",
            "a/b",
        ] {
            let complaint = order(&format!("--host {host}")).expect_err(host);
            assert!(complaint.message.contains("a DNS name in ASCII"), "{host}");
        }
    }

    #[test]
    fn orders_that_contradict_themselves_are_refused() {
        for line in [
            "--client a --authority",
            "--client a --host b",
            "--authority --host b",
            "--authority --signed-by a",
            "--out d --key k --certificate c",
            "--key k",
            "--certificate c",
            "--key k --certificate k",
            "--signed-by-key k",
            "--days 0",
            "--days 40000",
            "--days x",
            "--force=yes",
            "--hots a",
            "localhost",
        ] {
            assert!(order(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_other_side_trusts_the_authority_where_there_is_one() {
        let order = order("--signed-by a/authority.pem").expect("an order");
        assert_eq!(order.trust_path(), Path::new("a/authority.pem"));
        let (_, key) = order.signed_by.expect("an authority");
        assert_eq!(key, Path::new("a/authority-key.pem"));
    }
}
