//! What a server showed, as a table and as JSON.

use std::fmt::Write as _;

use netproc::tls::{Certificate, PeerStatus};
use serde_json::{Value, json};

use crate::peer::Sight;
use crate::tables::columns;
use crate::tls::with_flags;

/// Makes the page for people.
pub(super) fn as_text(sight: &Sight) -> String {
    let verified = if sight.problems.is_empty() {
        "yes"
    } else {
        "no"
    };
    let mut rows = vec![
        ("HOST", sight.host.clone()),
        ("ADDRESS", sight.address.clone()),
    ];
    if let Some(session) = &sight.session {
        let none = || "-".to_owned();
        rows.extend([
            (
                "VERSION",
                shown(session.protocol.as_ref()).unwrap_or_else(none),
            ),
            (
                "CIPHER",
                shown(session.cipher.as_ref()).unwrap_or_else(none),
            ),
            ("KEY EXCHANGE", key_exchange(session).unwrap_or_else(none)),
            ("ALPN", protocol(session).unwrap_or_else(none)),
        ]);
    }
    if let Some(cause) = refusal(sight) {
        rows.push(("REFUSED", with_flags(&cause)));
    }
    rows.push(("VERIFIED", verified.to_owned()));
    let mut page = columns(rows);
    for problem in &sight.problems {
        let _ = writeln!(page, "  {}", with_flags(&problem.to_string()));
    }
    let count = sight.certificates.len();
    for (index, certificate) in sight.certificates.iter().enumerate() {
        let _ = writeln!(page, "\ncertificate {} of {count}", index + 1);
        page += &certificate_as_text(certificate);
    }
    let warnings = sight.warnings();
    if !warnings.is_empty() {
        page.push_str("\nwarnings\n");
        let rows = warnings.iter();
        page += &columns(rows.map(|it| (it.keyword(), it.describe().to_owned())));
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
    let session = sight.session.as_ref();
    let warnings = sight
        .warnings()
        .into_iter()
        .map(|warning| json!({"warning": warning.keyword(), "description": warning.describe()}));
    let problems = sight.problems.iter().map(ToString::to_string);
    let certificates = sight.certificates.iter().map(certificate_as_json);
    let page = json!({
        "host": sight.host,
        "address": sight.address,
        "version": session.and_then(|it| shown(it.protocol.as_ref())),
        "cipher": session.and_then(|it| shown(it.cipher.as_ref())),
        "key_exchange": session.and_then(|it| shown(it.key_exchange.as_ref())),
        "group": session.and_then(|it| shown(it.group.as_ref())),
        "alpn": session.and_then(protocol),
        "refusal": refusal(sight),
        "verified": sight.problems.is_empty(),
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
fn key_exchange(session: &PeerStatus) -> Option<String> {
    let exchange = shown(session.key_exchange.as_ref());
    let group = shown(session.group.as_ref());
    match (exchange, group) {
        (Some(exchange), Some(group)) => Some(format!("{exchange} {group}")),
        (one, other) => one.or(other),
    }
}

/// Returns why the server does not accept us.
fn refusal(sight: &Sight) -> Option<String> {
    sight.refusal.as_ref()?.cause().map(ToString::to_string)
}

fn protocol(session: &PeerStatus) -> Option<String> {
    let name = session.application_protocol.as_ref()?;
    Some(name.escape_ascii().to_string())
}
