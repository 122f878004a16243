"""Logs the models of inference_served.py and inference_refused.py with real MLflow: all of them to the store whose URI comes first on the command
line; to the one that comes second those that are named after it.

Prints one JSON object. `served`: by model, the columns of a request, its rows, and what Python's ONNX Runtime answers to
them; `refused`: the names of the others.
"""

import json
import re
import sys
import warnings

warnings.filterwarnings("ignore")

import mlflow
import numpy
import onnxruntime
import pandas

from inference_refused import refused
from inference_served import served

kinds = {
    "tensor(float)": numpy.float32,
    "tensor(double)": numpy.float64,
    "tensor(int64)": numpy.int64,
    "tensor(bool)": bool,
    "tensor(string)": object,
}


def feeds(inputs, rows: pandas.DataFrame) -> dict:
    if len(inputs) == 1:
        return {inputs[0].name: rows.to_numpy(kinds[inputs[0].type])}
    by_name = {re.sub(r"\W", "_", name): rows[[name]] for name in rows.columns}
    if all(given.name in by_name for given in inputs):
        return {given.name: by_name[given.name].to_numpy(kinds[given.type]) for given in inputs}
    ends = numpy.cumsum([given.shape[1] for given in inputs])
    parts = zip(inputs, ends)
    return {given.name: rows.iloc[:, end - given.shape[1] : end].to_numpy(kinds[given.type]) for given, end in parts}


def answer(onnx, rows: pandas.DataFrame, notes: dict) -> tuple[list, list | None]:
    """Labels or values, and probabilities where there are some."""
    if "estimator" in notes:
        return notes["estimator"].predict(rows).tolist(), notes["estimator"].predict_proba(rows).tolist()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(onnx.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(None, feeds(session.get_inputs(), rows))))
    if "likeliest" in notes:
        probabilities = outputs[names[0]]
        return [notes["likeliest"][at] for at in probabilities.argmax(1)], probabilities.tolist()
    label = next((name for name in names if name in ("label", "output_label")), names[0])
    values = outputs.pop(label).ravel().tolist()
    rest = list(outputs.values())
    if "label_alone" in notes or len(names) == 1:
        return values, None
    if "classes" in notes:
        return values, [[row[name] for name in notes["classes"]] for row in rest[0]]
    if "probabilities" in outputs:
        return values, outputs["probabilities"].tolist()
    return values, numpy.stack(rest, axis=1).tolist()


def plain(value):
    missing = value is None or (isinstance(value, float) and numpy.isnan(value))
    return None if missing else value.item() if hasattr(value, "item") else value


def log(name: str, onnx, signature, metadata=None) -> None:
    with mlflow.start_run():
        mlflow.onnx.log_model(
            onnx,
            name="model",
            registered_model_name=name,
            signature=signature,
            metadata=metadata,
            pip_requirements=["onnxruntime"],
        )


models, others = served(), refused()
everything = {name: (onnx, signature, None) for name, (onnx, signature) in others.items()}
for name, (onnx, signature, _, notes) in models.items():
    everything[name] = (onnx, signature, notes.get("metadata"))
whole, partial, *names = sys.argv[1:]
for uri, logged in {whole: everything, partial: names}.items():
    mlflow.set_tracking_uri(uri)
    for name in logged:
        log(name, *everything[name])

expected = {}
for name, (onnx, signature, frame, notes) in models.items():
    rows = frame.head(20)
    values, probabilities = answer(onnx, rows, notes)
    expected[name] = {
        "columns": list(rows.columns),
        "rows": [[plain(value) for value in row] for row in rows.itertuples(index=False, name=None)],
        "values": values,
        "probabilities": probabilities,
    }
print(json.dumps({"served": expected, "refused": list(others)}))
