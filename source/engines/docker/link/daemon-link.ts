import type Docker from 'dockerode';
import type { Clock } from '../../../clock.js';
import type { Endpoint, Resolved, Trouble } from '../endpoint/endpoint.js';
import { explainFailure } from '../endpoint/explain-failure.js';
import type { Availability } from './availability.js';
import { type Connection, connect } from './connect.js';
import { isDeadline, withDeadline } from './deadline.js';
import { type DockerEvent, justAfter } from './docker-event.js';
import { openEvents } from './event-stream.js';

/** A daemon that does not answer a ping within this time misses a beat; it takes a millisecond when all is well. */
export const PING_MS = 3_000;
/** Logging in by ssh takes seconds over a slow network; its own ConnectTimeout is 10 s (ms). */
const SSH_LOGIN_MS = 20_000;
/** Beats missed in a row before the daemon counts as hung: a busy host may miss one. */
const MISSED_BEATS = 2;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** How far back a daemon that is met for the first time is asked what happened (ms); Docker keeps its last 256 events. */
const LOOK_BACK_MS = 3_600_000;
/** What happened before comes at once; what comes later than this (ms) is new, whatever the daemon's clock says. */
const PAST_COMES_MS = 3_000;
/** What is under way fails at once when its connection is closed; it is not waited for longer (ms). */
const CLOSING_MS = 1_000;

export interface DaemonLinkOptions {
  /** Asked before every attempt: a context or a socket may have changed. */
  readonly resolve: () => Resolved;
  readonly clock: Clock;
  /** Milliseconds between two pings. */
  readonly heartbeatMs: number;
  /** Takes stock of a daemon that was found; its failure ends the connection. */
  readonly onConnected: (docker: Docker, product: string) => Promise<void>;
  /** `past`: it happened before the daemon was first met. Those that come while stock is taken follow after it. */
  readonly onEvent: (event: DockerEvent, past: boolean) => void;
  readonly onAvailability: (availability: Availability) => void;
}

/** Keeps one connection to a daemon: finds it, watches it, says when it is lost and why, finds it again. */
export class DaemonLink {
  readonly #options: DaemonLinkOptions;
  readonly #closed = new AbortController();
  #connection: Connection | null = null;
  #availability: Availability;
  #lastStamp: string | null = null;
  #connects = 0;
  #running: Promise<void> | null = null;

  constructor(options: DaemonLinkOptions) {
    this.#options = options;
    this.#availability = { state: 'connecting', since: options.clock.wall() };
  }

  get availability(): Availability {
    return this.#availability;
  }

  /** The client of the daemon that answers now, or null. */
  get docker(): Docker | null {
    return this.#availability.state === 'available' ? (this.#connection?.docker ?? null) : null;
  }

