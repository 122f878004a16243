export default {
  files: ["tests/cluster/**/*.test.ts"],
  extensions: ["ts"],
  workerThreads: false,
  concurrency: 1,
  timeout: "15m",
};
