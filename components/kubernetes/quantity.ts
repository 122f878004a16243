const divisors = { m: 1000, "": 1, Mi: 2 ** -20, Gi: 2 ** -30 };

/**
 * A quantity as a number: of CPUs, as `500m`, `2` or `0.5`, or of bytes, as `512Mi` or `1Gi`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(text: string): number {
  const unit = text.replace(/^[\d.]+/, "") as keyof typeof divisors;
  return Number.parseFloat(text) / divisors[unit];
}
