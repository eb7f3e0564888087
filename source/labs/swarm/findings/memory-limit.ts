import type { SwarmTask } from '../../../probes/samples.js';
import { duration, plural } from '../../../terminal/format.js';
import type { Carried } from '../measured.js';
import type { LoadFigures } from '../watch/figures.js';
import { code, type FindingsSection } from './page.js';
import { mib, share } from './words.js';

/** What was measured when the memory limit was lowered and memory was asked for. */
export interface MemoryRecord {
  readonly date: number;
  readonly service: string;
  /** Bytes. */
  readonly from: number;
  readonly to: number;
  readonly carried: Carried;
  readonly back: Carried;
  /** Requests for memory: with the first limit, with the low one, and after the restore. */
  readonly first: LoadFigures;
  readonly during: LoadFigures;
  readonly after: LoadFigures;
  readonly oomEvents: number;
  /** Tasks that ended with 137 in the meantime, as far as Swarm keeps them. */
  readonly failed: readonly SwarmTask[];
  /** Of their containers, how many Docker calls killed for lack of memory. */
  readonly confirmed: { readonly oomKilled: number; readonly asked: number };
  readonly oomAfter: number;
  readonly runningAfter: number;
  readonly desired: number;
  /** How long memory was asked for, ms. */
  readonly watchedMs: number;
  /** What the diagnosis called it, and how long after the trigger, ms. */
  readonly named: { readonly title: string; readonly ms: number };
}

/** The findings of a lowered memory limit, each from a measurement of this run. Pure. */
export function memorySection(run: MemoryRecord): FindingsSection {
  const { first, during, after, failed, confirmed } = run;
  const reason = failed.find(({ error }) => error !== null)?.error;
  const stable =
    after.failed === 0 && after.sent > 0 && run.oomAfter === 0 && run.runningAfter === run.desired;
  return {
    title: 'Memory Limitation Test (OOM)',
    date: run.date,
    service: run.service,
    procedure: [
      `Changed the memory limit from ${mib(run.from)} to a very restrictive ${mib(run.to)}`,
      `Generated memory load: one request for 100 MiB every 2 seconds, for ${duration(run.watchedMs)}`,
      "Counted OOM kills by the daemon's events and by the containers' own state, and watched what Docker Swarm did",
      'Restored the original memory limit',
    ],
    observations: [
      `Docker Swarm carried the update out in ${duration(run.carried.ms)}: ${plural(run.carried.replaced, 'replica')} got a new container`,
      `With ${mib(run.from)}, ${first.sent - first.failed} of ${first.sent} requests for 100 MiB were answered; with ${mib(run.to)}, ${during.sent - during.failed} of ${during.sent}`,
      `${plural(run.oomEvents, 'OOM kill event')} in ${duration(run.watchedMs)}`,
      `${plural(failed.length, 'task')} ended with exit code 137${reason ? ` (${code(reason)})` : ''}; of ${plural(confirmed.asked, 'container')} that could still be asked, Docker calls ${confirmed.oomKilled} killed for lack of memory`,
      `After the restore, which took ${duration(run.back.ms)}: ${after.sent - after.failed} of ${after.sent} requests answered, ${plural(run.oomAfter, 'OOM kill')}, ${run.runningAfter} of ${run.desired} replicas running`,
      `It was named ${duration(run.named.ms)} after the trigger: ${code(run.named.title)}`,
    ],
    findings: [
      ...(run.oomEvents > 0 ? ['Memory limits are strictly enforced by the kernel'] : []),
      ...(failed.length > 0
        ? [
            'Docker Swarm says "non-zero exit (137)" of such a task: that alone does not tell an OOM kill from a kill by hand',
          ]
        : []),
      ...(failed.length > 1
        ? [
            `Docker Swarm recovers from OOM kills: it replaced ${failed.length} tasks in ${duration(run.watchedMs)}; under lasting pressure that is a crash loop`,
          ]
        : []),
      ...(during.failed > 0
        ? [
            `The application has no protection against OOM conditions: ${share(during.failed, during.sent)} of the requests were lost`,
          ]
        : []),
      stable
        ? 'With the original limit the service is stable'
        : 'With the original limit the service is not stable yet',
    ],
    recommendations: [
      ...(run.oomEvents > 0
        ? [
            'Alert on OOM kills (oom events, oom_kill of memory.oom_control or memory.events), not on exit code 137 alone',
            `Set the memory limit above what a request needs: 100 MiB did not fit into ${mib(run.to)}`,
          ]
        : []),
      ...(during.failed > 0
        ? [
            'Refuse requests that would not fit instead of being killed by them: bound what one request may take',
            'Put a circuit breaker before memory-intensive operations: each retry killed another replica',
          ]
        : []),
    ],
  };
}
