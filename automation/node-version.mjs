// Loaded before everything else (node --import), by a Node that may not know TypeScript: plain JavaScript, one line, no stack trace.
const oldest = 24;
if (Number(process.versions.node.split(".")[0]) < oldest) {
  process.stderr.write(
    `Node.js ${oldest} or newer is needed, and this is ${process.version}. npm ci installs one into node_modules/.bin, which the npm scripts use.\n`,
  );
  process.exit(1);
}
