export default {
  files: ["tests/peers/**/*.test.ts"],
  extensions: ["ts"],
  workerThreads: false,
  concurrency: 1,
  timeout: "15m",
};
