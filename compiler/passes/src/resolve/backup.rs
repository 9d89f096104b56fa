//! Backup, completed: what nobody stated follows from the objectives, the storage and the target; whose it is, from the cluster.

use model::form::{parse_cron, parse_duration, parse_url};
use syntax::{Map, Node, OriginId, Origins, Text};

/// Schedules of volumes, the rarest first, each with the longest time between two turns in seconds.
const SCHEDULES: [(&str, u64); 9] = [
    ("0 3 * * *", 86_400),
    ("0 */12 * * *", 43_200),
    ("0 */8 * * *", 28_800),
    ("0 */6 * * *", 21_600),
    ("0 */4 * * *", 14_400),
    ("0 */2 * * *", 7200),
    ("0 * * * *", 3600),
    ("*/30 * * * *", 1800),
    (OFTENEST, 900),
];
/// More often than this, one copy of all volumes runs into the next.
const OFTENEST: &str = "*/15 * * * *";
/// How long what a database wrote may wait for the archive, where no objective is stricter.
const ARCHIVE: (&str, u64) = ("5m", 300_000);
const DAY: u64 = 86_400;

/// A length of time of the settings, in seconds.
#[must_use]
pub fn seconds(node: &Node) -> Option<u64> {
    Some(parse_duration(node.as_str()?)? / 1000)
}

/// The longest time between two turns of a schedule of the settings, in seconds.
#[must_use]
pub fn interval(node: &Node) -> Option<u64> {
    parse_cron(node.as_str()?).ok()?.longest_gap()
}

/// The schedule that comes at least every so many seconds, or the most frequent one that there is.
#[must_use]
pub fn schedule_within(bound: u64) -> &'static str {
    let fits = SCHEDULES.iter().find(|(_, gap)| *gap <= bound);
    fits.map_or(OFTENEST, |(schedule, _)| schedule)
}

/// Completes the section `backup` of a cluster's settings.
pub fn complete(
    settings: &mut Node,
    (name, name_origin): (&Text, OriginId),
    origins: &mut Origins,
) {
    let read = |path: &[&str]| settings.at(path).filter(|node| node.is_stated()).cloned();
    let rpo = read(&["objectives", "rpo"]);
    let target = read(&["backup", "target", "s3"]);
    let snapshots = read(&["storage", "snapshots"]);
    let backup = settings.as_map_mut().and_then(|map| map.get_mut("backup"));
    let Some(backup) = backup.and_then(Node::as_map_mut) else {
        return;
    };
    if let Some(mut part) = Part::of(backup, "etcd", origins) {
        part.etcd(target.as_ref());
    }
    if let Some(mut part) = Part::of(backup, "volumes", origins) {
        part.volumes(rpo.as_ref(), snapshots.as_ref());
    }
    if let Some(mut part) = Part::of(backup, "databases", origins) {
        part.databases(rpo.as_ref());
    }
    let target = backup.get_mut("target").and_then(Node::as_map_mut);
    if let Some(mut part) = target.and_then(|target| Part::of(target, "s3", origins)) {
        part.s3(name, name_origin);
    }
}

/// What a node says where it is no switch that is off.
trait Stated {
    fn is_stated(&self) -> bool;
}

impl Stated for Node {
    fn is_stated(&self) -> bool {
        !self.is_null() && !self.is_off()
    }
}

/// A part of the section that is on.
struct Part<'a> {
    map: &'a mut Map,
    /// What switched it on.
    on: OriginId,
    origins: &'a mut Origins,
}

impl<'a> Part<'a> {
    /// The part under a key; `true` is a map without anything in it.
    fn of(section: &'a mut Map, key: &str, origins: &'a mut Origins) -> Option<Self> {
        let node = section.get_mut(key).filter(|node| node.is_stated())?;
        let on = node.origin();
        if node.as_bool() == Some(true) {
            *node = Node::map(Map::default(), on);
        }
        let map = node.as_map_mut()?;
        Some(Part { map, on, origins })
    }

