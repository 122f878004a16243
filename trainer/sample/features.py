"""Features of CDNOW's customers, from their real purchases; the support tickets are simulated (see README.md)."""

from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, Field, FileSource
from feast.types import Float64, Int64
from feast.value_type import ValueType

customer = Entity(
    name="customer",
    join_keys=["customer_id"],
    value_type=ValueType.INT64,
    description="A customer who first bought from CDNOW in the first quarter of 1997",
)

customer_purchases = FeatureView(
    name="customer_purchases",
    description="Purchases strictly before the snapshot day, one row a customer and month",
    entities=[customer],
    ttl=timedelta(days=45),
    schema=[
        Field(name="customer_id", dtype=Int64),
        Field(name="total_purchases", dtype=Int64, description="Number of purchases so far"),
        Field(name="avg_purchase_value", dtype=Float64, description="Mean amount of a purchase, dollars"),
        Field(name="days_since_last_purchase", dtype=Int64, description="Whole days from the last purchase"),
        Field(name="customer_lifetime_value", dtype=Float64, description="Sum of the amounts, dollars"),
        Field(name="account_age_days", dtype=Int64, description="Whole days from the first purchase"),
    ],
    source=FileSource(
        name="customer_purchases_source",
        path="data/customer_purchases.parquet",
        timestamp_field="event_timestamp",
        created_timestamp_column="created_timestamp",
    ),
)

customer_support = FeatureView(
    name="customer_support",
    description="Simulated: CDNOW has no support tickets on record",
    entities=[customer],
    ttl=timedelta(days=45),
    schema=[
        Field(name="customer_id", dtype=Int64),
        Field(name="support_tickets_count", dtype=Int64, description="Number of tickets so far (simulated)"),
    ],
    source=FileSource(
        name="customer_support_source",
        path="data/customer_support.parquet",
        timestamp_field="event_timestamp",
        created_timestamp_column="created_timestamp",
    ),
)

churn_features = FeatureService(
    name="churn_features",
    description="What the churn model reads, in the model's order",
    features=[customer_purchases, customer_support],
)
