"""What can come in the place of an answer."""

from __future__ import annotations

from typing import Optional

from .schema import FeatureProblem


class InferenceError(Exception):
    """Anything that came in the place of an answer; its cause says more where nothing came at all.

    Attributes:
        status: of the HTTP answer; None where none came.
        request_id: names the request in the service's log.
    """

    def __init__(self, message: str, status: Optional[int] = None, request_id: Optional[str] = None) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id


class InvalidFeaturesError(InferenceError):
    """422: the rows aren't what the model takes. `errors` says what is wrong, a value at a time."""

    def __init__(self, message: str, request_id: Optional[str], errors: list[FeatureProblem]) -> None:
        super().__init__(message, 422, request_id)
        self.errors = errors


class ServiceUnavailableError(InferenceError):
    """503: the service takes no requests now, and took none when it was asked again."""


class InferenceTimeoutError(InferenceError):
    """The service was silent for too long."""
