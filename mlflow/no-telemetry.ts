// To be imported before onnxruntime-node, whose official builds report to their maker from 1.29 on unless told not to
// (microsoft/onnxruntime#27379); it decides once, when it is loaded.
process.env.ORT_DISABLE_TELEMETRY ||= "1";
