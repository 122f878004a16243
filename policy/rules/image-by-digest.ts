import { eachContainer } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { get, isUnknown, problem } from "../values.ts";

const byDigest = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/** A tag can be pushed again; a digest names one image for good. */
export const imageByDigest: Rule = {
  name: "image-by-digest",
  description: "Containers run images by digest, so that what was proven is what runs.",
  enforcement: "mandatory",
  check: eachContainer(({ path, spec }) => {
    const image = get(spec, "image");
    if (isUnknown(image) || (typeof image === "string" && byDigest.test(image))) return [];
    return [problem(`${path}.image`, "an image by digest (name@sha256:…)", image)];
  }),
};
