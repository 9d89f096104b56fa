//! What each format of a report looks like, to the byte.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says so"
)]

#[path = "../compiler/cli/report/mod.rs"]
mod report;

use report::{Format, Report};
use syntax::{Diagnostic, Sources, Span};

const SPEC: &str =
    "name: home\ntiers:\n  prod: {}\nclusters:\n  - nmae: \"größe\"\n    tier: prd # soon\n";

/// The span of the n-th place where a text stands.
fn span(sources: &Sources, file: &str, text: &str) -> Span {
    let id = sources.find(file).unwrap();
    let start = sources.get(id).unwrap().text().find(text).unwrap();
    Span {
        file: id,
        start: u32::try_from(start).unwrap(),
        end: u32::try_from(start + text.len()).unwrap(),
    }
}

fn sample() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    sources.add("platform.yaml", SPEC);
    sources.add("profiles/my home.yaml", "tiers:\n  prod:\n    size: 5%\n");
    let typo = span(&sources, "platform.yaml", "nmae");
    let tier = span(&sources, "platform.yaml", "prd");
    let known = span(&sources, "profiles/my home.yaml", "prod");
    let findings = vec![
        Diagnostic::error("unknown-key", "there is no key `nmae` in a cluster")
            .at(typo, "unknown")
            .help("did you mean `name`?")
            .help("a cluster has the keys name, tier, size")
            .fix(typo, "name"),
        Diagnostic::warning("unknown-tier", "no tier is called `prd`")
            .at(tier, "named here")
            .at(span(&sources, "platform.yaml", "prod"), "")
            .at(known, "100%: this one\nis near"),
        Diagnostic::note("no-git", "the folder is in no Git repository").help("run `git init`"),
    ];
    (sources, findings)
}

/// Compares with the text in `tests/reports/`; `UPDATE=1` writes it.
fn expect(name: &str, actual: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reports")
        .join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(actual, expected, "{name} differs; UPDATE=1 writes it");
}

#[test]
fn every_format_as_a_whole() {
    let (sources, findings) = sample();
    let report = Report::new(&findings, &sources);
    expect("human.txt", &report.render(Format::Human));
    expect("color.txt", &report.color(true).render(Format::Human));
    expect("narrow.txt", &report.width(40).render(Format::Human));
    expect("short.txt", &report.render(Format::Short));
    expect("github.txt", &report.render(Format::Github));
    expect("report.json", &report.render(Format::Json));
    expect("report.sarif", &report.render(Format::Sarif));
}

#[test]
fn files_are_named_as_the_reader_knows_them() {
    let (mut sources, mut findings) = sample();
    findings.truncate(1);
    let file = sources.add("<formwork>/profiles/x.yaml", "a: 1\n");
    let span = Span {
        file,
        start: 0,
        end: 1,
    };
    findings.push(Diagnostic::error("x", "wrong").at(span, ""));
    let report = Report::new(&findings, &sources).below("infra/home/");
    assert_eq!(
        report.render(Format::Short),
        "infra/home/platform.yaml:5:5: error[unknown-key]: there is no key `nmae` in a cluster\n\
         <formwork>/profiles/x.yaml:1:1: error[x]: wrong\n"
    );
    for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
        assert!(report.render(format).contains("infra/home/platform.yaml"));
        assert!(!report.render(format).contains("infra/home/<"));
    }
}

#[test]
fn nothing_to_say() {
    let sources = Sources::default();
    let report = Report::new(&[], &sources);
    for format in [Format::Human, Format::Short, Format::Github] {
        assert_eq!(report.render(format), "");
    }
    let json: serde_json::Value = serde_json::from_str(&report.render(Format::Json)).unwrap();
    assert_eq!(json["summary"]["errors"], 0);
    assert_eq!(json["results"], serde_json::json!([]));
    let sarif: serde_json::Value = serde_json::from_str(&report.render(Format::Sarif)).unwrap();
    check_sarif(&sarif);
}

/// Texts in which carets are easily misplaced, and the bytes to point at.
#[test]
fn carets_stand_below_what_they_mean() {
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    let long = format!("key: {} here {}\n", "x".repeat(200), "y".repeat(300));
    for (name, text, start, end) in [
        ("empty.yaml", "", 0, 0),
        ("end.yaml", "a: 1\n", 5, 5),
        ("open-end.yaml", "a: 1", 4, 4),
        ("tab.yaml", "a:\n\tb: 1\n", 4, 5),
        ("wide.yaml", "ключ: \"日本\" oops\n", 19, 23),
        ("combining.yaml", "cafe\u{301}: oops\n", 8, 12),
        ("long.yaml", long.as_str(), 206, 210),
        ("crlf.yaml", "a: 1\r\nb: oops\r\n", 9, 13),
        ("section.yaml", "a:\n  b: 1\n  c: 2\n", 5, 16),
        ("past.yaml", "a: 1\n", 50, 60),
        ("blank.yaml", "a:\n\n\nb: 1\n", 2, 2),
        ("inside-a-letter.yaml", "é: 1\n", 1, 1),
    ] {
        let file = sources.add(name, text);
        let span = Span { file, start, end };
        findings.push(
            Diagnostic::error("x", "wrong")
                .at(span, "this")
                .help("right")
                .fix(span, "better"),
        );
    }
    let report = Report::new(&findings, &sources);
    expect("carets.txt", &report.render(Format::Human));
    expect("carets-short.txt", &report.render(Format::Short));
}

