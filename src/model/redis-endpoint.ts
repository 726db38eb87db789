/** Where Redis load goes: a node, or an endpoint behind which several nodes are. */

const schemes = {
  'redis:': 'node',
  'rediss:': 'node',
  'redis+cluster:': 'cluster',
  'redis+sentinel:': 'sentinel',
} as const;

export interface RedisEndpoint {
  /** `cluster`: the address is that of one of its nodes. `sentinel`: that of one Sentinel, which knows where the master is. */
  readonly kind: 'node' | 'cluster' | 'sentinel';
  readonly host: string;
  readonly port: number;
  /** What logs in to the nodes. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The name by which Sentinels know the master; empty for other kinds. */
  readonly master: string;
  readonly db: number;
}

/** `redis://[user:password@]host:port[/db]`, `redis+cluster://host:port`, `redis+sentinel://host:port/master[/db]`. */
export function redisEndpoint(url: string): RedisEndpoint {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const kind = isScheme(protocol) ? schemes[protocol] : 'node';
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  const [master = '', db = ''] = kind === 'sentinel' ? parts : ['', parts[0]];
  const given = (text: string) => (text === '' ? undefined : decodeURIComponent(text));
  return {
    kind,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (kind === 'sentinel' ? 26_379 : 6379),
    username: given(username),
    password: given(password),
    master,
    db: Number(db) || 0,
  };
}

/** Whether several nodes are behind a URL, so that it is the address of none of them. */
export function isManyNodes(url: string): boolean {
  return /^redis\+(cluster|sentinel):/.test(url);
}

function isScheme(protocol: string): protocol is keyof typeof schemes {
  return Object.hasOwn(schemes, protocol);
}
