const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The greatest double below a finite `x`: for doubles, `v < x` is `v <= nextDown(x)` (IEEE 754-2019, 5.3.1). */
export function nextDown(x: number): number {
  if (x === 0) return -Number.MIN_VALUE;
  double[0] = x;
  bits[0]! += x > 0 ? -1n : 1n;
  return double[0];
}
