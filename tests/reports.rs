//! What each format of a report looks like, to the byte.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails says so"
)]

#[path = "../compiler/cli/report/mod.rs"]
mod report;

use crate::support::{none_of, root};
use report::{COMPILER, Entry, Format, Report, is_of};
use std::collections::BTreeSet;
use syntax::{Diagnostic, Sources, Span};

const SPEC: &str =
    "name: home\ntiers:\n  prod: {}\nclusters:\n  - nmae: \"größe\"\n    tier: prd # soon\n";

/// Findings as reports tell of them, none of them from rules that are not built in.
fn entries(findings: &[Diagnostic], sources: &Sources) -> Vec<Entry> {
    report::entries(findings.to_vec(), sources, &BTreeSet::new())
}

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
    sources.add(
        "<formwork>/components/x/component.yaml",
        "image: x:latest\n",
    );
    let typo = span(&sources, "platform.yaml", "nmae");
    let tier = span(&sources, "platform.yaml", "prd");
    let known = span(&sources, "profiles/my home.yaml", "prod");
    let image = span(
        &sources,
        "<formwork>/components/x/component.yaml",
        "x:latest",
    );
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
        Diagnostic::warning(
            "unpinned-image",
            "the image `x:latest` has no version of its own",
        )
        .at(span(&sources, "platform.yaml", "home"), "brought by this")
        .at(image, "what it is changes")
        .help("name a version"),
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
    let mut findings = entries(&findings, &sources);
    let denied = findings
        .iter_mut()
        .filter(|entry| entry.is_of("unknown-tier"));
    denied.for_each(|entry| entry.fails = true);
    let report = Report::new(&findings, &sources);
    expect("human.txt", &report.render(Format::Human));
    expect("color.txt", &report.color(true).render(Format::Human));
    expect("narrow.txt", &report.width(40).render(Format::Human));
    expect("short.txt", &report.render(Format::Short));
    expect("github.txt", &report.render(Format::Github));
    expect("report.json", &report.render(Format::Json));
    expect("report.sarif", &report.render(Format::Sarif));
    expect("junit.xml", &report.render(Format::Junit));
    expect("gitlab.json", &report.render(Format::Gitlab));
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
    let findings = entries(&findings, &sources);
    let report = Report::new(&findings, &sources).below("infra/home/");
    assert_eq!(
        report.render(Format::Short),
        "infra/home/platform.yaml:5:5: error[unknown-key]: there is no key `nmae` in a cluster\n\
         <formwork>/profiles/x.yaml:1:1: error[x]: wrong\n"
    );
    for format in [
        Format::Human,
        Format::Json,
        Format::Github,
        Format::Sarif,
        Format::Junit,
        Format::Gitlab,
    ] {
        assert!(report.render(format).contains("infra/home/platform.yaml"));
        assert!(!report.render(format).contains("infra/home/<"));
    }
    // A place that is not in the repository is told in words.
    let github = report.render(Format::Github);
    assert!(
        github.ends_with("::error title=x::wrong%0A<formwork>/profiles/x.yaml:1:1: see also\n")
    );
    let gitlab = json(&report.spec("home.yaml").render(Format::Gitlab));
    assert_eq!(gitlab[1]["location"]["path"], "infra/home/home.yaml");
    let sarif = json(&report.render(Format::Sarif));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let said = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(
        said["message"]["text"],
        "wrong\n<formwork>/profiles/x.yaml:1:1"
    );
}

