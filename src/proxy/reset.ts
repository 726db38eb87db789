import type { Toxic, ToxicOf } from './toxic.ts';

/**
 * A share of the new connections is reset (RST, to both ends) once the node has sent `after_bytes`, of which exactly so
 * many come through; with 0 at once, so that the node never hears of them. Connections that are open go unharmed.
 */
export function reset({ share, after_bytes }: ToxicOf<'reset'>): Toxic {
  return ({ isNew, draws }) => (isNew && draws()() < share ? { resetAfterBytes: after_bytes } : null);
}
