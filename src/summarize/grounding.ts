import type { Facts } from './facts.ts';
import { type FactNumber, knownIn } from './numbers.ts';
import { type Quantity, quantitiesIn } from './quantities.ts';

/**
 * Holds a text against the facts, and returns what in it is unfounded, as it was written, in order. The rules:
 *
 * - A number written with k decimals is founded where some unrounded fact rounds to it at k decimals: 33.27 founds `33.3 %`
 *   and `33 %`, not `33.5 %`. Thousands may be separated (`12,345`); `1 min 23 s` is one number.
 * - A unit beside it must be the fact's: `%` and points need a share, `ms`, `s`, `min` a time, `requests/s` a rate, `requests`
 *   and their failures a count, `nodes`, `phases`, `faults` and `windows` a count of those. So it is with the numbers of
 *   sentences among the facts, too. A number without a unit is founded by any fact.
 * - Times are converted into each other, and a share may be written as a ratio (33.3 % as `0.333`). A converted number must
 *   also be within 15 % of the fact, so that 700 ms is not `1 s`, nor 0.3 % a ratio of `0`.
 * - Without a sign a number is founded by a fact of either sign; with `+` or `-` by one of that sign.
 * - No numbers are: digits in the facts' own names (`service-node-2`, run ids), `p50`, `p95`, `p99`, list numbering, and dates
 *   and times of day whose digits stand in a run id. Any other word with a digit in it is an invented name, and unfounded.
 * - Words count too: `two windows` needs a two; `half`, `twice`, `3×`, `1/3` and the like are compared with nothing, and unfounded.
 */
export function unfoundedNumbers(text: string, facts: Facts): string[] {
  const known = knownIn(facts);
  const unfounded = quantitiesIn(text, known.names).filter(
    (quantity) => !known.numbers.some((fact) => founds(fact, quantity)),
  );
  return [...new Set(unfounded.map((quantity) => quantity.written))];
}

/** How far a converted number may be from its fact, as a share of it. */
const closeness = 0.15;

function founds(fact: FactNumber, quantity: Quantity): boolean {
  const { value, decimals, sign, dimension } = quantity;
  if (value === null) return false;
  if (fact.dimension !== dimension && dimension !== 'unknown') return false;
  const fromFact = sign === 0 ? Math.abs(fact.value) : sign * fact.value;
  return factors(fact, quantity).some((factor) => {
    const offBy = Math.abs(fromFact * factor - value);
    return offBy <= 0.5 * 10 ** -decimals + 1e-9 && (factor === 1 || offBy <= value * closeness);
  });
}

/** By what the fact may be multiplied to be in the number's unit. */
function factors(fact: FactNumber, quantity: Quantity): readonly number[] {
  if (fact.dimension === 'time' && quantity.dimension === 'time') return [fact.unitSec / quantity.unitSec];
  if (quantity.dimension !== 'unknown') return [1];
  if (fact.dimension === 'share') return [1, 0.01];
  if (fact.dimension === 'time') return [1, fact.unitSec === 1 ? 1000 : fact.unitSec];
  return [1];
}
