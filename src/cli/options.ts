import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Outside } from '../config/outside.ts';
import { OrchError } from '../model/errors.ts';
import type { World } from './world.ts';

/** Options that go with every command. */
export interface CommonOptions {
  readonly config?: string;
  readonly runs: string;
}

/** Options of commands that read a scenario. */
export interface ScenarioOptions {
  /** `name=value`, for the variables of the scenario. */
  readonly set?: readonly string[];
}

/** Where the values of a scenario's variables come from, but for their defaults. */
export function outsideOf(world: World, { set = [] }: ScenarioOptions): Outside {
  return { set, env: world.env };
}

/** Where a scenario is looked up that does not stand where it was named. */
export function scenarioDirs(world: World): readonly string[] {
  return [join(world.cwd, 'scenarios'), join(world.packageRoot, 'scenarios')];
}

/**
 * The demo's seed where none is given: one that spreads requests evenly over the nodes even in phases of a few seconds, so
 * that the failure of one of three nodes costs about a third of the requests, and not by chance two fifths.
 */
export const demoSeed = 0;

/** The seed of a run that was given none. */
export function newSeed(): number {
  return randomInt(2 ** 31);
}

/** @throws OrchError `usage` */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 31) return seed;
  throw new OrchError('usage', `--seed ${text} is not a seed`, {
    hint: 'A whole number from 0 to 2147483647.',
  });
}

/** @throws OrchError `usage` */
export function parsePairs(text: string): number {
  const pairs = Number(text);
  if (/^\d+$/.test(text) && pairs >= 1 && pairs <= 100) return pairs;
  throw new OrchError('usage', `--repeat ${text} is not a number of pairs`, {
    hint: 'A whole number from 1 to 100.',
  });
}

/** @throws OrchError `usage` */
export function parseEffect(text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if (text !== '' && percent > 0 && percent <= 100) return percent / 100;
  throw new OrchError('usage', `--effect ${text} is not a share of the baseline`, {
    hint: 'A percentage above 0 and up to 100, such as 10.',
  });
}

/** @throws OrchError `usage` */
export function parsePort(text: string, option: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 2 ** 16) return port;
  throw new OrchError('usage', `${option} ${text} is not a port`, {
    hint: 'A whole number up to 65535; 0 for a port that is free.',
  });
}

/** @throws OrchError `usage` */
export function parseCollector(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return text;
  throw new OrchError('usage', `--otlp ${text} is not the URL of a collector`, {
    hint: 'Its address without a path, for example http://127.0.0.1:4318.',
  });
}
