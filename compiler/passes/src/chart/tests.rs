//! What a chart knows, by small charts that show one trait each.

use super::*;
use std::collections::BTreeSet;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Origins, Pointer, Sources};

const VALUES: &str = "
replicas: 1
image: { repository: x, tag: '' }
resources: {}
  # limits:
  #   cpu: 100m
service:
  type: ClusterIP
  # nodePort: 30080
podAnnotations: {}
nodeSelector: { kubernetes.io/os: linux }
tolerations: []
extraEnv: []
  # - name: A
  #   value: b
config:
  server: { port: 1 }
sub: { enabled: true }
affinity: ~
# debug: true
";

fn chart(texts: Texts) -> Chart {
    Chart::read(&texts).expect("a chart")
}

fn plain() -> Texts {
    Texts {
        values: Some(VALUES.to_owned()),
        about: Some(
            "{name: echo, version: 1.0.0, dependencies: [{name: long, alias: sub}]}".to_owned(),
        ),
        ..Texts::default()
    }
}

/// What is said of values: `SEVERITY ID LINE: MESSAGE [HELP]`.
fn said(chart: &Chart, values: &str) -> Vec<String> {
    said_but(chart, values, &[])
}

fn said_but(chart: &Chart, values: &str, passes: &[&str]) -> Vec<String> {
    let mut sources = Sources::default();
    let mut origins = Origins::default();
    let mut found = Diagnostics::default();
    let file = sources.add("component.yaml", values);
    let node = parse_one(file, values, &mut origins, &mut found).expect("values");
    let passes: Vec<Pointer> = passes
        .iter()
        .map(|p| Pointer::parse(p).expect("a pointer"))
        .collect();
    let emitted = Emitted {
        values: &node,
        passes: &passes,
        read: &BTreeSet::new(),
    };
    compare(&emitted, chart, &sources, &origins, &mut found);
    let lines = found.sorted().into_iter().map(|found| {
        let line = found.span().map_or(0, |span| {
            sources
                .get(span.file)
                .expect("a file")
                .place(span.start)
                .line
        });
        let help = found.help.last().cloned().unwrap_or_default();
        format!(
            "{:?} {} {line}: {} [{help}]",
            found.severity, found.id, found.message
        )
    });
    lines.collect()
}

#[test]
fn what_a_chart_states_or_shows_is_known() {
    let chart = chart(plain());
    let values = "
replicas: 3
image: { repository: y }
resources: { limits: { cpu: 1 }, requests: { memory: 1Gi } }
service: { nodePort: 30081 }
podAnnotations: { anything: goes }
nodeSelector: { node.kubernetes.io/kind: gpu }
tolerations: [{ operator: Exists }]
extraEnv: [{ name: A, value: c }]
affinity: { nodeAffinity: {} }
debug: false
global: { any: thing }
";
    assert_eq!(said(&chart, values), Vec::<String>::new());
}

#[test]
fn what_it_does_not_know_is_an_error_at_its_line() {
    let chart = chart(plain());
    let values = "replica: 3\nimage:\n  repositry: y\nresources:\n  limit: {}\ntolerations: [{ operater: x }]\nstrange: 1\nservice: { nodePrt: 1 }\n";
    assert_eq!(
        said(&chart, values),
        [
            "Error not-in-chart 1: the chart has no value `replica` [did you mean `replicas`?]",
            "Error not-in-chart 3: the chart has no value `image.repositry` [did you mean `repository`?]",
            "Error not-in-chart 5: the chart has no value `resources.limit` [did you mean `limits`?]",
            "Error not-in-chart 6: the chart has no value `tolerations[0].operater` [did you mean `operator`?]",
            "Error not-in-chart 7: the chart has no value `strange` [there are: affinity, config, debug, extraEnv, image, nodeSelector, podAnnotations, replicas, resources, service, sub, tolerations]",
            "Error not-in-chart 8: the chart has no value `service.nodePrt` [did you mean `nodePort`?]",
        ]
    );
}

