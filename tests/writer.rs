//! The writer: nothing lost, all or nothing, and only what changed.
//!
//! The crash tests run this test binary again as a child (`child`), which a failpoint aborts or a signal kills.
#![expect(clippy::unwrap_used, reason = "a test that fails says so")]

#[path = "../compiler/cli/write/mod.rs"]
mod write;

use crate::support::{self, project::Project};
use passes::emit::OutFile;
use passes::emit::seal::{Draft, list};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};
use write::{Change, Memory, Mode, Options, Outcome, Scope, Writer, heal};

const PLATFORM: &str = "home";

/// Cells of a tree: their names and their files' paths and bodies.
type Cells = Vec<(&'static str, Vec<(String, String)>)>;
/// What is on disk: files with their bytes and whether they may be run; empty folders end in `/`.
type Disk = BTreeMap<String, (Vec<u8>, bool)>;

/// Two versions of a platform that differ in every way: added, changed, removed, file for folder, folder for file.
fn version(number: usize) -> Cells {
    let file = |path: &str, body: &str| (path.to_owned(), format!("{body}\n"));
    let mut prod = vec![
        file("clusters/prod/flux/cilium.yaml", "a: 1"),
        file(
            "clusters/prod/cilium/release.yaml",
            &format!("version: {number}"),
        ),
        file(
            "clusters/prod/secrets/x.json",
            &format!("{{\"sealed\": {number}}}"),
        ),
        file(
            "bootstrap/prod/bootstrap.sh",
            &format!("#!/bin/sh\necho {number}"),
        ),
        file("machines/prod/cp-1.yaml", &format!("node: {number}")),
    ];
    for i in 0..4 {
        prod.push(file(
            &format!("clusters/prod/many/{i}.yaml"),
            &format!("n: {number}"),
        ));
    }
    match number {
        1 => prod.extend([
            file("clusters/prod/velero/release.yaml", "old: true"),
            file("clusters/prod/velero/deep/er/x.yaml", "old: true"),
            file("clusters/prod/turn.yaml", "a file"),
            file("clusters/prod/fold.yaml/x.yaml", "in a folder"),
            file("clusters/prod/gone/y.json", "{}"),
        ]),
        _ => prod.extend([
            file("clusters/prod/new/release.yaml", "new: true"),
            file("clusters/prod/turn.yaml/x.yaml", "in a folder"),
            file("clusters/prod/fold.yaml", "a file"),
        ]),
    }
    let dev = vec![
        file("clusters/dev/flux/cilium.yaml", "a: 1"),
        file("kind/dev.yaml", &format!("kind: {number}")),
    ];
    let mut cells = vec![("prod", prod), ("dev", dev)];
    if number == 1 {
        cells.push((
            "old",
            vec![
                file("clusters/old/a.yaml", "a: 1"),
                file("kind/old.yaml", "b: 1"),
            ],
        ));
    }
    cells.push((
        "shared",
        vec![file("docs/a.md", &format!("# Page {number}"))],
    ));
    cells
}

fn sealed(files: &[(String, String)]) -> Vec<OutFile> {
    let draft = |(path, body): &(String, String)| Draft {
        path: path.clone(),
        body: body.clone().into_bytes(),
        verbatim: false,
    };
    let drafts = files.iter().map(draft);
    list(PLATFORM, drafts.map(|it| it.seal(PLATFORM)).collect())
}

fn options(out: &Path) -> Options {
    Options {
        out: out.to_owned(),
        platform: PLATFORM.to_owned(),
        mode: Mode::Write,
        adopt: false,
        scope: Scope::All,
        cells: 1,
    }
}

fn run(options: Options, cells: &Cells) -> Outcome {
    let scope = options.scope.clone();
    let writer = match Writer::open(options) {
        Ok(writer) => writer,
        Err(diagnostic) => {
            let mut outcome = Outcome::default();
            outcome.errors.add(*diagnostic);
            return outcome;
        }
    };
    for (name, files) in cells {
        let chosen = match &scope {
            Scope::All => true,
            Scope::Cells(names) => names.contains(*name),
        };
        if chosen {
            writer.cell(name, sealed(files));
        }
    }
    writer.finish(true)
}

fn build(out: &Path, number: usize) -> Outcome {
    run(options(out), &version(number))
}

fn check(out: &Path, number: usize) -> Outcome {
    let mode = Mode::Check;
    run(
        Options {
            mode,
            ..options(out)
        },
        &version(number),
    )
}

/// What a version looks like on disk.
fn expected(number: usize) -> Disk {
    let cells = version(number);
    let files = cells.iter().flat_map(|(_, files)| sealed(files));
    files
        .map(|file| (file.path.clone(), (file.bytes, file.path.ends_with(".sh"))))
        .collect()
}

fn disk(out: &Path) -> Disk {
    let mut found = Disk::new();
    read_into(out, "", &mut found);
    found
}

fn read_into(folder: &Path, prefix: &str, found: &mut Disk) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            let before = found.len();
            read_into(&entry.path(), &format!("{path}/"), found);
            if found.len() == before {
                found.insert(format!("{path}/"), (Vec::new(), false));
            }
        } else {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            found.insert(path, (bytes, runs(&entry.path())));
        }
    }
}