  /** The client of a daemon that is just being connected to, too. */
  get asked(): Docker | null {
    return this.#connection?.docker ?? null;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#connection?.destroy();
    const late = new AbortController();
    await Promise.race([this.#running, pause(CLOSING_MS, late.signal)]);
    late.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    let wait = FIRST_WAIT_MS;
    while (!signal.aborted) {
      const resolved = this.#options.resolve();
      const connects = this.#connects;
      const trouble = resolved.ok ? await this.#attempt(resolved.endpoint) : resolved.trouble;
      if (signal.aborted) return;
      this.#lose(trouble);
      wait = this.#connects > connects ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      await pause(wait, signal);
    }
  }

  /** One connection from its beginning to its end; tells why it ended. */
  async #attempt(endpoint: Endpoint): Promise<Trouble> {
    try {
      this.#connection = connect(endpoint);
      const { docker } = this.#connection;
      const patience = endpoint.kind === 'ssh' ? SSH_LOGIN_MS : PING_MS;
      const version = await withDeadline(patience, (abortSignal) => hello(docker, abortSignal));
      const openedAt = this.#options.clock.wall();
      const isFirst = this.#connects === 0;
      const since = this.#lastStamp === null ? sinceBefore(openedAt) : justAfter(this.#lastStamp);
      const tell = (event: DockerEvent): void => {
        const comes = this.#options.clock.wall() - openedAt;
        this.#options.onEvent(event, isFirst && event.at < openedAt && comes <= PAST_COMES_MS);
      };
      let waiting: DockerEvent[] | null = [];
      const stream = await openEvents(docker, since, PING_MS, (event) => {
        this.#lastStamp = event.stamp;
        if (waiting === null) tell(event);
        else waiting.push(event);
      });
      try {
        await this.#options.onConnected(docker, version.product);
        const came = waiting;
        waiting = null;
        came.forEach(tell);
        const reconnects = this.#connects;
        this.#connects += 1;
        this.#say({ state: 'available', endpoint: endpoint.address, ...version, reconnects });
        await Promise.race([stream.ended, this.#beat(docker, stream.ended)]);
      } finally {
        stream.close();
      }
      return explainFailure({ code: 'ECONNRESET' }, endpoint);
    } catch (error) {
      return explainFailure(error, endpoint);
    } finally {
      this.#connection?.destroy();
      this.#connection = null;
    }
  }

  /** Pings until one fails or the stream ends. A stream alone would never tell that a daemon hangs. */
  async #beat(docker: Docker, ended: Promise<void>): Promise<void> {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    ended.then(end, end);
    this.#closed.signal.addEventListener('abort', end, { once: true });
    try {
      for (let missed = 0; !stop.signal.aborted; ) {
        await pause(missed > 0 ? 0 : this.#options.heartbeatMs, stop.signal);
        if (stop.signal.aborted) return;
        try {
          await withDeadline(PING_MS, (abortSignal) => ping(docker, abortSignal));
          missed = 0;
        } catch (error) {
          missed += 1;
          if (!isDeadline(error) || missed >= MISSED_BEATS) throw error;
        }
      }
    } finally {
      this.#closed.signal.removeEventListener('abort', end);
    }
  }

  #lose(trouble: Trouble): void {
    const before = this.#availability;
    const same = before.state === 'unavailable' && sameTrouble(before.trouble, trouble);
    if (!same) this.#say({ state: 'unavailable', trouble });
  }

  #say(next: DistributiveOmit<Availability, 'since'>): void {
    this.#availability = { ...next, since: this.#options.clock.wall() };
    this.#options.onAvailability(this.#availability);
  }
}

/** `since` of the daemon for what happened before a wall-clock time (ms). */
const sinceBefore = (wall: number): string => String(Math.max(0, Math.floor((wall - LOOK_BACK_MS) / 1_000)));

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

const sameTrouble = (a: Trouble, b: Trouble): boolean =>
  a.kind === b.kind && a.endpoint === b.endpoint && a.what === b.what;

/** The types know these calls only without a way to end them. */
interface Abortable {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
  version(options: { abortSignal: AbortSignal }): Promise<unknown>;
}

function ping(docker: Docker, abortSignal: AbortSignal): Promise<unknown> {
  return (docker as unknown as Abortable).ping({ abortSignal });
}

/** Who answers there. Throws NOT_DOCKER when the answer is none of a Docker daemon's. */
async function hello(
  docker: Docker,
  abortSignal: AbortSignal,
): Promise<{ version: string; apiVersion: string; product: string }> {
  const answer = (await (docker as unknown as Abortable).version({ abortSignal })) as {
    Version?: unknown;
    ApiVersion?: unknown;
    Components?: readonly { Name?: string }[];
  };
  if (typeof answer?.ApiVersion !== 'string' || typeof answer.Version !== 'string')
    throw Object.assign(new Error('not a Docker daemon'), { code: 'NOT_DOCKER' });
  const isPodman = answer.Components?.some?.(({ Name }) => /podman/i.test(Name ?? ''));
  return {
    version: answer.Version,
    apiVersion: answer.ApiVersion,
    product: isPodman ? 'Podman' : 'Docker',
  };
}

/** Waits, or less when the signal comes. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
