"""python fastapi_sklearn.py PORT FOREST: FastAPI with scikit-learn.

The labels are taken from the probabilities: asking `predict` for them too would run the forest twice.
"""

import sys

import joblib
from fastapi_server import serve

model = joblib.load(sys.argv[2])


def forest(rows):
    probabilities = model.predict_proba(rows)
    return model.classes_[probabilities.argmax(axis=1)], probabilities


serve(forest, int(sys.argv[1]))
