/**
 * The rooms of src/ by level, the ground first. A file imports from its own room and from rooms on lower levels only.
 * The lint (oxlint.config.ts) and a unit test (test/house.test.ts) both read this table.
 */
export const levels: readonly (readonly string[])[] = [
  ['model'],
  ['clock', 'stats'],
  ['config', 'target', 'control', 'proxy', 'store'],
  ['load', 'fault', 'check', 'writes'],
  ['run', 'analyze'],
  ['plot', 'summarize', 'gate', 'init', 'import', 'telemetry'],
  ['report'],
  ['cli'],
  ['compose.ts'],
  ['main.ts', 'guardian.ts'],
];

/** Rooms beside the levels: `demo` runs in processes of its own and imports nothing; `testing` serves tests only. */
export const apart: readonly string[] = ['demo', 'testing'];

/** The one home of each third-party SDK, as a path under src/, or what the paths of several files begin with. */
export const sdkHomes: Readonly<Record<string, string>> = {
  '@resvg/resvg-js': 'plot/render.ts',
  vega: 'plot/render.ts',
  'vega-lite': 'plot/render.ts',
  canvas: 'plot/render.ts',
  danfojs: 'analyze/frame.ts',
  dockerode: 'control/docker/docker.ts',
  '@opentelemetry': 'telemetry/otel.ts',
  'groq-sdk': 'summarize/groq.ts',
  ioredis: 'target/ioredis.ts',
  undici: 'target/undici.ts',
  commander: 'cli/program',
  yaml: 'config/yaml.ts',
  zod: 'model/zod.ts',
  'json-p3': 'model/json-path.ts',
  'pure-rand': 'model/random.ts',
};
