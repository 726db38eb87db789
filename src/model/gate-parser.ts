import { comparisons, type Comparison } from './comparison.ts';
import type { Gate } from './gate.ts';
import { type GateMetric, metricForms, metricNamed, metricText, scopesOf, unitOf } from './gate-metric.ts';
import {
  all,
  isScopeWord,
  meantFor,
  noComparison,
  noMetric,
  noScope,
  noUnit,
  outOfScope,
  type ScopeWord,
  units,
} from './gate-words.ts';
import { Scanner } from './scanner.ts';
import { shownText } from './shown-text.ts';

/** What keeps a text from being a gate, as a clause, and at which character of it, from 0. */
export interface GateMistake {
  readonly message: string;
  readonly at: number;
}

const word = /[A-Za-z_][\w.]*/;
const number = /\d+(?:\.\d+)?/;

/**
 * `METRIC COMPARISON LIMIT [during PHASE] [for NODE]`. A phase or node whose name has a blank stands in quotes.
 * Pure: whether there is such a phase or node is not looked at.
 */
export function parseGate(text: string): Omit<Gate, 'name'> | GateMistake {
  try {
    return new GateParser(text).gate();
  } catch (error) {
    if (error instanceof NoGate) return { message: error.message, at: error.at };
    throw error;
  }
}

class NoGate extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

class GateParser {
  readonly #scanner: Scanner;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  gate(): Omit<Gate, 'name'> {
    const text = this.#scanner.text.trim();
    const metric = this.#metric();
    const comparison = this.#comparison();
    const limit = this.#limit(metric);
    const scope = this.#scope(metric);
    return { text, metric, comparison, limit, phase: scope.during ?? null, node: scope.for ?? null };
  }

  #metric(): GateMetric {
    const { at } = this.#scanner;
    const name = this.#scanner.take(word);
    if (name === undefined)
      return this.#refuse(
        `a gate begins with a metric, such as \`error_rate < 1%\`; there are ${all(metricForms)}`,
      );
    if (this.#scanner.peek(/\(/) !== undefined) return this.#called(name, at);
    const percent = /^p(\d+(?:\.\d+)?)(?:_latency_ms)?$/.exec(name)?.[1];
    if (percent !== undefined) return quantile(percent, at);
    const known = metricNamed(name);
    if (known !== undefined) return known;
    if (name === 'p' || name === 'regression')
      throw new NoGate(
        `\`${name}\` needs to know of what: ${name === 'p' ? '`p(99)`' : '`regression(p95)`'}`,
        at,
      );
    throw new NoGate(noMetric(name), at);
  }

  /** `p(99)` or `regression(METRIC)`. */
  #called(name: string, at: number): GateMetric {
    if (name !== 'p' && name !== 'regression') throw new NoGate(noMetric(`${name}(…)`, name), at);
    this.#scanner.take(/\(/);
    const inner = this.#scanner.at;
    const metric =
      name === 'p' ? quantile(this.#number('a percentile, such as `p(99)`'), inner) : this.#regression();
    if (this.#scanner.take(/\)/) === undefined) this.#refuse('`)` is missing');
    return metric;
  }

  #regression(): GateMetric {
    const { at } = this.#scanner;
    if (this.#scanner.peek(/regression\b/) !== undefined)
      throw new NoGate('a regression is not of another one', at);
    const metric = this.#metric();
    if ((metric.of === 'requests' && unitOf(metric) !== 'count') || metric.of === 'quantile')
      return { of: 'regression', metric };
    throw new NoGate(`a regression is of a rate or a latency, not of ${metricText(metric)}`, at);
  }

  #comparison(): Comparison {
    const { at } = this.#scanner;
    const sign = this.#scanner.take(/[<>=!≤≥]+/);
    const known = comparisons.find((one) => one === sign);
    if (known !== undefined) return known;
    if (sign === undefined) return this.#refuse(`${all(comparisons)} must stand here, and a limit`);
    throw new NoGate(noComparison(sign), at);
  }

  #limit(metric: GateMetric): number {
    const unit = unitOf(metric);
    const { at } = this.#scanner;
    const digits = this.#number('a limit, as a number');
    const unitAt = this.#scanner.at;
    const next = this.#scanner.peek(/%|[A-Za-z_]+/) ?? '';
    const given = isScopeWord(next) ? '' : (this.#scanner.take(/%|[A-Za-z_]+/) ?? '');
    const power = Object.hasOwn(units[unit], given) ? units[unit][given] : undefined;
    // `1 form a` is a slip in `for`, not a unit.
    if (power === undefined && meantFor(given) !== undefined) throw new NoGate(noScope(given), unitAt);
    if (power === undefined) throw new NoGate(noUnit(metric, given), given === '' ? at : unitAt);
    // Shifted as text: 99.9 × 0.01 is not 0.999 as doubles have it.
    const limit = Number(`${digits}e${power}`);
    if (unit === 'share' && (limit > 1 || (limit === 1 && given === '')))
      throw new NoGate(`${metricText(metric)} is a share: ${shareHint(limit)}`, at);
    return limit;
  }

  #scope(metric: GateMetric): Partial<Record<ScopeWord, string>> {
    const scope: Partial<Record<ScopeWord, string>> = {};
    while (!this.#scanner.isAtEnd) {
      const { at, shown } = this.#scanner;
      const said = this.#scanner.take(/\S+/) ?? '';
      if (!isScopeWord(said)) throw new NoGate(noScope(shown), at);
      if (scope[said] !== undefined) throw new NoGate(`\`${said}\` is said twice`, at);
      if (!scopesOf(metric).includes(said)) throw new NoGate(outOfScope(metric, said), at);
      scope[said] = this.#name(said);
    }
    return scope;
  }

  #name(of: ScopeWord): string {
    const quote = this.#scanner.take(/["']/);
    const what = of === 'during' ? 'a phase' : 'a node';
    if (quote === undefined)
      return this.#scanner.take(/\S+/) ?? this.#refuse(`\`${of}\` needs the name of ${what}`);
    const name = this.#scanner.take(quote === '"' ? /[^"]+/ : /[^']+/);
    if (name === undefined) return this.#refuse(`\`${of}\` needs the name of ${what}`);
    if (this.#scanner.take(quote === '"' ? /"/ : /'/) === undefined) this.#refuse(`${quote} is missing`);
    return name;
  }

  #number(what: string): string {
    return this.#scanner.take(number) ?? this.#refuse(`${what}, must stand here`);
  }

  #refuse(message: string): never {
    const { shown, at } = this.#scanner;
    throw new NoGate(shown === '' ? message : `${message}, not \`${shownText(shown)}\``, at);
  }
}

/** What was probably meant. A bare 1 could be either: that it is 100% is nobody's first thought. */
function shareHint(limit: number): string {
  return limit === 1 ? '1% or 0.01, and 100% for all' : '5% or 0.05';
}

function quantile(digits: string, at: number): GateMetric {
  const percent = Number(digits);
  if (percent > 0 && percent < 100) return { of: 'quantile', percent };
  const [two, rest] = [digits.slice(0, 2), digits.slice(2)];
  const meant = /^9\d+$/.test(digits) && rest !== '' ? `; did you mean \`p(${two}.${rest})\`?` : '';
  throw new NoGate(`a percentile lies between 0 and 100, not at ${shownText(digits)}${meant}`, at);
}
