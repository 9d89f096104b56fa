//! The graph as one JSON document, for programs: docs/graph.md describes it.

use super::Graph;
use passes::graph::{ClusterGraph, UnitNode};
use serde_json::{Map, Value, json};

pub(super) fn render(graph: &Graph) -> String {
    let document = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "Graph",
        "platform": graph.platform,
        "clusters": graph.clusters.iter().map(cluster).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn cluster(cluster: &ClusterGraph) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() {
            object.insert(key.to_owned(), value);
        }
    };
    put("name", cluster.name.as_str().into());
    put("provider", cluster.provider.as_str().into());
    put("tier", cluster.tier.as_deref().into());
    put("size", cluster.size.as_deref().into());
    put("managedBy", cluster.managed_by.as_deref().into());
    put("controlPlanes", cluster.control_planes.into());
    put("workers", cluster.workers.into());
    let machines = cluster.machines.iter().map(|machine| {
        let mut object = json!({ "name": machine.name, "role": machine.role });
        if let (Some(map), Some(address)) = (object.as_object_mut(), &machine.address) {
            map.insert("address".to_owned(), address.as_str().into());
        }
        object
    });
    put("machines", machines.collect());
    put("units", cluster.units.iter().map(unit).collect());
    put("longestPath", cluster.longest.as_slice().into());
    put("requeueSeconds", cluster.requeue.into());
    put("floorSeconds", cluster.floor().into());
    Value::Object(object)
}

fn unit(unit: &UnitNode) -> Value {
    let after = unit
        .after
        .iter()
        .map(|edge| json!({ "unit": edge.unit, "because": edge.because }));
    json!({
        "name": unit.name,
        "component": unit.component,
        "wave": unit.wave,
        "level": unit.level,
        "objects": unit.objects,
        "after": after.collect::<Vec<_>>(),
    })
}
