"""Fits scikit-learn's trees and forests: for each folder with task.json, train.bin and test.bin, one line of JSON."""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier


def read_rows(path, features):
    """The features, and the label, which is the last column of the file."""
    columns = np.fromfile(path, dtype="<f8").reshape(features + 1, -1)
    return columns[:-1].T, columns[-1].astype(int)


def fit_forest(params, train, train_labels, test, test_labels):
    model = RandomForestClassifier(n_jobs=-1, **params).fit(train, train_labels)
    return {
        "rocAuc": roc_auc_score(test_labels, model.predict_proba(test)[:, 1]),
        "accuracy": accuracy_score(test_labels, model.predict(test)),
    }


def fit_tree(params, train, train_labels, test, _test_labels):
    model = DecisionTreeClassifier(**params).fit(train, train_labels)
    tree = model.tree_
    leaf = tree.children_left < 0
    # NaN <= inf is false: scikit-learn's way to part the missing values from all others; our finite one is the maximum.
    threshold = np.minimum(tree.threshold, sys.float_info.max)
    return {
        "feature": np.where(leaf, -1, tree.feature).tolist(),
        "threshold": np.where(leaf, 0, threshold).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "missingLeft": np.where(leaf, 0, tree.missing_go_to_left).tolist(),
        "value": tree.value[:, 0, :].ravel().tolist(),
        "probabilities": model.predict_proba(test).ravel().tolist(),
    }


for folder in map(Path, sys.argv[1:]):
    task = json.loads((folder / "task.json").read_text())
    fit = fit_forest if task["estimator"] == "forest" else fit_tree
    train, train_labels = read_rows(folder / "train.bin", task["features"])
    test, test_labels = read_rows(folder / "test.bin", task["features"])
    print(json.dumps(fit(task["params"], train, train_labels, test, test_labels)))
