import type { ResolvConf } from '../../linux/resolver/resolv-conf.js';
import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { supports } from '../evidence.js';
import { isLocal } from '../facts/addresses.js';
import { insides } from '../facts/inside.js';
import { fresh } from '../facts/values.js';
import { HOST, HOST_PLACE } from '../places.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  resolvers: {
    unit: 'resolvers',
    value: 2,
    source:
      'resolv.conf(5): the next server is asked when one does not answer; with one there is none (RFC 1034, 4.1)',
  },
} as const satisfies Thresholds;

/**
 * Who asks one resolver and nobody else. A forwarder on its own loopback (127.0.0.53, 127.0.0.11 of Docker) is passed
 * over: whom that asks is not seen.
 */
export const oneResolver: RiskKind = {
  id: 'one-resolver',
  thresholds: THRESHOLDS,
  find(history) {
    const host = fresh(history.latest.settings)?.resolver ?? null;
    const own = onlyOne(host);
    const others = insides(history).flatMap(({ name, resolver }): SeenRisk[] => {
      const only = onlyOne(resolver);
      // On Docker's default network a container has a copy of the host's file.
      return only === undefined || only === own
        ? []
        : [seen({ kind: 'workload', id: name }, name, only, history.latest.inside?.[name]?.at)];
    });
    return [...(own === undefined ? [] : [seen(HOST, HOST_PLACE, own, atOf(history))]), ...others];
  },
};

const atOf = ({ latest }: History): number | undefined => latest.settings?.at;

function onlyOne(resolver: ResolvConf | null): string | undefined {
  const [first, ...rest] = new Set(resolver?.nameservers ?? []);
  return first === undefined || rest.length > 0 || isLocal(`${first}:53`) ? undefined : first;
}

function seen(subject: Subject, who: string, only: string, at: number | undefined): SeenRisk {
  return {
    subject,
    title: `One resolver only on ${who}`,
    evidence: [
      supports(THRESHOLDS.resolvers, {
        signal: 'settings.resolver',
        reading: 1,
        value: `/etc/resolv.conf of ${who} has one nameserver, ${only}`,
        ...(at === undefined ? {} : { at }),
      }),
    ],
    mend: {
      text:
        subject.kind === 'host'
          ? 'a second `nameserver` line in /etc/resolv.conf, or in what writes it, and `options timeout:1 attempts:2`'
          : 'a second server: `dns: [10.0.0.2, 10.0.0.3]` of its compose service, or docker run --dns twice',
    },
  };
}
