import { mkdirSync } from 'node:fs';
import type { Workshop } from '../support.ts';

export const header = 'timestamp,node,status_code,latency_ms,error\n';
/** Ten seconds of 50 good answers. */
export const calm = header + Array.from({ length: 500 }, (_, n) => `${1000 + n / 50},a,200,12.5,\n`).join('');

/** A run of another origin: rows, and nothing else. */
export function foreignRun(shop: Workshop, id: string, csv: string, file = 'metrics.csv'): void {
  mkdirSync(shop.path('runs', id), { recursive: true });
  shop.write(`runs/${id}/${file}`, csv);
}
