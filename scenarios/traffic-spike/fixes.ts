import { restartFix } from '../../source/diagnosis/facts/context.js';
import type { Fix } from '../../source/store/finding.js';
import { askersOf } from './askers.js';
import type { Scene } from './evidence.js';

const later = (argument: string, text: string): Fix => ({
  when: 'later',
  text,
  action: { name: 'harden', argument },
});

/** Ends it now by throwing the waiting work away; later keeps a spike from starting it again. */
export function fixes(scene: Scene): Fix[] {
  return [
    now(scene),
    later('bulkhead', 'bulkhead: at most 40 requests at work, so that their lookups fit'),
    later('deadline', 'deadline: give up after 3 s and stop when the client has gone'),
    later('pool', 'connection pool: no lookup for each request'),
    later('lifo', 'newest lookup first: the answers that somebody still waits for'),
    later('breaker', 'circuit breaker: fail fast while lookups fail'),
    later('backoff', 'retry with growing pauses and jitter instead of at once'),
    later('rate-limit', 'rate limit: refuse a spike at the door'),
  ];
}

/** Restarts those whose lookups wait: behind a gateway that is not whom users see failing. */
function now({ history, view, app }: Scene): Fix {
  const why = 'throws away the lookups that feed the queue';
  const [asker] = askersOf(history, view);
  if (asker !== undefined)
    return {
      when: 'now',
      text: `restart ${asker}: ${why}`,
      action: { name: 'restart', argument: asker },
    };
  return app
    ? restartFix(
        app.service,
        app.view.address,
        `restart ${app.service?.name ?? `what serves ${app.label}`}: ${why}`,
      )
    : { when: 'now', text: 'restart the application whose lookups wait, or shed its load' };
}
