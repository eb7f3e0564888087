import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseInterfaceNames } from '../../../source/linux/namespace/interfaces.js';
import { libcOfMaps } from '../../../source/linux/namespace/libc-kind.js';
import {
  decodeRouteReply,
  encodeRouteRequest,
  type RouteMtu,
} from '../../../source/linux/namespace/route-mtu-reply.js';
import { parseRoutes, parseRoutes6, type Route } from '../../../source/linux/namespace/routes.js';
import { NetlinkError } from '../../../source/linux/netlink/inet-diag-reply.js';
import { noise, seededRandom, spoil } from '../seeded-random.js';

/** Captured in a namespace made for it (Linux 6.18, x86-64). */
const captured = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const text = (name: string): string => captured(name).toString('latin1');

const brief = ({ destination, gateway, interface: name, reject }: Route): unknown[] => [
  destination,
  gateway,
  name,
  reject,
];

describe('routes', () => {
  it('of IPv4: defaults, gateways, and those that lead nowhere', () => {
    const routes = parseRoutes(text('route.txt'));
    expect(routes.map(brief)).toEqual([
      ['0.0.0.0/0', '10.9.0.254', 'br9', false],
      ['10.9.0.0/24', null, 'br9', false],
      ['192.0.2.0/25', '10.9.0.7', 'br9', false],
      ['203.0.113.0/26', null, '*', true],
      ['203.0.113.64/26', null, '*', true],
      ['203.0.113.128/26', null, '*', true],
    ]);
    expect(routes[0]).toMatchObject({ metric: 100, advertisedMss: null });
    expect(routes[2]).toMatchObject({ metric: 0, advertisedMss: 1000 });
  });

  it('of IPv6: without own addresses, and without the one that says no to all', () => {
    expect(parseRoutes6(text('ipv6_route.txt')).map(brief)).toEqual([
      ['2001:db8::/48', null, 'lo', true],
      ['2001:db9::/48', null, 'lo', true],
      ['fd09::/64', null, 'br9', false],
      ['fe80::/64', null, 'br9', false],
      ['::/0', 'fd09::ff', 'br9', false],
      ['ff00::/8', null, 'br9', false],
    ]);
  });
});

describe('MTU of routes by netlink', () => {
  /** Each datagram stands behind its length (4 bytes, little endian). */
  const datagrams = (name: string): Buffer[] => {
    const bytes = captured(name);
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32LE(at))
      parts.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at)));
    return parts;
  };
  const decode = (parts: readonly Buffer[], sequence = 1): { found: RouteMtu[]; done: boolean } => {
    const found: RouteMtu[] = [];
    return { done: parts.map((part) => decodeRouteReply(part, sequence, found)).at(-1) ?? false, found };
  };

  it('those that have one of their own, configured or learned', () => {
    expect(decode(datagrams('routes4.bin'))).toEqual({
      done: true,
      found: [
        { family: 4, destination: '10.99.0.2/32', mtu: 1000, learned: true, expiresSeconds: 599 },
        { family: 4, destination: '10.77.0.0/16', mtu: 1280, learned: false, expiresSeconds: null },
      ],
    });
    expect(decode(datagrams('routes6.bin'))).toEqual({
      done: true,
      found: [{ family: 6, destination: '2001:db8::/48', mtu: 1300, learned: false, expiresSeconds: null }],
    });
  });

  it('passes over what belongs to another question', () => {
    expect(decode(datagrams('routes4.bin'), 2)).toEqual({ done: false, found: [] });
  });

  it('says what the kernel refused', () => {
    const refusal = Buffer.alloc(36);
    refusal.writeUInt32LE(36, 0);
    refusal.writeUInt16LE(2, 4);
    refusal.writeUInt32LE(1, 8);
    refusal.writeInt32LE(-1, 16);
    expect(() => decode([refusal])).toThrow('errno 1');
    expect(encodeRouteRequest(6, 7)).toHaveLength(28);
  });

  it('spoilt and random bytes end in routes or a NetlinkError', () => {
    const random = seededRandom(4_242);
    const whole = datagrams('routes4.bin').concat(datagrams('routes6.bin'));
    for (let i = 0; i < 5_000; i++) {
      const bytes =
        i % 5 === 0 ? noise(200, random) : spoil(whole[i % whole.length] ?? Buffer.alloc(0), random);
      try {
        for (const { destination } of decode([bytes]).found)
          expect(destination).toMatch(/^[0-9a-f.:]+\/\d+$/);
      } catch (error) {
        expect(error).toBeInstanceOf(NetlinkError);
      }
    }
  });
});

it('interfaces by name, those with a colon or a dot in it too', () => {
  expect(parseInterfaceNames(text('dev.txt'))).toEqual(['lo', 'br9']);
  expect(parseInterfaceNames('a\nb\n  eth0.5: 1 2\nbond0:3 4\nno counters\n')).toEqual(['eth0.5', 'bond0']);
});

it('the C library by what is mapped', () => {
  const line = (path: string): string => `7f00-7f01 r-xp 00000000 08:01 42    ${path}\n`;
  expect(libcOfMaps(line('/usr/lib/x86_64-linux-gnu/libc.so.6'))).toBe('glibc');
  expect(libcOfMaps(line('/usr/lib/x86_64-linux-gnu/libc.so.6 (deleted)'))).toBe('glibc');
  expect(libcOfMaps(line('/lib/x86_64-linux-gnu/libc-2.31.so'))).toBe('glibc');
  expect(libcOfMaps(line('/lib/ld-musl-aarch64.so.1'))).toBe('musl');
  expect(libcOfMaps(line('/usr/local/bin/caddy') + line('[vdso]'))).toBeUndefined();
  expect(libcOfMaps(line('/srv/notlibc.so.6.txt'))).toBeUndefined();
});

it('spoilt and random tables give rows or none, and never throw', () => {
  const random = seededRandom(20_261);
  for (let i = 0; i < 2_000; i++) {
    for (const [name, parse] of [
      ['route.txt', parseRoutes],
      ['ipv6_route.txt', parseRoutes6],
    ] as const) {
      const bytes = i % 4 === 0 ? noise(300, random) : spoil(captured(name), random);
      for (const route of parse(bytes.toString('latin1'))) {
        expect(route.destination).toMatch(/^[0-9a-f.:]+\/\d+$/);
        expect(Number.isFinite(route.metric)).toBe(true);
      }
    }
    expect(Array.isArray(parseInterfaceNames(spoil(captured('dev.txt'), random).toString('latin1')))).toBe(
      true,
    );
  }
});
