import type { Effect, Toxic, ToxicOf } from './toxic.ts';

/**
 * Nothing passes in the directions that are cut, as where every packet is dropped: what is sent is held, in the order
 * of its sending, and flows once the partition is healed, as TCP would send it again. A connection that is made
 * meanwhile is accepted, by the kernel, and stays silent: a proxy cannot leave a SYN unanswered. The node hears of it
 * only once the partition is healed, and never if the client has given up by then; so too where one direction alone is
 * cut, as no handshake gets through with either.
 */
export function partition({ direction }: ToxicOf<'partition'>): Toxic {
  const effect: Effect = { silent: direction === 'both' ? ['in', 'out'] : [direction] };
  return () => effect;
}
