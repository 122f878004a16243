"""Real Feast's point-in-time join.

feast_join.py REPOSITORY STORE JOBS

STORE is an offline store's type (duckdb, dask); JOBS a JSON list of {"entities": Parquet (of the repository), "out": Parquet to write,
"selection": a service or "view:feature,…", "full": full feature names}. Prints, as JSON, the rows of each job and the
seconds that it took, Python's start and imports aside.
"""

import json
import os
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from feast import FeatureStore
from feast.repo_config import load_repo_config

repository, store, jobs = sys.argv[1:4]

# The duckdb store reads relative sources from the current folder, not from the repository.
os.chdir(repository)
config = load_repo_config(Path("."), Path("feature_store.yaml"))
config.offline_config = {"type": store}
feast = FeatureStore(config=config)


def retrieve(entities, out, selection, full):
    started = time.perf_counter()
    features = selection.split(",") if ":" in selection else feast.get_feature_service(selection)
    rows = pd.read_parquet(entities)
    table = feast.get_historical_features(entity_df=rows, features=features, full_feature_names=full).to_arrow()
    pq.write_table(table, out, compression="zstd")
    return {"rows": table.num_rows, "seconds": time.perf_counter() - started}


print(json.dumps([retrieve(**job) for job in json.loads(jobs)]))
