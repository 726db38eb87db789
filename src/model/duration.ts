/** `83_000` → `1m 23s`, `4_200` → `4.2s`, `250` → `250ms`. For people; files carry plain numbers with a unit in their name. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)}ms`;
  if (durationMs < 10_000) return `${trimZero((durationMs / 1000).toFixed(1))}s`;
  const totalSec = Math.round(durationMs / 1000);
  if (totalSec < 60) return `${totalSec}s`;
  const minutes = Math.floor(totalSec / 60);
  const seconds = totalSec % 60;
  return seconds === 0 ? `${minutes}m` : `${minutes}m ${seconds}s`;
}

/** What is left of a phase or a run, while it goes on: `4.2s`, `0.3s`, `0s`. */
export function formatTimeLeft(leftMs: number): string {
  return leftMs < 1000 ? `${trimZero((leftMs / 1000).toFixed(1))}s` : formatDuration(leftMs);
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}
