"""FastAPI in its fastest setting: uvloop, httptools, no access log, handlers on the event loop, answers that orjson writes."""

import orjson
import uvicorn
from churn import BatchPredictRequest, PredictRequest, answer, rows_of_columns, rows_of_instances
from fastapi import FastAPI, Response


def serve(forest, port):
    app = FastAPI()

    @app.get("/health")
    async def health():
        return {"status": "healthy"}

    @app.post("/predict")
    async def predict(request: PredictRequest):
        return json(answer(forest, rows_of_columns(request.inputs)))

    @app.post("/batch_predict")
    async def batch_predict(request: BatchPredictRequest):
        return json(answer(forest, rows_of_instances(request.instances)))

    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )


def json(body):
    return Response(orjson.dumps(body), media_type="application/json")
