"""What real clients of the service's protocols see: `log`, `triton`, `texts`, `mlflow`; prints one line of JSON.

`log` registers models in the store that MLFLOW_TRACKING_URI names; the others ask a service on a port of this machine.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy


def log():
    """Logs skl2onnx models with MLflow, by what their folders declare and what their outputs are."""
    import mlflow
    import pandas
    from mlflow.models import ModelSignature, infer_signature
    from mlflow.types import ColSpec, Schema
    from skl2onnx import convert_sklearn, to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    random = numpy.random.RandomState(0)
    frame = pandas.DataFrame({"a": random.randint(0, 9, 300), "b": random.rand(300), "c": random.rand(300)})
    matrix = frame.to_numpy(numpy.float32)
    label = (frame.a / 9 + frame.b > 1).astype(int)
    forest = RandomForestClassifier(20, random_state=0).fit(matrix, label)
    words = RandomForestClassifier(20, random_state=0).fit(matrix, numpy.array(["stays", "leaves"])[label])
    linear = LinearRegression().fit(matrix, frame.b * 3)
    specs = [ColSpec("long", "a"), ColSpec("double", "b"), ColSpec("double", "c", required=False)]
    named, tensors = ModelSignature(Schema(specs)), infer_signature(matrix)

    places = pandas.DataFrame({"city": numpy.array(["Oslo", "Ålesund"])[label], "age": frame.a.astype(numpy.float32)})
    encoder = ColumnTransformer([("city", OneHotEncoder(handle_unknown="ignore"), ["city"])], remainder="passthrough")
    pipeline = make_pipeline(encoder, LogisticRegression()).fit(places, numpy.array(["north", "south"])[label])
    types = [("city", StringTensorType([None, 1])), ("age", FloatTensorType([None, 1]))]

    def export(model, **options):
        return to_onnx(model, matrix[:1], options=options or None)

    models = {
        "maps": (export(forest), named),
        "words": (export(words, zipmap="columns"), named),
        "regressor": (export(linear), named),
        "tensors": (export(forest, zipmap=False), tensors),
        "tensor_maps": (export(forest), tensors),
        "nothing": (export(forest, zipmap="columns"), None),
        "regressor_nothing": (export(linear), None),
        "places": (convert_sklearn(pipeline, initial_types=types, options={"zipmap": False}), infer_signature(places)),
    }
    for name, (onnx, signature) in models.items():
        with mlflow.start_run():
            mlflow.onnx.log_model(onnx, name="model", registered_model_name=name, signature=signature)
    sample = places.head(20)
    return {
        "rows": sample.values.tolist(),
        "labels": pipeline.predict(sample).tolist(),
        "probabilities": pipeline.predict_proba(sample).tolist(),
    }


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


def texts(port, rows):
    """What Triton's client is told of rows of the model `places`: a text and a number each."""
    from tritonclient import http

    client = http.InferenceServerClient(f"127.0.0.1:{port}")
    rows = json.loads(rows)
    city = numpy.array([[city] for city, _ in rows], dtype=numpy.object_)
    age = numpy.array([[age] for _, age in rows], dtype=numpy.float32)
    answers = []
    for binary in (True, False):
        inputs = [http.InferInput("city", city.shape, "BYTES"), http.InferInput("age", age.shape, "FP32")]
        inputs[0].set_data_from_numpy(city, binary_data=binary)
        inputs[1].set_data_from_numpy(age, binary_data=binary)
        outputs = [http.InferRequestedOutput(name, binary) for name in ("predictions", "probabilities")]
        answer = client.infer("places", inputs, outputs=outputs)
        labels = [item.decode() if isinstance(item, bytes) else item for item in answer.as_numpy("predictions").tolist()]
        answers.append({"labels": labels, "probabilities": answer.as_numpy("probabilities").tolist()})
    return {"datatypes": [tensor["datatype"] for tensor in client.get_model_metadata("places")["inputs"]], "answers": answers}


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
print("\n" + json.dumps({"log": log, "triton": triton, "texts": texts, "mlflow": mlflow_client}[command](*arguments)))
