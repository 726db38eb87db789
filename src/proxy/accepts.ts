import { connect } from 'node:net';
import type { Upstream } from './link-spec.ts';

const limitMs = 1_000;

/** Whether connections are taken there: by the kernel, too, for a process that stands still. */
export function accepts({ host, port }: Upstream): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: limitMs });
    const end = (accepted: boolean) => {
      socket.destroy();
      settle(accepted);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
