"""Client of an ML inference service, with the standard library alone."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from types import TracebackType
from typing import Any, NamedTuple, Optional, Union, cast, overload
from urllib.parse import urlsplit

from .errors import InferenceError, InferenceTimeoutError, InvalidFeaturesError, ServiceUnavailableError
from .retry_after import retry_after_seconds
from .schema import Asked, AskedOrNot, Health, Inputs, Instance, Metadata, Prediction, PredictionWithProbabilities


class MLInferenceClient:
    """Asks one inference service. Connections are kept open, and threads may share a client.

    >>> client = MLInferenceClient("http://ml-inference-service")
    >>> client.predict({"age": [31, 40], "income": [1500, 2300]}, return_probabilities=True)["predictions"]

    Args:
        url: of the service.
        token: bearer token, where the service asks for one.
        timeout: seconds that the service may be silent.
        retries: how often a request is sent again that met a 503 with a Retry-After.
    """

    def __init__(self, url: str, *, token: Optional[str] = None, timeout: float = 10, retries: int = 3) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"url: expected http://host or https://host, got {url!r}")
        self._url = url.rstrip("/")
        self._parts = parts
        self._timeout = timeout
        self._retries = retries
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._idle: list[HTTPConnection] = []

    @overload
    def predict(self, inputs: Inputs, return_probabilities: Asked) -> PredictionWithProbabilities: ...

    @overload
    def predict(self, inputs: Inputs, return_probabilities: AskedOrNot = False) -> Prediction: ...

    def predict(self, inputs: Inputs, return_probabilities: bool = False) -> Prediction:
        """Predicts rows given as columns: one array a feature, all of the same length.

        Raises:
            InferenceError: or one of its kinds, where no prediction came.
            ValueError: where a value is no number (NaN): missing values are None.
        """
        return self._predict("/predict", {"inputs": inputs}, return_probabilities)

    @overload
    def batch_predict(
        self, instances: Sequence[Instance], return_probabilities: Asked
    ) -> PredictionWithProbabilities: ...

    @overload
    def batch_predict(self, instances: Sequence[Instance], return_probabilities: AskedOrNot = False) -> Prediction: ...

    def batch_predict(self, instances: Sequence[Instance], return_probabilities: bool = False) -> Prediction:
        """Predicts rows given as objects. Raises what `predict` does."""
        return self._predict("/batch_predict", {"instances": instances}, return_probabilities)

    def health(self) -> Health:
        """Whether the service is ready. One that isn't is an answer too, not an error."""
        answer = self._send("GET", "/health")
        body = answer.body()
        if isinstance(body, dict) and "model_loaded" in body:
            return cast(Health, body)
        raise self._error("/health", answer)

    def metadata(self) -> Metadata:
        """Which model answers, and what it takes."""
        return cast(Metadata, self._ask("GET", "/metadata"))

    def close(self) -> None:
        """Closes the connections that are open; a request after that opens a new one."""
        while self._idle:
            self._idle.pop().close()

    def __enter__(self) -> MLInferenceClient:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def _predict(self, path: str, rows: dict[str, Any], return_probabilities: bool) -> Prediction:
        asked = {"return_probabilities": True} if return_probabilities else {}
        body = json.dumps({**rows, **asked}, allow_nan=False, separators=(",", ":")).encode()
        return cast(Prediction, self._ask("POST", path, body))

    def _ask(self, method: str, path: str, body: Optional[bytes] = None) -> object:
        again = self._retries
        while True:
            answer = self._send(method, path, body)
            content = answer.body()
            if answer.status == 200 and content is not None:
                return content
            wait = retry_after_seconds(answer.headers["Retry-After"])
            if answer.status != 503 or wait is None or again <= 0:
                raise self._error(path, answer)
            again -= 1
            time.sleep(wait)

    def _send(self, method: str, path: str, body: Optional[bytes] = None) -> _Answer:
        headers = {**self._headers, "Content-Type": "application/json"} if body else self._headers
        while True:
            connection = self._idle.pop() if self._idle else None
            kept = connection is not None
            connection = connection or self._connect()
            try:
                connection.request(method, self._parts.path.rstrip("/") + path, body, headers)
                response = connection.getresponse()
                answer = _Answer(response.status, response.headers, response.read())
            except socket.timeout as error:
                connection.close()
                raise InferenceTimeoutError(f"{self._url}{path}: silent for {self._timeout} s") from error
            except (OSError, HTTPException) as error:
                connection.close()
                # The service may have closed a connection that was idle for long, just as it was used again.
                if kept:
                    continue
                raise InferenceError(f"{self._url}{path}: no answer: {error}") from error
            self._idle.append(connection)
            return answer

    def _connect(self) -> HTTPConnection:
        kind: Union[type[HTTPConnection], type[HTTPSConnection]]
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(cast(str, self._parts.hostname), self._parts.port, timeout=self._timeout)

    def _error(self, path: str, answer: _Answer) -> InferenceError:
        problem = answer.body()
        said = problem if isinstance(problem, dict) else {}
        message = f"{self._url}{path}: {answer.status} {said.get('detail', '')}".rstrip()
        request_id = answer.headers["X-Request-Id"]
        if answer.status == 422:
            return InvalidFeaturesError(message, request_id, said.get("errors", []))
        kind = ServiceUnavailableError if answer.status == 503 else InferenceError
        return kind(message, answer.status, request_id)


class _Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    content: bytes

    def body(self) -> object:
        """What it holds as JSON; None where it holds none."""
        try:
            body: object = json.loads(self.content)
        except ValueError:
            return None
        return body
