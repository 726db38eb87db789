import type { KeySpace } from '../model/workload.ts';

/** The key that a draw of [0, 1) falls on. */
export function keyOf({ count, prefix, distribution }: KeySpace): (draw: number) => string {
  const rankOf = distribution === 'zipf' ? zipf(count) : (draw: number) => Math.floor(draw * count);
  return (draw) => prefix + rankOf(draw);
}

const theta = 0.99;

/**
 * Ranks from 0, the n-th with a probability in proportion to 1/n^0.99, in constant time (J. Gray et al., Quickly Generating
 * Billion-Record Synthetic Databases, SIGMOD 1994: the first two ranks are exact, the others near).
 */
function zipf(count: number): (draw: number) => number {
  let zeta = 0;
  for (let n = 1; n <= count; n += 1) zeta += n ** -theta;
  const zetaOfTwo = 1 + 0.5 ** theta;
  const eta = (1 - (2 / count) ** (1 - theta)) / (1 - zetaOfTwo / zeta);
  return (draw) => {
    const reached = draw * zeta;
    if (reached < 1 || count === 1) return 0;
    if (reached < zetaOfTwo || count === 2) return 1;
    return Math.min(Math.floor(count * (eta * draw - eta + 1) ** (1 / (1 - theta))), count - 1);
  };
}
