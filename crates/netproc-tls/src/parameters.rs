//! What a TLS client or server is to do: read from a list, or written with typed setters.

mod boot;
mod list;
mod notes;
mod write;

use std::path::PathBuf;

use netproc_lisp::Value;

use crate::{Error, Priority, VerifyFlags};

pub use self::boot::{boot_parameters, trust_bundles};
pub use self::notes::Note;

/// What an omitted `:verify-error` means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// The peer is verified; `:verify-error nil` switches this off. The default.
    #[default]
    Safe,
    /// As in Emacs: nothing is verified until `:verify-error` says so.
    Emacs,
}

/// A private key and the certificate chain that belongs to it, as files in PEM or DER.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The file of the private key, without a passphrase.
    pub key: PathBuf,
    /// The file of the certificate, with those that signed it after it. May be the same file.
    pub certificate: PathBuf,
}

/// Whether a server asks its clients for certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientCertificates {
    /// They are not asked for. The default.
    #[default]
    Ignored,
    /// They are asked for; one that is shown has to be good.
    Optional,
    /// A client without a good certificate is refused.
    Required,
}

/// Everything that a [`Client`](crate::Client) or [`Server`](crate::Server) is made from.
///
/// Defaults: no host, every version and suite that exists here, the trusted authorities of the
/// platform, no certificate of one's own, and verification of chain and name.
///
/// ```
/// use netproc_tls::Parameters;
///
/// let parameters = Parameters::client("example.org")
///     .trust_file("/etc/ssl/own-authority.pem")
///     .alpn_protocol("imap");
/// assert_eq!(parameters.host(), Some("example.org"));
/// assert!(parameters.verifies_chain());
/// ```
#[doc(alias = "gnutls-boot-parameters")]
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each off by default, that are set by methods alone"
)]
pub struct Parameters {
    pub(crate) anonymous: bool,
    pub(crate) host: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) trust_files: Vec<PathBuf>,
    pub(crate) without_platform_trust: bool,
    pub(crate) crl_files: Vec<PathBuf>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) flags: VerifyFlags,
    pub(crate) skip_chain: bool,
    pub(crate) skip_host: bool,
    pub(crate) client_certificates: ClientCertificates,
    pub(crate) alpn: Vec<Vec<u8>>,
    pub(crate) complete_negotiation: bool,
    pub(crate) min_prime_bits: Option<u32>,
    pub(crate) log_level: Option<i64>,
}

impl Parameters {
    /// Returns parameters with their defaults and no host.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the parameters of a client that means `host`, a DNS name or an IP address.
    pub fn client(host: &str) -> Self {
        Self::new().with_host(host)
    }

    /// Returns the parameters of a server with one certificate; [`identity`](Self::identity) adds
    /// more.
    pub fn server(key: impl Into<PathBuf>, certificate: impl Into<PathBuf>) -> Self {
        Self::new().identity(key, certificate)
    }

    /// Reads the value of `:tls-parameters`: `(TYPE KEYWORD VALUE…)`.
    ///
    /// Every keyword of `gnutls-boot-parameters` is honoured, mapped or refused. `:priority` wins
    /// over `:priority-string`, which is the same under another name.
    ///
    /// Two keywords are not in Emacs. `:platform-trust nil` is
    /// [`without_platform_trust`](Self::without_platform_trust); omitted or with any other value,
    /// the authorities of the platform are trusted. `:client-certificates` is one of the symbols
    /// `ignored`, `optional` and `required`; omitted or nil, a server requires certificates when
    /// there are `:trustfiles` and `:verify-error` has the chain verified, and ignores them
    /// otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::NotAList`], [`Error::Type`], [`Error::Anonymous`], [`Error::HostMissing`] for a
    /// host that is not a string, [`Error::UnknownKeyword`], [`Error::NoValue`],
    /// [`Error::Value`], [`Error::Unsupported`].
    pub fn from_value(value: &Value, profile: Profile) -> Result<Self, Error> {
        list::read(value, profile)
    }

