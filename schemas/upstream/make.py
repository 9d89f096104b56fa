#!/usr/bin/env python3
"""Makes the tables that output is validated with from folders of CRDs and Kubernetes' OpenAPI, and CRDs from tables.

    make.py tables FACTS          writes PROJECT/table and PROJECT/SOURCE for each project of projects.yaml;
                                  FACTS holds crds/ (with index.yaml) and openapi/
    make.py check FACTS           writes nothing; fails where a table is stale or a CRD can't be made from it again
    make.py crds FOLDER [KIND.GROUP ...]   writes CRDs made from the tables: of these kinds, or of all

A table has a line `KIND.GROUP {...}` for each kind and a line `#id {...}` for each distinct schema, sorted. A schema is
written as one of
    "string"              {type: string}; also integer, number, boolean, object, array
    "integer:int32"       {type: integer, format: int32}
    "#id"                 the schema of that line
    [S]                   {type: array, items: S}
    {"*": S}              {type: object, additionalProperties: S}
    {...}                 its keywords as they are, `type: object` left out beside `properties`
Descriptions, examples, printer columns and conversion are not kept; everything else is. Kubernetes' own schemas are
called by their names and also have "any" ({}), "quantity" and "int-or-string"; Go's zero values are no defaults.
Standard library only, and PyYAML to read CRDs.
"""

import copy
import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PERMISSIVE = {"Apache-2.0", "MIT", "BSD-3-Clause", "own"}
ONE = ("items", "additionalProperties", "not")
MANY = ("allOf", "anyOf", "oneOf")
DROPPED = ("description", "example", "externalDocs", "x-kubernetes-group-version-kind", "x-kubernetes-unions")
# Shorter schemas are written where they are used, unless they have properties.
INLINE = 48
# What OpenAPI calls required and the API server takes without: Go's zero value will do.
LENIENT = {
    "api.batch.v1.PodFailurePolicy": ["rules"],
    "api.core.v1.HTTPHeader": ["value"],
    "api.core.v1.LimitRangeSpec": ["limits"],
    "api.core.v1.PreferredSchedulingTerm": ["preference"],
    "api.core.v1.SleepAction": ["seconds"],
    "api.core.v1.Sysctl": ["value"],
    "apiextensions.v1.CustomResourceDefinitionVersion": ["served", "storage"],
}
# And the other way round: what it refuses to go without, though OpenAPI doesn't say so.
STRICT = {
    "api.admissionregistration.v1.NamedRuleWithOperations": ["apiGroups", "apiVersions", "operations", "resources"],
    "api.admissionregistration.v1.RuleWithOperations": ["apiGroups", "apiVersions", "operations", "resources"],
    "api.admissionregistration.v1.ValidatingAdmissionPolicySpec": ["matchConstraints"],
    "api.apps.v1.DaemonSet": ["spec"],
    "api.apps.v1.Deployment": ["spec"],
    "api.apps.v1.StatefulSet": ["spec"],
    "api.batch.v1.Job": ["spec"],
    "api.batch.v1.JobTemplateSpec": ["spec"],
    "api.core.v1.ConfigMapEnvSource": ["name"],
    "api.core.v1.ConfigMapKeySelector": ["name"],
    "api.core.v1.ConfigMapVolumeSource": ["name"],
    "api.core.v1.Container": ["image"],
    "api.core.v1.ExecAction": ["command"],
    "api.core.v1.PersistentVolumeClaim": ["spec"],
    "api.core.v1.PersistentVolumeClaimSpec": ["accessModes", "resources"],
    "api.core.v1.Pod": ["spec"],
    "api.core.v1.PodTemplateSpec": ["spec"],
    "api.core.v1.SecretEnvSource": ["name"],
    "api.core.v1.SecretKeySelector": ["name"],
    "api.core.v1.SecretVolumeSource": ["secretName"],
    "api.core.v1.Service": ["spec"],
    "api.networking.v1.Ingress": ["spec"],
    "apiextensions.v1.CustomResourceDefinitionVersion": ["schema"],
    "apiextensions.v1.CustomResourceValidation": ["openAPIV3Schema"],
    "apiregistration.v1.ServiceReference": ["name", "namespace"],
}


