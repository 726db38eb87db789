import { ProxyDisturber } from './disturber.ts';
import type { Intermediary } from './intermediary.ts';
import { Proxy, type ProxyOptions } from './proxy.ts';

/** The proxy within this process: whatever it did ends with it. */
export function embeddedProxy(options: ProxyOptions): Intermediary {
  const proxy = new Proxy(options);
  return {
    disturber: new ProxyDisturber(proxy),
    wouldLeave: () => null,
    async open(link) {
      const { localPort } = await proxy.open(link);
      return { host: '127.0.0.1', port: localPort };
    },
    async close() {
      await proxy.close();
      return [];
    },
  };
}
