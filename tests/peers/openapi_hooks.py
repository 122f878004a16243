"""What a body must hold beside what JSON Schema can say: columns of one length, tensors with as much data as their shape
says, frames with as many values as columns. Bodies that schemathesis calls valid are made so: the service must take each.
"""

import csv
import io
import json
import random
import struct

import schemathesis

LENGTH = "Inference-Header-Content-Length"
DATATYPES = {"int64": ("INT64", "q"), "double": ("FP64", "d")}


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.path.endswith("/predict") and isinstance(case.body, dict):
        case.body = {**case.body, "inputs": of_one_length(case.body["inputs"])}
    elif case.path.endswith("/infer"):
        make_infer(case)
    elif case.path.endswith("/invocations"):
        make_invocation(case)


def of_one_length(inputs):
    """Columns cut to the shortest one; rows, and a single row's values, as they are."""
    if not isinstance(inputs, dict) or not any(isinstance(values, list) for values in inputs.values()):
        return inputs
    length = min(len(values) for values in inputs.values())
    return {name: values[:length] for name, values in inputs.items()}


def draw_rows(case):
    """Rows that fit the model, always the same ones for the same body: a source of chance, the columns, the values."""
    rng = random.Random(repr(case.body))
    instance = case.operation.schema.raw_schema["components"]["schemas"]["Instance"]
    columns = list(instance["properties"].items())
    rng.shuffle(columns)
    rows = [[draw_value(rng, schema) for _, schema in columns] for _ in range(rng.randint(1, 8))]
    return rng, columns, rows


def draw_value(rng, schema):
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in types and rng.random() < 0.2:
        return None
    if "integer" in types:
        return rng.choice([0, schema["minimum"], schema["maximum"], rng.randint(-1000, 1000)])
    return rng.choice([0.0, -1e308, 1e308, 5e-324, rng.uniform(-10, 10)])


def make_infer(case):
    binary = case.media_type == "application/octet-stream"
    rng, columns, rows = draw_rows(case)
    tail = b""
    inputs = []
    for at, (name, schema) in enumerate(columns):
        values = [row[at] for row in rows]
        datatype, letter = DATATYPES[schema["format"]]
        tensor = {"name": name, "datatype": datatype, "shape": [len(rows)]}
        if binary and rng.random() < 0.8:
            content = struct.pack(f"<{len(rows)}{letter}", *(float("nan") if v is None else v for v in values))
            tensor["parameters"] = {"binary_data_size": len(content)}
            tail += content
        else:
            tensor["data"] = values
        inputs.append(tensor)
    body = case.body if isinstance(case.body, dict) and not binary else {}
    outputs = {output["name"]: output for output in body.get("outputs", [])}
    body = {**body, "inputs": inputs, **({"outputs": list(outputs.values())} if "outputs" in body else {})}
    case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != LENGTH.lower()}
    if binary:
        head = json.dumps(body).encode()
        case.headers[LENGTH] = str(len(head))
        case.body = head + tail
    else:
        case.body = body


def make_invocation(case):
    if case.media_type == "text/csv":
        _, columns, rows = draw_rows(case)
        text = io.StringIO()
        csv.writer(text).writerows([[name for name, _ in columns], *rows])
        case.body = text.getvalue()
    elif isinstance(case.body, dict) and "dataframe_split" in case.body:
        _, columns, rows = draw_rows(case)
        frame = {**case.body["dataframe_split"], "columns": [name for name, _ in columns], "data": rows}
        case.body = {**case.body, "dataframe_split": frame}
    elif isinstance(case.body, dict) and "inputs" in case.body:
        case.body = {**case.body, "inputs": of_one_length(case.body["inputs"])}
