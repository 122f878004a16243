"""Feast's side of predictions by entity: `read`, `write`, `mixed`. Each prints one line of JSON."""

import json
import os
import sys
from datetime import timedelta

import pandas as pd
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource
from feast.types import Bool, Float32, Float64, Int32, Int64, String
from feast.value_type import ValueType


def mixed(folder, rows, entities):
    """Makes a repository with two entities, one of them under another name in its service, and every type of number;
    writes rows of each view, and reads entities."""
    os.makedirs(folder)
    with open(os.path.join(folder, "feature_store.yaml"), "w") as file:
        file.write(
            "project: mixed\nprovider: local\nregistry: registry.db\nonline_store:\n  type: sqlite\n  path: online.db\n"
            "offline_store:\n  type: duckdb\nentity_key_serialization_version: 3\n"
        )
    customer = Entity(name="customer", join_keys=["customer_id"], value_type=ValueType.INT64)
    shop = Entity(name="shop", join_keys=["shop"], value_type=ValueType.STRING)

    def view(name, entities, keys, features):
        path = os.path.join(folder, f"{name}.parquet")
        pd.DataFrame({"event_timestamp": pd.Series([], dtype="datetime64[ns, UTC]")}).to_parquet(path)
        schema = [Field(name=field, dtype=dtype) for field, dtype in {**keys, **features}.items()]
        source = FileSource(path=path, timestamp_field="event_timestamp")
        return FeatureView(name=name, entities=entities, ttl=timedelta(days=1), schema=schema, source=source)

    id_key, shop_key = {"customer_id": Int64}, {"shop": String}
    people = view("people", [customer], id_key, {"age": Int32, "active": Bool, "spent": Float32, "count": Int64})
    shops = view("shops", [shop], shop_key, {"rating": Float64})
    visits = view("visits", [customer, shop], {**id_key, **shop_key}, {"visits": Int64, "mean": Float64})
    buyer = people.with_name("buyer").with_join_key_map({"customer_id": "buyer_id"})
    # Under a name of its own, too: Feast fails to compare a service that has a view with and without one.
    visitor = people.with_name("visitor")
    mixed = FeatureService(name="mixed", features=[buyer[["age", "spent"]], visits, shops, visitor[["active", "count"]]])
    FeatureStore(repo_path=folder).apply([customer, shop, people, shops, visits, mixed])
    for name, own in json.loads(rows).items():
        write(folder, name, own)
    return read(folder, "mixed", entities)


def write(repository, view, rows):
    """Writes rows into the online store, as a stream would."""
    frame = pd.DataFrame(json.loads(rows) if isinstance(rows, str) else rows)
    for column in frame.columns.intersection(["event_timestamp", "created_timestamp"]):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    FeatureStore(repo_path=repository).write_to_online_store(view, frame.convert_dtypes())


def read(repository, service, entities):
    """What Feast's Python SDK finds in the online store, by feature."""
    store = FeatureStore(repo_path=repository)
    features = store.get_feature_service(service)
    answer = store.get_online_features(features=features, entity_rows=json.loads(entities), full_feature_names=True)
    return answer.to_dict()


commands = {"mixed": mixed, "write": write, "read": read}
print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