#[test]
fn nothing_to_say() {
    let sources = Sources::default();
    let report = Report::new(&[], &sources);
    for format in [Format::Human, Format::Short, Format::Github] {
        assert_eq!(report.render(format), "");
    }
    let document = json(&report.render(Format::Json));
    assert_eq!(document["summary"]["errors"], 0);
    assert_eq!(document["results"], serde_json::json!([]));
    check_sarif(&json(&report.render(Format::Sarif)));
    assert_eq!(report.render(Format::Gitlab), "[]\n");
    // Every rule is a test, and the spec is one.
    let junit = report.render(Format::Junit);
    assert_eq!(
        junit.matches("<testcase").count(),
        passes::rules::all().count() + 1
    );
    assert!(!junit.contains("<failure"), "{junit}");
    let refused = report.judged(false).render(Format::Junit);
    assert_eq!(
        refused.matches("<skipped").count(),
        passes::rules::all().count()
    );
    let only = ["unpinned-image".to_owned()];
    let only = report.only(&only).render(Format::Junit);
    assert_eq!(only.matches("<testcase").count(), 1);
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
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
    let findings = entries(&findings, &sources);
    let only = ["x".to_owned()];
    let report = Report::new(&findings, &sources).only(&only);
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
    let findings = entries(&findings, &sources);
    assert_eq!(
        Report::new(&findings, &sources).render(Format::Github),
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,title=x::100%25 wrong:%0D%0Ayes, really\n"
    );
}

#[test]
fn sarif_has_the_shape_of_its_schema() {
    let (sources, findings) = sample();
    let findings = entries(&findings, &sources);
    let log = json(&Report::new(&findings, &sources).render(Format::Sarif));
    check_sarif(&log);
    let Some(schema) = sarif_schema() else {
        eprintln!("skipped: SARIF_SCHEMA names no copy of the schema of SARIF 2.1.0");
        return;
    };
    let validator = jsonschema::validator_for(&json(&schema)).unwrap();
    let wrong = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()));
    none_of(&wrong.collect::<Vec<String>>());
    let mut broken = log.clone();
    broken["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!validator.is_valid(&broken));
}

/// The schema that OASIS publishes: `SARIF_SCHEMA=sarif-schema-2.1.0.json cargo test`. Its licence keeps it out of here.
fn sarif_schema() -> Option<String> {
    let path = std::env::var_os("SARIF_SCHEMA").map(std::path::PathBuf::from);
    let path = path.unwrap_or_else(|| root().join("../shared/sarif/sarif-schema-2.1.0.json"));
    std::fs::read_to_string(path).ok()
}

#[test]
fn sarif_says_of_rules_what_their_pages_say() {
    let mut findings: Vec<Diagnostic> = passes::rules::all()
        .map(|rule| Diagnostic::warning(rule.id, "wrong"))
        .collect();
    findings.sort_by(|a, b| a.id.cmp(&b.id));
    let sources = Sources::default();
    let findings = entries(&findings, &sources);
    let log = json(&Report::new(&findings, &sources).render(Format::Sarif));
    check_sarif(&log);
    for rule in log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
    {
        let id = rule["id"].as_str().unwrap();
        let page = passes::rules::find(id).unwrap();
        assert_eq!(rule["fullDescription"]["text"], page.page().about);
        let help = rule["help"]["markdown"].as_str().unwrap();
        assert!(
            help.contains("\n## Why\n") && help.contains(page.page().fix),
            "{id}"
        );
        assert!(
            rule["help"]["text"]
                .as_str()
                .unwrap()
                .contains(page.page().why)
        );
        assert_eq!(rule["properties"]["tags"][0], page.group.word());
        // The address is the page's in the repository.
        let version = concat!("/blob/v", env!("CARGO_PKG_VERSION"), "/");
        let (_, path) = rule["helpUri"]
            .as_str()
            .unwrap()
            .split_once(version)
            .unwrap();
        assert!(root().join(path).is_file(), "{path}");
    }
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
                    "helpUri",
                    "defaultConfiguration",
                    "properties",
                ],
            );
            assert!(rule["properties"]["tags"][0].is_string());
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
            "partialFingerprints",
            "relatedLocations",
            "fixes",
        ],
    );
    let fingerprint = result["partialFingerprints"]["formwork/v1"]
        .as_str()
        .unwrap();
    assert_eq!(fingerprint.len(), 32);
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
        let findings = entries(&findings, &sources);
        let report = Report::new(&findings, &sources).color(color);
        for format in [Format::Human, Format::Short, Format::Github] {
            assert!(report.render(format).ends_with('\n'));
        }
        json(&report.render(Format::Json));
        check_sarif(&json(&report.render(Format::Sarif)));
        check_gitlab(&json(&report.render(Format::Gitlab)));
        check_xml(&report.render(Format::Junit));
    }
}