fn runs(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

/// A folder of its own with an output place in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn with(number: usize) -> Place {
        let place = Place::new();
        let outcome = build(&place.out(), number);
        assert!(!outcome.is_blocked(), "{outcome:?}");
        place
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("generated")
    }

    fn path(&self, path: &str) -> PathBuf {
        self.out().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Nothing is left beside the output.
    fn is_clean(&self) -> bool {
        fs::read_dir(self.folder.path())
            .unwrap()
            .all(|entry| entry.unwrap().file_name() == "generated")
    }

    /// This test binary again, to be stopped at a failpoint.
    fn child(&self, task: &str, failpoint: &str) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer::child"])
            .env("FORMWORK_TEST_TASK", task)
            .env("FORMWORK_TEST_OUT", self.out())
            .env("FORMWORK_FAILPOINT", failpoint)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }
}

#[test]
fn child() {
    let Ok(task) = std::env::var("FORMWORK_TEST_TASK") else {
        return;
    };
    let out = PathBuf::from(std::env::var("FORMWORK_TEST_OUT").unwrap());
    match task.as_str() {
        "heal" => {
            heal(&out).unwrap();
        }
        "loop" => (0..usize::MAX).for_each(|turn| {
            assert!(!build(&out, 1 + turn % 2).is_blocked());
        }),
        number => assert!(!build(&out, number.parse().unwrap()).is_blocked()),
    }
}

#[test]
fn a_new_tree_comes_whole_and_a_second_build_touches_nothing() {
    let place = Place::new();
    let first = build(&place.out(), 1);
    assert_eq!(disk(&place.out()), expected(1));
    assert_eq!(
        (first.added, first.changed, first.removed),
        (expected(1).len(), 0, 0)
    );
    let inode = |path: &str| {
        use std::os::unix::fs::MetadataExt;
        let found = fs::metadata(place.path(path)).unwrap();
        (found.ino(), found.mtime_nsec())
    };
    let before = inode("clusters/prod/flux/cilium.yaml");
    let second = build(&place.out(), 1);
    assert!(!second.differs(), "{second:?}");
    assert_eq!(second.unchanged, expected(1).len());
    let third = build(&place.out(), 2);
    assert!(
        third.added > 0 && third.changed > 0 && third.removed > 0 && !third.is_blocked(),
        "{third:?}"
    );
    assert_eq!(disk(&place.out()), expected(2));
    assert_eq!(inode("clusters/prod/flux/cilium.yaml"), before);
    assert!(place.is_clean());
}

#[test]
fn check_says_what_would_change_and_writes_nothing() {
    let place = Place::new();
    assert_eq!(check(&place.out(), 1).added, expected(1).len());
    assert!(!place.out().exists());
    build(&place.out(), 1);
    assert!(!check(&place.out(), 1).differs());
    let stale = check(&place.out(), 2);
    let has = |path: &str, change| {
        let shown = place.path(path).to_string_lossy().into_owned();
        stale.changes.contains(&(shown, change))
    };
    assert!(has("clusters/prod/new/release.yaml", Change::Added));
    assert!(has("clusters/prod/cilium/release.yaml", Change::Changed));
    assert!(has("clusters/prod/velero/deep/er/x.yaml", Change::Removed));
    assert!(has("clusters/old/a.yaml", Change::Removed));
    assert!(stale.changes.is_sorted());
    assert_eq!(disk(&place.out()), expected(1));
    assert!(place.is_clean());
}

