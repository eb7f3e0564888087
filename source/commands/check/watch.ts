import { arch, hostname, platform, release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureModes } from '../../../scenarios/index.js';
import { joinHostPort } from '../../linux/ip-address.js';
import { type Capability, describeCapabilities } from '../../probes/capabilities.js';
import type { WatchSettings } from '../../probes/watch-settings.js';
import { openHostEngine } from '../../runtime/host-engine.js';
import { createRuntime } from '../../runtime/index.js';
import type { FaultlineState } from '../../store/state.js';

const PROGRESS_MS = 250;

export interface CheckReport {
  readonly host: {
    readonly hostname: string;
    /** Operating system, its release and architecture: `linux 6.18.1 x64`. */
    readonly system: string;
    readonly node: string;
    /** Wall-clock ms at the end of the look. */
    readonly at: number;
    readonly watchedMs: number;
  };
  readonly capabilities: readonly Capability[];
  /** What was seen, as the store stood at the end. */
  readonly state: FaultlineState;
  /** What was asked for and of which nothing was learnt, each with the reason. */
  readonly unread: readonly { readonly target: string; readonly reason: string }[];
}

/**
 * Watches this host for `forMs` and reports what the store held at the end. Rejects when the signal aborts. Nothing
 * is changed on the host but the probes' own requests.
 */
export async function watchHost(options: {
  readonly forMs: number;
  readonly settings: WatchSettings;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}): Promise<CheckReport> {
  const engine = await openHostEngine();
  const runtime = await createRuntime({
    ...(engine ? { engine } : {}),
    settings: options.settings,
    readOnly: true,
    modes: failureModes,
  });
  try {
    const capabilities = describeCapabilities();
    capabilities.catch(() => undefined);
    const began = runtime.clock.now();
    for (;;) {
      const left = options.forMs - (runtime.clock.now() - began);
      if (left <= 0) break;
      options.progress(`watching this host: ${Math.ceil(left / 1000)} s left`);
      await sleep(Math.min(left, PROGRESS_MS), undefined, { signal: options.signal });
    }
    const state = runtime.store.getState();
    return {
      host: {
        hostname: hostname(),
        system: `${platform()} ${release()} ${arch()}`,
        node: process.versions.node,
        at: runtime.clock.wall(),
        watchedMs: runtime.clock.now() - began,
      },
      capabilities: await capabilities,
      state,
      unread: unreadSettings(options.settings, state, options.forMs),
    };
  } finally {
    options.progress('');
    await runtime.close();
  }
}

/** What was asked for and of which no probe run ended well or badly: nothing is known of it. */
function unreadSettings(
  settings: WatchSettings,
  state: FaultlineState,
  forMs: number,
): CheckReport['unread'] {
  const { latest, probes } = state;
  const silent = (asked: readonly string[], id: 'dns' | 'postgres' | 'redis'): CheckReport['unread'] =>
    latest[id] ? [] : asked.map((target) => ({ target, reason: probes[id]?.reason ?? tooShort(forMs) }));
  const names = settings.names.filter(({ inside }) => inside === null).map(({ name }) => name);
  const served = ({ host, port }: { readonly host: string; readonly port: number }): string =>
    joinHostPort(host, port);
  return [
    ...unreadTargets(
      settings.targets.map(({ url }) => url),
      state,
      forMs,
    ),
    ...silent(names, 'dns'),
    ...silent(settings.databases.map(served), 'postgres'),
    ...silent(settings.redis.map(served), 'redis'),
  ];
}

const tooShort = (forMs: number): string =>
  `no answer had come when ${forMs / 1000} s were over: watch longer`;

/** The targets of which no probe run ended well or badly. */
export function unreadTargets(
  targets: readonly string[],
  state: FaultlineState,
  forMs: number,
): CheckReport['unread'] {
  const read = new Set(Object.values(state.latest.http).map((latest) => latest.sample.url));
  return targets
    .filter((target) => !read.has(target))
    .map((target) => {
      const health = Object.values(state.probes).find((probe) => probe.reads.includes(target));
      const reason = health?.reason ?? tooShort(forMs);
      return { target, reason };
    });
}
