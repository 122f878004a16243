"""python fastapi_onnx.py PORT MODEL: FastAPI with ONNX Runtime."""

import sys

from fastapi_server import serve
from onnx_forest import open_forest

serve(open_forest(sys.argv[2]), int(sys.argv[1]))
