import { peakRate } from '../model/demand.ts';
import type { Plan } from './plan.ts';

/** The highest arrival rate that a plan may come to, in requests per second, of all its open loads together. */
export function peakRps({ steps }: Pick<Plan, 'steps'>): number {
  const rates = new Map<string, number>();
  let peak = 0;
  for (const { order } of steps) {
    if (order.type === 'set_load') rates.set(order.load.name, peakRate(order.load.demand) ?? 0);
    else if (order.type === 'stop_load') rates.delete(order.load);
    peak = Math.max(
      peak,
      [...rates.values()].reduce((sum, rps) => sum + rps, 0),
    );
  }
  return peak;
}
