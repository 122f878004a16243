"""The types of a service whose features aren't known.

`npm run client` puts those of one service in their place, made from its document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Optional, TypedDict, Union

Inputs = Mapping[str, Sequence[Union[float, str, None]]]
Instance = Mapping[str, Union[float, str, None]]

# What `return_probabilities` is for an answer with probabilities, and for any.
Asked = Literal[True]
AskedOrNot = bool


class Prediction(TypedDict):
    predictions: list[Union[float, str, None]]
    inference_time_ms: float
    timestamp: str
    model_name: str
    model_version: str


class PredictionWithProbabilities(Prediction):
    probabilities: list[list[Optional[float]]]


class Health(TypedDict):
    status: Literal["healthy", "loading", "draining"]
    timestamp: str
    model_loaded: bool
    model_name: str
    model_version: Optional[str]


class Metadata(TypedDict):
    model_name: str
    model_version: str
    mlflow_run_id: str
    loaded_at: str
    feature_names: list[str]
    model_type: str
    model_sha256: str


class _FeatureProblem(TypedDict):
    path: str
    problem: str
    expected: str
    received: str


class FeatureProblem(_FeatureProblem, total=False):
    feature: str
