//! What counts as a secret and what does not. Tokens are put together here, so that no file holds one.

use super::{leak, leaks};
use syntax::{Diagnostics, FileId, Node, OriginId, Origins};

/// Letters and digits without order, as a key has them.
const NOISE: &str = "q7Zt2LmX9vKc4RbY8nHd6JpW3sGf5TaE1uQw0Ne4VxPzBk7rMj2Cy9Lh6Do3Fi8S";

fn noise(length: usize) -> String {
    NOISE.chars().cycle().take(length).collect()
}

fn kind(path: &[&str], text: &str) -> Option<&'static str> {
    leak(path, text).map(|leak| leak.kind)
}

fn kinds(yaml: &str) -> Vec<(String, &'static str)> {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let documents = syntax::parse::parse(FileId(0), yaml, &mut origins, &mut found);
    assert!(!found.has_errors(), "{yaml}");
    let leaks = documents.iter().flat_map(|document| leaks(&document.node));
    leaks
        .map(|found| (found.pointer.to_string(), found.leak.kind))
        .collect()
}

#[test]
fn weak_passwords_are_passwords() {
    for text in [
        "prom-operator",
        "admin",
        "postgres",
        "Harbor12345",
        "hunter2",
        "1234",
    ] {
        assert_eq!(kind(&["adminPassword"], text), Some("a password"), "{text}");
    }
}

#[test]
fn names_references_and_placeholders_are_no_secrets() {
    for (field, text) in [
        ("password", "changeme"),
        ("password", "password"),
        ("password", "<your password>"),
        ("password", "${DB_PASSWORD}"),
        ("password", "$DB_PASSWORD"),
        ("password", "{{ .Values.password }}"),
        (
            "password",
            "ENC[AES256_GCM,data:q7Zt2LmX9v==,iv:ab=,tag:cd==,type:str]",
        ),
        ("password", "/run/secrets/password"),
        ("password", "vault:secret/data/db#password"),
        ("password", "admin-password"),
        ("passwordKey", "admin-password"),
        ("existingSecret", "database-q7zt2lmx9v"),
        ("secretName", "database-login"),
        ("secret", "backup-s3"),
        ("token", "kubernetes-dashboard"),
        ("tokenTTL", "3600s"),
        ("clientSecret", "$oidc.dex.clientSecret"),
        (
            "tokenFile",
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
        ),
        ("apiKey", "https://keys.internal/v1"),
        ("authorization", "Bearer $TOKEN"),
        ("auth", "basic"),
        ("privateKey", "tls.key"),
    ] {
        assert_eq!(kind(&[field], text), None, "{field}: {text}");
    }
    let keys = ["auth", "secretKeys", "adminPassword"];
    assert_eq!(kind(&keys, "postgres"), None);
}

#[test]
fn what_looks_random_and_is_public_is_no_secret() {
    let hex = "3f9a1c7e5b2d8f4a6c0e9b7d1f3a5c8e2b4d6f8a";
    for (field, text) in [
        ("note", hex.to_owned()),
        ("image", format!("ghcr.io/a/b:v1@sha256:{hex}{hex}")),
        ("id", "5c7d2f1e-9a3b-4c6d-8e0f-1a2b3c4d5e6f".to_owned()),
        ("checksum/config", noise(40)),
        ("checksum/secret", noise(40)),
        ("caBundle", noise(44)),
        ("publicKey", noise(44)),
        (
            "key",
            format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5{} me@host", noise(44)),
        ),
        ("integrity", format!("sha512-{}", noise(86))),
        ("sum", format!("h1:{}=", noise(43))),
        (
            "path",
            format!("/dev/disk/by-id/nvme-Samsung_SSD_{}", noise(15)),
        ),
        (
            "text",
            "requiredDuringSchedulingIgnoredDuringExecution".to_owned(),
        ),
    ] {
        assert_eq!(kind(&[field], &text), None, "{field}: {text}");
    }
    assert_eq!(kind(&["note"], &noise(40)), Some("a random key or token"));
}

#[test]
fn examples_of_manuals_are_no_secrets() {
    for text in [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ] {
        assert_eq!(kind(&["note"], text), None);
    }
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    assert_eq!(kind(&["secretAccessKey"], key), None);
    let block = "-----BEGIN RSA PRIVATE KEY-----\nXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\n-----END RSA PRIVATE KEY-----\n";
    assert_eq!(kind(&["key"], block), None);
}

