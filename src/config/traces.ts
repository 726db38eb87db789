import { randomBytes } from 'node:crypto';
import type { Config } from '../model/config.ts';
import { tracesOf } from '../model/trace-context.ts';

/** The config of one run whose requests have traces, with the half of their ids that is the run's. */
export function withTraces(config: Config): Config {
  return withSetting(config, tracesOf(config) ?? randomBytes(8).toString('hex'));
}

export function withoutTraces(config: Config): Config {
  return withSetting(config, false);
}

function withSetting(config: Config, traceparent: string | false): Config {
  return { ...config, load: { ...config.load, traceparent } };
}
