import type { Toxic, ToxicOf } from './toxic.ts';

/** Where one end closes a connection, the other hears of it `delay_ms` later. Resets are passed on at once. */
export function slowClose({ delay_ms }: ToxicOf<'slow_close'>): Toxic {
  return () => ({ closeDelayMs: delay_ms });
}
