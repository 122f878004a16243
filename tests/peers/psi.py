"""Population stability index of each feature, in numpy alone: nothing of it comes from the service.

Reads FOLDER/training.json and FOLDER/asked.json, by feature a list of numbers (null where missing), and prints by feature
the training rows' bin edges and counts, the index, and the share of asked rows without a value.
"""

import json
import sys
from pathlib import Path

import numpy

folder = Path(sys.argv[1])
training, asked = (
    {name: numpy.array(values, dtype=float) for name, values in json.loads((folder / file).read_text()).items()}
    for file in ("training.json", "asked.json")
)


def known(values):
    return values[~numpy.isnan(values)]


def deciles(values):
    edges = numpy.unique(numpy.quantile(values, numpy.arange(1, 10) / 10, method="inverted_cdf"))
    below = edges[edges < values.max()]
    return below if len(below) else numpy.unique(values)[-2:-1]


def counts(values, edges):
    bounds = numpy.concatenate(([-numpy.inf], edges, [numpy.inf]))
    return numpy.array([((values > low) & (values <= high)).sum() for low, high in zip(bounds, bounds[1:])])


def share(counts):
    return numpy.maximum(counts / counts.sum(), 1e-4)


told = {}
for name, values in training.items():
    edges = deciles(known(values))
    before, now = counts(known(values), edges), counts(known(asked[name]), edges)
    expected, actual = share(before), share(now)
    told[name] = {
        "edges": edges.tolist(),
        "counts": before.tolist(),
        "psi": float(((actual - expected) * numpy.log(actual / expected)).sum()),
        "missing": float(numpy.isnan(asked[name]).mean()),
    }
print(json.dumps(told))
