/**
 * The types of a service whose features aren't known. `npm run client` puts those of one service in their place, made from
 * its document.
 */
export interface components {
  schemas: {
    Inputs: Record<string, (number | string | boolean | null)[]>;
    Instance: Record<string, number | string | boolean | null>;
    PredictRequest: { inputs: components["schemas"]["Inputs"]; return_probabilities?: boolean };
    Prediction: {
      predictions: (number | string | null)[];
      probabilities?: (number | null)[][];
      inference_time_ms: number;
      timestamp: string;
      model_name: string;
      model_version: string;
    };
    Health: {
      status: "healthy" | "loading" | "draining";
      timestamp: string;
      model_loaded: boolean;
      model_name: string;
      model_version: string | null;
    };
    Metadata: {
      model_name: string;
      model_version: string;
      mlflow_run_id: string;
      loaded_at: string;
      feature_names: string[];
      model_type: string;
      model_sha256: string;
    };
    FeatureProblem: {
      path: string;
      feature?: string;
      problem: string;
      expected: string;
      received: string;
    };
  };
}
