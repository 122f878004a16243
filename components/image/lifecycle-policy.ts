/** Days after which an image that lost its tag is deleted. */
const untaggedDays = 14;

/**
 * An ECR lifecycle policy, as JSON with a stable order of keys. Untagged images expire, tagged ones don't, unless `keep` says
 * how many of them stay.
 *
 * ECR can't know which image is in use: with a count, one that still runs expires once `keep` newer ones were pushed, as after
 * a rollback that lasts, or where several stacks share the repository. Its pods run on, but none starts on another node. Let
 * the count be larger than the number of images pushed while any deployment may stay as it is.
 *
 * @param keep Newest tagged images that stay; 0 keeps all.
 */
export function lifecyclePolicy(keep: number): string {
  const untagged = {
    rulePriority: 1,
    description: `Untagged images expire after ${untaggedDays} days`,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: untaggedDays },
    action: { type: "expire" },
  };
  const tagged = {
    rulePriority: 2,
    description: `The newest ${keep} tagged images stay`,
    selection: { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: keep },
    action: { type: "expire" },
  };
  return JSON.stringify({ rules: keep > 0 ? [untagged, tagged] : [untagged] });
}
