"""Fits the forest that each line of standard input names on the rows of a folder, and answers with a line of JSON."""

import json
import sys
import time
from pathlib import Path

import lightgbm
import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

folder = Path(sys.argv[1])
trees, depth, feature_count = map(int, sys.argv[2:5])


def rows(name):
    """The features, in the order that scikit-learn converts to, and the label, the last column of the file."""
    columns = np.fromfile(folder / name, dtype="<f8").reshape(feature_count + 1, -1)
    return np.ascontiguousarray(columns[:-1].T), columns[-1].astype(int)


train, train_labels = rows("train.bin")
test, test_labels = rows("test.bin")

# LightGBM's random forest mode draws no rows with replacement: 63.2 % without it are as many distinct ones.
forests = {
    "scikit-learn": lambda: RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=0, n_jobs=-1),
    "lightgbm": lambda: lightgbm.LGBMClassifier(
        boosting_type="rf",
        n_estimators=trees,
        max_depth=depth,
        num_leaves=2**depth,
        min_child_samples=1,
        bagging_fraction=0.632,
        bagging_freq=1,
        feature_fraction_bynode=int(feature_count**0.5) / feature_count,
        random_state=0,
        n_jobs=-1,
        verbose=-1,
    ),
}

print(json.dumps({"scikit-learn": sklearn.__version__, "lightgbm": lightgbm.__version__}), flush=True)
for line in sys.stdin:
    started = time.perf_counter()
    model = forests[line.strip()]().fit(train, train_labels)
    seconds = time.perf_counter() - started
    roc_auc = roc_auc_score(test_labels, model.predict_proba(test)[:, 1])
    print(json.dumps({"seconds": seconds, "rocAuc": roc_auc}), flush=True)
