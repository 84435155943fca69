//! Keys and certificates, made.

use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use netproc::tls::{Certificate, Error, Parameters, Server};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};

use crate::cert::Failure;
use crate::cert::order::{Order, Use};

/// How long before now a certificate begins: the clock of the other side may be behind.
const LEEWAY: Duration = Duration::from_secs(60 * 60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What stands beside the name in every certificate, so that it is not mistaken for a real one.
const ORGANIZATION: &str = "netproc development certificate";

/// A key and its certificate.
pub(super) struct Made {
    /// The key, in PEM.
    pub(super) key: String,
    /// The certificate, in PEM.
    pub(super) certificate: String,
    /// What the certificate says, as the other side will read it.
    pub(super) contents: Certificate,
}

/// Makes a key and its certificate.
pub(super) fn make(order: &Order) -> Result<Made, Failure> {
    let key = KeyPair::generate().map_err(library)?;
    let parameters = parameters(order, &key)?;
    let certificate = match &order.signed_by {
        None => parameters.self_signed(&key),
        Some((authority, authority_key)) => {
            parameters.signed_by(&key, &issuer(authority, authority_key)?)
        }
    };
    let certificate = certificate.map_err(library)?;
    let contents = Certificate::from_der(certificate.der())
        .ok_or_else(|| Failure::Library("it cannot be read back".to_owned()))?;
    Ok(Made {
        key: key.serialize_pem(),
        certificate: certificate.pem(),
        contents,
    })
}

fn parameters(order: &Order, key: &KeyPair) -> Result<CertificateParams, Failure> {
    let mut parameters = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, ORGANIZATION);
    match &order.purpose {
        Use::Server => {
            let hosts = order.hosts();
            // A common name counts for nothing, and may be 64 bytes long at most.
            if let Some(host) = hosts.first().filter(|host| host.len() <= 64) {
                name.push(DnType::CommonName, host.as_str());
            }
            for host in hosts {
                parameters.subject_alt_names.push(host_name(host)?);
            }
            parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        }
        Use::Client(client) => {
            name.push(DnType::CommonName, client.as_str());
            if client.contains('@')
                && let Ok(mail) = client.as_str().try_into()
            {
                parameters.subject_alt_names.push(SanType::Rfc822Name(mail));
            }
            parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        Use::Authority => {
            // Two authorities of one name would be taken for each other.
            let identifier = parameters.key_identifier(key);
            let number = identifier
                .iter()
                .take(4)
                .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
            name.push(
                DnType::CommonName,
                format!("netproc authority {number:08x}"),
            );
        }
    }
    parameters.distinguished_name = name;
    if order.purpose == Use::Authority {
        parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    } else {
        parameters.is_ca = IsCa::ExplicitNoCa;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    }
    parameters.use_authority_key_identifier_extension = order.signed_by.is_some();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let epoch = date_time_ymd(1970, 1, 1);
    parameters.not_before = epoch + now.saturating_sub(LEEWAY);
    parameters.not_after = epoch + now + DAY * order.days;
    Ok(parameters)
}

fn host_name(host: String) -> Result<SanType, Failure> {
    Ok(match host.parse::<IpAddr>() {
        Ok(address) => SanType::IpAddress(address),
        Err(_) => SanType::DnsName(host.try_into().map_err(library)?),
    })
}

/// Reads an authority.
fn issuer(certificate: &Path, key: &Path) -> Result<Issuer<'static, KeyPair>, Failure> {
    let read = |what, path: &Path| {
        std::fs::read_to_string(path).map_err(|error| Failure::File(what, path.to_owned(), error))
    };
    let certificate_text = read("reading the authority", certificate)?;
    let key_text = read("reading the key of the authority", key)?;
    let unusable = |reason: &str| Failure::Authority(certificate.to_owned(), reason.to_owned());
    let key_pair = KeyPair::from_pem(&key_text)
        .map_err(|_| unusable("the file of its key holds no key in PEM without a passphrase"))?;
    if let Err(error @ Error::KeyMismatch { .. }) =
        Server::new(&Parameters::server(key, certificate))
    {
        return Err(unusable(error.to_string().trim_start_matches(":keylist: ")));
    }
    let issuer = Issuer::from_ca_cert_pem(&certificate_text, key_pair)
        .map_err(|_| unusable("it is no certificate in PEM"))?;
    if !issuer.key_usages().contains(&KeyUsagePurpose::KeyCertSign) {
        return Err(unusable(
            "it may not sign certificates; make one that may by netproc cert --authority",
        ));
    }
    Ok(issuer)
}

#[expect(clippy::needless_pass_by_value, reason = "for use in map_err")]
fn library(error: rcgen::Error) -> Failure {
    Failure::Library(error.to_string())
}
