import { importExperiment, type Imported } from '../import/import-experiment.ts';

/** Experiments of Chaos Toolkit for tests, and what becomes of them. */

export type Loose = Record<string, unknown>;

export const http = (url: string, more: Loose = {}): Loose => ({ type: 'http', url, timeout: 3, ...more });
export const process = (path: string, more: Loose = {}): Loose => ({
  type: 'process',
  path,
  timeout: 3,
  ...more,
});
export const python: Loose = { type: 'python', module: 'os.path', func: 'exists', arguments: { path: 'x' } };
export const action = (name: string, provider: Loose, more: Loose = {}): Loose => ({
  type: 'action',
  name,
  provider,
  ...more,
});
export const probe = (name: string, provider: Loose, more: Loose = {}): Loose => ({
  type: 'probe',
  name,
  provider,
  ...more,
});

/** Any answer at all. */
export const anyStatus = { status: { range: [100, 599] } };
export const anyExit = { exit: { range: [0, 255] } };

/** A whole experiment, one line for each value. */
export function textOf(experiment: Loose): string {
  return JSON.stringify({ title: 'T', description: 'D', method: [], ...experiment }, null, 1);
}

/** What becomes of it as `e.json`. */
export function imported(experiment: Loose): Imported {
  return importExperiment(textOf(experiment), 'e.json');
}

export function messages(told: Imported['remarks']): readonly string[] {
  return told.map(({ message }) => message);
}