    /// Sets what nobody stated.
    fn fill(&mut self, key: &str, rule: &'static str, reads: &[Option<&Node>], value: Value) {
        if self.map.get(key).is_some_and(|node| !node.is_null()) {
            return;
        }
        let reads = reads.iter().flatten().map(|node| node.origin());
        let reads: Vec<OriginId> = reads.chain([self.on]).collect();
        let origin = self.origins.rule(rule, &reads);
        let node = match value {
            Value::Text(text) => Node::string(text, origin),
            Value::Flag(flag) => Node::bool(flag, origin),
            Value::Number(number) => Node::integer(number, origin),
        };
        self.map.set(key, origin, node);
    }

    fn stated(&self, key: &str) -> Option<Node> {
        self.map.get(key).cloned()
    }

    fn etcd(&mut self, target: Option<&Node>) {
        self.fill("schedule", "backup/schedule", &[], "0 2 * * *".into());
        self.fill("keep", "backup/keep", &[], "7d".into());
        let upload = Value::Flag(target.is_some());
        self.fill("upload", "backup/upload", &[target], upload);
    }

    fn volumes(&mut self, rpo: Option<&Node>, snapshots: Option<&Node>) {
        let bound = rpo.and_then(seconds).unwrap_or(DAY);
        let schedule = schedule_within(bound).into();
        self.fill("schedule", "backup/schedule", &[rpo], schedule);
        let schedule = self.stated("schedule");
        let often = schedule.as_ref().and_then(interval).unwrap_or(DAY) < DAY;
        let keep = if often { "7d" } else { "30d" };
        self.fill("keep", "backup/keep", &[schedule.as_ref()], keep.into());
        let mode = match snapshots {
            Some(_) => "snapshot",
            None => "filesystem",
        };
        self.fill("mode", "backup/mode", &[snapshots], mode.into());
    }

    fn databases(&mut self, rpo: Option<&Node>) {
        self.fill("schedule", "backup/schedule", &[], "0 1 * * *".into());
        self.fill("keep", "backup/keep", &[], "14d".into());
        let stricter = rpo.and_then(Node::as_str);
        let stricter =
            stricter.filter(|text| parse_duration(text).is_some_and(|ms| ms < ARCHIVE.1));
        let timeout = stricter.unwrap_or(ARCHIVE.0).into();
        self.fill("archiveTimeout", "backup/archive-timeout", &[rpo], timeout);
    }

    /// The bucket: its folder is the cluster's own, and never stated.
    fn s3(&mut self, name: &Text, name_origin: OriginId) {
        let endpoint = self.stated("endpoint");
        let style = Value::Flag(endpoint.is_some());
        self.fill("region", "backup/region", &[], "us-east-1".into());
        self.fill(
            "pathStyle",
            "backup/path-style",
            &[endpoint.as_ref()],
            style,
        );
        let whose = Node::string(name.clone(), name_origin);
        let prefix = self.stated("prefix");
        let folder = match prefix.as_ref().and_then(Node::as_str) {
            Some(prefix) => ecow::eco_format!("{}/{name}", prefix.trim_matches('/')),
            None => name.clone(),
        };
        let reads = [Some(&whose), prefix.as_ref()];
        self.fill("path", "backup/path", &reads, Value::Text(folder));
        let url = endpoint.as_ref().and_then(Node::as_str).and_then(parse_url);
        let (_, host, port) = url.unwrap_or(("https", "", 443));
        let reads = [endpoint.as_ref()];
        match namespace_of(host) {
            Some(namespace) => {
                let peer = Value::Text(ecow::eco_format!("namespace:{namespace}"));
                self.fill("peer", "backup/peer", &reads, peer);
            }
            None => {
                // A name says nothing about the address behind it: it may well be a neighbour's.
                let peer = if endpoint.is_some() {
                    "outside"
                } else {
                    "internet"
                };
                self.fill("peer", "backup/peer", &reads, peer.into());
                self.fill("port", "backup/peer", &reads, Value::Number(port.into()));
            }
        }
    }
}

/// What is set.
enum Value {
    Text(Text),
    Flag(bool),
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

/// The namespace of a Service of the cluster's, by its DNS name.
fn namespace_of(host: &str) -> Option<&str> {
    let name = host.strip_suffix(".cluster.local").unwrap_or(host);
    let (_, namespace) = name.strip_suffix(".svc")?.split_once('.')?;
    (!namespace.contains('.')).then_some(namespace)
}

#[cfg(test)]
mod tests {
    use super::{SCHEDULES, complete, interval, namespace_of, schedule_within};
    use syntax::parse::parse_one;
    use syntax::{Diagnostics, Node, OriginId, Origins, Sources};

