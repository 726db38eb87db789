import { z } from './zod.ts';

/** `control:` of config.yaml: how nodes are reached and disturbed. */
export const controlSchema = z
  .strictObject({
    driver: z
      .enum(['auto', 'docker', 'process'])
      .default('auto')
      .describe(
        'How nodes are reached. auto: Docker where the compose project runs, else embedded child processes.',
      ),
    docker: z
      .strictObject({
        project: z
          .string()
          .min(1)
          .optional()
          .describe('Compose project; default: as Compose itself names it here.'),
        socket: z
          .string()
          .min(1)
          .optional()
          .describe('Path of the Engine’s socket; default: DOCKER_HOST, else the usual one.'),
        net_image: z
          .string()
          .min(1)
          .optional()
          .describe(
            'Image with iptables and tc, whose containers disturb networks where orch is not root on the Engine’s machine.',
          ),
      })
      .prefault({}),
    network_faults: z
      .enum(['auto', 'kernel', 'proxy'])
      .default('auto')
      .describe(
        'How the way to a node is disturbed. kernel: by rules in the container’s network namespace. proxy: by an embedded proxy between load and node. auto: by rules where there can be, else by the proxy.',
      ),
    proxy: z
      .string()
      .regex(
        /^(embedded|toxiproxy:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5})$/,
        'must be `embedded`, or the address of a Toxiproxy server such as toxiproxy://127.0.0.1:8474',
      )
      .default('embedded')
      .describe(
        'The proxy between load and a node. embedded: orch’s own. toxiproxy://host:port: a Toxiproxy server that runs there, driven by its HTTP API.',
      ),
    overtime_sec: z
      .number()
      .min(1)
      .max(3600)
      .default(120)
      .describe(
        'A fault still in force this long after its planned end is undone by the guardian, even if orch itself hangs.',
      ),
    process: z
      .strictObject({
        redis_server: z.string().min(1).optional().describe('Path of redis-server; default: found on PATH.'),
        replicas: z
          .record(z.string().min(1), z.string().min(1))
          .default({})
          .describe('Which embedded Redis node replicates which: `redis-node-2: redis-node-1`.'),
      })
      .prefault({}),
  })
  .prefault({});
