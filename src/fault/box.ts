import type { FaultKind } from '../model/event.ts';
import type { Fault } from './fault.ts';
import { kill } from './kill.ts';
import { pause } from './pause.ts';
import { restart } from './restart.ts';
import { stop } from './stop.ts';

/** The box of faults. A new kind is one file beside this one, a line here, and its name in FaultKind. */
export const faults: Readonly<Record<FaultKind, Fault>> = { kill, stop, pause, restart };
