"""Models whose inputs are columns, with texts among them, and models of rows with missing values.

By name a tuple as in inference_served.py.
"""

import numpy
from mlflow.models import infer_signature
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from inference_data import (
    count,
    frame,
    label,
    matrix,
    mixed,
    mixed_types,
    numeric,
    numeric_types,
    plain,
    random,
    value,
    words,
)


def with_texts(estimator, **encoder):
    encoded = OneHotEncoder(**(encoder or {"handle_unknown": "ignore"}))
    return make_pipeline(
        ColumnTransformer(
            [
                ("numbers", StandardScaler(), numeric),
                ("texts", encoded, ["city", "plan"]),
                ("truths", "passthrough", ["vip"]),
            ]
        ),
        estimator,
    )


def inputs_a_column():
    pipeline = make_pipeline(ColumnTransformer([("all", "passthrough", numeric)]), LogisticRegression()).fit(
        frame, label
    )
    numbers = convert_sklearn(pipeline, initial_types=numeric_types, options=plain)
    texts = convert_sklearn(with_texts(LogisticRegression()).fit(mixed, words), initial_types=mixed_types)
    strict = with_texts(LogisticRegression(), handle_unknown="error").fit(mixed, words)
    doubles = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame.astype(float), words)
    shuffled = mixed[["vip", "city", *reversed(numeric), "plan"]]
    zipped = {"classes": ["leaves", "stays"]}
    tensors = {
        "total_purchases": numpy.zeros((2, 1), int),
        "avg_value": numpy.zeros((2, 1), numpy.float32),
        "days": numpy.zeros((2, 1), numpy.float32),
    }
    plans = mixed[["city", "plan"]]
    encoder = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()).fit(
        plans.to_numpy(object), label
    )
    groups = make_pipeline(
        ColumnTransformer([("numbers", "passthrough", [0, 1, 2]), ("texts", OneHotEncoder(), [3, 4])]),
        LogisticRegression(),
    ).fit(mixed[[*numeric, "city", "plan"]].to_numpy(object), label)
    return {
        "input_a_column": (numbers, infer_signature(frame), frame, {}),
        "tensors_by_name": (
            numbers,
            infer_signature(tensors),
            frame.rename(columns={numeric[0]: "total_purchases"}),
            {},
        ),
        "column_without_input": (numbers, infer_signature(mixed), mixed, {}),
        "texts": (texts, infer_signature(mixed), mixed, zipped),
        "texts_in_another_order": (texts, infer_signature(shuffled), shuffled, zipped),
        "texts_without_signature": (texts, None, mixed.rename(columns={numeric[0]: "total_purchases"}), zipped),
        "strict_texts": (convert_sklearn(strict, initial_types=mixed_types), infer_signature(mixed), mixed, zipped),
        "double_zipmap": (
            to_onnx(doubles, frame[:1].astype(float)),
            infer_signature(frame.astype(float)),
            frame.astype(float),
            {"estimator": doubles},
        ),
        "text_matrix": (
            to_onnx(encoder, plans.to_numpy(object)[:1]),
            infer_signature(plans),
            plans,
            {"classes": [0, 1]},
        ),
        "groups": (
            convert_sklearn(
                groups, initial_types=[("numbers", FloatTensorType([None, 3])), ("texts", StringTensorType([None, 2]))]
            ),
            infer_signature(mixed[[*numeric, "city", "plan"]]),
            mixed[[*numeric, "city", "plan"]],
            {"classes": [0, 1]},
        ),
    }


def missing_values():
    gaps = frame.astype(float).mask(random.rand(count, 3) < 0.2)
    imputed = make_pipeline(SimpleImputer(), LogisticRegression()).fit(gaps.to_numpy(numpy.float32), label)
    floats = [(name, FloatTensorType([None, 1])) for name in numeric]
    imputed_columns = make_pipeline(
        ColumnTransformer([("all", SimpleImputer(strategy="median"), numeric)]),
        RandomForestRegressor(20, random_state=0),
    ).fit(gaps, value)
    nones = mixed[["city"]].astype(object)
    nones.iloc[::5, 0] = None
    nans = mixed[["city"]].astype(object)
    nans.iloc[::5, 0] = numpy.nan
    known = {
        name: make_pipeline(OneHotEncoder(), LogisticRegression()).fit(texts, label)
        for name, texts in [("None", nones), ("nan", nans)]
    }
    zipped = {"classes": [0, 1]}
    return {
        "missing_numbers": (to_onnx(imputed, matrix[:1]), infer_signature(gaps), gaps, zipped),
        "missing_numbers_by_column": (
            convert_sklearn(imputed_columns, initial_types=floats),
            infer_signature(gaps),
            gaps,
            {},
        ),
        "missing_text_none": (to_onnx(known["None"], nones[1:2]), infer_signature(nones), nones, zipped),
        "missing_text_nan": (to_onnx(known["nan"], nans[1:2]), infer_signature(nans), nans, zipped),
    }
