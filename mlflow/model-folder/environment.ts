/** Releases that a model folder names for Python; the ones that its loading was tried with. */
export const mlflowVersion = "3.17.2";
export const onnxVersion = "1.23.2";
export const pythonVersion = "3.11.7";

const requirements = [
  `mlflow==${mlflowVersion}`,
  "numpy==2.4.6",
  `onnx==${onnxVersion}`,
  "onnxruntime==1.32.0",
  "pandas==2.3.3",
];

/** The files by which `mlflow models serve` and others make a Python environment, as mlflow.onnx writes them. */
export const environmentFiles: Readonly<Record<string, string>> = {
  "conda.yaml": `channels:
- conda-forge
dependencies:
- python=${pythonVersion}
- pip<=23.2.1
- pip:
${requirements.map((requirement) => `  - ${requirement}\n`).join("")}name: mlflow-env
`,
  "python_env.yaml": `python: ${pythonVersion}
build_dependencies:
- pip==23.2.1
- setuptools==65.5.0
- wheel
dependencies:
- -r requirements.txt
`,
  "requirements.txt": requirements.join("\n"),
};
