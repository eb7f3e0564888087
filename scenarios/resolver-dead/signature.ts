import { restartFix, resumeFix, type SickApp, sickApp } from '../../source/diagnosis/facts/context.js';
import { givenElsewhere, resolvers } from '../../source/diagnosis/facts/dns.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isFrozen, isGone, processText } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf } from './evidence.js';
import { partly, spareOf } from './partial.js';
import { isDead, type Silence, silenceOf } from './silence.js';

/** A resolver that gives no answer at all, not even a late one. */
export const signature: Signature = {
  id: 'resolver-dead',
  forMs: 2000,
  keepMs: 6000,
  explains: ['traffic-spike', 'service-hung', 'name-missing', 'http-errors', 'close-wait-leak'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const views = resolvers(history);
  const silences = views.map((view) => {
    const silence = silenceOf(history, view);
    // A server that gives others the same names is not dead: the way to it is.
    return { ...silence, mute: silence.mute && !givenElsewhere(view, views) };
  });
  const dead = silences.filter(isDead);
  const silence =
    dead.find((one) => !spareOf(one.view, views)) ??
    dead[0] ??
    silences.find((one) => one.mute) ??
    silences[0];
  if (!silence) return undefined;
  const spare = spareOf(silence.view, views);
  return { ...alone(history, silence), ...(spare && silence.mute ? partly(silence, spare) : {}) };
}

/** How it is where nobody stands in for it. */
function alone(history: History, silence: Silence): Assessment {
  const { view } = silence;
  const app = sickApp(history);
  return {
    target: `${app?.label ?? 'lookups'} → resolver ${view.resolver}`,
    raise: isDead(silence),
    // An answer of any kind is a sign of life, a late one too: then it is slow, and that has another name.
    clear: !silence.mute,
    title: titleOf(silence),
    severity: 'critical',
    base: 0.35,
    evidence: evidenceOf(history, silence),
    ruledOut: [
      ...(silence.mute ? notSaturated(silence) : []),
      ...ruledOut(history, ['database-down', 'database-connections', 'service-stopped', 'service-hung']),
      ...(silence.mute ? [notMissing] : []),
    ],
    fix: fixes(silence),
    story: story(silence, app),
    since: earliest(...view.names.map((name) => name.failingSince)),
  };
}

function titleOf({ service, refused }: Silence): string {
  if (service && isFrozen(service)) return 'The resolver is frozen: its process is stopped by a signal';
  if (service && isGone(service)) return 'The resolver is dead: its process has exited';
  return refused
    ? 'The resolver is dead: nothing listens at its address'
    : 'The resolver does not answer at all';
}

function notSaturated({ refused, silentMs, service }: Silence): Assessment['ruledOut'] {
  const because = refused
    ? 'queries are refused, not queued'
    : service && isFrozen(service)
      ? 'its process is frozen: it serves nobody'
      : `no late answer in ${duration(silentMs)}: a queue would give some`;
  return [{ id: 'traffic-spike', title: 'a slow resolver', because }];
}

const notMissing = {
  id: 'name-missing',
  title: 'a missing name',
  because: 'nobody said NXDOMAIN, nobody said anything',
} as const;

function fixes({ view, service, refused }: Silence): Assessment['fix'] {
  const label = service?.name ?? `the resolver at ${view.resolver}`;
  const text = service && !isGone(service) ? `restart ${label}` : `start ${label} again`;
  return [
    service && isFrozen(service)
      ? resumeFix(service, view.resolver)
      : restartFix(service, view.resolver, text, refused),
    { when: 'later', text: 'a second nameserver in resolv.conf, with a short timeout' },
    { when: 'later', text: 'cache answers near the application; serve stale ones (RFC 8767)' },
    {
      when: 'later',
      text: 'connection pool: no lookup for each request',
      action: { name: 'harden', argument: 'pool' },
    },
  ];
}

function story({ view, service, refused, silentMs }: Silence, app: SickApp | undefined): string[] {
  const lines = [
    refused
      ? `${view.resolver} refuses every query: nobody listens there`
      : `${view.resolver} has given no answer for ${duration(silentMs)}, not even a late one`,
  ];
  if (service) lines.push(`${service.name}: ${processText(service)}`);
  if (app) {
    const users = app.view.sample.status === null ? 'timeouts' : `errors (${app.view.sample.status})`;
    lines.push(`${app.label} needs a name that nobody gives: its users see ${users}`);
  }
  return lines;
}
