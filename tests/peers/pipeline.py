"""What scikit-learn, onnx, ONNX Runtime and MLflow say of a training: `metrics`, `forest`, `graph`, `model`.

Each command takes paths of JSON or binary files and prints one line of JSON.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")


def metrics(path):
    """scikit-learn's metrics of each judgement in a list."""
    import numpy
    from sklearn import metrics as sk

    def judge(case):
        labels, predictions = numpy.array(case["labels"]), numpy.array(case["predictions"])
        classes = case["classes"]
        probabilities = numpy.array(case["probabilities"]).reshape(len(labels), len(classes))
        binary = len(classes) == 2
        average = {"average": "binary", "pos_label": classes[1]} if binary else {"average": "macro"}
        scores = probabilities[:, 1] if binary else probabilities
        positive = {"pos_label": classes[1]} if binary else {}
        several = {} if binary else {"multi_class": "ovr", "labels": classes}
        return {
            "accuracy": sk.accuracy_score(labels, predictions),
            "precision": sk.precision_score(labels, predictions, **average),
            "recall": sk.recall_score(labels, predictions, **average),
            "f1_score": sk.f1_score(labels, predictions, **average),
            "roc_auc": sk.roc_auc_score(labels, scores, **several),
            "average_precision": sk.average_precision_score(labels, scores, **positive),
            "log_loss": sk.log_loss(labels, probabilities, labels=classes),
            "brier_score": sk.brier_score_loss(labels, probabilities, labels=classes),
            "baseline_accuracy": sk.accuracy_score(labels, numpy.full(len(labels), case["majority"])),
        }

    with open(path) as file:
        return [judge(case) for case in json.load(file)]


def forest(path, rows, columns, train_rows, test_start):
    """ROC AUC and accuracy of scikit-learn's forest; the file holds the label and the features, column by column."""
    import numpy
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import accuracy_score, roc_auc_score

    table = numpy.fromfile(path, dtype="<f8").reshape(int(columns), int(rows)).T
    train, test = table[: int(train_rows)], table[int(test_start) :]
    model = RandomForestClassifier(n_estimators=100, max_depth=10, random_state=0, n_jobs=-1)
    model.fit(train[:, 1:], train[:, 0])
    return {
        "roc_auc": roc_auc_score(test[:, 0], model.predict_proba(test[:, 1:])[:, 1]),
        "accuracy": accuracy_score(test[:, 0], model.predict(test[:, 1:])),
    }


def graph(onnx_path, rows_path):
    """ONNX Runtime's answers by output, after onnx has checked the whole graph."""
    import numpy
    import onnx
    import onnxruntime

    onnx.checker.check_model(onnx_path, full_check=True)
    session = onnxruntime.InferenceSession(onnx_path, providers=["CPUExecutionProvider"])
    with open(rows_path) as file:
        rows = numpy.array(json.load(file), dtype=numpy.float64)
    names = [output.name for output in session.get_outputs()]
    return {name: values.tolist() for name, values in zip(names, session.run(names, {"features": rows}))}


def model(name, version):
    """mlflow.pyfunc's answers to the golden sample, as a DataFrame of named columns, and what Feast's tags say."""
    import mlflow
    import pandas

    uri = f"models:/{name}/{version}"
    folder = mlflow.artifacts.download_artifacts(artifact_uri=uri)
    with open(f"{folder}/golden_sample.json") as file:
        golden = json.load(file)
    pyfunc = mlflow.pyfunc.load_model(uri)
    frame = pandas.DataFrame(golden["rows"], columns=golden["columns"])
    types = {column.name: column.type.to_pandas() for column in pyfunc.metadata.signature.inputs}
    client = mlflow.MlflowClient()
    run = client.get_run(client.get_model_version(name, version).run_id)
    return {
        "golden": golden,
        "answers": pyfunc.predict(frame.astype(types)).to_dict("list"),
        "metrics": run.data.metrics,
        "service": run.data.tags["feast.feature_service"],
        "datasets": [entry.dataset.name for entry in run.inputs.dataset_inputs],
    }


commands = {"metrics": metrics, "forest": forest, "graph": graph, "model": model}
print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