#[test]
fn an_error_of_the_build_writes_nothing() {
    let place = Place::with(1);
    let writer = Writer::open(options(&place.out())).unwrap();
    for (name, files) in version(2) {
        writer.cell(name, sealed(&files));
    }
    let outcome = writer.finish(false);
    assert!(!outcome.is_blocked());
    assert_eq!(disk(&place.out()), expected(1));
    assert!(place.is_clean());
}

#[test]
fn a_hand_edit_is_shown_and_refused() {
    for (path, from, to) in [
        (
            "clusters/prod/cilium/release.yaml",
            "version: 1",
            "version: 7",
        ),
        (
            "clusters/prod/velero/release.yaml",
            "old: true",
            "old: false",
        ),
        ("clusters/prod/secrets/x.json", "1", "7"),
        ("kind/old.yaml", "b: 1", "b: 7"),
    ] {
        let place = Place::with(1);
        let edited = place.read(path).replace(from, to);
        place.write(path, &edited);
        let before = disk(&place.out());
        let outcome = build(&place.out(), 2);
        assert_eq!(outcome.refused.len(), 1, "{path}: {outcome:?}");
        assert!(outcome.refused[0].path.ends_with(path));
        assert!(outcome.refused[0].is_overwrite() && !outcome.has_failed());
        assert!(outcome.diagnostics().has_errors());
        assert_eq!(disk(&place.out()), before, "{path}");
        assert!(place.is_clean());
    }
    let place = Place::with(1);
    let path = "clusters/prod/flux/cilium.yaml";
    place.write(path, &place.read(path).replace("a: 1", "a: 2"));
    let outcome = build(&place.out(), 1);
    let diff = outcome.refused[0].diff.clone().unwrap();
    assert!(diff.contains("-a: 1\n+a: 2\n"), "{diff}");
    assert_eq!(check(&place.out(), 1).refused.len(), 1);
    fs::remove_file(place.path(path)).unwrap();
    assert!(!build(&place.out(), 1).is_blocked());
    assert_eq!(disk(&place.out()), expected(1));
}

#[test]
fn line_ends_are_no_edit() {
    let place = Place::with(1);
    let path = "clusters/prod/flux/cilium.yaml";
    place.write(path, &place.read(path).replace('\n', "\r\n"));
    let outcome = build(&place.out(), 1);
    assert_eq!((outcome.changed, outcome.is_blocked()), (1, false));
    assert_eq!(disk(&place.out()), expected(1));
}

#[test]
fn what_others_wrote_stays() {
    let place = Place::with(1);
    let theirs = [
        ("README.md", "mine\n"),
        ("clusters/prod/velero/notes.txt", "mine\n"),
        ("clusters/old/empty/keep.yaml", "mine: 1\n"),
        (
            "clusters/prod/b.yaml",
            "# formwork other sha256:0123456789abcdef0123456789abcdef (generated; edit platform.yaml)\n",
        ),
        (".hidden/x.yaml", "mine\n"),
    ];
    for (path, text) in theirs {
        place.write(path, text);
    }
    let outcome = build(&place.out(), 2);
    assert!(!outcome.is_blocked(), "{outcome:?}");
    let mut want = expected(2);
    want.extend(theirs.map(|(path, text)| (path.to_owned(), (text.as_bytes().to_vec(), false))));
    assert_eq!(disk(&place.out()), want);
}

#[test]
fn what_others_wrote_in_our_way_is_refused() {
    let ours = "clusters/prod/new/release.yaml";
    let other = "# formwork other sha256:0123456789abcdef0123456789abcdef (generated; edit platform.yaml)\n";
    for (path, text) in [
        (ours, "mine: 1\n"),
        (ours, other),
        ("clusters/prod/new", "a file\n"),
        ("clusters/prod/fold.yaml/mine.txt", "mine\n"),
        ("docs/b.md/x", "mine\n"),
    ] {
        let place = Place::with(1);
        place.write(path, text);
        let before = disk(&place.out());
        let mut cells = version(2);
        cells[2].1.push(("docs/b.md".to_owned(), "b\n".to_owned()));
        let outcome = run(options(&place.out()), &cells);
        assert_eq!(outcome.refused.len(), 1, "{path}: {outcome:?}");
        assert_eq!(disk(&place.out()), before, "{path}");
        assert!(place.is_clean());
    }
}

