import type { LoadedConfig, LoadedScenario } from '../config/load.ts';
import type { SeriesPlace } from '../model/manifest.ts';
import type { Mode } from '../model/node.ts';
import type { DriverWish } from './world.ts';

/** What a run is asked for. */
export interface RunRequest {
  readonly scenario: LoadedScenario;
  readonly loaded: LoadedConfig;
  readonly runsRoot: string;
  /** Undefined where the choice is ours. */
  readonly runId: string | undefined;
  readonly mode: Mode | undefined;
  readonly driver: DriverWish | undefined;
  readonly seed: number | undefined;
  /** Whether an engine on another machine may be used. */
  readonly allowRemote: boolean;
  /** Whether HTTP requests have traces of their own, whatever the config says. */
  readonly traceparent: boolean;
  readonly telemetry: TelemetryWishes;
  /** Undefined for a run by itself. */
  readonly series?: SeriesPlace | undefined;
}

/** To whom else a run is told; undefined where not. */
export interface TelemetryWishes {
  /** Where Prometheus finds it; 0 for a port that is free. */
  readonly prometheusPort?: number | undefined;
  /** The URL of an OpenTelemetry collector. */
  readonly collector?: string | undefined;
}
