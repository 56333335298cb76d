/**
 * The negative relative Mahalanobis distance: `max_c -(f - mu_c)' S^-1 (f - mu_c)`, minus the same
 * with the mean and covariance of all known training pictures. S is the covariance shared by the
 * known categories. Directions without variance are left out of both (pseudo-inverse).
 *
 * Source: Ren, Fort, Liu, Roy, Padhy and Lakshminarayanan, "A Simple Fix to Mahalanobis Distance for
 * Improving Near-OOD Detection" (2021), section 3.
 *
 * @module
 */
import { ofProject } from "../definition.ts";
import type { Score } from "./score.ts";
import {
  coordinates,
  featuresOf,
  knownPictures,
  meanVector,
  minus,
  principalAxes,
  squaredLength,
  type Vector,
} from "./training_features.ts";

/** Fitted to known training pictures. */
export const relativeMahalanobis: Score = ofProject<Score>({
  name: "relative-mahalanobis",
  title: "relative Mahalanobis",
  appliesTo: () => true,
  fit(_network, training) {
    const known = knownPictures(training);
    const rows = known.map(featuresOf);
    const categories = [...Map.groupBy(known, ({ label }) => label).values()];
    const means = categories.map((pictures) => meanVector(pictures.map(featuresOf)));
    const meanOf = new Map(categories.map(([first], index) => [first!.label, means[index]!]));
    const within = whitening(
      known.map(({ label, features }) => minus(features, meanOf.get(label)!)),
    );
    const mean = meanVector(rows);
    const overall = whitening(rows.map((row) => minus(row, mean)));
    const whitenedMeans = means.map(within);
    const whitenedMean = overall(mean);
    return (picture) => {
      const features = featuresOf(picture);
      const whitened = within(features);
      const distances = whitenedMeans.map((mean) => squaredLength(minus(whitened, mean)));
      return squaredLength(minus(overall(features), whitenedMean)) - Math.min(...distances);
    };
  },
});

/** The map that makes the covariance of these deviations the identity, where it is not 0. */
function whitening(deviations: readonly Vector[]): (vector: Vector) => Float64Array {
  const { variances, axes } = principalAxes(deviations);
  // As in SciPy's `pinvh`.
  const least = variances[0]! * axes.length * Number.EPSILON;
  const kept = variances.filter((variance) => variance > least).length;
  const [keptAxes, scales] = [axes.slice(0, kept), variances.slice(0, kept).map(Math.sqrt)];
  return (vector) => coordinates(vector, keptAxes, scales);
}
