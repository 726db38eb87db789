import { expect, it } from 'vitest';
import { type DiskRoom, noRoomFor } from './disk-room.ts';

const disk: DiskRoom = { total: 20e9, free: 3e9, isInMemory: false };

it('a file leaves a twentieth of the disk free, or five GB where that is less', () => {
  expect(noRoomFor(2e9, disk, '/tmp')).toBeNull();
  expect(noRoomFor(2.1e9, disk, '/tmp')).toBe(
    'a file of 2100 MB is too large for the disk of /tmp, of which 3000 MB are free and 1000 MB are to stay so: 2000 MB at most',
  );
  const large: DiskRoom = { ...disk, total: 1e12, free: 6e9 };
  expect(noRoomFor(1e9, large, '/tmp')).toBeNull();
  expect(noRoomFor(1.1e9, large, '/tmp')).toContain('5000 MB are to stay so: 1000 MB at most');
  expect(noRoomFor(1, { ...disk, free: 1e6 }, '/tmp')).toContain(': 0 MB at most');
});

it('what is kept in memory, as a tmpfs is, may be filled up', () => {
  expect(noRoomFor(1e12, { total: 4e6, free: 4e6, isInMemory: true }, '/small')).toBeNull();
});
