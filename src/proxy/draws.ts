import { type Random, seededRandom } from '../model/random.ts';

/** A stream of draws that belongs to these names alone: the same names, the same draws. */
export function drawsFor(...names: readonly (string | number)[]): Random {
  return seededRandom(hash(names.join('\n')));
}

/** FNV-1a, its bits mixed once more by MurmurHash3's finalizer, so that neighbouring names draw nothing alike. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (const unit of Buffer.from(text)) hash = Math.imul(hash ^ unit, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
