import type { Socket } from 'node:net';
import type { Clock } from '../../clock.js';
import type { openTcp } from './connect.js';
import type { TargetEndpoint } from './endpoint.js';
import type { Way } from './proxy.js';
import type { CertificateDays, HttpPhase } from './sample.js';

/** What is asked of a target, and what was learnt of it in earlier runs. */
export interface Task {
  /** The target's URL, whole: asked, never shown. */
  readonly url: string;
  /** An authority (PEM) that vouches for it besides those that this host trusts. */
  readonly ca?: string | undefined;
  readonly endpoint: TargetEndpoint;
  readonly way: Way;
  readonly method: string;
  /** The Cookie field, where one was set on the way here. */
  readonly cookie?: string;
  /** Milliseconds for the whole request. */
  readonly timeoutMs: number;
  readonly resolver: string | undefined;
  readonly clock: Clock;
  /** How a connection is opened, where not as usual. */
  readonly open?: typeof openTcp;
  /** Whether it speaks HTTP/2 in the clear: undefined until it was tried. */
  readonly learnt: {
    http2?: boolean;
    /** Whether one that would not be asked in the clear speaks TLS: undefined until it was tried. */
    tls?: boolean;
    /** What one that would not shake hands speaks with a client that takes everything; null for nothing either. */
    speaks?: string | null;
  };
}

/** Where an answer leads: its Location field as it came, and what it sets. */
export interface Redirect {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** A request by its changing parts. */
export interface Progress {
  phase: HttpPhase;
  address: string | null;
  status: number | null;
  socket: Socket | undefined;
  tookMs: number;
  redirect: Redirect | undefined;
  /** Of the target's certificates, once they were accepted. */
  certificate: CertificateDays | undefined;
  /** By a proxy: whether what is done now is done with the target itself, so that a failure is its own. */
  atTarget: boolean;
  readonly notes: string[];
  readonly phases: Record<HttpPhase, number | null>;
}

/** One that has not begun. */
export const notBegun = (): Progress => ({
  ...{
    phase: 'dns',
    address: null,
    status: null,
    socket: undefined,
    tookMs: 0,
    redirect: undefined,
    certificate: undefined,
    atTarget: false,
    notes: [],
  },
  phases: { dns: null, connect: null, tls: null, firstByte: null, transfer: null },
});

/** Does the work of a phase, and notes how long it took once it has ended. */
export async function timed<T>(
  progress: Progress,
  clock: Clock,
  phase: HttpPhase,
  work: () => Promise<T>,
): Promise<T> {
  progress.phase = phase;
  const began = clock.now();
  const result = await work();
  progress.phases[phase] = clock.now() - began;
  return result;
}
