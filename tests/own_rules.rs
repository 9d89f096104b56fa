//! A project's own rules: the desk says of each object what was said by hand; the judges hold admission to the same.

use crate::support::project::Project;
use crate::support::{none_of, root};
use passes::rules::OwnRule;
use passes::world::{Bytes, Shelf, World};
use std::fs;
use std::path::Path;
use syntax::{Diagnostics, Node, Origins, Sources};

/// The folder of the golden case whose rules are tried.
fn case() -> std::path::PathBuf {
    root().join("golden/ruled")
}

struct Rules<'a>(&'a Path);

impl World for Rules<'_> {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        let bytes = fs::read(self.0.join(path)).ok()?;
        Some(Ok((bytes.into(), Shelf::Project)))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn repository_path(&self) -> Option<String> {
        None
    }
}

/// The objects of the case, with the rules that refuse each.
fn cases(name: &str) -> Vec<(Node, Vec<String>)> {
    let text = fs::read_to_string(case().join("cases").join(name)).expect("cases");
    let mut sources = Sources::default();
    let file = sources.add(name, &text);
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let node = syntax::parse::parse_one(file, &text, &mut origins, &mut found).expect("YAML");
    assert!(!found.has_errors(), "{:#?}", found.sorted());
    let case = |node: &Node| {
        let refused = node.get("refusedBy").map_or(&[][..], Node::items).iter();
        let refused = refused.filter_map(Node::as_str).map(str::to_owned);
        let object = node.get("object").expect("an object").clone();
        (object, refused.collect())
    };
    node.items().iter().map(case).collect()
}

#[test]
fn the_desk_says_what_was_said_by_hand() {
    let mut found = Diagnostics::default();
    let folder = case();
    let (rules, _) = passes::load::own_rules(&Rules(&folder), &mut found);
    assert!(found.is_empty(), "{:#?}", found.sorted());
    let cases = cases("own.yaml");
    assert!(cases.len() >= 30, "{} cases", cases.len());
    hold(&rules, &cases);
}

/// What a built-in policy would refuse: the desk reads its text as admission does.
#[test]
fn policies_say_what_was_said_by_hand() {
    let mut found = Diagnostics::default();
    let policies = passes::rules::own::policies(&mut found);
    assert!(found.is_empty(), "{:#?}", found.sorted());
    let cases = cases("built-in.yaml");
    // Which namespaces are exempt, a component says: at admission alone.
    let exempt = ["kube-system", "kube-public"];
    let judged = cases.into_iter().filter(|(object, _)| {
        let of = |path: &[&str]| object.str_at(path).unwrap_or_default().to_owned();
        let names = [of(&["metadata", "namespace"]), of(&["metadata", "name"])];
        !names.iter().any(|name| exempt.contains(&name.as_str()))
    });
    let judged: Vec<(Node, Vec<String>)> = judged.collect();
    for policy in &policies {
        let tried = passes::rules::trial::own(policy);
        assert!(
            tried.fired > 0 && tried.wrong.is_empty(),
            "{}: {tried:?}",
            policy.id
        );
        let refuses =
            |(_, refused): &(Node, Vec<String>)| refused.iter().any(|id| policy.id == **id);
        assert!(judged.iter().any(refuses), "no case of {}", policy.id);
    }
    hold(&policies, &judged);
}

fn hold(rules: &[OwnRule], cases: &[(Node, Vec<String>)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(object, wanted)| {
            let refuses = |rule: &&OwnRule| !rule.judge_in_its_namespace(object).is_empty();
            let mut refused: Vec<String> = rules
                .iter()
                .filter(refuses)
                .map(|rule| rule.id.to_string())
                .collect();
            refused.sort();
            let name = object.str_at(&["metadata", "name"]).unwrap_or_default();
            (refused != *wanted).then(|| format!("{name}: {refused:?} instead of {wanted:?}"))
        })
        .collect();
    none_of(&wrong);
}

#[test]
fn a_new_rule_passes_its_own_test_and_is_found() {
    let project = Project::with_spec(
        "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: own\nprofile: edge\nclusters: { dev: { provider: kind, versions: { kubernetes: 1.36.1 } } }\n",
    );
    let run = project.run(&["rules", "new", "owners"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = project.run(&["rules", "test", "owners"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "1 rules, 1 fired, 0 silent\n"),
        "{}",
        run.stderr
    );
    assert!(project.run(&["rules", "list"]).stdout.contains("owners"));
    assert!(
        project
            .run(&["explain", "owners"])
            .stdout
            .contains("policy:")
    );
    let again = project.run(&["rules", "new", "owners"]);
    assert_eq!(again.code, Some(1), "{}", again.stdout);
}

#[test]
fn mistakes_in_a_rule_are_told_at_their_line() {
    let project = Project::with_spec(
        "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: own\nprofile: edge\nclusters: { dev: { provider: kind, versions: { kubernetes: 1.36.1 } } }\n",
    );
    project.run(&["rules", "new", "owners"]);
    let text = project.read("rules/owners.yaml");
    for (good, bad, says) in [
        (
            "params.label in object.metadata.labels",
            "params.label in (",
            "error[expression-syntax]",
        ),
        (
            "has(object.metadata.labels) &&",
            "authorizer.requestResource.check('get').allowed() &&",
            "`authorizer` is not known",
        ),
        ("name: owners", "name: others", "error[rule-name]"),
        (
            "resources: [deployments]",
            "resurces: [deployments]",
            "error[unknown-key]",
        ),
    ] {
        assert!(text.contains(good), "{text}");
        project.write("rules/owners.yaml", text.replace(good, bad));
        let run = project.run(&["check"]);
        assert_eq!(run.code, Some(1), "{bad}: {}", run.stderr);
        assert!(run.stderr.contains(says), "{bad}: {}", run.stderr);
        assert!(
            run.stderr.contains("--> rules/owners.yaml:"),
            "{}",
            run.stderr
        );
    }
}
