/** A file system, in bytes. */
export interface DiskRoom {
  readonly total: number;
  /** To users other than root. */
  readonly free: number;
  /** Whether it is kept in memory, and so bounded by itself: nobody else's files are there. */
  readonly isInMemory: boolean;
}

/** What is to stay free of a disk, which the whole machine lives on: a twentieth of it, of large ones less. */
function reserveOf({ total }: DiskRoom): number {
  return Math.min(total / 20, 5e9);
}

/** Why a file of so many bytes is not for that disk, as a clause; null where it is. A file system in memory may be filled up. */
export function noRoomFor(bytes: number, room: DiskRoom, where: string): string | null {
  const most = Math.max(room.free - reserveOf(room), 0);
  if (room.isInMemory || bytes <= most) return null;
  const free = `of which ${inMb(room.free)} MB are free and ${inMb(reserveOf(room))} MB are to stay so`;
  return `a file of ${inMb(bytes)} MB is too large for the disk of ${where}, ${free}: ${inMb(most)} MB at most`;
}

function inMb(bytes: number): string {
  return String(Math.floor(bytes / 1_000_000));
}
