"""Logs skl2onnx models with real MLflow to the store that MLFLOW_TRACKING_URI names, one registered model a way of exporting.

Prints one JSON object: by model, the columns of a request, its rows, and what Python's ONNX Runtime answers to them.
"""

import json
import warnings

warnings.filterwarnings("ignore")

import mlflow
import numpy
import onnxruntime
import pandas
from mlflow.models import infer_signature
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

random = numpy.random.RandomState(0)
columns = ["total purchases", "avg_value", "days"]
frame = pandas.DataFrame(
    {columns[0]: random.randint(0, 9, 300), columns[1]: random.rand(300), columns[2]: random.rand(300) * 50}
)
label = (frame[columns[0]] / 9 + frame[columns[1]] > 1).astype(int)
matrix = frame.to_numpy(numpy.float32)
sample = frame.head(20)

forest = RandomForestClassifier(20, random_state=0).fit(matrix, label)
three = RandomForestClassifier(20, random_state=0).fit(matrix, label + (frame[columns[2]] > 25))
words = RandomForestClassifier(5, random_state=0).fit(matrix, numpy.array(["stays", "leaves"])[label])
pipeline = make_pipeline(ColumnTransformer([("all", "passthrough", columns)]), LogisticRegression()).fit(frame, label)
types = [(columns[0], Int64TensorType([None, 1]))] + [(name, FloatTensorType([None, 1])) for name in columns[1:]]

plain = {"zipmap": False}
models = {
    "matrix": (to_onnx(forest, matrix[:1], options=plain), infer_signature(frame)),
    "three_classes": (to_onnx(three, matrix[:1], options=plain), infer_signature(frame)),
    "zipmap_columns": (to_onnx(forest, matrix[:1], options={"zipmap": "columns"}), infer_signature(frame)),
    "array": (to_onnx(forest, matrix[:1], options=plain), infer_signature(matrix)),
    "no_signature": (to_onnx(forest, matrix[:1], options=plain), None),
    "input_a_column": (convert_sklearn(pipeline, initial_types=types, options=plain), infer_signature(frame)),
    "zipmap": (to_onnx(forest, matrix[:1]), infer_signature(frame)),
    "string_label": (to_onnx(words, matrix[:1], options=plain), infer_signature(frame)),
    "regression": (to_onnx(LinearRegression().fit(matrix, label), matrix[:1]), infer_signature(frame)),
}

expected = {}
for name, (model, signature) in models.items():
    with mlflow.start_run():
        mlflow.onnx.log_model(model, name="model", registered_model_name=name, signature=signature)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    if len(inputs) == 1:
        feeds = {inputs[0].name: sample.to_numpy(numpy.float32)}
    else:
        kinds = {"tensor(int64)": numpy.int64, "tensor(float)": numpy.float32}
        feeds = {i.name: sample[[c]].to_numpy(kinds[i.type]) for i, c in zip(inputs, columns)}
    answer = session.run(None, feeds)
    named = signature is not None and signature.inputs.has_input_names()
    expected[name] = {
        "columns": columns if named else ["x0", "x1", "x2"],
        "rows": sample.values.tolist(),
        "labels": numpy.asarray(answer[0]).ravel().tolist(),
        "probabilities": numpy.stack(answer[1:], axis=1).tolist()
        if len(answer) > 2
        else answer[1].tolist()
        if len(answer) == 2 and hasattr(answer[1], "tolist")
        else None,
    }
print(json.dumps(expected))
