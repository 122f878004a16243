/** Rows x classes, row major, and the position of each row's label among the classes. */
interface Judged {
  readonly probabilities: Float64Array;
  readonly truth: Int32Array;
}

/** Mean negative logarithm of the label's probability, which is kept 2^-52 away from 0 and 1 as in scikit-learn. */
export function logLoss({ probabilities, truth }: Judged): number {
  const classCount = probabilities.length / truth.length;
  const loss = (row: number, label: number) => {
    const probability = probabilities[row * classCount + label]!;
    return -Math.log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON));
  };
  return truth.reduce((sum, label, row) => sum + loss(row, label), 0) / truth.length;
}

/**
 * Mean squared difference of the probabilities from 0 and 1, summed over classes; half of it for two classes, which is
 * the difference of the positive class alone. As scikit-learn's `brier_score_loss`.
 */
export function brierScore({ probabilities, truth }: Judged): number {
  const classCount = probabilities.length / truth.length;
  const scale = classCount === 2 ? 0.5 : 1;
  let sum = 0;
  for (const [row, label] of truth.entries())
    for (let index = 0; index < classCount; index += 1)
      sum += (probabilities[row * classCount + index]! - (index === label ? 1 : 0)) ** 2;
  return (scale * sum) / truth.length;
}
