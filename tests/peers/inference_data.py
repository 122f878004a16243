"""The rows that the models of the inference tests are trained on and asked about."""

import numpy
import pandas
from skl2onnx import to_onnx
from skl2onnx.common.data_types import BooleanTensorType, FloatTensorType, Int64TensorType, StringTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.neural_network import MLPClassifier

random = numpy.random.RandomState(0)
count = 300
numeric = ["total purchases", "avg_value", "days"]
frame = pandas.DataFrame(
    {numeric[0]: random.randint(0, 9, count), numeric[1]: random.rand(count), numeric[2]: random.rand(count) * 50}
)
matrix = frame.to_numpy(numpy.float32)
label = (frame[numeric[0]] / 9 + frame[numeric[1]] > 1).astype(int).to_numpy()
three = label + (frame[numeric[2]] > 25).to_numpy()
words = numpy.array(["stays", "leaves"])[label]
value = frame[numeric[2]].to_numpy() / 7 - frame[numeric[1]].to_numpy()

mixed = frame.assign(
    city=numpy.array(["Oslo", "Bergen", "Rome"])[random.randint(0, 3, count)],
    plan=numpy.array(["basic", "gold"])[random.randint(0, 2, count)],
    vip=random.rand(count) > 0.5,
)
mixed_types = [
    (numeric[0], Int64TensorType([None, 1])),
    (numeric[1], FloatTensorType([None, 1])),
    (numeric[2], FloatTensorType([None, 1])),
    ("city", StringTensorType([None, 1])),
    ("plan", StringTensorType([None, 1])),
    ("vip", BooleanTensorType([None, 1])),
]
numeric_types = mixed_types[:3]
plain = {"zipmap": False}


def numbered(rows: pandas.DataFrame, prefix: str | None = None) -> pandas.DataFrame:
    names = [number if prefix is None else f"{prefix}{number}" for number in range(rows.shape[1])]
    return rows.set_axis(names, axis=1)


def probabilities_alone():
    network = MLPClassifier((8,), random_state=0, max_iter=50).fit(matrix, three)
    onnx = select_model_inputs_outputs(to_onnx(network, matrix[:1], options=plain), ["probabilities"])
    return onnx, network
