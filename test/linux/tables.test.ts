import { describe, expect, it } from 'vitest';
import { formatIPv6 } from '../../source/linux/ip-address.js';
import { decodeTcpTable, decodeUdpTable } from '../../source/linux/proc-net/tcp-table.js';
import { fixture, fixtureText } from './fixture.js';
import { noise, seededRandom, spoil } from './seeded-random.js';

const rowsOf = (text: string): string[] => {
  const rows: string[] = [];
  decodeTcpTable(Buffer.from(text, 'latin1'), (row) =>
    rows.push(`${row.state} ${row.localPort} ${row.inode}`),
  );
  return rows;
};

describe('/proc/net/tcp', () => {
  it('reads rows from 10,000 on, where every column shifts', () => {
    const [header = '', first = ''] = fixtureText('proc-net-tcp.txt').split('\n');
    const numbered = (sl: string): string => `${header}\n${first.replace('   0:', sl)}\n`;
    const expected = ['LISTEN 46803 22970'];
    for (const sl of ['   0:', '9999:', '10000:', '123456:']) expect(rowsOf(numbered(sl))).toEqual(expected);
  });

  it('leaves the beginning of a row for the next chunk', () => {
    const bytes = fixture('proc-net-tcp.txt');
    for (const cut of [0, 1, 200, 449, 450, 451, 1000]) {
      const states: string[] = [];
      const used = decodeTcpTable(bytes.subarray(0, cut), (row) => states.push(row.state));
      decodeTcpTable(bytes.subarray(used), (row) => states.push(row.state));
      expect(states).toHaveLength(26);
    }
  });

  it('tells the timer and retransmits of a flow that a middle box dropped', () => {
    const row =
      '   7: 0B00000A:9C40 0C00000A:1538 01 00000F00:00000000 01:00000123 00000004     0        0 4711 2 0 200 0 0 1 7\n';
    decodeTcpTable(Buffer.from(row), (socket) => {
      expect([socket.timer, socket.retransmits, socket.remoteAddress(), socket.remotePort]).toEqual([
        1,
        4,
        '10.0.0.12',
        5432,
      ]);
    });
    expect(rowsOf(row)).toEqual(['ESTAB 40000 4711']);
  });

  it('survives thousands of spoiled and random tables', () => {
    const random = seededRandom(11);
    const real = [fixture('proc-net-tcp.txt'), fixture('proc-net-tcp6.txt'), fixture('proc-net-udp.txt')];
    let rows = 0;
    for (let i = 0; i < 3_000; i++) {
      const bytes = i % 4 === 0 ? noise(300, random) : spoil(real[i % 3] as Buffer, random);
      const used = decodeTcpTable(bytes, (row) => {
        rows++;
        const figures = [row.localPort, row.remotePort, row.inode, row.rxQueue, row.timer, row.retransmits];
        if (!figures.every((figure) => Number.isFinite(figure) && figure >= 0))
          throw new Error(`bad row: ${figures}`);
        row.localAddress();
        row.remoteAddress();
      });
      expect(used).toBeLessThanOrEqual(bytes.length);
      decodeUdpTable(bytes);
    }
    expect(rows).toBeGreaterThan(3_000);
  });
});

describe('/proc/net/udp', () => {
  it('reads the peer, the queue and the drops', () => {
    expect(decodeUdpTable(fixture('proc-net-udp.txt'))).toEqual([
      {
        local: '127.0.0.1',
        localPort: 44164,
        remote: '127.0.0.53',
        remotePort: 53,
        connected: true,
        rxQueue: 0,
        inode: 22974,
        drops: 0,
      },
    ]);
    // Docker's embedded resolver, 3,744 datagrams lost for want of room.
    const [row] = decodeUdpTable(
      Buffer.from(
        ' 1299: 0B00007F:AC84 00000000:0000 07 00000000:00034000 00:00000000 00000000     0        0 22974 2 0000000043348 3744\n',
      ),
    );
    expect(row).toMatchObject({ local: '127.0.0.11', connected: false, rxQueue: 0x34000, drops: 3744 });
  });
});

describe('formatIPv6', () => {
  it.each([
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['00000000000000000000ffffc0000201', '192.0.2.1'],
  ])('%s is %s (RFC 5952)', (hex, text) => {
    expect(formatIPv6(Buffer.from(hex, 'hex'))).toBe(text);
  });
});