#[test]
fn links_below_the_output_are_refused_and_above_it_followed() {
    use std::os::unix::fs::symlink;
    for path in [
        "clusters",
        "clusters/prod",
        "clusters/prod/flux",
        "kind",
        "kind/dev.yaml",
    ] {
        let place = Place::with(1);
        let moved = place.folder.path().join("moved");
        fs::rename(place.path(path), &moved).unwrap();
        symlink(&moved, place.path(path)).unwrap();
        let outcome = build(&place.out(), 2);
        assert!(outcome.is_blocked() && outcome.has_failed(), "{path}");
        assert!(
            outcome
                .refused
                .iter()
                .all(|refusal| !refusal.is_overwrite())
        );
    }
    let place = Place::with(1);
    fs::rename(place.out(), place.folder.path().join("real")).unwrap();
    symlink("real", place.out()).unwrap();
    assert!(!build(&place.out(), 2).is_blocked());
    assert_eq!(disk(&place.folder.path().join("real")), expected(2));
    assert!(place.out().is_symlink());
    fs::remove_file(place.out()).unwrap();
    symlink("nowhere", place.out()).unwrap();
    assert!(build(&place.out(), 2).is_blocked());
}

#[test]
fn a_folder_of_others_is_used_only_when_told() {
    let place = Place::new();
    place.write("README.md", "mine\n");
    let outcome = build(&place.out(), 1);
    assert!(outcome.errors.has_errors());
    assert_eq!(disk(&place.out()).len(), 1);
    let cells = Scope::Cells(BTreeSet::from(["dev".to_owned()]));
    let some = Options {
        scope: cells.clone(),
        ..options(&place.out())
    };
    assert!(run(some, &version(1)).is_blocked());
    let adopt = Options {
        adopt: true,
        ..options(&place.out())
    };
    assert!(!run(adopt, &version(1)).is_blocked());
    assert_eq!(disk(&place.out()).len(), expected(1).len() + 1);
    assert!(!build(&place.out(), 2).is_blocked());
    let place = Place::new();
    fs::create_dir(place.out()).unwrap();
    assert!(!build(&place.out(), 1).is_blocked());
    assert_eq!(disk(&place.out()), expected(1));
    let place = Place::new();
    fs::write(place.out(), "a file").unwrap();
    assert!(build(&place.out(), 1).errors.has_errors());
}

#[test]
fn a_run_of_some_cells_leaves_the_others_alone() {
    let place = Place::with(1);
    let scope = Scope::Cells(BTreeSet::from(["dev".to_owned()]));
    let some = |out: &Path| Options {
        scope: scope.clone(),
        ..options(out)
    };
    place.write(
        "clusters/dev/x/gone.yaml",
        &String::from_utf8(
            sealed(&[("x.yaml".into(), "a: 1\n".into())])[0]
                .bytes
                .clone(),
        )
        .unwrap(),
    );
    let outcome = run(some(&place.out()), &version(2));
    assert_eq!(
        (outcome.added, outcome.changed, outcome.removed),
        (0, 1, 1),
        "{outcome:?}"
    );
    let mut want = expected(1);
    want.insert("kind/dev.yaml".into(), expected(2)["kind/dev.yaml"].clone());
    assert_eq!(disk(&place.out()), want);
    let fresh = Place::new();
    run(some(&fresh.out()), &version(1));
    assert_eq!(disk(&fresh.out()).len(), 2);
}

#[test]
fn paths_that_lead_out_are_refused() {
    for path in [
        "../x.yaml",
        "/etc/x.yaml",
        "a//b",
        "a/./b",
        "",
        "a\tb",
        "c:/x",
        "a/.formwork-stage/x",
    ] {
        for place in [Place::new(), Place::with(1)] {
            let before = disk(&place.out());
            let cells = vec![("prod", vec![(path.to_owned(), "a".to_owned())])];
            assert!(
                run(options(&place.out()), &cells).errors.has_errors(),
                "{path}"
            );
            assert_eq!(disk(&place.out()), before);
        }
    }
    let twice = ("a.yaml".to_owned(), "a".to_owned());
    let cells = vec![("prod", vec![twice.clone(), twice])];
    assert!(
        run(options(&Place::new().out()), &cells)
            .errors
            .has_errors()
    );
}

