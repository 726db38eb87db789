import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace, ValueType } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { messageOf } from '../model/errors.ts';
import type { HistogramPoint, Metric } from './metric.ts';
import type { Attributes, OpenSpan } from './run-spans.ts';

export interface OtelOptions {
  /** The collector's base URL, without `/v1/…`. */
  readonly url: string;
  /** After so long an attempt to send is given up. */
  readonly timeoutMs: number;
  /** What all that is sent is about. */
  readonly resource: Attributes;
}

/** Null, or why it could not be sent. */
export type Sent = string | null;

const scope = { name: 'orch' };

/** The only file that knows OpenTelemetry's libraries: makes spans, and sends spans and metrics by OTLP/HTTP as JSON. */
export class Otel {
  readonly #resource: Resource;
  readonly #spans: OTLPTraceExporter;
  readonly #metrics: OTLPMetricExporter;
  readonly #ended = new EndedSpans();
  readonly #provider: TracerProvider;

  constructor({ url, timeoutMs: timeoutMillis, resource }: OtelOptions) {
    const base = url.replace(/\/+$/, '');
    this.#resource = resourceFromAttributes(resource);
    this.#spans = new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis });
    this.#metrics = new OTLPMetricExporter({ url: `${base}/v1/metrics`, timeoutMillis });
    this.#provider = new TracerProvider({ resource: this.#resource, spanProcessors: [this.#ended] });
  }

  begin(
    name: string,
    { parent, startMs, attributes }: { parent: OpenSpan | null; startMs: number; attributes: Attributes },
  ): OpenSpan {
    const context = parent instanceof OtelSpan ? parent.context : ROOT_CONTEXT;
    const tracer = this.#provider.getTracer(scope.name);
    return new OtelSpan(tracer.startSpan(name, { startTime: startMs, attributes }, context));
  }

  /** Sends the spans that have ended; those that could not be sent are sent again next time. */
  async sendSpans(): Promise<Sent> {
    const spans = this.#ended.take();
    if (spans.length === 0) return null;
    const sent = await outcomeOf((done) => this.#spans.export(spans, done));
    if (sent !== null) this.#ended.putBack(spans);
    return sent;
  }

  /** @param startMs Since when they count, in Unix milliseconds. */
  sendMetrics(metrics: readonly Metric[], startMs: number, nowMs: number): Promise<Sent> {
    const times = { startTime: hrTime(startMs), endTime: hrTime(nowMs) };
    const made = metrics.map((metric) => metricData(metric, times));
    const data = { resource: this.#resource, scopeMetrics: [{ scope, metrics: made }] };
    return outcomeOf((done) => this.#metrics.export(data, done));
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#provider.shutdown(), this.#spans.shutdown(), this.#metrics.shutdown()]);
  }
}

/** More than any run has, but for one whose collector is gone: then the oldest are forgotten. */
const spansKept = 2000;

/** Keeps spans that have ended until they are sent. */
class EndedSpans implements SpanProcessor {
  #spans: ReadableSpan[] = [];

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#spans.push(span);
  }

  take(): ReadableSpan[] {
    const spans = this.#spans;
    this.#spans = [];
    return spans;
  }

  putBack(spans: readonly ReadableSpan[]): void {
    this.#spans = [...spans, ...this.#spans].slice(-spansKept);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

class OtelSpan implements OpenSpan {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  get context(): Context {
    return trace.setSpan(ROOT_CONTEXT, this.#span);
  }

  happened(name: string, atMs: number, attributes: Attributes): void {
    this.#span.addEvent(name, attributes, atMs);
  }

  describe(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(message: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  end(atMs: number): void {
    this.#span.end(atMs);
  }
}

/** What an exporter answers; zero is success. */
interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

function outcomeOf(send: (done: (result: ExportResult) => void) => void): Promise<Sent> {
  return new Promise((resolve) => {
    send(({ code, error }) => resolve(code === 0 ? null : messageOf(error ?? 'not taken')));
  });
}

type Times = { readonly startTime: [number, number]; readonly endTime: [number, number] };

function metricData(metric: Metric, times: Times): MetricData {
  const { name, help: description, unit } = metric;
  const common = {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (metric.kind === 'histogram') {
    const dataPoints = metric.points.map((point) => ({
      ...times,
      attributes: point.labels,
      value: histogram(metric.bounds, point),
    }));
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = metric.points.map(({ labels, value }) => ({ ...times, attributes: labels, value }));
  if (metric.kind === 'gauge') return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
  return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
}

/** OpenTelemetry counts each bucket by itself, and has one more than there are bounds. */
function histogram(bounds: readonly number[], { upTo, count, sum }: HistogramPoint) {
  const all = [...upTo, count];
  const counts = all.map((reached, index) => reached - (all[index - 1] ?? 0));
  return { buckets: { boundaries: [...bounds], counts }, count, sum };
}

function hrTime(unixMs: number): [number, number] {
  const seconds = Math.floor(unixMs / 1000);
  return [seconds, Math.round((unixMs - seconds * 1000) * 1e6)];
}
