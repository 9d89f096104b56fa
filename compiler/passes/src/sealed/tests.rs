//! Sealed files are told from plain ones, and nothing of them is shown.

use super::*;

const SEALED: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\n  namespace: shop\nstringData:\n  key: ENC[AES256_GCM,data:aGk=,iv:x,tag:y,type:str]\n  none: \"\"\nsops:\n  mac: ENC[AES256_GCM,data:bQ==,iv:x,tag:y,type:str]\n";

fn look(text: &str) -> (Vec<Secret>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    sources.add("platform.yaml", "a: 1\n");
    let known = inspect(
        "secrets/a/shop/x.yaml",
        "shop",
        text.as_bytes(),
        &mut sources,
        &mut found,
    );
    (known.secrets, found.sorted(), sources)
}

/// Everything that a renderer could show of a file.
fn shown(found: &[Diagnostic], sources: &Sources) -> String {
    let texts = found.iter().flat_map(|d| &d.labels).map(|label| {
        sources
            .get(label.span.file)
            .map_or("", syntax::Source::text)
    });
    format!("{found:?} {}", texts.collect::<String>())
}

#[test]
fn a_sealed_file_gives_names_and_keys() {
    let (secrets, found, _) = look(SEALED);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].name, "token");
    assert_eq!(secrets[0].keys, ["key", "none"]);
}

#[test]
fn plain_text_is_an_error_at_its_line_and_stays_hidden() {
    let plain = SEALED.replace("ENC[AES256_GCM,data:aGk=,iv:x,tag:y,type:str]", "hunter2");
    let unmarked = SEALED.split("sops:").next().unwrap().to_owned();
    let base64 = "apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: shop }\ndata:\n  key: aHVudGVyMg==\n";
    let long = format!(
        "{SEALED}---\n{}",
        plain.replace("hunter2", "|\n    hunter2: hunter2\n    hunter2\n")
    );
    let broken = "apiVersion: v1\ndata: [hunter2\nhunter2: hunter2: x\n";
    let number = plain.replace("hunter2", "12345678");
    for text in [plain.as_str(), &unmarked, base64, &long, broken, &number] {
        let (_, found, sources) = look(text);
        assert_eq!(found.len(), 1, "{text}");
        let shown = shown(&found, &sources);
        for secret in ["hunter2", "aHVudGVyMg", "12345678", "ENC["] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let (_, found, sources) = look(&plain);
    let span = found[0].span().unwrap();
    assert_eq!(sources.get(span.file).unwrap().place(span.start).line, 7);
    assert!(
        sources
            .get(span.file)
            .unwrap()
            .text()
            .contains("  key: *******\n")
    );
}

#[test]
fn a_secret_of_another_namespace_is_refused() {
    let (secrets, found, _) = look(&SEALED.replace("namespace: shop", "namespace: bank"));
    assert!(secrets.is_empty());
    assert_eq!(found[0].id, "secret-elsewhere");
}
