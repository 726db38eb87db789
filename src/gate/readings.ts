import type { Gate } from '../model/gate.ts';
import type { Evidence } from './evidence.ts';
import { faultReadings, lostWritesReading, recoveryReadings, windowsReading } from './faults.ts';
import type { FaultReading } from './reading.ts';
import { regressionReading, requestReading } from './requests.ts';

/** What a gate is held against: one reading, or one of each fault that it is about. */
export function readingsOf(gate: Gate, evidence: Evidence): readonly FaultReading[] {
  const { metric } = gate;
  switch (metric.of) {
    case 'requests':
    case 'quantile':
      return [{ fault: null, reading: requestReading(gate, metric, evidence) }];
    case 'regression':
      return [{ fault: null, reading: regressionReading(gate, metric.metric, evidence) }];
    case 'fault':
      return faultReadings(gate, metric.figure, evidence);
    case 'recovery_time_sec':
      return recoveryReadings(gate, evidence);
    case 'anomaly_windows':
      return [{ fault: null, reading: windowsReading(gate, evidence) }];
    case 'lost_writes':
      return [{ fault: null, reading: lostWritesReading(evidence) }];
  }
}
