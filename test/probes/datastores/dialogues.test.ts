import { describe, expect, it } from 'vitest';
import { protocolHeader } from '../../../source/probes/datastores/dialogues/amqp.js';
import type { Dialogue } from '../../../source/probes/datastores/dialogues/dialogue.js';
import { hello } from '../../../source/probes/datastores/dialogues/mongodb.js';
import { greeting } from '../../../source/probes/datastores/dialogues/mysql.js';
import { sslRequest, startup } from '../../../source/probes/datastores/dialogues/postgres.js';
import { ping } from '../../../source/probes/datastores/dialogues/redis.js';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A message of PostgreSQL's protocol. */
function message(kind: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeUInt32BE(4 + Buffer.byteLength(body, 'latin1'), 1);
  return Buffer.concat([head, latin(body)]);
}
const error = (code: string, text: string): Buffer =>
  message('E', `SFATAL\0VFATAL\0C${code}\0M${text}\0Fmiscinit.c\0L768\0RInitializeSessionUserId\0\0`);
const trusted = message('R', '\0\0\0\0');

function packet(payload: Buffer, sequence = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
}
const mysqlError = (code: number, text: string): Buffer =>
  packet(Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), latin(text)]));

describe('what PostgreSQL 15 says to a startup message', () => {
  it.each([
    ['SCRAM asked', message('R', '\0\0\0\nSCRAM-SHA-256\0\0'), 'alive', 'asks for a password'],
    ['no slot', error('53300', 'sorry, too many clients already'), 'full', 'sorry, too many clients already'],
    [
      'starting',
      error('57P03', 'the database system is starting up'),
      'not-ready',
      'the database system is starting up',
    ],
    [
      'no entry',
      error('28000', 'no pg_hba.conf entry for host "10.0.0.1"'),
      'alive',
      'answers: no pg_hba.conf entry for host "10.0.0.1"',
    ],
    [
      'trusted, no such role',
      Buffer.concat([trusted, error('28000', 'role "faultline_probe" does not exist')]),
      'alive',
      'answers the handshake',
    ],
    [
      'trusted, no slot',
      Buffer.concat([trusted, error('53300', 'remaining connection slots are reserved')]),
      'full',
      'remaining connection slots are reserved',
    ],
    [
      'trusted and in',
      Buffer.concat([trusted, message('S', 'server_version\x0015\0')]),
      'alive',
      'answers the handshake',
    ],
    [
      'PgBouncer',
      error('08P01', 'no more connections allowed (max_client_conn)'),
      'full',
      'no more connections allowed (max_client_conn)',
    ],
    [
      'a server that cannot fork',
      latin('Ecould not fork new process for connection: Resource temporarily unavailable\n\0'),
      'not-ready',
      'could not fork new process for connection: Resource temporarily unavailable',
    ],
    ['a web server', latin('HTTP/1.1 400 Bad Request\r\n'), 'other', 'does not speak PostgreSQL'],
  ])('%s', (_, bytes, state, said) => {
    expect(startup.read(bytes)).toMatchObject({ state, said });
  });

  it('says which of them leave a line in its log', () => {
    expect(startup.read(message('R', '\0\0\0\nSCRAM-SHA-256\0\0'))?.logged).toBeUndefined();
    expect(startup.read(Buffer.concat([trusted, error('28000', 'role')]))?.logged).toBe(true);
  });

  it('waits for what is still on its way', () => {
    const whole = error('53300', 'sorry, too many clients already');
    expect(startup.read(whole.subarray(0, 20))).toBeUndefined();
    expect(startup.read(trusted)).toBeUndefined();
    expect(startup.atEnd?.(trusted)).toMatchObject({ state: 'alive' });
  });

  it('takes one byte for an answer where it only asks for TLS', () => {
    expect(sslRequest.read(latin('N'))).toMatchObject({ state: 'alive' });
    expect(sslRequest.read(latin('S'))).toMatchObject({ state: 'alive' });
    expect(sslRequest.read(latin('H'))).toMatchObject({ state: 'other' });
  });
});