#[test]
fn github_takes_every_character() {
    let mut sources = Sources::default();
    let file = sources.add("a,b:c%.yaml", "a:\n  b: 1\n");
    let span = Span {
        file,
        start: 0,
        end: 9,
    };
    let findings = [Diagnostic::error("x", "100% wrong:\r\nyes, really").at(span, "")];
    assert_eq!(
        Report::new(&findings, &sources).render(Format::Github),
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,title=x::100%25 wrong:%0D%0Ayes, really\n"
    );
}

#[test]
fn sarif_has_the_shape_of_its_schema() {
    let (sources, findings) = sample();
    let text = Report::new(&findings, &sources).render(Format::Sarif);
    check_sarif(&serde_json::from_str(&text).unwrap());
}

/// The rules of SARIF 2.1.0 and of GitHub's code scanning that bear on what is written.
fn check_sarif(log: &serde_json::Value) {
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(
        log["$schema"],
        "https://json.schemastore.org/sarif-2.1.0.json"
    );
    only(log, &["$schema", "version", "runs"]);
    for run in log["runs"].as_array().unwrap() {
        only(
            run,
            &[
                "tool",
                "columnKind",
                "originalUriBaseIds",
                "invocations",
                "results",
            ],
        );
        let kind = run["columnKind"].as_str().unwrap();
        assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&kind));
        let driver = &run["tool"]["driver"];
        only(
            driver,
            &["name", "semanticVersion", "informationUri", "rules"],
        );
        assert!(driver["name"].is_string());
        let rules = driver["rules"].as_array().unwrap();
        for rule in rules {
            only(
                rule,
                &[
                    "id",
                    "name",
                    "shortDescription",
                    "fullDescription",
                    "help",
                    "defaultConfiguration",
                ],
            );
            for text in ["shortDescription", "fullDescription", "help"] {
                assert!(!rule[text]["text"].as_str().unwrap().is_empty());
            }
        }
        let ids: Vec<&str> = rules
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "each rule once: {ids:?}");
        for invocation in run["invocations"].as_array().unwrap() {
            assert!(invocation["executionSuccessful"].is_boolean());
        }
        for result in run["results"].as_array().unwrap() {
            check_result(result, &ids);
        }
    }
}

fn check_result(result: &serde_json::Value, ids: &[&str]) {
    only(
        result,
        &[
            "ruleId",
            "ruleIndex",
            "level",
            "message",
            "locations",
            "relatedLocations",
            "fixes",
        ],
    );
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(result["ruleId"], ids[index]);
    assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
    assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    assert_eq!(result["locations"].as_array().unwrap().len(), 1);
    let related = result["relatedLocations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for location in result["locations"]
        .as_array()
        .unwrap()
        .iter()
        .chain(&related)
    {
        only(location, &["id", "physicalLocation", "message"]);
        check_artifact(&location["physicalLocation"]["artifactLocation"]);
        check_region(&location["physicalLocation"]["region"]);
    }
    assert!(
        related
            .iter()
            .all(|it| it["id"].is_u64() && it["message"]["text"].is_string())
    );
    for fix in result["fixes"].as_array().cloned().unwrap_or_default() {
        only(&fix, &["description", "artifactChanges"]);
        for change in fix["artifactChanges"].as_array().unwrap() {
            check_artifact(&change["artifactLocation"]);
            for replacement in change["replacements"].as_array().unwrap() {
                only(replacement, &["deletedRegion", "insertedContent"]);
                check_region(&replacement["deletedRegion"]);
                assert!(replacement["insertedContent"]["text"].is_string());
            }
        }
    }
}

fn check_artifact(artifact: &serde_json::Value) {
    only(artifact, &["uri", "uriBaseId"]);
    let uri = artifact["uri"].as_str().unwrap();
    assert!(
        !uri.starts_with('/') && !uri.contains([' ', '<', '\\']),
        "{uri}"
    );
}

fn check_region(region: &serde_json::Value) {
    only(
        region,
        &["startLine", "startColumn", "endLine", "endColumn"],
    );
    let at = |name: &str| region[name].as_u64().unwrap();
    assert!(at("startLine") >= 1 && at("startColumn") >= 1);
    assert!((at("endLine"), at("endColumn")) >= (at("startLine"), at("startColumn")));
}

fn only(object: &serde_json::Value, keys: &[&str]) {
    for key in object.as_object().unwrap().keys() {
        assert!(keys.contains(&key.as_str()), "`{key}` is not in the schema");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..Default::default()
    })]
    #[test]
    fn no_text_and_no_span_breaks_a_report(
        text in "(?s)[a-z\t\r\n \u{0}\u{7f}é日\u{301}\u{202e}]{0,40}",
        message in "(?s).{1,20}",
        start in 0u32..60,
        length in 0u32..60,
        color in proptest::bool::ANY,
    ) {
        let mut sources = Sources::default();
        let file = sources.add("f", &text);
        let span = Span { file, start, end: start + length };
        let other = Span { file, start: length, end: length };
        let findings = [Diagnostic::error("x", message.clone())
            .at(span, message.clone())
            .at(other, "other")
            .help(message.clone())
            .fix(span, message.clone())];
        let report = Report::new(&findings, &sources).color(color);
        for format in [Format::Human, Format::Short, Format::Github] {
            assert!(report.render(format).ends_with('\n'));
        }
        serde_json::from_str::<serde_json::Value>(&report.render(Format::Json)).unwrap();
        check_sarif(&serde_json::from_str(&report.render(Format::Sarif)).unwrap());
    }
}