    fn completed(spec: &str) -> Node {
        let mut origins = Origins::default();
        let file = Sources::default().add("a.yaml", spec);
        let mut found = Diagnostics::default();
        let mut node = parse_one(file, spec, &mut origins, &mut found).unwrap();
        let name = ("prod".into(), OriginId::default());
        complete(&mut node, (&name.0, name.1), &mut origins);
        node.get("backup").unwrap().clone()
    }

    #[test]
    fn the_table_of_schedules_is_true_and_falls() {
        let gaps = SCHEDULES
            .iter()
            .map(|(schedule, _)| interval(&Node::string(*schedule, OriginId::default())).unwrap());
        assert!(gaps.eq(SCHEDULES.iter().map(|(_, gap)| *gap)));
        assert!(SCHEDULES.windows(2).all(|pair| pair[0].1 > pair[1].1));
    }

    #[test]
    fn the_objective_decides_how_often() {
        for (bound, schedule) in [
            (7 * 86_400, "0 3 * * *"),
            (86_400, "0 3 * * *"),
            (86_399, "0 */12 * * *"),
            (5 * 3600, "0 */4 * * *"),
            (1800, "*/30 * * * *"),
            (60, "*/15 * * * *"),
        ] {
            assert_eq!(schedule_within(bound), schedule, "{bound}");
        }
    }

    #[test]
    fn what_is_unstated_follows() {
        let backup = completed("{objectives: {rpo: 1h}, backup: {volumes: true, databases: {}}}");
        assert_eq!(backup.str_at(&["volumes", "schedule"]), Some("0 * * * *"));
        assert_eq!(backup.str_at(&["volumes", "keep"]), Some("7d"));
        assert_eq!(backup.str_at(&["volumes", "mode"]), Some("filesystem"));
        assert_eq!(backup.str_at(&["databases", "archiveTimeout"]), Some("5m"));
        let backup = completed(
            "{objectives: {rpo: 60s}, storage: {snapshots: x}, backup: {etcd: true, volumes: {schedule: '0 4 * * 0'}, databases: true}}",
        );
        assert_eq!(backup.str_at(&["volumes", "schedule"]), Some("0 4 * * 0"));
        assert_eq!(backup.str_at(&["volumes", "keep"]), Some("30d"));
        assert_eq!(backup.str_at(&["volumes", "mode"]), Some("snapshot"));
        assert_eq!(backup.str_at(&["databases", "archiveTimeout"]), Some("60s"));
        let upload = backup.at(&["etcd", "upload"]);
        assert_eq!(upload.and_then(Node::as_bool), Some(false));
    }

    #[test]
    fn the_folder_is_the_clusters() {
        let backup = completed(
            "{backup: {etcd: true, target: {s3: {prefix: a/b, endpoint: 'http://minio.data.svc:9000'}}}}",
        );
        let s3 = backup.at(&["target", "s3"]).unwrap();
        assert_eq!(s3.str_at(&["path"]), Some("a/b/prod"));
        assert_eq!(s3.str_at(&["peer"]), Some("namespace:data"));
        let upload = backup.at(&["etcd", "upload"]);
        assert_eq!(upload.and_then(Node::as_bool), Some(true));
        let backup = completed("{backup: {target: {s3: {}}}}");
        let s3 = backup.at(&["target", "s3"]).unwrap();
        assert_eq!(s3.str_at(&["path"]), Some("prod"));
        assert_eq!(s3.get("port").and_then(Node::as_i64), Some(443));
    }

    #[test]
    fn services_are_told_from_hosts() {
        assert_eq!(namespace_of("minio.data.svc.cluster.local"), Some("data"));
        assert_eq!(namespace_of("minio.data.svc"), Some("data"));
        assert_eq!(namespace_of("s3.example.org"), None);
        assert_eq!(namespace_of("svc"), None);
    }
}
