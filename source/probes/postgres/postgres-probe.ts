import { type Clock, systemClock } from '../../clock.js';
import { joinHostPort } from '../../linux/ip-address.js';
import type { Probe, ProbeContext } from '../probe.js';
import { explainPostgresError } from './postgres-error.js';
import type { PostgresSample } from './sample.js';
import { type Credentials, withSession } from './session.js';
import { readUsage, type Usage } from './usage.js';

export interface PostgresProbeOptions {
  /** Address, not a name: the database is to be judged without the resolver. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Ordinary role: what the application is. */
  readonly user: string;
  readonly password: string;
  /** Gets in by the reserved slots when an ordinary role cannot. */
  readonly superuser?: string;
  readonly superuserPassword?: string;
  /** Milliseconds for everything; 3,000 by default. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

/**
 * Enters the database as an ordinary client would, times SELECT 1, and then counts who holds its connections. A
 * failure is part of the sample. Ends within `timeoutMs`, even when the server accepts and never answers.
 */
export function createPostgresProbe(options: PostgresProbeOptions): Probe<PostgresSample> {
  const clock = options.clock ?? systemClock;
  const timeoutMs = options.timeoutMs ?? 3_000;
  const address = joinHostPort(options.host, options.port);
  const { host, port, database } = options;
  const ordinary: Credentials = { host, port, database, user: options.user, password: options.password };
  const above: Credentials | undefined =
    options.superuser === undefined
      ? undefined
      : { ...ordinary, user: options.superuser, password: options.superuserPassword ?? '' };

  return {
    id: 'postgres',
    reads: `postgres://${address}/${options.database}`,
    cost: 'network',
    intervalMs: options.intervalMs ?? 2_000,
    timeoutMs: timeoutMs + 1_000,
    async run({ signal }: ProbeContext): Promise<PostgresSample> {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      let connectMs: number | null = null;
      let selectOneMs: number | null = null;
      let usage: Usage | undefined;
      let failure: PostgresSample['failure'] = null;
      const began = clock.now();
      try {
        await withSession(ordinary, deadline, async (client) => {
          connectMs = clock.now() - began;
          const asked = clock.now();
          await client.query('SELECT 1');
          selectOneMs = clock.now() - asked;
          if (!above) usage = await readUsage(client);
        });
      } catch (error) {
        signal.throwIfAborted();
        failure = explainPostgresError(error, { address, connected: connectMs !== null, timeoutMs });
      }
      // A server that nobody can reach, or that hangs, is not asked a second time.
      const worthAsking =
        failure === null || failure.kind === 'too-many-connections' || failure.kind === 'authentication';
      if (above && worthAsking) usage = await usageAs(above, deadline);
      signal.throwIfAborted();
      return {
        address,
        connectMs,
        selectOneMs,
        connections: usage?.connections ?? null,
        maxConnections: usage?.maxConnections ?? null,
        reserved: usage?.reserved ?? null,
        holders: usage?.holders ?? [],
        failure,
      };
    },
  };
}

/** Who holds connections, as seen by the superuser; undefined when even that one cannot get in. */
async function usageAs(credentials: Credentials, signal: AbortSignal): Promise<Usage | undefined> {
  try {
    return await withSession(credentials, signal, readUsage);
  } catch {
    return undefined;
  }
}
