"""PyYAML as a reader: a text on a line of standard input, its data on a line of standard output.

Texts come in hexadecimal. Data goes out as `data JSON`, every scalar a string that starts with its type
(see plain.go, which writes the same), or as `error WHY`. The first line says which PyYAML this is.
"""

import datetime
import json
import struct
import sys

import yaml


def plain(value):
    if isinstance(value, dict):
        return {plain(key) if not isinstance(key, tuple) else repr(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if value is None:
        return "null:"
    if isinstance(value, bool):
        return f"bool:{str(value).lower()}"
    if isinstance(value, int):
        return f"int:{value}"
    if isinstance(value, float):
        return f"float:{struct.pack('>d', value).hex()}"
    if isinstance(value, str):
        return f"string:{value}"
    if isinstance(value, (datetime.date, datetime.datetime)):
        return f"time:{value.isoformat()}"
    return f"{type(value).__name__}:{value!r}"


def read(text):
    try:
        documents = [plain(document) for document in yaml.safe_load_all(text)]
        return "data " + json.dumps(documents)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return "error " + " ".join(str(error).split())


def main():
    print("PyYAML", yaml.__version__, flush=True)
    for line in sys.stdin:
        answer = read(bytes.fromhex(line))
        print(answer, flush=True)


main()
