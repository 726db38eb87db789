import { peakRate } from '../model/demand.ts';
import type { Plan } from './plan.ts';

export interface PeakDemand {
  /** The highest arrival rate that a plan may come to, in requests per second, of all its open loads together. */
  readonly rps: number;
  /** The most users that may ask at once, of all its closed loads together. */
  readonly users: number;
}

export function peakDemand({ steps }: Pick<Plan, 'steps'>): PeakDemand {
  const running = new Map<string, PeakDemand>();
  let [rps, users] = [0, 0];
  for (const { order } of steps) {
    if (order.type === 'set_load') {
      const { name, demand } = order.load;
      running.set(name, { rps: peakRate(demand) ?? 0, users: demand.model === 'closed' ? demand.vus : 0 });
    } else if (order.type === 'stop_load') running.delete(order.load);
    rps = Math.max(rps, sumOf(running, 'rps'));
    users = Math.max(users, sumOf(running, 'users'));
  }
  return { rps, users };
}

function sumOf(running: ReadonlyMap<string, PeakDemand>, key: keyof PeakDemand): number {
  return [...running.values()].reduce((sum, demand) => sum + demand[key], 0);
}
