/**
 * Passes on a reference by digest: the bytes that were proven are the bytes that every node runs.
 *
 * @throws Error for one by tag.
 */
export function imageByDigest(image: string): string {
  if (/^[^@\s]+@sha256:[0-9a-f]{64}$/.test(image)) return image;
  throw new Error(`image: expected a reference by digest, as registry/name@sha256:…, got ${JSON.stringify(image)}`);
}
