import { registrationFixture } from "../fixture.ts";
import { FileStore } from "./file-store.ts";

/** A process of a test: registers some versions in a file store, prints their numbers. Arguments: root, count. */
const [root = "", count = ""] = process.argv.slice(2);
const store = new FileStore(root);
for (let left = Number(count); left > 0; left--)
  console.log((await store.logAndRegister(registrationFixture())).version);