#[test]
fn slips_and_configuration_are_doubted() {
    let chart = chart(plain());
    assert_eq!(
        said(
            &chart,
            "extraEnv: [{ nam: A }]\nconfig: { logging: {} }\nreplicas: [1]\n"
        ),
        [
            "Warning unlikely-value 1: the chart has no value `extraEnv[0].nam` [did you mean `name`?]",
            "Warning unlisted-value 2: the chart has no value `config.logging` [there are: server]",
            "Warning value-kind 3: `values.replicas` is a list, where the chart has a number [look how the chart's templates use it]",
        ]
    );
    assert_eq!(
        said_but(&chart, "config: { logging: {} }\n", &["/config"]),
        Vec::<String>::new()
    );
}

#[test]
fn defaults_are_noted() {
    let chart = chart(plain());
    assert_eq!(
        said(
            &chart,
            "replicas: 1\nservice: { type: NodePort }\nresources: {}\n"
        ),
        [
            "Note default-value 1: `values.replicas` is the chart's default [leave it out, unless it must stay when the chart's default changes]",
            "Note default-value 3: `values.resources` is the chart's default [leave it out, unless it must stay when the chart's default changes]",
        ]
    );
}

#[test]
fn a_part_at_hand_is_looked_into() {
    let mut outer = chart(plain());
    let values = "sub: { enabled: false, depth: 2, dept: 3, global: {} }\n";
    assert_eq!(said(&outer, values), Vec::<String>::new(), "not at hand");
    assert_eq!(
        outer
            .unseen()
            .map(|part| part.name.as_str())
            .collect::<Vec<_>>(),
        ["long"]
    );
    let inner = chart(Texts {
        values: Some("depth: 1\n".to_owned()),
        ..Texts::default()
    });
    outer.parts_mut().first_mut().expect("a part").chart = Some(inner);
    assert_eq!(
        said(&outer, values),
        ["Error not-in-chart 1: the chart has no value `sub.dept` [did you mean `depth`?]"]
    );
}

#[test]
fn the_schema_has_its_say() {
    let schema = r##"{"type": "object", "properties": {
        "replicas": {"type": "integer"}, "level": {"enum": ["info", "debug"]}, "free": {"type": "object"},
        "tagged": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"properties": {"tag": {"type": "string"}}}}}"##;
    let chart = chart(Texts {
        schema: Some(schema.to_owned()),
        ..plain()
    });
    let values = "replicas: many\nlevel: loud\nfree: { a: 1 }\ntagged: { tag: x, tga: y }\nimage: { tag: 1 }\n";
    assert_eq!(
        said(&chart, values),
        [
            "Error wrong-type 1: `replicas` must be a whole number, not a string [so the chart's values.schema.json has it]",
            "Error unknown-value 2: `level` can't be `loud` [so the chart's values.schema.json has it]",
            "Error not-in-chart 4: the chart has no value `tagged.tga` [did you mean `tag`?]",
        ]
    );
    let broken = Chart::read(&Texts {
        schema: Some("{".to_owned()),
        ..plain()
    });
    assert!(
        broken
            .expect_err("no JSON")
            .starts_with("its values.schema.json can't be read")
    );
}

#[test]
fn null_takes_away_and_needs_a_key_too() {
    let chart = chart(plain());
    assert_eq!(said(&chart, "image: ~\n"), Vec::<String>::new());
    assert_eq!(
        said(&chart, "imge: ~\n"),
        ["Error not-in-chart 1: the chart has no value `imge` [did you mean `image`?]"]
    );
}

#[test]
fn comments_are_read_where_they_stand() {
    let comments = Comments::of(
        "a:\n  # b: 1\n  # c:\n  #   d: 2\n  e: 1\n  #- f: x\n# A sentence: with words.\n## g: 1\n",
    );
    for path in [&["a", "b"][..], &["a", "c"], &["a", "c", "d"], &["g"]] {
        assert!(comments.knows(path), "{path:?}");
    }
    for path in [&["b"][..], &["a", "d", "c"], &["a", "x"], &["A sentence"]] {
        assert!(!comments.knows(path), "{path:?}");
    }
    assert_eq!(comments.below(&["a"]), ["b", "c", "e"]);
    let listed = Comments::listed("resources.requests.limits\nresources.requests.limits.cpu\n");
    assert!(
        listed.knows(&["resources", "limits"]),
        "shown a level too deep"
    );
    assert!(!listed.knows(&["limits"]));
}

