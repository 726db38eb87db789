import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation from growing any further. Left alone it grows beyond 100 MB while the libraries that
 * analyse and draw are loaded, with objects that nobody needs any more.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
