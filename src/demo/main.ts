import type { Server } from 'node:http';
import { createDemoService } from './service.ts';
import { readSettings, type Settings } from './settings.ts';

/** The exit code of invalid settings, as everywhere in orch. */
const invalid = 104;
const drainLimitMs = 10_000;

function main(settings: Settings): void {
  const { node, host, port } = settings;
  const service = createDemoService(settings);

  let draining = false;
  const terminate = () => {
    // A second signal does not wait; 143 is what a shell reports for an unhandled SIGTERM.
    if (draining) process.exit(143);
    draining = true;
    void end();
  };
  const end = async (): Promise<never> => {
    const cutOff = await service.drain(drainLimitMs);
    if (cutOff > 0) process.stderr.write(`${node}: cut off ${cutOff} requests after ${drainLimitMs} ms\n`);
    process.exit(cutOff > 0 ? 1 : 0);
  };
  process.on('SIGTERM', terminate);
  // A Ctrl-C reaches everything in the terminal, but an embedded node is its parent's to end.
  process.on('SIGINT', settings.dieWithParent ? () => {} : terminate);

  if (settings.dieWithParent) {
    // A pipe ends, a socket may fail instead; either way the parent has gone.
    for (const sign of ['end', 'close', 'error']) process.stdin.on(sign, () => process.exit(0));
    process.stdin.resume();
  }
  // Whoever reads the ready line may be gone by the time it is written; the node serves all the same.
  process.stdout.on('error', () => {});

  service.server.on('error', (error: NodeJS.ErrnoException) => {
    // Out of file descriptors, for one: that connection is lost, the node serves on.
    if (service.server.listening) {
      process.stderr.write(`${node}: a connection could not be accepted: ${error.message}\n`);
      return;
    }
    const why = error.code === 'EADDRINUSE' ? 'the port is already in use' : error.message;
    fail(`${node}: cannot listen on ${host}:${port}: ${why}`);
  });
  service.server.listen(port, host, () => {
    process.stdout.write(`${node} listening on ${urlOf(service.server)}\n`);
  });
}

function urlOf(server: Server): string {
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('a TCP server has an address and a port');
  return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(invalid);
}

function settingsOrFail(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    return fail(`demo node: ${error instanceof Error ? error.message : String(error)}`);
  }
}

main(settingsOrFail());
