//! TLS: encrypting open connections, and what their peers showed.

use netproc_lisp::{Value, plist};
use netproc_network::tls::{self, Parameters, Warning};
use netproc_network::{Process, StartTls};

use super::default_network;
use crate::error::Error;

/// Tells whether processes can be encrypted, which they always can.
///
/// Emacs returns a list of words about its GnuTLS, of which programs ask whether it is nil.
#[doc(alias = "gnutls-available-p")]
pub fn gnutls_available_p() -> bool {
    true
}

/// Makes the list of TLS parameters that goes behind the type in `:tls-parameters`.
///
/// # Errors
///
/// When the arguments are no list.
///
/// # Examples
///
/// ```
/// use netproc::functions::gnutls_boot_parameters;
/// use netproc::lisp::{Value, plist, read};
///
/// let list = gnutls_boot_parameters(&read(r#"(:type gnutls-x509pki :hostname "gnu.org")"#)?)?;
/// assert_eq!(plist::get(&list, &Value::keyword(":verify-error")), Value::t());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "gnutls-boot-parameters")]
pub fn gnutls_boot_parameters(arguments: &Value) -> Result<Value, Error> {
    let profile = default_network().tls_profile();
    tls::boot_parameters(arguments, profile).map_err(refused)
}

/// Encrypts an open connection from here on, and returns its process.
///
/// The arguments are `:process`, `:type` and what [`gnutls_boot_parameters`] takes. When this
/// fails the process is closed, where Emacs goes on in clear.
///
/// # Errors
///
/// [`Error::NotAProcess`] when `:process` is none; what is wrong with the parameters; why the
/// handshake failed.
#[doc(alias = "gnutls-negotiate")]
pub fn gnutls_negotiate(arguments: &Value) -> Result<Process, Error> {
    let designated = plist::get(arguments, &Value::keyword(":process"));
    let Some(process) = Process::from_value(&designated) else {
        return Err(Error::NotAProcess { value: designated });
    };
    let kind = match plist::get(arguments, &Value::keyword(":type")) {
        Value::Nil => Value::symbol("gnutls-x509pki"),
        kind => kind,
    };
    gnutls_boot(&process, &kind, &gnutls_boot_parameters(arguments)?)?;
    Ok(process)
}

/// Encrypts an open connection with credentials of `kind`, `gnutls-x509pki` or `gnutls-anon`.
///
/// # Errors
///
/// As [`gnutls_negotiate`].
#[doc(alias = "gnutls-boot")]
pub fn gnutls_boot(process: &Process, kind: &Value, parameters: &Value) -> Result<(), Error> {
    let network = process.network();
    let profile = network.as_ref().unwrap_or(default_network()).tls_profile();
    let list = Value::cons(kind.clone(), parameters.clone());
    let parameters = Parameters::from_value(&list, profile).map_err(refused)?;
    Ok(process.start_tls(StartTls::client(parameters))?)
}

/// Returns what the peer showed in the TLS handshake, or nil.
#[doc(alias = "gnutls-peer-status")]
pub fn gnutls_peer_status(process: &Process) -> Value {
    process
        .peer_status()
        .map_or(Value::Nil, |status| status.to_value())
}

/// Returns in words what a keyword of `:warnings` means.
#[doc(alias = "gnutls-peer-status-warning-describe")]
pub fn gnutls_peer_status_warning_describe(warning: &Value) -> Option<&'static str> {
    let meant = |known: &&Warning| warning.is_symbol(known.keyword());
    Warning::ALL
        .iter()
        .find(meant)
        .map(|known| known.describe())
}

/// Returns how far TLS is on a process: 0 without it, 9 once everything is encrypted.
#[doc(alias = "gnutls-get-initstage")]
pub fn gnutls_get_initstage(process: &Process) -> i32 {
    if process.is_encrypted() { 9 } else { 0 }
}

fn refused(error: tls::Error) -> Error {
    netproc_network::Error::from(error).into()
}
