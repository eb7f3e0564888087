import { type Clock, systemClock } from '../../clock.js';
import { joinHostPort } from '../../linux/ip-address.js';
import type { Probe, ProbeContext } from '../probe.js';
import { explainRedisError } from './redis-error.js';
import type { RedisSample } from './sample.js';
import { ping } from './session.js';

export interface RedisProbeOptions {
  /** Address, not a name: Redis is to be judged without the resolver. */
  readonly host: string;
  readonly port: number;
  /** Sent before PING where the server asks for one. */
  readonly password?: string;
  /** Milliseconds for everything; 2,000 by default. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

/** Connects as a client would and times PING. A failure is part of the sample. Ends within `timeoutMs`. */
export function createRedisProbe(options: RedisProbeOptions): Probe<RedisSample> {
  const { host, port, password, timeoutMs = 2_000 } = options;
  const clock = options.clock ?? systemClock;
  const address = joinHostPort(host, port);
  return {
    id: 'redis',
    reads: `redis://${address} PING`,
    cost: 'network',
    intervalMs: options.intervalMs ?? 2_000,
    timeoutMs: timeoutMs + 1_000,
    async run({ signal }: ProbeContext): Promise<RedisSample> {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const began = clock.now();
      let connectMs: number | null = null;
      try {
        await ping({ host, port, password }, deadline, () => {
          connectMs = clock.now() - began;
        });
        const pingMs = clock.now() - began - (connectMs ?? 0);
        return { address, connectMs, pingMs, failure: null };
      } catch (error) {
        signal.throwIfAborted();
        const failure = explainRedisError(error, { address, connected: connectMs !== null, timeoutMs });
        return { address, connectMs, pingMs: null, failure };
      }
    },
  };
}