    /// Returns the value of `:tls-parameters` that [`from_value`](Self::from_value) reads back to
    /// equal parameters, under either profile.
    ///
    /// `:verify-error` is always in it; other keywords only where they change something. An empty
    /// name of a file, and an application protocol that is not of 1 to 255 bytes, are written as
    /// they are and refused when they are read, as they are by [`Client::new`](crate::Client::new)
    /// and [`Server::new`](crate::Server::new).
    ///
    /// ```
    /// use netproc_tls::{Parameters, Profile};
    ///
    /// let parameters = Parameters::client("example.org").alpn_protocol("imap");
    /// let value = parameters.to_value();
    /// assert_eq!(
    ///     value.to_string(),
    ///     "(gnutls-x509pki :hostname \"example.org\" :priority \"NORMAL\" :verify-error t \
    ///      :alpn-protocols (\"imap\"))"
    /// );
    /// assert_eq!(Parameters::from_value(&value, Profile::Emacs)?, parameters);
    /// # Ok::<(), netproc_tls::Error>(())
    /// ```
    pub fn to_value(&self) -> Value {
        write::write(self)
    }

    /// Sets the host: a DNS name in ASCII, or an IP address (`:hostname`).
    ///
    /// It is sent to the server when it is a name, and the server's certificate has to be for it.
    pub fn with_host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// Sets what may be negotiated (`:priority`).
    pub fn with_priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Adds a file of trusted certificates, of authorities or of peers themselves (`:trustfiles`).
    ///
    /// On a server these are the authorities of its clients.
    pub fn trust_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.trust_files.push(path.into());
        self
    }

    /// Trusts what the trust files hold and nothing else.
    ///
    /// Default: a client trusts the authorities of the platform too, as GnuTLS does. A server
    /// never does. In a list this is `:platform-trust nil`, which Emacs does not have.
    pub fn without_platform_trust(mut self) -> Self {
        self.without_platform_trust = true;
        self
    }

    /// Adds a file of revoked certificates (`:crlfiles`).
    pub fn crl_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.crl_files.push(path.into());
        self
    }

    /// Adds a private key and its certificate (`:keylist`).
    ///
    /// A client shows the first one that the server can use. A server chooses by the name that
    /// the client asks for, and takes the first when none fits.
    pub fn identity(mut self, key: impl Into<PathBuf>, certificate: impl Into<PathBuf>) -> Self {
        self.identities.push(Identity {
            key: key.into(),
            certificate: certificate.into(),
        });
        self
    }

    /// Sets how strictly certificates are judged (`:verify-flags`).
    pub fn with_verify_flags(mut self, flags: VerifyFlags) -> Self {
        self.flags = flags;
        self
    }

    /// Sets whether a server asks for certificates of clients (`:client-certificates`, which Emacs
    /// does not have).
    pub fn client_certificates(mut self, wanted: ClientCertificates) -> Self {
        self.client_certificates = wanted;
        self
    }

    /// Adds an application protocol, such as `h2`; the best first (`:alpn-protocols`).
    pub fn alpn_protocol(mut self, name: impl Into<Vec<u8>>) -> Self {
        self.alpn.push(name.into());
        self
    }

    /// Accepts any certificate, for any host, from anyone.
    ///
    /// The session is encrypted, but whoever can reach the wire can be its other end. What is
    /// wrong is told in [`PeerStatus::warnings`](crate::PeerStatus::warnings) only.
    pub fn dangerously_verify_nothing(self) -> Self {
        self.dangerously_skip_chain().dangerously_skip_host()
    }

    /// Accepts a certificate whoever signed it, whenever and for whatever use.
    pub fn dangerously_skip_chain(mut self) -> Self {
        self.skip_chain = true;
        self
    }

    /// Accepts a certificate for other hosts.
    pub fn dangerously_skip_host(mut self) -> Self {
        self.skip_host = true;
        self
    }

    /// Encrypts without certificates: neither side knows who the other is (`gnutls-anon`).
    ///
    /// Whoever can reach the wire can be its other end. Nothing is verified and no certificate is
    /// shown; the sessions are of TLS 1.2, are not resumed, and need the feature `anonymous`. Unless
    /// a priority was set before, it becomes `NORMAL:+ANON-ECDH:+ANON-DH`; one that is set later is
    /// made by [`Priority::anonymous`].
    #[doc(alias = "gnutls-anon")]
    pub fn dangerously_anonymous(mut self) -> Self {
        self.anonymous = true;
        if self.priority == Priority::default()
            && let Ok(priority) = Priority::anonymous(Priority::ANONYMOUS)
        {
            self.priority = priority;
        }
        self.dangerously_verify_nothing()
    }

    /// Sets the least length in bits of the prime of a Diffie-Hellman key exchange
    /// (`:min-prime-bits`); default: what the level of the priority string asks for, 2048 for
    /// `NORMAL`.
    ///
    /// Only anonymous sessions have such a key exchange. A server takes a prime that is as long.
    pub fn with_min_prime_bits(mut self, bits: u32) -> Self {
        self.min_prime_bits = Some(bits);
        self
    }

    /// Returns whether sessions are encrypted without certificates.
    pub fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// Returns the host, if there is one.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Returns what may be negotiated.
    pub fn priority(&self) -> &Priority {
        &self.priority
    }

    /// Returns the files of trusted certificates.
    pub fn trust_files(&self) -> &[PathBuf] {
        &self.trust_files
    }

    /// Returns the files of revoked certificates.
    pub fn crl_files(&self) -> &[PathBuf] {
        &self.crl_files
    }

    /// Returns the keys and certificates to show.
    pub fn identities(&self) -> &[Identity] {
        &self.identities
    }

    /// Returns how strictly certificates are judged.
    pub fn verify_flags(&self) -> VerifyFlags {
        self.flags
    }

    /// Returns whether a server asks for certificates of clients.
    pub fn wanted_client_certificates(&self) -> ClientCertificates {
        self.client_certificates
    }

    /// Returns the application protocols, best first.
    pub fn alpn_protocols(&self) -> &[Vec<u8>] {
        &self.alpn
    }

    /// Returns whether the platform's authorities are trusted beside those of the trust files.
    pub fn trusts_platform(&self) -> bool {
        !self.without_platform_trust
    }

    /// Returns whether a bad chain ends the handshake.
    pub fn verifies_chain(&self) -> bool {
        !self.skip_chain
    }

    /// Returns whether a wrong host ends the handshake.
    pub fn verifies_host(&self) -> bool {
        !self.skip_host
    }

    /// Returns whether `:complete-negotiation` asks a call that would return at once to wait for
    /// the handshake.
    ///
    /// It means nothing to this crate, whose handshakes are futures; it is for those who open
    /// connections.
    pub fn completes_negotiation(&self) -> bool {
        self.complete_negotiation
    }

    /// Holds that nothing is asked of an anonymous session that takes certificates.
    pub(crate) fn check_anonymous(&self) -> Result<(), Error> {
        let refuse = |keyword, value: &str, instead| {
            let value = value.to_owned();
            Err(Error::Unsupported {
                keyword,
                value,
                instead,
            })
        };
        if self.anonymous != self.priority.is_anonymous() {
            let instead = if self.anonymous {
                "it is not for anonymous sessions; make it by `Priority::anonymous`"
            } else {
                "it is for anonymous sessions; make it by `parse`"
            };
            return refuse(":priority", self.priority.as_str(), instead);
        }
        if !self.anonymous {
            return Ok(());
        }
        if self.verifies_chain() || self.verifies_host() {
            let value = write::verify_error(self).to_string();
            let instead = "an anonymous session has no certificate that could be verified; use gnutls-x509pki, or leave it out";
            return refuse(":verify-error", &value, instead);
        }
        if let Some(identity) = self.identities.first() {
            let instead =
                "an anonymous session shows no certificate; use gnutls-x509pki, or leave it out";
            return refuse(":keylist", &identity.key.to_string_lossy(), instead);
        }
        if self.client_certificates != ClientCertificates::Ignored {
            let instead =
                "an anonymous session has no certificates; use gnutls-x509pki, or leave it out";
            let value = write::client_certificates(self.client_certificates);
            return refuse(":client-certificates", value, instead);
        }
        Ok(())
    }

    /// Holds that the application protocols can be told to a peer.
    pub(crate) fn check_alpn(&self) -> Result<(), Error> {
        list::check_alpn(&self.alpn)
    }

    /// What a list means that does not say whether clients are asked for certificates.
    fn implied_client_certificates(&self) -> ClientCertificates {
        if !self.trust_files.is_empty() && self.verifies_chain() {
            ClientCertificates::Required
        } else {
            ClientCertificates::Ignored
        }
    }

    /// Returns the words that have less effect here than with GnuTLS.
    pub fn notes(&self) -> impl Iterator<Item = Note> {
        let priority = self.priority.notes().iter().cloned();
        notes::notes(self).into_iter().chain(priority)
    }
}

impl From<&Parameters> for Value {
    fn from(parameters: &Parameters) -> Self {
        parameters.to_value()
    }
}

impl From<Parameters> for Value {
    fn from(parameters: Parameters) -> Self {
        parameters.to_value()
    }
}