#[test]
fn a_lost_mode_is_mended() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(1);
    let script = place.path("bootstrap/prod/bootstrap.sh");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(build(&place.out(), 1).changed, 1);
    assert_eq!(disk(&place.out()), expected(1));
}

/// Every step at which a process may be killed, the first, a middle and the last time it is reached.
const STEPS: [&str; 24] = [
    "stage-begin:1",
    "stage-file:1",
    "stage-file:7",
    "stage-file:13",
    "journal-step:1",
    "journal-step:11",
    "journal-step:21",
    "journal-written:1",
    "journal-synced:1",
    "journal-enacted:1",
    "apply-delete:1",
    "apply-delete:4",
    "apply-delete:8",
    "apply-folder:1",
    "apply-folder:2",
    "apply-folder:6",
    "apply-deleted:1",
    "apply-write:1",
    "apply-write:7",
    "apply-write:13",
    "applied:1",
    "journal-dropped:1",
    "never:1",
    "never:2",
];

#[test]
fn a_kill_at_any_step_leaves_whole_files_and_heals_to_one_of_the_two_trees() {
    let (old, new) = (expected(1), expected(2));
    for step in STEPS {
        let place = Place::with(1);
        let killed = !place.child("2", step).wait().unwrap().success();
        assert_eq!(killed, !step.starts_with("never"), "{step} must be reached");
        for (path, found) in disk(&place.out()) {
            let whole = [&old, &new].map(|tree| tree.get(&path) == Some(&found));
            assert!(
                whole.contains(&true) || path.ends_with('/'),
                "{step}: {path} is torn"
            );
        }
        let healed = heal(&place.out()).unwrap();
        let found = disk(&place.out());
        assert!(found == old || found == new, "{step}: {healed:?}");
        assert!(place.is_clean(), "{step}");
        if step.starts_with("apply") {
            let said = healed.unwrap().diagnostic().message;
            assert_eq!(said, "an interrupted build was finished", "{step}");
            assert_eq!(found, new, "{step}");
        }
        build(&place.out(), 2);
        assert_eq!(disk(&place.out()), new, "{step}");
    }
}

#[test]
fn a_kill_while_healing_heals_as_well() {
    for step in [
        "apply-delete:2",
        "apply-write:3",
        "applied:1",
        "journal-dropped:1",
    ] {
        let place = Place::with(1);
        place.child("2", "apply-write:2").wait().unwrap();
        assert!(
            !place.child("heal", step).wait().unwrap().success(),
            "{step}"
        );
        heal(&place.out()).unwrap();
        assert_eq!(disk(&place.out()), expected(2), "{step}");
        assert!(place.is_clean(), "{step}");
    }
}

#[test]
fn a_kill_while_a_new_tree_is_made_leaves_none_or_all() {
    for step in [
        "stage-begin:1",
        "fresh-file:1",
        "fresh-file:9",
        "fresh-file:20",
        "fresh-staged:1",
        "fresh-renamed:1",
        "journal-dropped:1",
    ] {
        let place = Place::new();
        assert!(!place.child("1", step).wait().unwrap().success(), "{step}");
        heal(&place.out()).unwrap();
        let found = disk(&place.out());
        assert!(found.is_empty() || found == expected(1), "{step}");
        build(&place.out(), 1);
        assert_eq!(disk(&place.out()), expected(1), "{step}");
        assert!(place.is_clean(), "{step}");
    }
}

#[test]
fn a_full_disk_at_any_step_loses_nothing() {
    for step in STEPS.iter().filter(|step| !step.starts_with("never")) {
        let place = Place::with(1);
        if step.starts_with("stage-begin") {
            // Beside the output there is no room: the stage goes inside.
            let status = place.child("2", &format!("{step}:error")).wait();
            assert!(status.unwrap().success());
            assert_eq!(disk(&place.out()), expected(2));
            continue;
        }
        let status = place.child("2", &format!("{step}:error")).wait().unwrap();
        assert!(!status.success(), "{step}");
        let undecided = disk(&place.out());
        let healed = heal(&place.out()).unwrap();
        let found = disk(&place.out());
        assert!(found == expected(1) || found == expected(2), "{step}");
        if step.starts_with("apply") {
            assert_eq!(found, expected(2), "{step}");
        }
        if healed.is_none() {
            assert_eq!(undecided, found, "{step}");
        }
        assert!(place.is_clean(), "{step}");
    }
    let place = Place::new();
    for step in ["fresh-file:5:error", "fresh-staged:1:error"] {
        assert!(!place.child("1", step).wait().unwrap().success());
        assert!(disk(place.folder.path()).is_empty(), "{step}");
    }
}

