"""python train_sklearn.py TRAIN ASKED FOREST TREES DEPTH: fits scikit-learn's forest and keeps it in the file FOREST.

TRAIN has the features and the label, ASKED the features, column after column, doubles. Prints the forest's answers to ASKED.
"""

import json
import sys

import joblib
import numpy as np
from churn import FEATURES
from sklearn.ensemble import RandomForestClassifier

train_file, asked_file, forest_file = sys.argv[1:4]
trees, depth = map(int, sys.argv[4:])
train = np.fromfile(train_file, dtype="<f8").reshape(len(FEATURES) + 1, -1).T
asked = np.fromfile(asked_file, dtype="<f8").reshape(len(FEATURES), -1).T

# Threads start for each request, which costs more than they save on three rows.
model = RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=0, n_jobs=-1)
model.fit(train[:, :-1], train[:, -1].astype(int))
model.set_params(n_jobs=1)
joblib.dump(model, forest_file)
print(json.dumps({"predictions": model.predict(asked).tolist(), "probabilities": model.predict_proba(asked).tolist()}))