class Table:
    """The lines of one table, as they are collected."""

    def __init__(self):
        self.kinds, self.nodes = {}, {}

    def encode(self, schema):
        if not isinstance(schema, dict):
            return schema
        out = {}
        for key, value in schema.items():
            if key in DROPPED:
                continue
            if key == "properties":
                value = {name: self.encode(inner) for name, inner in value.items()}
            elif key in ONE:
                value = self.encode(value)
            elif key in MANY:
                value = [self.encode(inner) for inner in value]
            out[key] = value
        keys = set(out)
        if keys == {"type"} and isinstance(out["type"], str):
            return out["type"]
        if keys == {"type", "format"}:
            return f"{out['type']}:{out['format']}"
        if keys == {"type", "items"} and out["type"] == "array":
            return [out["items"]]
        if keys == {"type", "additionalProperties"} and out["type"] == "object":
            return {"*": out["additionalProperties"]}
        if "properties" in out and out.get("type") == "object":
            del out["type"]
        elif "properties" in out and "type" not in out:
            out["type"] = ""
        text = dump(out)
        if len(text) < INLINE and "properties" not in out:
            return out
        return self.reference(hashlib.sha256(text.encode()).hexdigest()[:6], text)

    def reference(self, name, text):
        if self.nodes.setdefault(name, text) != text:
            sys.exit(f"two schemas are called #{name}: make the ids longer")
        return "#" + name

    def add_crd(self, crd):
        spec = crd["spec"]
        names = spec["names"]
        key = f"{names['kind']}.{spec['group']}"
        versions = []
        for version in spec["versions"]:
            kept = {k: version[k] for k in ("name", "served", "storage") if k in version}
            kept |= {k: version[k] for k in ("deprecated", "subresources", "selectableFields") if version.get(k)}
            kept["schema"] = self.encode(version["schema"]["openAPIV3Schema"])
            versions.append(kept)
        line = {"scope": spec["scope"], "names": {k: v for k, v in names.items() if k != "kind"}, "versions": versions}
        if spec.get("preserveUnknownFields"):
            line["preserveUnknownFields"] = True
        if self.kinds.setdefault(key, line) != line:
            sys.exit(f"{key} is there twice, and differs")

    def text(self):
        lines = [f"{key} {dump(line)}" for key, line in sorted(self.kinds.items())]
        lines += [f"#{key} {line}" for key, line in sorted(self.nodes.items())]
        return "\n".join(lines) + "\n"


def dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def load(path):
    return next(documents(path))