#[test]
fn templates_and_containers_have_their_say() {
    let chart = chart(Texts {
        templates: "{{ with .Values.hidden.depth }}{{ . }}{{ end }} {{ .Values.other | quote }}"
            .to_owned(),
        ..plain()
    });
    let by_container =
        "hidden: { depth: 1 }\nother: x\nresources: { plugin: { requests: { cpu: 1 } } }\n";
    assert_eq!(said(&chart, by_container), Vec::<String>::new());
    assert_eq!(
        said(
            &chart,
            "hidden: { dept: 1 }\nresources: { plugin: { request: { cpu: 1 } } }\n"
        ),
        [
            "Warning unlikely-value 1: the chart has no value `hidden.dept` [did you mean `depth`?]",
            "Error not-in-chart 2: the chart has no value `resources.plugin` [there are: claims, limits, requests]",
        ]
    );
    assert_eq!(
        said_but(&chart, "strange: 1\n", &["/strange"]),
        Vec::<String>::new()
    );
}

/// The keys that an outline does not have.
fn not_outlined(values: &str, computed: &str, stated: &str) -> Vec<String> {
    use super::outline::{Override, check, outline};
    let mut sources = Sources::default();
    let mut origins = Origins::default();
    let mut found = Diagnostics::default();
    let mut read = |name: &str, text: &str| {
        let file = sources.add(name, text);
        parse_one(file, text, &mut origins, &mut found).expect("values")
    };
    let over = Override {
        said: &read("platform.yaml", values),
        computed: &read("component.yaml", computed),
        chart: &read("chart", stated),
        name: "echo",
    };
    let mut warnings = Diagnostics::default();
    check(
        &over,
        &outline("1.0.0", &chart(plain())),
        &origins,
        &mut warnings,
    );
    warnings
        .iter()
        .map(|it| format!("{} [{}]", it.message, it.help.join("; ")))
        .collect()
}

#[test]
fn an_outline_knows_what_the_chart_knows() {
    let right = "
replicas: 3
image: { repository: y }
resources: { limits: { cpu: 1 }, main: { requests: { memory: 1Gi } } }
service: { nodePort: 30081 }
podAnnotations: { anything: goes }
nodeSelector: { node.kubernetes.io/kind: gpu }
tolerations: [{ operator: Exists }]
extraEnv: [{ name: A, value: c }]
config: { server: { port: 2 }, client: { any: 1 } }
sub: { what: ever }
affinity: { nodeAffinity: {} }
debug: false
global: { any: thing }
own: { made: 2 }
handed: { on: { as: it is } }
";
    let none = Vec::<String>::new();
    let computed = "own: { made: 1 }";
    assert_eq!(
        not_outlined(right, computed, "{ version: v1.0.0, passes: [/handed] }"),
        none
    );
    let wrong = "
replica: 3
image: { picture: y, tag: z }
service: { typ: NodePort }
resources: { limit: { cpu: 1 } }
own: { other: 2 }
";
    let no = |path: &str, help: &str| {
        format!("`values` override `{path}` names no value of the chart [{help}]")
    };
    assert_eq!(
        not_outlined(wrong, computed, "version: 1.0.0"),
        [
            no("/replica", "did you mean `replicas`?"),
            no("/image/picture", "there are: repository, tag"),
            no("/service/typ", "did you mean `type`?"),
            no("/resources/limit", "did you mean `limits`?"),
        ]
    );
    // Another version may take other values.
    assert_eq!(not_outlined(wrong, computed, "version: 1.1.0"), none);
}
