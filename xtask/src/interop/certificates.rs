//! Keys and certificates, made new for each run by `openssl`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step;

/// The host that the server's certificate is for.
pub(crate) const HOST: &str = "localhost";

/// A host that it is not for.
pub(crate) const OTHER_HOST: &str = "wrong.example";

/// Whom the client's certificate names.
pub(crate) const CLIENT: &str = "interop client";

/// A key and its certificate, in files.
pub(crate) struct Identity {
    pub(crate) key: PathBuf,
    pub(crate) certificate: PathBuf,
}

/// An authority with what it has signed.
pub(crate) struct Certificates {
    pub(crate) authority: PathBuf,
    pub(crate) server: Identity,
    pub(crate) client: Identity,
}

/// Elliptic curve for two of three, RSA for the client: both kinds of signature are made and read.
const CURVE: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const RSA: &[&str] = &["rsa:2048"];

impl Certificates {
    /// Makes everything in `folder`.
    pub(crate) fn make(folder: &Path) -> Result<Self, String> {
        let authority = identity(folder, "authority");
        let server = identity(folder, "server");
        let client = identity(folder, "client");
        make(
            &authority,
            None,
            CURVE,
            "interop authority",
            &[
                "basicConstraints=critical,CA:TRUE",
                "keyUsage=critical,keyCertSign,cRLSign",
            ],
        )?;
        make(
            &server,
            Some(&authority),
            CURVE,
            "interop server",
            &[
                &format!("subjectAltName=DNS:{HOST}"),
                "basicConstraints=critical,CA:FALSE",
                "keyUsage=critical,digitalSignature",
                "extendedKeyUsage=serverAuth",
            ],
        )?;
        make(
            &client,
            Some(&authority),
            RSA,
            CLIENT,
            &[
                "basicConstraints=critical,CA:FALSE",
                "keyUsage=critical,digitalSignature",
                "extendedKeyUsage=clientAuth",
            ],
        )?;
        Ok(Self {
            authority: authority.certificate,
            server,
            client,
        })
    }
}

fn identity(folder: &Path, name: &str) -> Identity {
    Identity {
        key: folder.join(format!("{name}.key")),
        certificate: folder.join(format!("{name}.pem")),
    }
}

fn make(
    identity: &Identity,
    signer: Option<&Identity>,
    key: &[&str],
    subject: &str,
    extensions: &[&str],
) -> Result<(), String> {
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-days", "2", "-nodes", "-newkey"]);
    command.args(key);
    command.args(["-subj", &format!("/CN={subject}"), "-keyout"]);
    command.arg(&identity.key);
    command.arg("-out").arg(&identity.certificate);
    if let Some(signer) = signer {
        command.arg("-CA").arg(&signer.certificate);
        command.arg("-CAkey").arg(&signer.key);
    }
    for extension in extensions {
        command.args(["-addext", extension]);
    }
    let line = step::show(&command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{line}` did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{line}` ended with {}:\n{said}", output.status))
}
