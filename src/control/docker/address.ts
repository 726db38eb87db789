import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the Docker Engine is reached. */
export interface EngineAddress {
  /** Undefined where DOCKER_HOST names a host: dockerode then reads it, and the TLS variables beside it, by itself. */
  readonly socketPath: string | undefined;
  /** For messages: the socket's path, or DOCKER_HOST. */
  readonly shown: string;
}

const usualSocket = '/var/run/docker.sock';

/**
 * The socket that was asked for, else DOCKER_HOST (each from `directory` where it is relative), else the first usual socket that may be opened: the system's,
 * Docker Desktop's under HOME, a rootless engine's under XDG_RUNTIME_DIR.
 */
export function engineAddress(
  env: Readonly<Record<string, string | undefined>>,
  socket?: string,
  directory = '/',
): EngineAddress {
  if (socket !== undefined) return socketAddress(resolve(directory, socket));
  const host = env['DOCKER_HOST'];
  if (host?.startsWith('unix://'))
    return socketAddress(resolve(directory, host.slice('unix://'.length) || usualSocket));
  if (host) return { socketPath: undefined, shown: host };
  const { HOME: home, XDG_RUNTIME_DIR: runtimeDir } = env;
  const candidates = [
    usualSocket,
    ...(home ? [join(home, '.docker/run/docker.sock')] : []),
    ...(runtimeDir ? [join(runtimeDir, 'docker.sock')] : []),
  ];
  return socketAddress(candidates.find(mayOpen) ?? usualSocket);
}

/** As DOCKER_HOST would say it. */
export function engineUrl({ socketPath, shown }: EngineAddress): string {
  return socketPath === undefined ? shown : `unix://${socketPath}`;
}

/** Whether the engine is this machine's own: a socket, or a host that is the machine itself. */
export function isLocal({ socketPath, shown }: EngineAddress): boolean {
  if (socketPath !== undefined) return true;
  const [, scheme = 'tcp', host = ''] = /^(?:(\w+):\/\/)?(.*)$/.exec(shown) ?? [];
  if (scheme === 'npipe') return true;
  if (scheme === 'ssh') return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/.test(host);
}

function socketAddress(socketPath: string): EngineAddress {
  return { socketPath, shown: socketPath };
}

function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
