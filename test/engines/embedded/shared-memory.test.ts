import { expect, it } from 'vitest';
import { parseSegments, segmentsOf } from '../../../source/engines/embedded/shared-memory.js';

/** Linux 6.18: the segment of a cluster in a folder with inode 2171218, and one of somebody else. */
const TEXT = `       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap
   2171218     163877   600                    56 26189 26189      0 65534 65534 65534 65534 1796012345 1796012346 1796012340                  4096                     0
      5432      32769   600                    56   812   900      5   113   120   113   120 1796000000          0 1796000000                  4096                     0
`;
const data = { uid: 65_534, madeAt: 1_796_012_340, inode: 2_171_218n };

it('segments are read with their key, maker and time', () => {
  expect(parseSegments(TEXT)).toEqual([
    { key: 2_171_218, id: '163877', attached: 0, creator: 65_534, changedAt: 1_796_012_340 },
    { key: 5432, id: '32769', attached: 5, creator: 113, changedAt: 1_796_000_000 },
  ]);
  expect(parseSegments('')).toEqual([]);
});

it("a cluster's is known by the inode of its folder, its user and its time, and no other is", () => {
  const [own, other] = parseSegments(TEXT);
  expect(segmentsOf(data, parseSegments(TEXT))).toEqual([own]);
  expect(segmentsOf({ ...data, uid: 113 }, parseSegments(TEXT))).toEqual([]);
  expect(segmentsOf({ ...data, madeAt: data.madeAt + 1 }, parseSegments(TEXT))).toEqual([]);
  expect(segmentsOf({ ...data, inode: 5432n }, parseSegments(TEXT))).toEqual([]);
  expect(segmentsOf({ uid: 113, madeAt: 0, inode: 5432n }, parseSegments(TEXT))).toEqual([other]);
  // Its key was taken: PostgreSQL took the next one. Inodes are longer than keys.
  expect(segmentsOf({ ...data, inode: 2_171_217n }, parseSegments(TEXT))).toEqual([own]);
  expect(segmentsOf({ ...data, inode: 2_171_218n + (7n << 32n) }, parseSegments(TEXT))).toEqual([own]);
});
