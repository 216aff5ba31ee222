// SPDX-License-Identifier: Apache-2.0

//! Asks webpki about the chains of cases.json: verify FOLDER. Prints a JSON object of verdicts.

use std::time::Duration;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use serde_json::{json, Map, Value};
use webpki::{
    anchor_from_trusted_cert, CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage,
    OwnedCertRevocationList, RevocationCheckDepth, RevocationOptions, RevocationOptionsBuilder,
    UnknownStatusPolicy,
};

fn read(file: &str) -> Vec<CertificateDer<'static>> {
    let text = std::fs::read(file).unwrap_or_default();
    CertificateDer::pem_slice_iter(&text).filter_map(|c| c.ok()).collect()
}

/// Those that it reads; it has no use for others.
fn read_crls(file: &str) -> Vec<CertRevocationList<'static>> {
    let text = std::fs::read(file).unwrap_or_default();
    CertificateRevocationListDer::pem_slice_iter(&text)
        .filter_map(|c| OwnedCertRevocationList::from_der(&c.ok()?).ok())
        .map(CertRevocationList::from)
        .collect()
}

/// None: it asks for at least one CRL.
fn revocation<'a>(crls: &'a [&'a CertRevocationList<'a>], options: &Value) -> Option<RevocationOptions<'a>> {
    let flags = options["flags"].as_array().cloned().unwrap_or_default();
    let has = |flag: &str| flags.iter().any(|f| f == flag);
    let depth = match has("crl-leaf-only") {
        true => RevocationCheckDepth::EndEntity,
        false => RevocationCheckDepth::Chain,
    };
    let unknown = match has("crl-allow-unknown") {
        true => UnknownStatusPolicy::Allow,
        false => UnknownStatusPolicy::Deny,
    };
    let expired = match has("crl-allow-expired") {
        true => ExpirationPolicy::Ignore,
        false => ExpirationPolicy::Enforce,
    };
    let builder = RevocationOptionsBuilder::new(crls).ok()?.with_depth(depth);
    Some(builder.with_status_policy(unknown).with_expiration_policy(expired).build())
}

fn verify(place: &str, options: &Value) -> bool {
    let trusted = read(&format!("{place}/trusted.pem"));
    let between = read(&format!("{place}/untrusted.pem"));
    let leaf = read(&format!("{place}/leaf.pem"));
    let anchors: Vec<_> = trusted.iter().filter_map(|c| anchor_from_trusted_cert(c).ok()).collect();
    let Some(Ok(end)) = leaf.first().map(EndEntityCert::try_from) else {
        return false;
    };
    let now = options["time"].as_u64().unwrap_or(1767225600);
    let usage = match options["purpose"].as_str() {
        Some("client") => KeyUsage::client_auth(),
        _ => KeyUsage::server_auth(),
    };
    let time = UnixTime::since_unix_epoch(Duration::from_secs(now));
    let crls = read_crls(&format!("{place}/crls.pem"));
    let crls: Vec<_> = crls.iter().collect();
    let revocation = revocation(&crls, options);
    if options["crls"] == true && revocation.is_none() {
        return false;
    }
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    if end.verify_for_usage(algorithms, &anchors, &between, time, usage, revocation, None).is_err() {
        return false;
    }
    let names = options["names"].as_array().cloned().unwrap_or_default();
    names.iter().all(|n| {
        let text = n.as_str().unwrap_or("").split_once(':').map_or("", |p| p.1);
        ServerName::try_from(text).is_ok_and(|s| end.verify_is_valid_for_subject_name(&s).is_ok())
    })
}

fn main() {
    let folder = std::env::args().nth(1).expect("verify FOLDER");
    let text = std::fs::read_to_string(format!("{folder}/cases.json")).expect("cases.json");
    let cases: Value = serde_json::from_str(&text).expect("JSON");
    let mut verdicts = Map::new();
    for case in cases.as_array().expect("a list") {
        let name = case["name"].as_str().expect("a name");
        let good = verify(&format!("{folder}/cases/{name}"), &case["options"]);
        verdicts.insert(name.to_string(), json!(good));
    }
    println!("{}", Value::Object(verdicts));
}
