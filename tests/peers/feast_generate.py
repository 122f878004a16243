"""Makes a Feast repository whose rows are hard to join, and three entity tables for it.

feast_generate.py FOLDER

Duplicates and ties (broken by the created timestamp, null lowest), rows exactly at the edges of the TTL, nulls in keys,
times and values, several zones and resolutions, a view with two join keys and a field mapping, a view joined twice by
other columns, a view without entities, and columns that differ in case only. Rows with the same keys, timestamp and
created timestamp have the same values, since Feast leaves it open which of them wins.
"""

import os
import sys
from datetime import timedelta

import numpy as np
import pandas as pd
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource
from feast.types import Bool, Float32, Float64, Int32, Int64, String
from feast.value_type import ValueType

folder = sys.argv[1]
os.makedirs(os.path.join(folder, "data", "parts"), exist_ok=True)
os.chdir(folder)
random = np.random.default_rng(7)

USERS, DAYS = 400, 40
start = pd.Timestamp("2024-03-01", tz="UTC")


def hours(n, step=6):
    """Times on a grid, so that ties and the bounds of a TTL come up often."""
    return start + pd.to_timedelta(random.integers(0, DAYS * 24 // step, n) * step, unit="h")


def sprinkle(values, share=0.05):
    return pd.Series(values).mask(random.random(len(values)) < share)


def feature_rows(n, keys, time, created):
    frame = pd.DataFrame({**keys, time: hours(n)})
    frame[created] = frame[time] + pd.to_timedelta(random.integers(0, 5, n), unit="h")
    frame[created] = frame[created].mask(random.random(n) < 0.1)
    # Values come last and are those of the first of each full tie.
    frame["number"] = sprinkle(random.normal(size=n))
    return frame


def settle_ties(frame, by):
    values = [column for column in frame.columns if column not in by]
    firsts = frame.drop_duplicates(by)[by + values]
    return frame[by].merge(firsts, on=by, how="left")


spending = feature_rows(20_000, {"user_id": random.integers(0, USERS, 20_000).astype("int32")}, "event_timestamp", "created")
spending["spent"] = sprinkle(random.integers(0, 1000, len(spending))).astype("Int64")
spending["Spent"] = -1
spending["kind"] = sprinkle(random.choice(["a", "b", "ü"], len(spending)))
spending["active"] = random.random(len(spending)) < 0.5
spending = settle_ties(spending, ["user_id", "event_timestamp", "created"])
spending.loc[random.random(len(spending)) < 0.01, "event_timestamp"] = pd.NaT
spending["event_timestamp"] = spending["event_timestamp"].dt.tz_convert("America/New_York")
spending.to_parquet("data/spending.parquet")

visits = feature_rows(
    20_000,
    {"uid": random.integers(0, USERS, 20_000), "shop": random.choice(["x", "y", "z"], 20_000)},
    "seen_at",
    "written_at",
)
visits["count"] = random.integers(0, 50, len(visits)).astype("int32")
visits = settle_ties(visits, ["uid", "shop", "seen_at", "written_at"])
visits["uid"] = sprinkle(visits["uid"], 0.01).astype("Int64")
for column in ("seen_at", "written_at"):
    visits[column] = visits[column].dt.tz_localize(None)
visits.to_parquet("data/visits.parquet", coerce_timestamps="us")

scores = pd.DataFrame({"user_id": random.integers(0, USERS, 6_000), "ts": hours(6_000, step=1)})
scores["score"] = random.random(len(scores)).astype("float32")
scores = scores.drop_duplicates(["user_id", "ts"])
scores.to_parquet("data/scores.parquet")

rates = pd.DataFrame({"ts": start + pd.to_timedelta(np.arange(0, DAYS, 2), unit="D")})
rates["rate"] = random.random(len(rates))
rates.to_parquet("data/rates.parquet")

n = 8_000
entities = pd.DataFrame(
    {
        "row_id": np.arange(n),
        "user_id": random.integers(0, USERS + 20, n),
        "shop": sprinkle(random.choice(["x", "y", "z", "w"], n)),
        "buyer_id": random.integers(0, USERS, n),
        "seller_id": random.integers(0, USERS, n),
        "event_timestamp": hours(n) + pd.to_timedelta(random.choice([0, 0, 1, -1], n), unit="us"),
        "label": random.integers(0, 2, n),
    }
)
repeated = entities.sample(500, random_state=1).assign(row_id=np.arange(n, n + 500))
entities = pd.concat([entities, repeated], ignore_index=True)
entities.assign(event_timestamp=entities["event_timestamp"].dt.tz_convert("Europe/Berlin")).to_parquet("aware.parquet")
entities.assign(event_timestamp=entities["event_timestamp"].dt.tz_localize(None)).to_parquet("naive.parquet")
berlin = entities["event_timestamp"].dt.tz_convert("Europe/Berlin")
entities.assign(event_timestamp=berlin.map(lambda time: time.isoformat(timespec="microseconds"))).to_parquet("text.parquet")

with open("feature_store.yaml", "w") as file:
    file.write(
        "project: hard\nprovider: local\nregistry: data/registry.db\noffline_store:\n  type: duckdb\n"
        "online_store: null\nentity_key_serialization_version: 3\n"
    )

user = Entity(name="user", join_keys=["user_id"], value_type=ValueType.INT64)
shop = Entity(name="shop", join_keys=["shop"], value_type=ValueType.STRING)
spending_view = FeatureView(
    name="spending",
    entities=[user],
    ttl=timedelta(hours=48),
    schema=[
        Field(name="user_id", dtype=Int64),
        Field(name="number", dtype=Float64),
        Field(name="spent", dtype=Int64),
        Field(name="kind", dtype=String),
        Field(name="active", dtype=Bool),
    ],
    source=FileSource(
        path="data/spending.parquet", timestamp_field="event_timestamp", created_timestamp_column="created"
    ),
)
visits_view = FeatureView(
    name="visits",
    entities=[user, shop],
    ttl=timedelta(0),
    schema=[
        Field(name="user_id", dtype=Int64),
        Field(name="shop", dtype=String),
        Field(name="visits", dtype=Int32),
        Field(name="mean", dtype=Float64),
    ],
    source=FileSource(
        path="data/visits.parquet",
        timestamp_field="time",
        created_timestamp_column="made",
        field_mapping={"uid": "user_id", "seen_at": "time", "written_at": "made", "count": "visits", "number": "mean"},
    ),
)
scores_view = FeatureView(
    name="scores",
    entities=[user],
    ttl=timedelta(days=3),
    schema=[Field(name="user_id", dtype=Int64), Field(name="score", dtype=Float32)],
    source=FileSource(path="data/scores.parquet", timestamp_field="ts"),
)
rates_view = FeatureView(
    name="rates",
    entities=[],
    ttl=timedelta(days=1),
    schema=[Field(name="rate", dtype=Float64)],
    source=FileSource(path="data/rates.parquet", timestamp_field="ts"),
)
services = [
    FeatureService(name="plain", features=[spending_view, visits_view]),
    FeatureService(name="some", features=[visits_view[["mean"]], scores_view, spending_view[["kind", "spent"]]]),
    FeatureService(
        name="mapped",
        features=[
            scores_view.with_name("seller").with_join_key_map({"user_id": "seller_id"}),
            scores_view.with_name("buyer").with_join_key_map({"user_id": "buyer_id"}),
            spending_view,
        ],
    ),
    FeatureService(name="everyone", features=[rates_view, scores_view]),
]
FeatureStore(repo_path=".").apply([user, shop, spending_view, visits_view, scores_view, rates_view, *services])
