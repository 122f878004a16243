import { createHash } from "node:crypto";
import { canonical } from "../bridged.ts";
import type { Builder } from "./image-build.ts";

/** Builds nothing: the digest is that of what an image is made from. */
export const memoryBuilder: Builder = async ({ contextDigest, platform, target, args }) => ({
  digest: `sha256:${createHash("sha256").update(canonical({ contextDigest, platform, target, args })).digest("hex")}`,
});
