import { redisFields, type RedisProbe, redisProbeOf, redisRule } from './redis-probe.ts';
import { z } from './zod.ts';

/** The ways of asking the system under test something. Field names are the format's own, so they stay in snake_case. */

const timeout_sec = z
  .number()
  .positive()
  .max(600)
  .default(5)
  .describe('How long the answer may take, in seconds; later is none.');

export const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL such as http://127.0.0.1:8001',
});
export const httpMethod = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The fields of an HTTP request: of the probe `http`, and of the action `http_request`. */
export const httpFields = {
  url: httpUrl,
  method: httpMethod.default('GET'),
  headers: z
    .record(z.string(), z.string())
    .superRefine(areHeaders)
    .default({})
    .describe('Sent with the request.'),
  body: z
    .json()
    .optional()
    .describe('Text as it is; anything else as JSON, with its content type unless headers has another.'),
  verify_tls: z.boolean().default(true).describe('false: any certificate will do.'),
  follow_redirects: z.boolean().default(false).describe('true: up to five redirects are followed.'),
} as const;

/** The fields of a command: of the probe `command`, and of the action `run_command`. */
export const commandFields = {
  run: z
    .array(z.string())
    .min(1)
    .describe('The program and its arguments, each one word; there is no shell.'),
  env: z.record(z.string().min(1), z.string()).default({}).describe('Set beside the environment of orch.'),
  cwd: z.string().min(1).optional().describe('Where it runs; default: where orch runs.'),
} as const;

const http = z
  .union([httpUrl, z.strictObject(httpFields)])
  .describe('An HTTP request: its URL, or a mapping that says more.');
const tcp = z
  .string()
  .superRefine((text, context) => {
    if (tcpAddress(text) === null)
      context.addIssue({ code: 'custom', message: 'must be host:port, such as 127.0.0.1:6379' });
  })
  .describe('host:port, to which a connection is made, and closed.');
const redis = z
  .strictObject({ ...redisFields, command: redisFields.command.default(['PING']) })
  .superRefine(redisRule)
  .describe('One Redis command.');
const command = z
  .union([commandFields.run, z.strictObject(commandFields)])
  .describe('A program that is run: a list of its words, or a mapping that says more.');

/** Of these exactly one is given. */
export const probeFields = {
  http: http.optional(),
  tcp: tcp.optional(),
  redis: redis.optional(),
  command: command.optional(),
} as const;
/** How long a probe, or one of the actions, may take. */
export const timeoutField = { timeout_sec } as const;

const probeObject = z.strictObject({ ...probeFields, ...timeoutField });
export type WrittenProbe = z.output<typeof probeObject>;
type HttpFields = z.output<z.ZodObject<typeof httpFields>>;
type CommandFields = z.output<z.ZodObject<typeof commandFields>>;

/** A question to the system under test, in the one form that the rest of the code knows. */
export type Probe = HttpProbe | TcpProbe | RedisProbe | CommandProbe;
export type ProbeKind = Probe['kind'];

export interface HttpProbe {
  readonly kind: 'http';
  readonly timeoutMs: number;
  readonly url: string;
  readonly method: z.output<typeof httpMethod>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: z.core.util.JSONType | undefined;
  readonly verifyTls: boolean;
  readonly followRedirects: boolean;
}
export interface TcpProbe {
  readonly kind: 'tcp';
  readonly timeoutMs: number;
  readonly host: string;
  readonly port: number;
}
export interface CommandProbe {
  readonly kind: 'command';
  readonly timeoutMs: number;
  readonly run: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

/** The probe that was written. A value of the schema has exactly one. */
export function probeOf(written: WrittenProbe): Probe {
  const { http, tcp, redis, command, timeout_sec } = written;
  if (http !== undefined) {
    const fields = typeof http === 'string' ? z.strictObject(httpFields).parse({ url: http }) : http;
    return httpProbeOf({ ...fields, timeout_sec });
  }
  if (command !== undefined) {
    const fields = Array.isArray(command) ? { run: command, env: {} } : command;
    return commandProbeOf({ ...fields, timeout_sec });
  }
  const timeoutMs = timeout_sec * 1000;
  if (redis !== undefined) return redisProbeOf({ ...redis, timeout_sec });
  const address = tcp === undefined ? null : tcpAddress(tcp);
  if (address === null) throw new Error('a probe that asks nothing');
  return { kind: 'tcp', timeoutMs, ...address };
}

/** The request of an action `http_request`. */
export function httpProbeOf(fields: HttpFields & { readonly timeout_sec: number }): HttpProbe {
  const { url, method, headers, body, verify_tls: verifyTls, follow_redirects: followRedirects } = fields;
  const timeoutMs = fields.timeout_sec * 1000;
  return { kind: 'http', timeoutMs, url, method, headers, body, verifyTls, followRedirects };
}

/** The command of an action `run_command`. */
export function commandProbeOf(fields: CommandFields & { readonly timeout_sec: number }): CommandProbe {
  const { run, env, cwd } = fields;
  return { kind: 'command', timeoutMs: fields.timeout_sec * 1000, run, env, cwd };
}

/** `127.0.0.1:80`, `name:80`, `[::1]:80`; null where it is none of these. */
function tcpAddress(text: string): { readonly host: string; readonly port: number } | null {
  const [, six, name, digits] = /^(?:\[([\da-f:.]+)\]|([^\s:/]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}

/** That HTTP can send them. */
export function areHeaders(headers: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeader(name, value))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'must be a header such as X-Request-Id: abc',
      });
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}