#[test]
fn what_is_edited_after_a_kill_is_left_alone() {
    let place = Place::with(1);
    place.child("2", "apply-delete:1").wait().unwrap();
    place.write("machines/prod/cp-1.yaml", "mine: 1\n");
    let healed = heal(&place.out()).unwrap();
    let said = healed.unwrap().diagnostic();
    assert!(said.message.contains("machines/prod/cp-1.yaml"), "{said:?}");
    assert_eq!(place.read("machines/prod/cp-1.yaml"), "mine: 1\n");
    assert!(build(&place.out(), 2).is_blocked());
}

#[test]
fn random_kills_heal() {
    let place = Place::with(1);
    let (old, new) = (expected(1), expected(2));
    for turn in 0..12_u64 {
        let mut child = place.child("loop", "");
        std::thread::sleep(Duration::from_micros(15_000 + turn * 3_331 % 11_000));
        child.kill().unwrap();
        child.wait().unwrap();
        heal(&place.out()).unwrap();
        let found = disk(&place.out());
        assert!(found == old || found == new, "turn {turn}");
        assert!(place.is_clean(), "turn {turn}");
    }
}

#[test]
fn builds_at_once_take_turns() {
    let place = Place::with(1);
    let children: Vec<_> = (0..6)
        .map(|turn| place.child(["1", "2"][turn % 2], ""))
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let found = disk(&place.out());
    assert!(found == expected(1) || found == expected(2));
    assert!(place.is_clean());
}

#[test]
fn cells_may_come_from_any_thread() {
    let place = Place::with(1);
    let writer = Writer::open(options(&place.out())).unwrap();
    std::thread::scope(|scope| {
        for (name, files) in version(2) {
            let writer = &writer;
            scope.spawn(move || writer.cell(name, sealed(&files)));
        }
    });
    assert!(!writer.finish(true).is_blocked());
    assert_eq!(disk(&place.out()), expected(2));
}

#[test]
fn a_cell_that_was_right_is_told_by_its_stamps() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(1);
    std::thread::sleep(Duration::from_millis(150));
    let remember = || {
        let writer = Writer::open(options(&place.out())).unwrap();
        let cells = version(1).into_iter();
        let memories: Vec<_> = cells
            .map(|(name, files)| writer.cell(name, sealed(&files)))
            .collect();
        assert!(!writer.finish(true).differs());
        memories
            .into_iter()
            .map(|memory| memory.expect("the cell was right"))
            .collect::<Vec<_>>()
    };
    let recall = |memories: &[Memory]| {
        let writer = Writer::open(options(&place.out())).unwrap();
        let known = memories
            .iter()
            .filter(|memory| writer.recall(memory))
            .count();
        let outcome = writer.finish(known == memories.len());
        (known == memories.len()).then_some(outcome)
    };
    let memories = remember();
    for memory in &memories {
        assert_eq!(Memory::decode(&memory.encode()).as_ref(), Some(memory));
        assert_eq!(Memory::decode(memory.encode().trim_end()), None);
    }
    let outcome = recall(&memories).unwrap();
    assert_eq!(
        (outcome.unchanged, outcome.differs()),
        (expected(1).len(), false)
    );

    let file = place.path("clusters/prod/cilium/release.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let script = place.path("bootstrap/prod/bootstrap.sh");
    let stray = place.path("clusters/prod/cilium/stray.yaml");
    let touches: [&dyn Fn(); 5] = [
        &|| fs::write(&file, text.replace('1', "2")).unwrap(),
        &|| fs::write(&file, &text).unwrap(),
        &|| fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap(),
        &|| fs::write(&stray, "mine: 1\n").unwrap(),
        &|| fs::remove_file(place.path("kind/dev.yaml")).unwrap(),
    ];
    for (turn, touch) in touches.iter().enumerate() {
        touch();
        assert!(recall(&memories).is_none(), "touch {turn} must be seen");
    }
    fs::remove_file(&stray).unwrap();
    fs::write(&file, &text).unwrap();
    build(&place.out(), 1);
    // However slow this test runs, a stamp of tomorrow is young.
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    let touched = fs::File::options().append(true).open(&file).unwrap();
    touched.set_modified(tomorrow).unwrap();
    let young = Writer::open(options(&place.out())).unwrap();
    let (name, files) = version(1).remove(0);
    assert_eq!(
        young.cell(name, sealed(&files)),
        None,
        "young stamps are not trusted"
    );
}

