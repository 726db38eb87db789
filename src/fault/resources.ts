import { disturbance } from './disturbance.ts';

/** Faults of what a node has to work with. */

export const cpuLimit = disturbance(
  'cpu_limit',
  'giving it its processors back',
  ({ cpus }) => `held to ${cpus} ${cpus === 1 ? 'processor' : 'processors'}`,
);
export const cpuStress = disturbance(
  'cpu_stress',
  'ending the busy loops',
  ({ workers }) => `beside ${workers} busy ${workers === 1 ? 'loop' : 'loops'}`,
);
export const memoryLimit = disturbance(
  'memory_limit',
  'giving it its memory back',
  ({ limit_mb }) => `held to ${limit_mb} MB of memory`,
);
export const diskFill = disturbance(
  'disk_fill',
  'removing the file',
  ({ size_mb, directory }) => `with ${size_mb} MB of ${directory} filled`,
);
