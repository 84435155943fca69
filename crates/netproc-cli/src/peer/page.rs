//! What a server showed, as a table and as JSON.

use std::fmt::Write as _;

use netproc::tls::Certificate;
use serde_json::{Value, json};

use crate::peer::Sight;
use crate::tables::columns;
use crate::tls::with_flags;

/// Makes the page for people.
pub(super) fn as_text(sight: &Sight) -> String {
    let status = &sight.status;
    let verified = if status.problems.is_empty() {
        "yes"
    } else {
        "no"
    };
    let none = || "-".to_owned();
    let mut rows = vec![
        ("HOST", sight.host.clone()),
        ("ADDRESS", sight.address.clone()),
        (
            "VERSION",
            shown(status.protocol.as_ref()).unwrap_or_else(none),
        ),
        ("CIPHER", shown(status.cipher.as_ref()).unwrap_or_else(none)),
        ("KEY EXCHANGE", key_exchange(sight).unwrap_or_else(none)),
        ("ALPN", protocol(sight).unwrap_or_else(none)),
    ];
    if let Some(cause) = refusal(sight) {
        rows.push(("REFUSED", with_flags(&cause)));
    }
    rows.push(("VERIFIED", verified.to_owned()));
    let mut page = columns(rows);
    for problem in &status.problems {
        let _ = writeln!(page, "  {}", with_flags(&problem.to_string()));
    }
    let count = status.certificates.len();
    for (index, certificate) in status.certificates.iter().enumerate() {
        let _ = writeln!(page, "\ncertificate {} of {count}", index + 1);
        page += &certificate_as_text(certificate);
    }
    if !status.warnings.is_empty() {
        page.push_str("\nwarnings\n");
        let warnings = status.warnings.iter();
        page += &columns(warnings.map(|it| (it.keyword(), it.describe().to_owned())));
    }
    page
}

fn certificate_as_text(certificate: &Certificate) -> String {
    let key = match certificate.public_key_bits {
        Some(bits) => format!(
            "{}, {bits} bits ({})",
            certificate.public_key_algorithm, certificate.security_level
        ),
        None => certificate.public_key_algorithm.clone(),
    };
    let names = match certificate.hosts.as_slice() {
        [] => "-".to_owned(),
        hosts => hosts.join(", "),
    };
    columns([
        ("SUBJECT", certificate.subject.clone()),
        ("ISSUER", certificate.issuer.clone()),
        (
            "VALID",
            format!("{} to {}", certificate.valid_from, certificate.valid_to),
        ),
        ("NAMES", names),
        ("SERIAL", certificate.serial_number.clone()),
        ("KEY", key),
        ("SIGNATURE", certificate.signature_algorithm.clone()),
        ("X.509", format!("version {}", certificate.version)),
        ("FINGERPRINTS", certificate.sha256()),
        ("", certificate.certificate_id.clone()),
        ("KEY ID", certificate.public_key_id.clone()),
    ])
}

/// Makes the page for programs.
pub(super) fn as_json(sight: &Sight) -> String {
    let status = &sight.status;
    let warnings = status
        .warnings
        .iter()
        .map(|warning| json!({"warning": warning.keyword(), "description": warning.describe()}));
    let problems = status.problems.iter().map(ToString::to_string);
    let certificates = status.certificates.iter().map(certificate_as_json);
    let page = json!({
        "host": sight.host,
        "address": sight.address,
        "version": shown(status.protocol.as_ref()),
        "cipher": shown(status.cipher.as_ref()),
        "key_exchange": shown(status.key_exchange.as_ref()),
        "group": shown(status.group.as_ref()),
        "alpn": protocol(sight),
        "refusal": refusal(sight),
        "verified": status.problems.is_empty(),
        "problems": problems.collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
        "certificates": certificates.collect::<Vec<_>>(),
    });
    format!("{page:#}\n")
}

fn certificate_as_json(certificate: &Certificate) -> Value {
    json!({
        "version": certificate.version,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "valid_from": certificate.valid_from,
        "valid_to": certificate.valid_to,
        "hosts": certificate.hosts,
        "serial_number": certificate.serial_number,
        "key_algorithm": certificate.public_key_algorithm,
        "key_bits": certificate.public_key_bits,
        "security_level": certificate.security_level,
        "signature_algorithm": certificate.signature_algorithm,
        "fingerprints": [certificate.sha256(), certificate.certificate_id],
        "key_id": certificate.public_key_id,
        "pem": certificate.pem(),
    })
}

fn shown(word: Option<&impl ToString>) -> Option<String> {
    word.map(ToString::to_string)
}

/// Returns how the keys were agreed, in one word or two.
fn key_exchange(sight: &Sight) -> Option<String> {
    let exchange = shown(sight.status.key_exchange.as_ref());
    let group = shown(sight.status.group.as_ref());
    match (exchange, group) {
        (Some(exchange), Some(group)) => Some(format!("{exchange} {group}")),
        (one, other) => one.or(other),
    }
}

/// Returns why the server does not accept us.
fn refusal(sight: &Sight) -> Option<String> {
    sight.refusal.as_ref()?.cause().map(ToString::to_string)
}

fn protocol(sight: &Sight) -> Option<String> {
    let name = sight.status.application_protocol.as_ref()?;
    Some(name.escape_ascii().to_string())
}