#[test]
fn the_place_is_that_of_the_secret() {
    let token = format!("ghp_{}", noise(36));
    let text = format!("clone https://github.com with {token} now");
    let leak = leak(&["script"], &text).expect("a leak");
    assert_eq!(leak.kind, "a GitHub token");
    assert_eq!(text.get(leak.range), Some(token.as_str()));
}

#[test]
fn texts_assign_secrets() {
    for text in [
        "PGPASSWORD=hunter2 psql",
        "exec app --password=hunter2",
        "log: info\npassword: hunter2\n",
        "{\"password\": \"hunter2\"}",
        "Server=db;User Id=sa;Password=hunter2;",
        "-Djavax.net.ssl.keyStorePassword=hunter2",
    ] {
        let leak = leak(&["run.sh"], text).expect(text);
        assert_eq!(text.get(leak.range), Some("hunter2"), "{text}");
    }
    for text in [
        "the password: choose a long one",
        "password=$(cat /run/password)",
        "export TOKEN=\"$TOKEN\"",
        "password = get_password(user)",
        "sum by (secret) (rate(x{secret=\"tls\"}[5m]))",
        "password: str = None",
        "redis://:$PASSWORD@host",
        "postgres://user:password@host/db",
        "https://host:8443/path@v1",
        "http://onepassword:8080",
        "ghcr.io/acme/onepassword:20260101",
    ] {
        assert_eq!(leak(&["run.sh"], text), None, "{text}");
    }
}

#[test]
fn addresses_give_their_password_away() {
    let token = noise(30);
    for (text, secret) in [
        ("postgres://app:pepper42@db:5432/app", "pepper42"),
        ("redis://:pepper42@redis:6379/0", "pepper42"),
        (&format!("https://{token}@host/x.git"), &token),
    ] {
        let leak = leak(&["url"], text).expect("a leak");
        assert_eq!(text.get(leak.range), Some(secret));
    }
}

#[test]
fn lists_name_what_stands_in_them() {
    let found = kinds(
        "env:\n- {name: DB_PASSWORD, value: pepper42}\n- {name: LOG, value: info}\nargs: [--token, q7Zt2LmX9vKc4RbY, --log, info]\n",
    );
    let expected = [("/env/0/value", "a password"), ("/args/1", "a token")];
    assert_eq!(found, expected.map(|(at, kind)| (at.to_owned(), kind)));
}

#[test]
fn numbers_are_passwords_and_no_tokens() {
    let found = kinds("password: 12345678\ntoken: 12345678\nport: 5432\n");
    assert_eq!(found, [("/password".to_owned(), "a password")]);
}

#[test]
fn secrets_are_sealed_or_found() {
    let of = |data: &str| {
        kinds(&format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{data}\n"
        ))
    };
    let unsealed = "a value of a Secret that is not sealed";
    let found = |at: &str, kind| vec![(at.to_owned(), kind)];
    assert_eq!(
        of("stringData: {login: pepper}"),
        found("/stringData/login", unsealed)
    );
    assert_eq!(
        of("data: {login: cGVwcGVyNDI=}"),
        found("/data/login", unsealed)
    );
    assert_eq!(
        of("stringData: {password: pepper}"),
        found("/stringData/password", "a password")
    );
    for clean in [
        "stringData: {login: \"ENC[AES256_GCM,data:q7Zt2LmX9v==,iv:ab=,tag:cd==,type:str]\"}",
        "stringData: {url: \"https://host/charts\", type: helm, enableOCI: \"true\"}",
        "stringData: {login: \"${LOGIN}\"}",
        "data: {}",
    ] {
        assert_eq!(of(clean), [], "{clean}");
    }
}

#[test]
fn manifests_in_texts_are_read() {
    let found = kinds(
        "contents: |\n  apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  stringData:\n    login: pepper\n",
    );
    let expected = "a value of a Secret that is not sealed";
    assert_eq!(found, [("/contents".to_owned(), expected)]);
}

#[test]
fn logins_in_base64_are_read() {
    let auth = ["auths", "ghcr.io", "auth"];
    assert_eq!(kind(&auth, "dXNlcjpwYXNz"), Some("credentials"));
    assert_eq!(
        kind(&["Authorization"], "Basic dXNlcjpwYXNz"),
        Some("credentials")
    );
}

#[test]
fn a_root_that_is_a_text_is_looked_at() {
    let node = Node::string(format!("glpat-{}", noise(20)), OriginId::default());
    assert_eq!(leaks(&node).len(), 1);
}
