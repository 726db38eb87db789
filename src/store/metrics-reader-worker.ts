import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readBytes } from './metrics-reader-file.ts';
import { type Part, Scan } from './metrics-reader-scan.ts';

/** The second thread that reads a large metrics.csv: the rest of it, which is then handed over without being copied. */

const { path, fileBytes, from, places, fromSec, toSec, moments }: Part = workerData;
const scan = new Scan(path, { phaseAt: null, fromSec, toSec, moments }, fileBytes, places);
const file = await open(path);
try {
  await readBytes(file, scan.parser, { from });
} finally {
  await file.close();
}
scan.parser.end();
const parts = scan.parts();
parentPort?.postMessage(
  parts,
  parts.table.cells.slabs.map((slab) => slab.buffer),
);
