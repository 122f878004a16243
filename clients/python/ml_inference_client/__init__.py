"""Client of an ML inference service."""

from .client import MLInferenceClient
from .errors import InferenceError, InferenceTimeoutError, InvalidFeaturesError, ServiceUnavailableError
from .schema import (
    FeatureProblem,
    Health,
    Inputs,
    Instance,
    Metadata,
    Prediction,
    PredictionWithProbabilities,
)

__all__ = [
    "FeatureProblem",
    "Health",
    "InferenceError",
    "InferenceTimeoutError",
    "Inputs",
    "Instance",
    "InvalidFeaturesError",
    "MLInferenceClient",
    "Metadata",
    "Prediction",
    "PredictionWithProbabilities",
    "ServiceUnavailableError",
]