describe('what others say', () => {
  it.each([
    ['+PONG\r\n', 'alive', 'answers PING'],
    ['-NOAUTH Authentication required.\r\n', 'alive', 'asks for a password'],
    ['-DENIED Redis is running in protected mode\r\n', 'alive', 'asks for a password'],
    [
      '-LOADING Redis is loading the dataset in memory\r\n',
      'not-ready',
      'LOADING Redis is loading the dataset in memory',
    ],
    [
      "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
      'not-ready',
      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    ],
    ['-ERR max number of clients reached\r\n', 'full', 'ERR max number of clients reached'],
    ['220 mail ESMTP\r\n', 'other', 'does not speak Redis'],
  ])('Redis: %s', (line, state, said) => {
    expect(ping.read(latin(line))).toMatchObject({ state, said });
  });

  it('MySQL and MariaDB: a greeting, or an error in its place', () => {
    const greets = packet(latin('\x0a5.5.5-10.11.19-MariaDB\0aaaaaaaa'));
    expect(greeting.read(greets)).toMatchObject({ state: 'alive', said: 'greets as 5.5.5-10.11.19-MariaDB' });
    expect(greeting.read(greets.subarray(0, 9))).toBeUndefined();
    expect(greeting.read(mysqlError(1040, '#08004Too many connections'))).toMatchObject({
      state: 'full',
      said: 'Too many connections (1040)',
    });
    expect(greeting.read(mysqlError(1053, 'Server shutdown in progress'))?.state).toBe('not-ready');
    expect(greeting.read(mysqlError(1130, "Host '10.0.0.9' is not allowed"))?.state).toBe('alive');
    expect(greeting.read(latin('SSH-2.0-OpenSSH_9.2\r\n'))?.state).toBe('other');
  });

  it('AMQP and MongoDB', () => {
    const start = Buffer.from([1, 0, 0, 0, 0, 1, 0, 0, 10, 0, 10, 0, 9]);
    expect(protocolHeader.read(start)?.state).toBe('alive');
    expect(protocolHeader.read(latin('AMQP\0\0\x09\x01'))?.state).toBe('alive');
    expect(protocolHeader.read(latin('HTTP/1.1 400'))?.state).toBe('other');
    const reply = Buffer.alloc(40);
    reply.writeUInt32LE(40, 0);
    reply.writeUInt32LE(2013, 12);
    expect(hello.read(reply)?.state).toBe('alive');
    expect(hello.read(latin('HTTP/1.1 400 Bad Request'))?.state).toBe('other');
    expect(hello.hello?.readUInt32LE(0)).toBe(hello.hello?.length);
  });
});

describe('whatever a server sends', () => {
  const all: readonly Dialogue[] = [startup, sslRequest, ping, greeting, protocolHeader, hello];
  const seeds = [
    error('53300', 'x'),
    trusted,
    mysqlError(1040, 'x'),
    latin('+PONG\r\n'),
    latin('-ERR'),
    Buffer.alloc(30),
  ];

  it('is judged or waited for, and never throws', () => {
    let random = 20;
    const next = (below: number): number => {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((random / 2_147_483_648) * below);
    };
    for (let i = 0; i < 60_000; i++) {
      const bytes = Buffer.from(seeds[next(seeds.length)] as Buffer);
      for (let changes = next(4); changes >= 0; changes--) bytes[next(bytes.length)] = next(256);
      const cut = bytes.subarray(0, 1 + next(bytes.length));
      const dialogue = all[i % all.length] as Dialogue;
      const said = [dialogue.read(cut)?.said, dialogue.atEnd?.(cut)?.said].join('');
      expect(said.length).toBeLessThanOrEqual(450);
      expect(said).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    }
  });
});
