import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect garbage rather than grow its heap. Left alone, the young generation alone grows beyond 100 MB while the
 * libraries that analyse and draw are loaded and the tables of a long run are made, with what nobody needs any more.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--optimize-for-size');
}
