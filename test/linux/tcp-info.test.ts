import { describe, expect, it } from 'vitest';
import { decodeDiagReply, NetlinkError } from '../../source/linux/netlink/inet-diag-reply.js';
import { encodeDiagRequest } from '../../source/linux/netlink/inet-diag-request.js';
import type { SocketRow } from '../../source/linux/socket-row.js';
import type { TcpInfo } from '../../source/linux/tcp-info.js';
import { ALL_STATES } from '../../source/linux/tcp-states.js';
import { seededRandom, spoil } from './seeded-random.js';

const SEQUENCE = 7;

/** An attribute, padded to four bytes; `length` lies where it is given. */
function attribute(type: number, payload: Buffer, length = 4 + payload.length): Buffer {
  const bytes = Buffer.alloc(4 + ((payload.length + 3) & ~3));
  bytes.writeUInt16LE(length, 0);
  bytes.writeUInt16LE(type, 2);
  payload.copy(bytes, 4);
  return bytes;
}

/** `struct tcp_info` of a connection that lost packets, as a kernel with that much of it writes it. */
function tcpInfo(bytes = 280): Buffer {
  const info = Buffer.alloc(280);
  info.writeUInt8(4, 4);
  for (const [at, value] of [
    ...[[24, 3] as const, [44, 1_500] as const, [52, 61_000] as const, [56, 59_000] as const],
    ...[[60, 1_500] as const, [68, 100_300] as const, [100, 7] as const, [148, 99_000] as const],
    ...[[152, 40] as const, [156, 50] as const],
  ])
    info.writeUInt32LE(value, at);
  info.writeBigUInt64LE(4_000_000n, 168);
  info.writeBigUInt64LE(1_000_000n, 176);
  info.writeBigUInt64LE(9_000n, 208);
  return info.subarray(0, bytes);
}

function message(...attributes: readonly Buffer[]): Buffer {
  const row = Buffer.alloc(72);
  row.set([2, 1, 1, 4], 0);
  row.writeUInt16BE(41_000, 4);
  row.writeUInt16BE(5_432, 6);
  row.set([10, 0, 0, 2], 8);
  row.set([10, 0, 0, 3], 24);
  row.writeUInt32LE(9, 44);
  row.writeUInt32LE(1, 48);
  row.writeUInt32LE(700, 52);
  row.writeUInt32LE(1_000, 64);
  const body = Buffer.concat([row, ...attributes]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt32LE(SEQUENCE, 8);
  return Buffer.concat([header, body]);
}

function read<T>(bytes: Buffer, pick: (row: SocketRow) => T): T[] {
  const found: T[] = [];
  decodeDiagReply(bytes, SEQUENCE, (row) => found.push(pick(row)));
  return found;
}

/** Up to eight bytes behind the header are others. */
function withOddBytes(bytes: Buffer, random: () => number): Buffer {
  const odd = Buffer.from(bytes);
  for (let left = 1 + Math.floor(8 * random()); left > 0; left--)
    odd[16 + Math.floor(random() * (odd.length - 16))] = Math.floor(256 * random());
  return odd;
}

const figures = (info: TcpInfo | null) =>
  info && [info.backoff, info.unacked, info.rttUs, info.minRttUs, info.dataSegsOut, info.bytesRetrans];

describe('tcp_info behind a row', () => {
  it('is asked for by its bit, and not unless it is wanted', () => {
    const ask = { family: 4, protocol: 'tcp', states: ALL_STATES, sequence: 1 } as const;
    expect(encodeDiagRequest({ ...ask, info: true })[18]).toBe(2);
    expect(encodeDiagRequest(ask)[18]).toBe(0);
  });

  it('gives its figures, the cookie, the user and the cgroup', () => {
    const cgroup = Buffer.alloc(8);
    cgroup.writeBigUInt64LE(4_711n);
    const bytes = message(attribute(8, Buffer.from([0])), attribute(21, cgroup), attribute(2, tcpInfo()));
    const [row] = read(bytes, ({ cookie, uid, expiresMs, cgroupId, info }) => ({
      ...{ cookie, uid, expiresMs, cgroupId, figures: figures(info) },
      ...{ recv: info?.lastDataRecvMs, ack: info?.lastAckRecvMs, mtu: info?.pathMtu },
      ...{ busy: info?.busyUs, limited: info?.receiverLimitedUs, again: info?.totalRetrans },
    }));
    expect(row).toEqual({
      ...{ cookie: 2 ** 32 + 9, uid: 1_000, expiresMs: 700, cgroupId: 4_711 },
      figures: [4, 3, 100_300, 99_000, 50, 9_000],
      ...{ recv: 61_000, ack: 59_000, mtu: 1_500, busy: 4_000_000, limited: 1_000_000, again: 7 },
    });
  });

  it.each([
    [104, [4, 3, 100_300, null, null, null]],
    [160, [4, 3, 100_300, 99_000, 50, null]],
    [2, [null, null, null, null, null, null]],
  ])('of %i bytes, as an older kernel has it, has what is there', (bytes, wanted) => {
    const [found] = read(message(attribute(2, tcpInfo(bytes))), ({ info }) => figures(info));
    expect(found).toEqual(wanted);
  });

  it('is absent where no such attribute is whole', () => {
    const info = tcpInfo();
    for (const parts of [[], [attribute(2, info, 3)], [attribute(2, info, 2_000)], [attribute(7, info, 0)]])
      expect(read(message(...parts), (row) => [row.info, row.cgroupId])).toEqual([[null, null]]);
    expect(read(message(attribute(21, Buffer.alloc(4))), ({ cgroupId }) => cgroupId)).toEqual([null]);
  });

  it('survives thousands of spoiled datagrams', () => {
    const random = seededRandom(20_260_202);
    const real = message(
      attribute(8, Buffer.alloc(1)),
      attribute(21, Buffer.alloc(8)),
      attribute(2, tcpInfo()),
    );
    let rows = 0;
    for (let i = 0; i < 5_000; i++) {
      try {
        rows += read(i % 2 === 0 ? spoil(real, random) : withOddBytes(real, random), (row) => {
          const { info } = row;
          const all = [row.cookie, row.uid, row.cgroupId, row.expiresMs, ...(figures(info) ?? [])];
          const more = [info?.busyUs, info?.receiverLimitedUs, info?.dataSegsIn, info?.pathMtu];
          for (const value of [...all, ...more]) expect(value == null || value >= 0).toBe(true);
        }).length;
      } catch (error) {
        expect(error).toBeInstanceOf(NetlinkError);
      }
    }
    expect(rows).toBeGreaterThan(500);
  });
});