/// What GitLab documents of a code quality report.
fn check_gitlab(issues: &serde_json::Value) {
    let mut seen = BTreeSet::new();
    for issue in issues.as_array().unwrap() {
        only(
            issue,
            &[
                "description",
                "check_name",
                "fingerprint",
                "severity",
                "location",
            ],
        );
        for text in ["description", "check_name"] {
            assert!(!issue[text].as_str().unwrap().is_empty());
        }
        assert!(
            seen.insert(issue["fingerprint"].as_str().unwrap()),
            "{issue}"
        );
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&issue["severity"].as_str().unwrap()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with(['/', '.', '<']), "{path}");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
}

/// Whether it is well formed: characters that XML 1.0 knows, tags that close, and no markup in texts.
fn check_xml(text: &str) {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    assert!(text.chars().all(allowed), "{text:?}");
    let rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let mut open: Vec<&str> = Vec::new();
    for part in rest.unwrap().split('<').skip(1) {
        let (tag, words) = part.split_once('>').unwrap();
        assert!(!words.contains('>'), "{words}");
        for text in [tag, words] {
            for entity in text.split('&').skip(1) {
                let (name, _) = entity.split_once(';').unwrap();
                assert!(
                    ["amp", "lt", "gt", "quot", "#9", "#10", "#13"].contains(&name),
                    "{name}"
                );
            }
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.split(' ').next().unwrap();
        match (name.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, true) => {}
            (None, false) => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn xml_takes_every_character() {
    let sources = Sources::default();
    let message = "a < b & \"c\" ]]> \u{1b}[1m \u{0} \u{ffff} \u{1f600}\r\n\tend";
    let findings = entries(&[Diagnostic::error("x", message)], &sources);
    let text = Report::new(&findings, &sources).render(Format::Junit);
    check_xml(&text);
    assert!(
        text.contains(
            "message=\"a &lt; b &amp; &quot;c&quot; ]]&gt; \u{fffd}[1m \u{fffd} \u{fffd} \u{1f600}&#13;&#10;&#9;end\""
        ),
        "{text}"
    );
}

/// Twelve findings of one id, one of another, and two of a rule.
#[test]
fn what_is_said_often_is_folded() {
    let mut sources = Sources::default();
    let lines: String = (0..14).map(|at| format!("key{at}: 1\n")).collect();
    let file = sources.add("platform.yaml", &lines);
    let other = sources.add("components/x.yaml", &lines);
    let at = |file, line: usize| {
        let start = lines.match_indices("key").nth(line).unwrap().0;
        let (start, end) = (start.try_into().unwrap(), (start + 4).try_into().unwrap());
        Span { file, start, end }
    };
    let mut findings = Vec::new();
    for line in 0..12 {
        let file = if line < 9 { file } else { other };
        findings.push(Diagnostic::warning("often", "wrong").at(at(file, line), ""));
    }
    findings.push(Diagnostic::error("once", "bad").at(at(other, 13), ""));
    for line in 0..2 {
        let finding = Diagnostic::note("unpinned-image", "no version").help("name one");
        findings.push(finding.at(at(file, line), ""));
    }
    let findings = entries(&findings, &sources);
    let report = Report::new(&findings, &sources);
    let text = report.only(&[]).render(Format::Human);
    assert_eq!(text.matches("warning[often]: wrong").count(), 5, "{text}");
    let rest = "error[once]: bad\n  --> components/x.yaml:14:1\n";
    assert!(text.contains(rest), "{text}");
    let rest = "\n\nwarning[often]: and 7 more: platform.yaml:6,7,8,9; components/x.yaml:10,11,12\n  \
                `--only often` shows all of them\n\nnote[unpinned-image]: no version\n";
    assert!(text.contains(rest), "{text}");
    assert_eq!(
        text.matches("`formwork explain unpinned-image` says more")
            .count(),
        1
    );
    let end = "\n1 error, 12 warnings, 2 notes\nby group: compiler 13, workload 2\n";
    assert!(text.ends_with(end), "{text}");
    // What is asked for is shown whole.
    let often = ["often".to_owned()];
    let text = report.only(&often).render(Format::Human);
    assert_eq!(text.matches("warning[often]: wrong").count(), 12, "{text}");
    // Machines get everything.
    assert_eq!(report.render(Format::Short).lines().count(), findings.len());
}

/// The fingerprints of findings at a text in a spec, one a place.
fn fingerprints(spec: &str, text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("platform.yaml", spec);
    let findings: Vec<Diagnostic> = spec
        .match_indices(text)
        .map(|(start, text)| {
            let end = (start + text.len()).try_into().unwrap();
            let start = start.try_into().unwrap();
            Diagnostic::warning("x", format!("wrong at {start}")).at(Span { file, start, end }, "")
        })
        .collect();
    let entries = entries(&findings, &sources);
    entries.into_iter().map(|entry| entry.fingerprint).collect()
}

#[test]
fn fingerprints_survive_what_moves() {
    let spec = "a:\n  image: x\nb:\n  image: x\n";
    let before = fingerprints(spec, "image: x");
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1], "the same line twice is two findings");
    let moved = "# new\nz: 1\na:\n    image: x\n\nb:\n      image: x\n";
    assert_eq!(fingerprints(moved, "image: x"), before);
    // One more of the same is new, and the others stay known.
    let more = fingerprints(&format!("{spec}c:\n  image: x\n"), "image: x");
    assert_eq!(more[..2], before[..]);
    assert!(!before.contains(&more[2]));
    let other = fingerprints("a:\n  image: x # now\n", "image: x");
    assert!(
        !before.contains(&other[0]),
        "another line is another finding"
    );
    // Two on one line are known by what is marked.
    let flow = "a: [x1, x2]\n";
    assert_ne!(fingerprints(flow, "x1"), fingerprints(flow, "x2"));
}

#[test]
fn fingerprints_know_what_brought_it() {
    let mut sources = Sources::default();
    let spec = sources.add("platform.yaml", "profile: x\n");
    let library =
        ["a", "b"].map(|name| sources.add(&format!("<formwork>/components/{name}.yaml"), "x"));
    let at = |file| Span {
        file,
        start: 0,
        end: 1,
    };
    let finding = |file| {
        Diagnostic::warning("x", "wrong")
            .at(at(spec), "")
            .at(at(file), "here")
    };
    let of = |findings: &[Diagnostic]| -> Vec<String> {
        let entries = entries(findings, &sources);
        entries.into_iter().map(|entry| entry.fingerprint).collect()
    };
    let both = of(&library.map(finding));
    assert_ne!(both[0], both[1]);
    assert_eq!(
        of(&[finding(library[1])]),
        both[1..],
        "the other one does not shift it"
    );
    // Where nothing has a place, it is the message, without what counts.
    let days = |days| Diagnostic::warning("x", format!("{days} days are left"));
    assert_eq!(of(&[days(9)]), of(&[days(10)]));
}

#[test]
fn groups_are_those_of_rules() {
    let found = ["missing-key", "mine", "unpinned-image", "unused-exception"];
    let found = found.map(|id| Diagnostic::warning(id, "wrong"));
    let judged = BTreeSet::from(["mine".to_owned(), "unused-exception".to_owned()]);
    let entries = report::entries(found.to_vec(), &Sources::default(), &judged);
    let groups: Vec<&str> = entries.iter().map(|entry| entry.group).collect();
    assert_eq!(groups, [COMPILER, "own", "workload", "rules"]);
    assert!(
        is_of("own", "mine", "own") && is_of("mine", "mine", "own") && !is_of("x", "mine", "own")
    );
}

#[test]
fn programs_hear_of_what_is_known() {
    let (sources, findings) = sample();
    let mut findings = entries(&findings, &sources);
    findings[1].known = true;
    let report = Report::new(&findings, &sources);
    let document = json(&report.render(Format::Json));
    assert_eq!(document["summary"]["known"], 1);
    assert_eq!(document["summary"]["warnings"], 1);
    assert_eq!(document["results"][1]["known"], true);
    for format in [
        Format::Human,
        Format::Short,
        Format::Github,
        Format::Sarif,
        Format::Junit,
        Format::Gitlab,
    ] {
        assert!(
            !report.render(format).contains("unknown-tier"),
            "{format:?}"
        );
    }
}
