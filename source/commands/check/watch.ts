import { arch, hostname, platform, release } from 'node:os';
import { failureModes } from '../../../scenarios/index.js';
import { pause } from '../../clock.js';
import { type Capability, describeCapabilities } from '../../probes/capabilities.js';
import type { WatchSettings } from '../../probes/watch-settings.js';
import { openHostEngine } from '../../runtime/host-engine.js';
import { createRuntime } from '../../runtime/index.js';
import type { FaultlineState } from '../../store/state.js';
import { type Asked, judgeAsked } from './asked.js';

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
  /** What of that which was asked for by name is not well, or was not learnt. */
  readonly asked: Asked;
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
      await pause(runtime.clock, Math.min(left, PROGRESS_MS), options.signal);
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
      asked: judgeAsked(options.settings, state, { forMs: options.forMs, engine }),
    };
  } finally {
    options.progress('');
    await runtime.close();
  }
}
