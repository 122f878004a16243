"""What the Python servers share: bodies as the service takes them, rows as an array, and the answer's shape."""

import time
from datetime import datetime, timezone
from operator import itemgetter

import numpy as np
from pydantic import BaseModel

FEATURES = (
    "total_purchases",
    "avg_purchase_value",
    "days_since_last_purchase",
    "customer_lifetime_value",
    "account_age_days",
    "support_tickets_count",
)
values_of = itemgetter(*FEATURES)


class PredictRequest(BaseModel):
    """Maps of numbers are what pydantic validates fastest: a model a row takes half as long again."""

    inputs: dict[str, list[float]]
    return_probabilities: bool = False


class BatchPredictRequest(BaseModel):
    instances: list[dict[str, float]]
    return_probabilities: bool = False


class Answer(BaseModel):
    predictions: list[int]
    probabilities: list[list[float]]
    inference_time_ms: float
    timestamp: str
    model_name: str
    model_version: str


def rows_of_columns(inputs):
    return np.ascontiguousarray(np.array(values_of(inputs), dtype=np.float64).T)


def rows_of_instances(instances):
    return np.array([values_of(row) for row in instances], dtype=np.float64)


def answer(forest, rows):
    """What `forest` says to the rows: it gives labels and, rows by classes, probabilities."""
    start = time.perf_counter()
    labels, probabilities = forest(rows)
    return {
        "predictions": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "inference_time_ms": (time.perf_counter() - start) * 1000,
        "timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "model_name": "churn_predictor_feast",
        "model_version": "1",
    }
