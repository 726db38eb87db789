/**
 * A number of [0, 1) that belongs to a seed, a request and a purpose alone: whichever thread draws it, and in whatever order,
 * it is the same. Each word is mixed in by MurmurHash3's step for a block, and the whole by its finalizer
 * (A. Appleby, MurmurHash3, 2011, in the public domain).
 * @param seed Any whole number.
 * @param seq The request's number, from 0 to 2^53.
 * @param purpose What is drawn for that request, from 0 to 2^32: each purpose has draws of its own.
 */
export function drawAt(seed: number, seq: number, purpose: number): number {
  let hash = mixed(0, seed);
  hash = mixed(hash, seq);
  hash = mixed(hash, Math.floor(seq / 0x1_0000_0000));
  hash = mixed(hash, purpose);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

function mixed(hash: number, word: number): number {
  const spread = Math.imul(word | 0, 0xcc9e2d51);
  const added = hash ^ Math.imul((spread << 15) | (spread >>> 17), 0x1b873593);
  return (Math.imul((added << 13) | (added >>> 19), 5) + 0xe6546b64) | 0;
}
