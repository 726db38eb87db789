import { z } from '../model/zod.ts';

/** How Chaos Toolkit carries an activity out: by a request, a process or a function of Python. */

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const anything = z.unknown().optional();

const http = z.strictObject({
  type: z.literal('http'),
  url: z.string().min(1),
  method: z.string().min(1).default('GET'),
  headers: z.record(z.string().min(1), scalar).nullish(),
  arguments: z.union([z.string(), z.null(), z.array(z.json()), z.record(z.string(), z.json())]).optional(),
  timeout: z
    .union([z.number().positive(), z.tuple([z.number().positive(), z.number().positive()])])
    .nullish(),
  verify_tls: z.boolean().optional(),
  max_retries: z.int().min(0).optional(),
  expected_status: anything,
  secrets: anything,
  config: anything,
});
const process = z.strictObject({
  type: z.literal('process'),
  path: z.string().min(1),
  arguments: z.union([z.string(), z.null(), z.array(scalar), z.record(z.string(), scalar)]).optional(),
  timeout: z.number().positive().nullish(),
  secrets: anything,
  config: anything,
});
const python = z.looseObject({
  type: z.literal('python'),
  module: z.string().optional(),
  func: z.string().optional(),
});

export const providerSchema = z.discriminatedUnion('type', [http, process, python]);

export type Provider = z.output<typeof providerSchema>;
export type HttpProvider = z.output<typeof http>;
export type ProcessProvider = z.output<typeof process>;
