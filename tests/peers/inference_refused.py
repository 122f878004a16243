"""Models that can't be served: by name a tuple of the ONNX model and the MLflow signature it is logged with."""

import numpy
from mlflow.models import infer_signature
from onnx import TensorProto, helper
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline

from inference_data import frame, label, matrix, numeric, numeric_types, plain, probabilities_alone, three, value


def refused():
    signature = infer_signature(frame)
    targets = numpy.stack([value, -value], 1)
    several_labels = MultiOutputClassifier(LogisticRegression()).fit(matrix, numpy.stack([label, three], 1))
    sequence = helper.make_graph(
        [helper.make_node("SequenceAt", ["rows", "first"], ["y"])],
        "sequence",
        [helper.make_tensor_sequence_value_info("rows", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor("first", TensorProto.INT64, [], [0])],
    )
    onnx = {
        "several_targets": to_onnx(LinearRegression().fit(matrix, targets), matrix[:1]),
        "several_targets_undeclared": to_onnx(RandomForestRegressor(3).fit(matrix, targets), matrix[:1]),
        "several_labels": to_onnx(several_labels, matrix[:1], options=plain),
        "embedding": to_onnx(PCA(2).fit(matrix), matrix[:1]),
        "probabilities_alone": probabilities_alone()[0],
        "sequence_input": helper.make_model(sequence, opset_imports=[helper.make_opsetid("", 17)], ir_version=9),
        "one_row": convert_sklearn(
            LinearRegression().fit(matrix, value), initial_types=[("X", FloatTensorType([1, 3]))]
        ),
        "other_width": to_onnx(LinearRegression().fit(matrix[:, :2], value), matrix[:1, :2]),
    }
    optional = infer_signature(frame.astype({numeric[0]: "Int64"}).mask(frame["days"] < 5))
    pipeline = make_pipeline(ColumnTransformer([("all", "passthrough", numeric)]), LinearRegression()).fit(frame, value)
    return {
        **{name: (model, signature) for name, model in onnx.items()},
        "missing_integers": (convert_sklearn(pipeline, initial_types=numeric_types), optional),
    }