def documents(path):
    import yaml  # only what reads CRDs needs it

    return yaml.load_all(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


# --- what a project's table is made of


def crd_files(facts, project):
    """The CRDs of a project: the file and its document, with the index's name of the source."""
    index = load(facts / "crds/index.yaml")
    for entry in index:
        if "/next/" in entry["file"] or "/experimental/" in entry["file"]:
            continue
        if any(entry["source"].startswith(source) for source in project["sources"]):
            path = facts / "crds" / entry["file"]
            yield entry["source"], path, load(path)


def catalogue(facts, project):
    """CRDs put together from plain JSON schemas, which have neither plural nor scope nor storage version."""
    index = load(facts / "crds/index-jsonschema.yaml")
    for group, kinds in project["kinds"].items():
        for kind in kinds:
            entries = [e for e in index if e["group"] == group and e["kind"] == kind.lower()]
            entries.sort(key=lambda e: e["version"])
            versions = []
            for entry in entries:
                path = facts / "crds" / entry["file"]
                schema = opened(json.loads(path.read_text()))
                newest = entry is entries[-1]
                versions.append({"name": entry["version"], "served": True, "storage": newest, "schema": {"openAPIV3Schema": schema}})
            names = {"kind": kind, "listKind": kind + "List", "plural": kind.lower() + "s", "singular": kind.lower()}
            crd = {"spec": {"group": group, "names": names, "scope": "Namespaced", "versions": versions}}
            yield entries[0]["source"], [facts / "crds" / e["file"] for e in entries], crd


def opened(schema):
    """A structural schema again: what a converter for editors closed."""
    if isinstance(schema, list):
        return [opened(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key == "properties":
            out[key] = {name: opened(inner) for name, inner in value.items()}
        elif key in ONE + MANY:
            if key == "additionalProperties" and value is False:
                continue
            out[key] = opened(value)
        else:
            out[key] = value
    if {"type": "string"} in out.get("oneOf", []) and {"type": "integer"} in out.get("oneOf", []):
        del out["oneOf"]
        out["anyOf"] = [{"type": "integer"}, {"type": "string"}]
        out["x-kubernetes-int-or-string"] = True
    return out


def own():
    for path in sorted((HERE / "own").glob("*.yaml")):
        for crd in documents(path):
            yield "our own", path, crd


def kubernetes(facts, project):
    table = Table()
    served, every, discovery = (json.loads((facts / project["openapi"][k]).read_text()) for k in ("served", "all", "discovery"))
    schemas = every["components"]["schemas"] | served["components"]["schemas"]
    scopes = {(r["group"], r["kind"]): r for r in discovery}
    for name, schema in schemas.items():
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            key = (kind["group"], kind["kind"])
            if name.endswith("List") or not isinstance(schema.get("properties", {}).get("metadata"), dict):
                continue
            resource = scopes.get(key) or resource_of(every["paths"], kind)
            if resource is None:
                continue
            by_default = any((r["group"], r["version"], r["kind"]) == (kind["group"], kind["version"], kind["kind"]) for r in discovery)
            line = table.kinds.setdefault(f"{kind['kind']}.{kind['group']}", {
                "scope": "Namespaced" if resource["namespaced"] else "Cluster",
                "names": {"plural": resource["resource"]}, "versions": []})
            line["versions"].append({"name": kind["version"], "served": by_default, "schema": native(table, schemas, name)})
    for line in table.kinds.values():
        line["versions"].sort(key=lambda version: version["name"])
    return table


def resource_of(paths, kind):
    """The resource of a kind that is not served by default: from the path to make one at."""
    for path, methods in paths.items():
        post = methods.get("post", {})
        if post.get("x-kubernetes-action") == "post" and post.get("x-kubernetes-group-version-kind") == kind and not path.rstrip("/").split("/")[-2] == "{name}":
            return {"resource": path.rstrip("/").split("/")[-1], "namespaced": "{namespace}" in path}
    return None


def native(table, schemas, name):
    """The reference to one of Kubernetes' own schemas, which joins the table with all that it needs."""
    short = name.removeprefix("io.k8s.").replace("apimachinery.pkg.apis.", "").replace("apiextensions-apiserver.pkg.apis.", "").replace("kube-aggregator.pkg.apis.", "")
    if name.endswith(".resource.Quantity"):
        return "quantity"
    if name.endswith(".intstr.IntOrString"):
        return "int-or-string"
    if short not in table.nodes:
        schema = copy.deepcopy(schemas[name])
        if not schema:
            return "any"
        if name.endswith((".RawExtension", ".FieldsV1", ".Patch")):
            return {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        for required in LENIENT.get(short, []):
            schema["required"].remove(required)
        if short in STRICT:
            schema["required"] = schema.get("required", []) + STRICT[short]
        if schema.get("required") == []:
            del schema["required"]
        table.nodes[short] = None  # it may need itself
        encoded = of_kubernetes(table, schemas, schema)
        if not isinstance(encoded, dict):
            del table.nodes[short]
            return encoded
        table.nodes[short] = dump(encoded)
    return "#" + short


def of_kubernetes(table, schemas, schema):
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        return native(table, schemas, schema["$ref"].split("/")[-1])
    out = {}
    for key, value in schema.items():
        if key in DROPPED or (key == "default" and value in ({}, [], "", 0, False)):
            continue
        if key == "properties":
            value = {name: of_kubernetes(table, schemas, inner) for name, inner in value.items()}
        elif key in ONE:
            value = of_kubernetes(table, schemas, value)
        elif key in MANY:
            value = [of_kubernetes(table, schemas, inner) for inner in value]
        out[key] = value
    if len(out.get("allOf", [])) == 1 and set(out) <= {"allOf", "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"}:
        return out["allOf"][0]
    keys = set(out)
    if keys == {"type"}:
        return out["type"] if out["type"] != "object" else out
    if keys == {"type", "format"}:
        return f"{out['type']}:{out['format']}"
    if keys == {"type", "items"}:
        return [out["items"]]
    if keys == {"type", "additionalProperties"}:
        return {"*": out["additionalProperties"]}
    if "properties" in out and out.get("type") == "object":
        del out["type"]
    return out


def make(facts, name, project):
    """A project's table and its SOURCE."""
    if project["licence"] not in PERMISSIVE:
        sys.exit(f"{name}: {project['licence']} is no licence to take data under: write a table of our own, from public docs")
    if "openapi" in project:
        table = kubernetes(facts, project)
        inputs = {project["source"]: [facts / path for path in project["openapi"].values()]}
        crds = []
    else:
        table, inputs, crds = Table(), {}, []
        made = own() if name == "own" else catalogue(facts, project) if "kinds" in project else crd_files(facts, project)
        for source, paths, crd in made:
            inputs.setdefault(source, set()).update(paths if isinstance(paths, list) else [paths])
            table.add_crd(crd)
            crds.append(crd)
    text = table.text()
    lines = ["Made by schemas/upstream/make.py; descriptions stripped.", f"licence: {project['licence']}"]
    for source, paths in sorted(inputs.items()):
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()
        files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
        lines.append(f"source: {source} ({files}, sha256:{digest})")
    lines.append(f"table: sha256:{hashlib.sha256(text.encode()).hexdigest()}")
    return text, "\n".join(lines) + "\n", crds


# --- the way back


class Reader:
    """A table, to make CRDs from."""

    def __init__(self, text):
        self.kinds, self.nodes = {}, {}
        for line in text.splitlines():
            name, value = line.split(" ", 1)
            (self.nodes if name.startswith("#") else self.kinds)[name] = value

    def decode(self, value):
        if isinstance(value, str):
            if value.startswith("#"):
                return self.decode(json.loads(self.nodes[value]))
            kind, _, form = value.partition(":")
            return {"type": kind, "format": form} if form else {"type": kind}
        if isinstance(value, list):
            return {"type": "array", "items": self.decode(value[0])}
        if not isinstance(value, dict):
            return value
        if set(value) == {"*"}:
            return {"type": "object", "additionalProperties": self.decode(value["*"])}
        out = {}
        for key, inner in value.items():
            if key == "properties":
                inner = {name: self.decode(schema) for name, schema in inner.items()}
            elif key in ONE:
                inner = self.decode(inner)
            elif key in MANY:
                inner = [self.decode(schema) for schema in inner]
            out[key] = inner
        if out.get("type") == "":
            del out["type"]
        elif "properties" in out and "type" not in out:
            out["type"] = "object"
        return out

    def crd(self, key):
        kind, group = key.split(".", 1)
        line = json.loads(self.kinds[key])
        versions = [v | {"schema": {"openAPIV3Schema": self.decode(v["schema"])}} for v in line["versions"]]
        spec = {"group": group, "names": {"kind": kind} | line["names"], "scope": line["scope"], "versions": versions}
        if line.get("preserveUnknownFields"):
            spec["preserveUnknownFields"] = True
        metadata = {"name": f"{line['names']['plural']}.{group}"}
        if group.endswith((".k8s.io", ".kubernetes.io")):
            metadata["annotations"] = {"api-approved.kubernetes.io": "unapproved, made again from a table"}
        return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": metadata, "spec": spec}


def stripped(schema):
    """A schema as a table keeps it, to compare with what is made from one."""
    if isinstance(schema, list):
        return [stripped(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key in DROPPED:
            continue
        if key == "properties":
            value = {name: stripped(inner) for name, inner in value.items()}
        elif key in ONE + MANY:
            value = stripped(value)
        out[key] = value
    return out


def lost(text, crds):
    """The kinds that can't be made again as they were."""
    reader = Reader(text)
    for crd in crds:
        spec = crd["spec"]
        key = f"{spec['names']['kind']}.{spec['group']}"
        again = {v["name"]: v for v in reader.crd(key)["spec"]["versions"]}
        for version in spec["versions"]:
            made = again[version["name"]]["schema"]["openAPIV3Schema"]
            if made != stripped(version["schema"]["openAPIV3Schema"]):
                yield f"{key} {version['name']}"


def projects():
    return load(HERE / "projects.yaml") | {"own": {"licence": "own"}}


def tables(facts, write):
    problems = []
    for name, project in projects().items():
        text, source, crds = make(facts, name, project)
        problems += [f"{name}: {key} can't be made from its table again" for key in lost(text, crds)]
        for file, content in (("table", text), ("SOURCE", source)):
            path = HERE / name / file
            if write:
                path.parent.mkdir(exist_ok=True)
                path.write_text(content)
            elif not path.is_file() or path.read_text() != content:
                problems.append(f"schemas/upstream/{name}/{file} is stale: run schemas/upstream/make.py tables FACTS")
    return problems


def write_crds(folder, wanted):
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(HERE.glob("*/table")):
        if path.parent.name == "kubernetes":
            continue
        reader = Reader(path.read_text())
        for key in reader.kinds:
            if not wanted or key in wanted:
                (folder / f"{key}.yaml").write_text(json.dumps(reader.crd(key), indent=1) + "\n")
    return []


def main(arguments):
    match arguments:
        case ["tables", facts]:
            problems = tables(Path(facts), write=True)
        case ["check", facts]:
            problems = tables(Path(facts), write=False)
        case ["crds", folder, *wanted]:
            problems = write_crds(Path(folder), set(wanted))
        case _:
            sys.exit(__doc__)
    sys.exit("\n".join(problems) or None)


if __name__ == "__main__":
    main(sys.argv[1:])
