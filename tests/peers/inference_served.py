"""Models as users of scikit-learn, skl2onnx and LightGBM export them, one a way of exporting.

By name a tuple: the ONNX model, the MLflow signature it is logged with, rows to ask about as a DataFrame, and a dict of
what else there is to know: `classes` in the order of a ZipMap's labels, `label_alone` where further outputs are no
probabilities, `likeliest` labels where the probabilities are the only output, the `metadata` it is logged with, and the
`estimator` whose own answer counts where Python's ONNX Runtime doesn't open the graph.
"""

import lightgbm
import numpy
import pandas
from mlflow.models import infer_signature
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType as LightgbmFloats
from skl2onnx import convert_sklearn, to_onnx
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC, LinearSVC

from inference_columns import inputs_a_column, missing_values, with_texts
from inference_data import (
    count,
    frame,
    label,
    matrix,
    mixed,
    mixed_types,
    numbered,
    plain,
    probabilities_alone,
    random,
    three,
    value,
    words,
)


def classifiers():
    forest = RandomForestClassifier(20, random_state=0).fit(matrix, label)
    three_forest = RandomForestClassifier(20, random_state=0).fit(matrix, three)
    word_forest = RandomForestClassifier(20, random_state=0).fit(matrix, words)
    signature = infer_signature(frame)
    integers = frame.assign(avg_value=(frame["avg_value"] * 10).astype(int), days=frame["days"].astype(int))
    integer_forest = RandomForestClassifier(20, random_state=0).fit(integers.to_numpy(), label)
    double_forest = RandomForestClassifier(20, random_state=0).fit(frame.to_numpy(), label)
    truths = pandas.DataFrame(random.rand(count, 3) > 0.5, columns=["vip", "mobile", "paper"])
    truth_forest = RandomForestClassifier(20, random_state=0).fit(truths.to_numpy(), label)
    zipped = {"classes": [0, 1]}
    return {
        "matrix": (to_onnx(forest, matrix[:1], options=plain), signature, frame, {}),
        "three_classes": (to_onnx(three_forest, matrix[:1], options=plain), signature, frame, {}),
        "zipmap": (to_onnx(forest, matrix[:1]), signature, frame, zipped),
        "zipmap_three": (to_onnx(three_forest, matrix[:1]), signature, frame, {"classes": [0, 1, 2]}),
        "zipmap_columns": (to_onnx(forest, matrix[:1], options={"zipmap": "columns"}), signature, frame, {}),
        "text_label": (to_onnx(word_forest, matrix[:1], options=plain), signature, frame, {}),
        "text_label_zipmap": (to_onnx(word_forest, matrix[:1]), signature, frame, {"classes": ["leaves", "stays"]}),
        "text_label_columns": (to_onnx(word_forest, matrix[:1], options={"zipmap": "columns"}), signature, frame, {}),
        "truth_label": (
            to_onnx(RandomForestClassifier(20, random_state=0).fit(matrix, label > 0), matrix[:1]),
            signature,
            frame,
            zipped,
        ),
        "further_outputs": (
            to_onnx(word_forest, matrix[:1], options={**plain, "output_class_labels": True, "decision_leaf": True}),
            signature,
            frame,
            {},
        ),
        "array": (to_onnx(forest, matrix[:1], options=plain), infer_signature(matrix), numbered(frame, "x"), {}),
        "no_signature": (to_onnx(forest, matrix[:1], options=plain), None, numbered(frame, "x"), {}),
        "numbered_columns": (
            to_onnx(forest, matrix[:1], options=plain),
            infer_signature(numbered(frame)),
            numbered(frame, ""),
            {},
        ),
        "integers": (
            to_onnx(integer_forest, integers.to_numpy()[:1], options=plain),
            infer_signature(integers),
            integers,
            {},
        ),
        "doubles": (to_onnx(double_forest, frame.to_numpy()[:1], options=plain), signature, frame, {}),
        "truths": (to_onnx(truth_forest, truths.to_numpy()[:1]), infer_signature(truths), truths, zipped),
        **{
            name: (
                to_onnx(estimator.fit(matrix, target), matrix[:1]),
                signature,
                frame,
                {"classes": sorted(set(target.tolist()))},
            )
            for name, estimator, target in [
                ("logistic_regression", LogisticRegression(), three),
                ("gradient_boosting", GradientBoostingClassifier(n_estimators=5, random_state=0), label),
                ("support_vectors", SVC(probability=True, random_state=0), label),
                ("neural_network", MLPClassifier((8,), random_state=0, max_iter=50), words),
                ("neighbours", KNeighborsClassifier(), words),
                ("naive_bayes", GaussianNB(), three),
                ("calibrated", CalibratedClassifierCV(RandomForestClassifier(5, random_state=0), cv=2), words),
            ]
        },
        "lightgbm": (
            convert_lightgbm(
                lightgbm.LGBMClassifier(n_estimators=9, verbose=-1).fit(matrix, words),
                initial_types=[("input", LightgbmFloats([None, 3]))],
            ),
            signature,
            frame,
            {"classes": ["leaves", "stays"]},
        ),
    }


def regressors():
    linear = LinearRegression().fit(matrix, value)
    forest = RandomForestRegressor(20, random_state=0).fit(matrix, value)
    boosted = lightgbm.LGBMRegressor(n_estimators=9, verbose=-1).fit(matrix, value)
    floats = frame.astype(numpy.float32)
    return {
        "linear_regression": (to_onnx(linear, matrix[:1]), infer_signature(frame), frame, {}),
        "forest_regression": (to_onnx(forest, matrix[:1]), infer_signature(floats), floats, {}),
        "lightgbm_regression": (
            convert_lightgbm(boosted, initial_types=[("input", LightgbmFloats([None, 3]))]),
            infer_signature(frame),
            frame,
            {},
        ),
        "texts_regression": (
            convert_sklearn(
                with_texts(RandomForestRegressor(20, random_state=0)).fit(mixed, value), initial_types=mixed_types
            ),
            infer_signature(mixed),
            mixed,
            {},
        ),
    }


def labels_alone():
    signature = infer_signature(frame)
    return {
        "clusters": (
            to_onnx(KMeans(3, random_state=0, n_init=1).fit(matrix), matrix[:1]),
            signature,
            frame,
            {"label_alone": True},
        ),
        "outliers": (
            to_onnx(
                IsolationForest(n_estimators=5, random_state=0).fit(matrix),
                matrix[:1],
                target_opset={"": 15, "ai.onnx.ml": 3},
            ),
            signature,
            frame,
            {"label_alone": True},
        ),
        "margin": (
            to_onnx(LinearSVC(random_state=0).fit(matrix, label), matrix[:1]),
            signature,
            frame,
            {"label_alone": True},
        ),
        "margins": (
            to_onnx(LinearSVC(random_state=0).fit(matrix, three), matrix[:1]),
            signature,
            frame,
            {"label_alone": True},
        ),
    }


def served():
    named, network = probabilities_alone()
    classes = ["low", "middle", "high"]
    return {
        **classifiers(),
        **regressors(),
        **inputs_a_column(),
        **missing_values(),
        **labels_alone(),
        "named_classes": (
            named,
            infer_signature(frame),
            frame,
            {"metadata": {"classes": classes}, "likeliest": classes},
        ),
    }
