/**
 * The probability that a standard normal variable is at most z, to about 15 digits: the series of Marsaglia 2004
 * ("Evaluating the Normal Distribution", Journal of Statistical Software 11(4)).
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 8) return z < 0 ? 0 : 1;
  let sum = z;
  let term = z;
  for (let odd = 3, before = 0; sum !== before; odd += 2) {
    before = sum;
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-(z * z) / 2 - Math.log(2 * Math.PI) / 2);
}

/** The z below which a standard normal variable is with this probability (0 < p < 1), by bisection. */
export function normalQuantile(probability: number): number {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
