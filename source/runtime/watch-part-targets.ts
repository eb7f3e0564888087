import { repeat } from '../clock.js';
import type { Lab } from '../labs/lab.js';
import type { Probe } from '../probes/probe.js';
import { sources } from '../probes/registry.js';
import type { ProbeSession } from '../probes/session.js';
import type { HttpTarget } from '../probes/watch-settings.js';

/** How often it is looked which targets the parts of the lab offer (ms). */
const LOOK_MS = 500;

export interface PartTargetsWatch {
  readonly lab: { readonly parts: Pick<Lab['parts'], 'targets'> };
  readonly session: ProbeSession;
  /** Where probes are run; `drop` also says why nothing more is to be had of it. */
  readonly add: (probe: Probe<unknown>) => void;
  readonly drop: (id: string, reason: string) => void;
}

/** Probes the targets that parts of the lab offer, each for as long as its part is there. Ends by the returned function. */
export function watchPartTargets({ lab, session, add, drop }: PartTargetsWatch): () => void {
  const probed = new Map<HttpTarget, string>();
  const look = (): void => {
    const offered = new Set(lab.parts.targets());
    for (const [target, id] of probed)
      if (!offered.has(target)) {
        probed.delete(target);
        drop(id, 'what served it was taken away');
      }
    for (const target of offered) {
      if (probed.has(target)) continue;
      const settings = { ...session.settings, targets: [target] };
      for (const probe of sources.http.probes?.({ ...session, settings }) ?? []) {
        probed.set(target, probe.id);
        add(probe);
      }
    }
  };
  return repeat(session.clock, LOOK_MS, look);
}
