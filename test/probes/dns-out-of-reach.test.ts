import { createSocket, type Socket } from 'node:dgram';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../source/clock.js';
import { askTcp, outcomeOfError } from '../../source/probes/dns/ask-tcp.js';
import { Exchange } from '../../source/probes/dns/exchange.js';
import { newQuestion } from '../../source/probes/dns/message.js';

const { signal } = new AbortController();

async function outcomes(address: string, openSocket?: (family: 4 | 6) => Socket): Promise<string[]> {
  const server = { address, port: 53 };
  const options = { qname: 'app.example', server, patienceMs: 2_000, clock: systemClock, openSocket };
  const exchange = new Exchange(options);
  const steps = await exchange.ask(signal);
  exchange.close();
  return steps.map(({ outcome }) => outcome);
}

/** A socket on which connecting or sending ends so. */
function spoilt(spoil: (socket: Socket) => void): (family: 4 | 6) => Socket {
  return () => {
    const socket = createSocket('udp4');
    spoil(socket);
    return socket;
  };
}

const error = (code: string): Error => Object.assign(new Error(`send ${code}`), { code });

describe('a nameserver that cannot be connected to', () => {
  it('is unreachable, whatever the reason that the kernel gives', async () => {
    // No socket may be connected to it without SO_BROADCAST: EACCES, for root as well.
    expect(await outcomes('255.255.255.255')).toEqual(['unreachable', 'unreachable']);
  });

  it.each([
    ['ENETUNREACH', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETDOWN', 'unreachable'],
    ['EINVAL', 'unreachable'],
    ['EADDRNOTAVAIL', 'unreachable'],
    ['EAFNOSUPPORT', 'unreachable'],
    ['EPERM', 'unreachable'],
    ['ECONNREFUSED', 'refused'],
    ['ENOBUFS', 'timeout'],
  ])('%s is %s', (code, outcome) => expect(outcomeOfError(code)).toBe(outcome));

  it.each([
    [
      'tells so when it is asked',
      (socket: Socket) => {
        socket.send = ((_: Buffer, told: (error: Error) => void) => told(error('ENETUNREACH'))) as never;
      },
    ],
    [
      'throws when it is asked',
      (socket: Socket) => {
        socket.send = (() => {
          throw error('EHOSTUNREACH');
        }) as never;
      },
    ],
    [
      'fails by itself',
      (socket: Socket) => {
        socket.send = (() => setImmediate(() => socket.emit('error', error('ENETDOWN')))) as never;
      },
    ],
  ])('is unreachable where the way goes away while its socket is open: it %s', async (_, spoil) => {
    expect(await outcomes('127.0.0.1', spoilt(spoil))).toEqual(['unreachable', 'unreachable']);
  });

  it('says of an error of our own that it is one', async () => {
    const full = spoilt((socket) => {
      socket.send = ((_: Buffer, told: (error: Error) => void) => told(error('ENOBUFS'))) as never;
    });
    await expect(outcomes('127.0.0.1', full)).rejects.toThrow('ENOBUFS');
  });

  it('is unreachable over TCP, too', async () => {
    const server = { address: '255.255.255.255', port: 53 };
    const open = (): ReturnType<typeof connect> => connect({ host: server.address, port: server.port });
    const reply = await askTcp(server, newQuestion('app.example', 'A'), 2_000, signal, open);
    expect(reply.outcome).toBe('unreachable');
  });
});
