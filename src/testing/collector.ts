import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly doubleValue?: number;
}
type KeyValues = readonly { readonly key: string; readonly value: Value }[];

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: KeyValues;
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status: { readonly code: number; readonly message?: string };
}

export interface CollectedPoint {
  readonly attributes: KeyValues;
  readonly asDouble?: number;
  readonly asInt?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

interface CollectedMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly CollectedPoint[]; readonly isMonotonic: boolean };
  readonly gauge?: { readonly dataPoints: readonly CollectedPoint[] };
  readonly histogram?: { readonly dataPoints: readonly CollectedPoint[] };
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: KeyValues };
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly CollectedMetric[] }[];
  }[];
}

/** A collector of OpenTelemetry on a real socket: takes OTLP/HTTP in JSON, and keeps it. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** Those that were sent last. */
  metrics: readonly CollectedMetric[] = [];
  resource: Readonly<Record<string, unknown>> = {};
  requests = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#take(request).then((status) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end('{}');
      });
    });
  }

  static async open(port = 0): Promise<Collector> {
    const collector = new Collector();
    await once(collector.#server.listen(port, '127.0.0.1'), 'listening');
    return collector;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  points(name: string): readonly CollectedPoint[] {
    const metric = this.metrics.find((one) => one.name === name);
    return (metric?.sum ?? metric?.gauge ?? metric?.histogram)?.dataPoints ?? [];
  }

  async #take(request: IncomingMessage): Promise<number> {
    const body = Buffer.concat(await request.toArray());
    const isZipped = request.headers['content-encoding'] === 'gzip';
    const data: unknown = JSON.parse(String(isZipped ? gunzipSync(body) : body));
    this.requests += 1;
    if (request.headers['content-type'] !== 'application/json') return 415;
    if (request.url === '/v1/traces') this.#takeSpans(data as TraceRequest);
    else if (request.url === '/v1/metrics') this.#takeMetrics(data as MetricsRequest);
    else return 404;
    return 200;
  }

  #takeSpans({ resourceSpans }: TraceRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resource = valuesOf(resource.attributes);
      this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
    }
  }

  #takeMetrics({ resourceMetrics }: MetricsRequest): void {
    this.metrics = resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics),
    );
  }
}

export function valuesOf(attributes: KeyValues): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue]),
  );
}
