import type { Socket } from 'node:net';

/**
 * RST, behind what was written before, and behind the FIN of a socket that was ended. One that is not connected is just
 * closed.
 */
export function resetOnceFlushed(socket: Socket): void {
  const again = (): void => resetOnceFlushed(socket);
  if (socket.destroyed) return;
  if (socket.pending) socket.destroy();
  // Node refuses to reset a socket whose FIN is on its way, and never closes it thereafter.
  else if (socket.writableEnded && !socket.writableFinished) socket.once('finish', again);
  else if (socket.writableLength === 0) socket.resetAndDestroy();
  else socket.write('', again);
}
