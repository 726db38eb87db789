import { regex } from './expect.ts';
import { oneOf, tell } from './one-of.ts';
import { areHeaders, httpMethod } from './probe.ts';
import { z } from './zod.ts';

/** What requests are made of: sections of config.yaml. Field names are the format's own, so they stay in snake_case. */

const expectedStatus = z.union([
  z.int().min(100).max(599),
  z.string().regex(/^[1-5]xx$/, 'must be a status such as 200 or a class such as 2xx'),
]);
const weight = z.number().positive().default(1).describe('Share of this one against the others.');
const opName = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('What the column `op` of metrics.csv says; default: made of what it does.');

const path = z.string().startsWith('/', 'must start with /');
/** Those that HTTP has for the connection: a client sees to them itself. */
const ownHeaders = ['content-length', 'expect', 'keep-alive', 'te', 'transfer-encoding', 'upgrade'];
const headers = z
  .record(z.string(), z.string())
  .superRefine(areHeaders)
  .superRefine((fields, context) => {
    for (const name of Object.keys(fields))
      if (ownHeaders.includes(name.toLowerCase())) tell(context, [name], 'orch sees to it itself');
  });
const body = z
  .union([z.string(), z.record(z.string(), z.json()), z.null()])
  .optional()
  .describe(
    'Text is sent as it is, a mapping as JSON, null as no body. Default: { payload: test }; of GET and HEAD none.',
  );
const status = z.array(expectedStatus).min(1).describe('Any other status is a failure. Default: [2xx].');
const expectedBody = regex
  .optional()
  .describe(
    'A regular expression (JavaScript’s) that is found in the body of a good answer, else it is a failure; default: bodies are not looked at.',
  );

const httpRequest = z
  .strictObject({
    name: opName,
    weight,
    method: httpMethod.default('POST'),
    path: path.default('/work'),
    headers: headers.default({}),
    body,
    expected_status: status.default(['2xx']),
    expected_body: expectedBody,
  })
  // A request that only sets the method is what that method usually is.
  .transform(({ body: given, ...request }) => {
    const usual = ['GET', 'HEAD'].includes(request.method) ? null : { payload: 'test' };
    return { ...request, body: given === undefined ? usual : given };
  });

/** The options of `tls` that name a file. */
export const tlsFiles = ['ca', 'cert', 'key'] as const;

const file = z.string().min(1);
const tls = z
  .strictObject({
    verify: z.boolean().default(true).describe('Whether the server’s certificate must be a valid one.'),
    ca: file.optional().describe('A file (PEM) with the certificates of who may vouch for the server.'),
    cert: file.optional().describe('A file (PEM) with the certificate that is shown to the server.'),
    key: file.optional().describe('A file (PEM) with the key of that certificate.'),
    servername: z.string().min(1).optional().describe('The name that is asked for; default: the URL’s.'),
  })
  .superRefine((fields, context) => {
    for (const [one, other] of [
      ['cert', 'key'],
      ['key', 'cert'],
    ] as const)
      if (fields[one] !== undefined && fields[other] === undefined)
        context.addIssue({ code: 'custom', path: [one], message: `needs \`${other}\` beside it` });
  })
  .describe('For https. Files are looked for from the config’s directory.');

/** One request in short, which is a mix of one. */
const shortForm = {
  name: opName,
  method: httpMethod.optional().describe('Default: POST.'),
  path: path.optional().describe('Default: /work.'),
  headers: headers.optional(),
  body,
  expected_status: status.optional(),
  expected_body: expectedBody,
};

export const httpWorkloadSchema = z
  .strictObject({
    ...shortForm,
    requests: z
      .array(httpRequest)
      .min(1)
      .max(1000)
      .optional()
      .describe('A mix: each request by its weight’s share. In place of method, path, headers, body.'),
    tls: tls.optional(),
    http_version: z
      .literal([1.1, 2])
      .default(1.1)
      .describe(
        '2: one connection to each node carries all requests at once; over http:// without an upgrade.',
      ),
    keep_alive: z
      .boolean()
      .default(true)
      .describe('False: a connection of its own for each request, which costs what connecting costs.'),
  })
  .superRefine((written, context) => {
    const report = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (written.requests !== undefined)
      for (const key of Object.keys(shortForm))
        if (Reflect.get(written, key) !== undefined)
          report(key, 'stands beside `requests`: it belongs into each of them');
    if (!written.keep_alive && written.http_version === 2)
      report('keep_alive', 'cannot be false with `http_version: 2`, whose one connection stays');
  })
  .transform(({ requests, tls: own, http_version, keep_alive, ...short }) => ({
    requests: requests ?? [httpRequest.parse(short)],
    ...(own === undefined ? {} : { tls: own }),
    http_version,
    keep_alive,
  }));

const keyCount = z.int().min(1).max(1_000_000_000);
const keySpace = z.strictObject({
  count: keyCount.describe('How many keys there are.'),
  prefix: z.string().default('key:').describe('What comes before a key’s number.'),
  distribution: z
    .enum(['uniform', 'zipf'])
    .default('uniform')
    .describe('zipf: few keys are asked for often, many seldom, as the n-th by 1/n^0.99.'),
});
const mostOfZipf = 10_000_000;
const keys = z
  .union([keyCount, keySpace])
  .transform((written) => (typeof written === 'number' ? keySpace.parse({ count: written }) : written))
  .refine(({ count, distribution }) => distribution === 'uniform' || count <= mostOfZipf, {
    message: `must be at most ${mostOfZipf} keys with \`zipf\``,
  })
  .describe('What `{{key}}` is: one of so many keys, key:0, key:1 ….');

const redisOperation = z.strictObject({
  name: opName,
  weight,
  commands: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .describe('Sent in order as one operation, for example INCR orch:counter.'),
  keys: keys.optional(),
  value_bytes: z
    .int()
    .min(0)
    .max(64 * 1024 * 1024)
    .optional()
    .describe('How long `{{value}}` is.'),
  pipeline: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'The commands so many times in one write, as one request whose latency is that of all; default: 1.',
    ),
});

export const redisWorkloadSchema = z.array(redisOperation).min(1).max(1000);

const name = z
  .string()
  .regex(/^[A-Za-z_][\w-]*$/, 'must begin with a letter, and have letters, digits, `_` and `-`');

export const workloadsSchema = z
  .record(
    name,
    z
      .strictObject({ http: httpWorkloadSchema.optional(), redis: redisWorkloadSchema.optional() })
      .superRefine(oneOf(['http', 'redis'])),
  )
  .default({})
  .describe('Workloads by name, for `workload` in start_load: each for HTTP or for Redis nodes.');

export const feedsSchema = z
  .record(
    name,
    z.strictObject({
      file: file.describe('A CSV file whose first line names its columns, from the config’s directory.'),
      order: z
        .enum(['sequential', 'random'])
        .default('sequential')
        .describe('sequential: request n has row n, again and again; random: any row.'),
    }),
  )
  .default({})
  .describe(
    'Rows that requests are filled in from: `{{users.email}}` is the column email of the feed users.',
  );

export type HttpWorkload = z.output<typeof httpWorkloadSchema>;
export type HttpRequestSpec = HttpWorkload['requests'][number];
export type TlsOptions = z.output<typeof tls>;
export type TlsFile = (typeof tlsFiles)[number];
export type RedisOperation = z.output<typeof redisOperation>;
export type KeySpace = z.output<typeof keySpace>;
export type FeedSpec = z.output<typeof feedsSchema>[string];
