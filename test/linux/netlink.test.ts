import { describe, expect, it } from 'vitest';
import { decodeDiagReply, NetlinkError } from '../../source/linux/netlink/inet-diag-reply.js';
import { encodeDiagRequest } from '../../source/linux/netlink/inet-diag-request.js';
import { decodeTcpTable } from '../../source/linux/proc-net/tcp-table.js';
import type { OnRow } from '../../source/linux/socket-row.js';
import { ALL_STATES, stateMask } from '../../source/linux/tcp-states.js';
import { datagrams, fixture } from './fixture.js';
import { noise, seededRandom, spoil } from './seeded-random.js';

/** Sequence number that the captured dumps were asked with. */
const SEQUENCE = 7;

function collect(read: (onRow: OnRow) => void): string[] {
  const rows: string[] = [];
  read((row) => {
    const local = `${row.localAddress()} ${row.localPort}`;
    rows.push(
      `${row.state} ${local} ${row.remoteAddress()} ${row.remotePort} ${row.inode} rx${row.rxQueue} t${row.timer}`,
    );
  });
  return rows.sort();
}

describe('sock_diag replies', () => {
  it.each([
    ['sock-diag-tcp4.bin', 'proc-net-tcp.txt', 26],
    ['sock-diag-tcp6.bin', 'proc-net-tcp6.txt', 13],
  ])('%s says the same as %s', (dump, text, sockets) => {
    const fromNetlink = collect((onRow) => {
      for (const part of datagrams(dump)) decodeDiagReply(part, SEQUENCE, onRow);
    });
    const fromText = collect((onRow) => decodeTcpTable(fixture(text), onRow));
    expect(fromNetlink).toHaveLength(sockets);
    expect(fromNetlink).toEqual(fromText);
    expect(fromNetlink.filter((row) => row.startsWith('CLOSE-WAIT'))).toHaveLength(3);
  });

  it('gives the backlog of a listener, which /proc cannot', () => {
    const backlogs: (number | null)[] = [];
    for (const part of datagrams('sock-diag-tcp4.bin'))
      decodeDiagReply(part, SEQUENCE, (row) => row.state === 'LISTEN' && backlogs.push(row.txQueue));
    expect(backlogs.sort()).toEqual([128, 511, 511]);
  });

  it('reads a connected UDP socket', () => {
    const rows = collect((onRow) => {
      for (const part of datagrams('sock-diag-udp4.bin')) decodeDiagReply(part, SEQUENCE, onRow);
    });
    expect(rows).toEqual([expect.stringContaining('ESTAB 127.0.0.1 44164 127.0.0.53 53')]);
  });

  it('ends at NLMSG_DONE and passes over other sequences', () => {
    const parts = datagrams('sock-diag-tcp4.bin');
    const last = parts.at(-1) as Buffer;
    expect(decodeDiagReply(last, SEQUENCE, () => undefined).done).toBe(true);
    expect(decodeDiagReply(last, SEQUENCE + 1, () => undefined)).toEqual({
      done: false,
      interrupted: false,
      rows: 0,
    });
  });

  it('reports an interrupted dump', () => {
    const part = Buffer.from(datagrams('sock-diag-tcp4.bin')[0] as Buffer);
    part.writeUInt16LE(part.readUInt16LE(6) | 0x10, 6);
    expect(decodeDiagReply(part, SEQUENCE, () => undefined).interrupted).toBe(true);
  });

  it('turns NLMSG_ERROR and a failed NLMSG_DONE into NetlinkError with the number', () => {
    for (const type of [2, 3]) {
      const message = Buffer.alloc(20);
      message.writeUInt32LE(20, 0);
      message.writeUInt16LE(type, 4);
      message.writeUInt32LE(SEQUENCE, 8);
      message.writeInt32LE(-2, 16);
      expect(() => decodeDiagReply(message, SEQUENCE, () => undefined)).toThrow(
        expect.objectContaining({ errno: 2 }),
      );
    }
  });

  it('refuses lengths of 0, below a header and beyond the datagram', () => {
    for (const length of [0, 15, 1 << 20, 0xffffffff]) {
      const message = Buffer.alloc(32);
      message.writeUInt32LE(length >>> 0, 0);
      expect(() => decodeDiagReply(message, SEQUENCE, () => undefined)).toThrow(NetlinkError);
    }
  });

  it('survives thousands of spoiled and random datagrams', () => {
    const random = seededRandom(20_260_101);
    const real = datagrams('sock-diag-tcp6.bin')[0] as Buffer;
    let rows = 0;
    for (let i = 0; i < 6_000; i++) {
      const bytes = i % 3 === 0 ? noise(Math.floor(random() * 400), random) : spoil(real, random);
      try {
        decodeDiagReply(bytes, SEQUENCE, (row) => {
          row.localAddress();
          row.remoteAddress();
          rows += Number.isFinite(row.inode + row.rxQueue + Number(row.txQueue) + row.localPort)
            ? 1
            : Number.NaN;
        });
      } catch (error) {
        expect(error).toBeInstanceOf(NetlinkError);
      }
    }
    expect(rows).toBeGreaterThan(1_000);
  });
});

describe('sock_diag requests', () => {
  it('is 72 bytes with the state filter where the kernel looks for it', () => {
    const states = ALL_STATES & ~stateMask('ESTAB', 'TIME-WAIT');
    const bytes = encodeDiagRequest({ family: 6, protocol: 'tcp', states, sequence: 9 });
    expect(bytes).toHaveLength(72);
    expect(bytes.readUInt32LE(0)).toBe(72);
    expect([bytes[16], bytes[17]]).toEqual([10, 6]);
    expect(bytes.readUInt32LE(20)).toBe(0b111110111100);
  });

  it('asks for both families the way that knows none', () => {
    const states = stateMask('LISTEN');
    const bytes = encodeDiagRequest({ family: 'both', protocol: 'tcp', states, info: true, sequence: 9 });
    expect(bytes).toHaveLength(76);
    expect(bytes.readUInt32LE(0)).toBe(76);
    // TCPDIAG_GETSOCK; struct inet_diag_req: the extensions in its fourth byte, the states behind the socket's id.
    expect(bytes.readUInt16LE(4)).toBe(18);
    expect([...bytes.subarray(16, 20)]).toEqual([0, 0, 0, 2]);
    expect(bytes.readUInt32LE(68)).toBe(states);
  });
});
