"""What real MLflow does with a store: `read`, `log`, `yaml`; prints one line of JSON.

The store is the one that MLFLOW_TRACKING_URI names.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")


def answers(output):
    """A pyfunc's answer as plain lists by column."""
    if hasattr(output, "to_dict"):
        return output.to_dict("list")
    return {name: values.tolist() for name, values in output.items()}


def read(model, version, sample):
    """All that MLflow's client, onnx and pyfunc see of a version."""
    import mlflow
    import numpy
    import onnx
    import onnxruntime
    import pandas

    client = mlflow.MlflowClient()
    uri = f"models:/{model}/{version}"
    found = client.get_model_version(model, version)
    run = client.get_run(found.run_id)
    logged = client.get_logged_model(found.source.removeprefix("models:/"))
    raw = mlflow.onnx.load_model(uri)
    onnx.checker.check_model(raw, full_check=True)
    session = onnxruntime.InferenceSession(raw.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    rows = numpy.array(sample["rows"], dtype=numpy.float64)
    pyfunc = mlflow.pyfunc.load_model(uri)
    schema = pyfunc.metadata.signature
    kinds = {"long": "int64", "double": "float64"}
    frame = pandas.DataFrame(sample["rows"], columns=sample["columns"]).astype(
        {column.name: kinds[column.type.name] for column in schema.inputs}
    )
    example = pyfunc.metadata.load_input_example(client_path(mlflow, uri))
    return {
        "onnx": {name: values.tolist() for name, values in zip(names, session.run(names, {"features": rows}))},
        "frame": answers(pyfunc.predict(frame)),
        "dict": answers(pyfunc.predict({name: frame[name].to_numpy() for name in frame})),
        "dtypes": [str(kind) for kind in frame.dtypes],
        "signature": {"inputs": schema.inputs.to_dict(), "outputs": schema.outputs.to_dict()},
        "metadata": pyfunc.metadata.metadata,
        "size": pyfunc.metadata.model_size_bytes,
        "example": json.loads(example.to_json(orient="split"))["data"],
        "run": {
            "status": run.info.status,
            "name": run.info.run_name,
            "params": run.data.params,
            "metrics": run.data.metrics,
            "tags": run.data.tags,
            "history": [len(client.get_metric_history(found.run_id, name)) for name in run.data.metrics],
            "datasets": [dict(entry.dataset) for entry in run.inputs.dataset_inputs],
            "contexts": [[tag.value for tag in entry.tags] for entry in run.inputs.dataset_inputs],
            "outputs": [output.model_id for output in run.outputs.model_outputs],
        },
        "logged": {
            "id": logged.model_id,
            "name": logged.name,
            "type": logged.model_type,
            "status": str(logged.status),
            "run": logged.source_run_id,
            "params": logged.params,
            "metrics": {metric.key: metric.value for metric in logged.metrics},
            "versions": json.loads(logged.tags["mlflow.modelVersions"]),
        },
        "version": {"status": found.status, "tags": found.tags, "aliases": list(found.aliases)},
        "versions": sorted(int(entry.version) for entry in client.search_model_versions(f"name='{model}'")),
        "experiments": sorted(entry.name for entry in client.search_experiments()),
        "runs": len(client.search_runs([run.info.experiment_id])),
        "models": [entry.name for entry in client.search_registered_models()],
    }


def client_path(mlflow, uri):
    return mlflow.artifacts.download_artifacts(artifact_uri=uri)


def log(model):
    """Logs a forest of skl2onnx four times: with columns, with tensors, without a signature, and with external data."""
    import mlflow
    import numpy
    import onnxruntime
    import pandas
    from mlflow.models import infer_signature
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestClassifier

    random = numpy.random.default_rng(0)
    rows = random.normal(size=(200, 3)).astype(numpy.float32)
    labels = (rows.sum(axis=1) > 0).astype(numpy.int64)
    forest = RandomForestClassifier(n_estimators=20, random_state=0).fit(rows, labels)
    onnx_model = to_onnx(forest, rows[:1], options={"zipmap": False})
    frame = pandas.DataFrame(rows, columns=["a", "b", "c"])
    signatures = {
        "columns": infer_signature(frame, labels),
        "tensors": infer_signature(rows, labels),
        "none": None,
    }
    mlflow.set_experiment("python")
    runs = {}
    for name, signature in signatures.items():
        with mlflow.start_run(run_name=name) as run:
            mlflow.log_params({"kind": name, "none": None})
            mlflow.log_metric("loss", float("nan"))
            mlflow.log_metric("loss", 0.5, step=1)
            mlflow.onnx.log_model(onnx_model, name="model", signature=signature, registered_model_name=model)
            runs[name] = run.info.run_id
    with mlflow.start_run(run_name="external"):
        mlflow.onnx.log_model(large_model(), name="model", registered_model_name=model)
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(model, "champion", "1")
    client.set_model_version_tag(model, "1", "team", "growth")
    session = onnxruntime.InferenceSession(onnx_model.SerializeToString(), providers=["CPUExecutionProvider"])
    label, probabilities = session.run(None, {"X": rows[:5]})
    return {
        "runs": runs,
        "rows": rows[:5].tolist(),
        "predictions": label.tolist(),
        "probabilities": probabilities.tolist(),
    }


def large_model():
    """A model with a tensor large enough for ONNX to put into a file of its own."""
    import numpy
    from onnx import TensorProto, helper, numpy_helper

    weights = numpy_helper.from_array(numpy.ones((3, 4096)), "weights")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "weights"], ["Y"])],
        "large",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", 3])],
        [helper.make_tensor_value_info("Y", TensorProto.DOUBLE, ["N", 4096])],
        [weights],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def parse_yaml(path):
    """What PyYAML reads from each text of a JSON list."""
    import yaml

    with open(path, encoding="utf-8") as file:
        return [yaml.safe_load(text) for text in json.load(file)]


def main():
    command, *arguments = sys.argv[1:]
    if command == "read":
        model, version, sample = arguments
        result = read(model, version, json.loads(sample))
    elif command == "log":
        result = log(*arguments)
    else:
        result = parse_yaml(*arguments)
    print("\n" + json.dumps(result))


main()