#[test]
fn a_cache_changes_nothing_but_time() {
    let spec = |more: &str| {
        format!(
            "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: many\nprofile: development\ndomain: example.org\n\
             source: {{ path: generated }}\n{more}\n  kind-{{01..14}}:\n    provider: kind\n    size: small\n    \
             versions: {{ kubernetes: 1.36.1 }}\n"
        )
    };
    let project = Project::with_spec(&spec("clusters:"));
    let build = |pause: u64| {
        std::thread::sleep(Duration::from_millis(pause));
        project.succeed(&["build"]).stdout
    };
    build(0);
    build(150);
    let files = project.files("generated");
    assert!(
        project.files(".formwork-cache").len() >= 14,
        "the cells are remembered"
    );
    assert!(build(0).contains(&format!("wrote 0 files, {} unchanged", files.len())));

    let path = "generated/clusters/kind-03/flux/kustomization.yaml";
    let text = project.read(path);
    project.write(path, text.replace("resources", "Resources"));
    assert_eq!(project.run(&["build"]).code, Some(4), "a hand edit is seen");
    assert_eq!(project.run(&["build", "--check"]).code, Some(4));
    project.write(path, &text);

    let versions = "metrics-server: 3.12.0\n";
    let own = fs::read_to_string(support::root().join("profiles/development.yaml")).unwrap();
    let own = own.replace("gateway: cilium", "gateway: false");
    let edits: [(&str, String); 4] = [
        (
            "platform.yaml",
            spec("clusters:\n  kind-05: { components: { metrics-server: { values: { x: 1 } } } }"),
        ),
        (
            "platform.yaml",
            spec(
                "tiers: { a: { security: { network: default-deny } } }\nclusters:\n  kind-07: { tier: a }",
            ),
        ),
        ("versions.yaml", versions.to_owned()),
        ("profiles/development.yaml", own),
    ];
    let mut said = vec![("platform.yaml", spec("clusters:"))];
    for (path, text) in edits {
        build(150);
        project.write(path, &text);
        said.push((path, text));
        build(0);
        let fresh = Project::empty();
        for (path, text) in &said {
            fresh.write(path, text);
        }
        fresh.succeed(&["build"]);
        assert_eq!(
            project.files("generated"),
            fresh.files("generated"),
            "after {path}"
        );
    }
}

#[test]
fn any_command_heals() {
    let spec = |host: &str| {
        format!(
            "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: small\nprofile: development\n\
             source: {{ path: generated }}\nclusters:\n  dev:\n    provider: kind\n    size: small\n    \
             versions: {{ kubernetes: 1.36.1 }}\n    domain: {host}\n"
        )
    };
    for command in [
        ["build", "--check"],
        ["check", "platform.yaml"],
        ["explain", "network.cni"],
    ] {
        let project = Project::with_spec(&spec("a.example.org"));
        project.succeed(&["build"]);
        project.write("platform.yaml", spec("b.example.org"));
        let killed = Command::new(env!("CARGO_BIN_EXE_formwork"))
            .args(["build", "--quiet"])
            .current_dir(project.path())
            .env("FORMWORK_FAILPOINT", "apply-write:1")
            .stderr(Stdio::null())
            .status();
        assert!(!killed.unwrap().success());
        assert!(project.at(".formwork-stage-generated").exists());
        let run = project.succeed(&command);
        assert!(
            run.stderr.contains("an interrupted build was finished"),
            "{command:?}: {}",
            run.stderr
        );
        assert!(!project.at(".formwork-stage-generated").exists());
        assert_eq!(project.succeed(&["build", "--check"]).stderr, "");
    }
}
