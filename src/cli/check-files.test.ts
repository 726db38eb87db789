import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkFiles } from './check-files.ts';
import { ownCertificate } from '../check/own-certificate.fixture.ts';
import { OrchError } from '../model/errors.ts';
import { loadConfig } from '../config/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'orch-config-'));
afterAll(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, 'users.csv'), 'email,name\na@x,A\n');
writeFileSync(join(directory, 'bad.csv'), 'email,name\na@x\n');
for (const what of ['cert', 'key'] as const)
  writeFileSync(join(directory, `${what}.pem`), `# ours\n${ownCertificate[what]}\n`);
writeFileSync(
  join(directory, 'other.pem'),
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
);
writeFileSync(
  join(directory, 'cut.pem'),
  `${ownCertificate.cert}\n${ownCertificate.cert.slice(0, 200)}\n-----END CERTIFICATE-----\n`,
);

/** What is told of a config, each with line and column; a config that is right gives none. */
async function mistakesIn(...lines: readonly string[]): Promise<readonly string[]> {
  const file = join(directory, 'config.yaml');
  writeFileSync(file, lines.join('\n'));
  try {
    checkFiles(await loadConfig(file, directory));
    return [];
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    const told = error.details.length > 0 ? error.details : [error.message];
    return told.map((one) => one.replaceAll(`${directory}/`, ''));
  }
}

const feeds = 'feeds: { users: { file: users.csv, order: random } }';

describe('the requests of a config', () => {
  test('may be filled in with all that there is', async () => {
    const told = await mistakesIn(
      feeds,
      'http_workload:',
      '  requests:',
      '    - { weight: 2, path: "/u/{{random 1 9}}", headers: { x-id: "{{uuid}}" } }',
      '    - { name: sign-in, path: /in, body: { mail: "{{users.email}}", n: "{{seq}}" } }',
      'workloads:',
      '  writes: { redis: [{ commands: ["SET {{key}} {{value}}"], keys: 10, value_bytes: 5, pipeline: 3 }] }',
    );
    expect(told).toEqual([]);
  });

  test('have what is not there told, each with its place and what it may have been', async () => {
    const told = await mistakesIn(
      feeds,
      'http_workload:',
      '  requests:',
      '    - { path: "/{{sec}}", headers: { x-id: "Bearer secret {{usrs.email}}" } }',
      '    - path: /b',
      '      body: { deep: ["{{random 9 1}}"], key: "{{key}}" }',
      'workloads:',
      '  w: { redis: [{ commands: ["SET {{key}} {{value}}"] }] }',
      '  r: { http: { path: "/{{" } }',
    );
    expect(told).toEqual([
      expect.stringMatching(/^config\.yaml:4:15: there is no `\{\{sec\}\}`; did you mean `\{\{seq\}\}`\?/),
      'config.yaml:4:44: there is no feed `usrs`; did you mean `users`? Known: users',
      expect.stringMatching(/^config\.yaml:6:22: .*two whole numbers/),
      'config.yaml:6:46: `{{key}}` is for the commands of Redis workloads',
      expect.stringMatching(/^config\.yaml:9:22: `\{\{` is not closed/),
      'config.yaml:8:29: `{{key}}` needs `keys` beside the commands',
      'config.yaml:8:29: `{{value}}` needs `value_bytes` beside the commands',
    ]);
  });

  test('have columns and files that are not there told', async () => {
    expect(await mistakesIn(feeds, 'http_workload: { path: "/{{users.mail}}" }')).toEqual([
      'config.yaml:2:24: the feed `users` has no column `mail`; did you mean `email`? Known: email, name',
    ]);
    expect(await mistakesIn('feeds: { users: { file: bad.csv } }')).toEqual([
      'bad.csv:2: there are 1 values for 2 columns',
    ]);
    expect(await mistakesIn('feeds: { users: { file: none.csv } }')).toEqual([
      expect.stringMatching(/^the feed `users` cannot be read: ENOENT/),
    ]);
  });

  test('have the files of their TLS options told that cannot be used', async () => {
    const ours = '{ ca: cert.pem, cert: cert.pem, key: key.pem }';
    expect(await mistakesIn(`http_workload: { tls: ${ours} }`)).toEqual([]);
    const told = await mistakesIn(
      'http_workload:',
      '  tls:',
      '    ca: none.pem',
      '    cert: users.csv',
      '    key: cert.pem',
      'workloads:',
      '  a: { http: { tls: { ca: cut.pem } } }',
      '  b: { http: { tls: { cert: cert.pem, key: other.pem } } }',
    );
    expect(told).toEqual([
      expect.stringMatching(/^config\.yaml:3:9: tls\.ca cannot be read: ENOENT.*none\.pem/),
      'config.yaml:4:11: tls.cert is no certificate in PEM: users.csv',
      expect.stringMatching(
        /^config\.yaml:5:10: tls\.key cannot be read as a private key in PEM: cert\.pem: /,
      ),
      expect.stringMatching(/^config\.yaml:7:27: tls\.ca cannot be read as a certificate in PEM: cut\.pem: /),
      'config.yaml:8:44: tls.key is not the key of tls.cert: other.pem',
    ]);
  });

  test('are a mix or one request, and what is around them is consistent', async () => {
    expect(await mistakesIn('http_workload:', '  method: GET', '  requests: [{ path: /a }]')).toEqual([
      'config.yaml:2:11: `http_workload.method` is `GET`: stands beside `requests`: it belongs into each of them',
    ]);
    expect(await mistakesIn('http_workload: { http_version: 2, keep_alive: false }')).toEqual([
      expect.stringMatching(/^config\.yaml:1:\d+: `http_workload.keep_alive` is `false`: cannot be false/),
    ]);
    expect(await mistakesIn('http_workload: { tls: { cert: a.pem } }')).toEqual([
      expect.stringMatching(/needs `key` beside it$/),
    ]);
    expect(await mistakesIn('http_workload: { pth: /a }')).toEqual([
      expect.stringMatching(/^config\.yaml:1:18: unknown key `pth` in http_workload; did you mean `path`\?/),
    ]);
    expect(await mistakesIn('workloads: { w: { http: {}, redis: [{ commands: [PING] }] } }')).toEqual([
      expect.stringMatching(/stands beside http; only one of them can be$/),
    ]);
    expect(
      await mistakesIn('workloads: { w: { redis: [{ commands: [PING], keys: { count: 0 } }] } }'),
    ).toEqual([
      expect.stringMatching(/`workloads\.w\.redis\[0\]\.keys\.count` is `0`, but must be at least 1/),
    ]);
  });
});

describe('the Redis nodes of a config', () => {
  test('may be endpoints of several nodes, which have no service', async () => {
    const nodes = 'redis_nodes: [redis+cluster://h:7000, redis://h:7000, redis+sentinel://h:26379/mymaster]';
    expect(await mistakesIn(nodes, 'redis_services: [a]')).toEqual([]);
    expect(await mistakesIn(nodes, 'redis_services: [a, b]')).toEqual([
      expect.stringMatching(/2 names for 1 redis_nodes/),
    ]);
  });

  test('name their master where they are Sentinels, and no database where they are clusters', async () => {
    expect(await mistakesIn('redis_nodes: [redis+sentinel://h:26379]')).toEqual([
      expect.stringMatching(/must name the master/),
    ]);
    expect(await mistakesIn('redis_nodes: [redis+cluster://h:7000/1]')).toEqual([
      expect.stringMatching(/a cluster has no databases/),
    ]);
  });
});
