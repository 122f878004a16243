"""What real clients of the service's protocols see: `log`, `triton`, `mlflow`; prints one line of JSON.

`log` registers models in the store that MLFLOW_TRACKING_URI names; the others ask a service on a port of this machine.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy


def log():
    """Logs skl2onnx models with MLflow, by what their folders declare and how their outputs are made."""
    import mlflow
    import pandas
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types import ColSpec, Schema
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestClassifier

    random = numpy.random.RandomState(0)
    frame = pandas.DataFrame({"a": random.randint(0, 9, 300), "b": random.rand(300), "c": random.rand(300)})
    matrix = frame.to_numpy(numpy.float32)
    forest = RandomForestClassifier(20, random_state=0).fit(matrix, (frame.a / 9 + frame.b > 1).astype(int))
    named = ModelSignature(Schema([ColSpec("long", "a"), ColSpec("double", "b"), ColSpec("double", "c", required=False)]))
    outputs = {"matrix": {"zipmap": False}, "columns": {"zipmap": "columns"}}
    for name, output, signature in (
        ("named", "columns", named),
        ("tensors", "matrix", infer_signature(matrix)),
        ("nothing", "columns", None),
    ):
        with mlflow.start_run():
            model = to_onnx(forest, matrix[:1], options=outputs[output])
            mlflow.onnx.log_model(model, name="model", registered_model_name=name, signature=signature)
    return "logged"


def triton(port, model):
    """All that Triton's client is told by a service of the model of tests/peers/mlflow-forest.ts."""
    from tritonclient import http
    from tritonclient.utils import InferenceServerException

    client = http.InferenceServerClient(f"127.0.0.1:{port}")
    rows = numpy.array([[3, numpy.nan, 0], [3, 20, 1], [10, 52.5, 2]])

    def tensor(name, values, datatype, binary):
        made = http.InferInput(name, list(values.shape), datatype)
        return made.set_data_from_numpy(values, binary_data=binary)

    def by_feature(binary):
        given = rows[1:]
        return [
            tensor("total_purchases", given[:, 0].astype(numpy.int64), "INT64", binary),
            tensor("avg_purchase_value", given[:, 1:2].astype(numpy.float32), "FP32", binary),
            tensor("support_tickets_count", given[:, 2].astype(numpy.uint8), "UINT8", binary),
        ]

    def arrays(answer):
        found = {name: answer.as_numpy(name) for name in ("predictions", "probabilities")}
        return {
            name: {"dtype": str(values.dtype), "values": values.tolist()}
            for name, values in found.items()
            if values is not None
        }

    def refusal(call):
        try:
            return call()
        except InferenceServerException as error:
            return {"status": error.status(), "message": error.message()}

    whole = tensor("rows", rows, "FP64", True)
    wanted = [http.InferRequestedOutput("probabilities", binary_data=False)]
    named = client.infer(model, [whole], model_version="1", request_id="é 1", outputs=wanted)
    return {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "model_ready": [client.is_model_ready(model), client.is_model_ready(model, "1")],
        "others_ready": [client.is_model_ready(model, "2"), client.is_model_ready("other")],
        "server": client.get_server_metadata(),
        "model": client.get_model_metadata(model),
        "version": client.get_model_metadata(model, "1"),
        "whole": arrays(client.infer(model, [whole])),
        "json": arrays(client.infer(model, [tensor("rows", rows[1:], "FP64", False)])),
        "by_feature": [arrays(client.infer(model, by_feature(binary))) for binary in (True, False)],
        "named": {"response": named.get_response(), **arrays(named)},
        "asynchronous": [arrays(call.get_result()) for call in [client.async_infer(model, [whole]) for _ in range(20)]],
        "refusals": {
            "model": refusal(lambda: client.infer("other", [whole])),
            "version": refusal(lambda: client.get_model_metadata(model, "2")),
            "input": refusal(lambda: client.infer(model, [tensor("x", rows[:, 0], "FP64", True)])),
            "datatype": refusal(lambda: client.infer(model, [tensor("rows", rows.astype(bytes), "BYTES", True)])),
            "output": refusal(lambda: client.infer(model, [whole], outputs=[http.InferRequestedOutput("label")])),
            "compressed": refusal(lambda: client.infer(model, [whole], request_compression_algorithm="gzip")),
            "unknown": refusal(lambda: client.get_model_config(model)),
        },
    }


def mlflow_client(port):
    """What MLflow's own client of a scoring server is told, by a service of the same model."""
    import pandas
    from mlflow.pyfunc.scoring_server.client import ScoringServerClient

    client = ScoringServerClient("127.0.0.1", port)
    client.wait_server_ready()
    client.ping()
    frame = pandas.DataFrame(
        {
            "total_purchases": [3, 3, 10],
            "avg_purchase_value": [None, 20, 52.5],
            "support_tickets_count": [0, 1, 2],
        }
    )
    matrix = frame.iloc[1:].to_numpy()
    try:
        client.invoke(frame.drop(columns="total_purchases"))
        refusal = None
    except Exception as error:
        refusal = str(error)
    return {
        "version": client.get_version(),
        "frame": client.invoke(frame).get_predictions().to_dict("records"),
        "params": client.invoke(frame, params={"any": 1}).get_predictions().to_dict("records"),
        "matrix": client.invoke(matrix).get_predictions().to_dict("records"),
        "csv": frame.to_csv(),
        "refusal": refusal,
    }


command, *arguments = sys.argv[1:]
print("\n" + json.dumps({"log": log, "triton": triton, "mlflow": mlflow_client}[command](*arguments)))
