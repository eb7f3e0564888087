import { resolvers } from '../../source/diagnosis/facts/dns.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import { nothingSeen } from '../../source/diagnosis/nothing-seen.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { Fix, RuledOut } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf } from './evidence.js';
import { FORM_TEXT, libcSays } from './forms.js';
import { allGiven, type Scene, sceneOf } from './scene.js';

/** All lookups of some containers fail alike while somebody else is given the same names. */
export const signature: Signature = {
  id: 'dns-failure',
  forMs: 2000,
  keepMs: 6000,
  explains: [
    'http-errors',
    'service-hung',
    'name-missing',
    'resolver-dead',
    'traffic-spike',
    'close-wait-leak',
    'listen-overflow',
  ],
  assess,
};

function assess(history: History): Assessment | undefined {
  if (resolvers(history).length === 0) return undefined;
  const scene = sceneOf(history);
  if (!scene) return nothing(allGiven(history));
  const who = scene.who.length > 0 ? whoText(history, scene.who) : 'everybody';
  const { form, control, askers } = scene;
  const resolver = askers[0]?.views[0]?.resolver ?? control?.resolver ?? 'its resolver';
  return {
    target: `${who} → resolver ${resolver}`,
    raise: scene.sure,
    clear: false,
    title: control
      ? `DNS fails inside ${who}: ${FORM_TEXT[form]}, while others are answered`
      : `The resolver fails: ${FORM_TEXT[form]}`,
    severity: failing(history).length > 0 || control ? 'critical' : 'warning',
    base: 0.35,
    evidence: evidenceOf(history, scene),
    ruledOut: rivals(history, scene),
    fix: fixes(history, scene, who, resolver),
    story: story(history, scene, who),
    since: scene.since,
  };
}

const nothing = (clear: boolean): Assessment =>
  nothingSeen({
    target: 'lookups',
    title: 'Lookups failed',
    severity: 'warning',
    base: 0.3,
    clear,
  });

function rivals(history: History, { control, byAddress, form }: Scene): RuledOut[] {
  const own: RuledOut[] = [];
  const given = control?.names.find(({ sample }) => sample.resolved);
  const other = control?.asker ?? 'this host';
  if (given) {
    const because = `${other} is given ${given.name} in ${duration(given.sample.totalMs)}`;
    own.push({ id: 'resolver-dead', title: 'a dead resolver', because });
    own.push({ id: 'name-missing', title: 'a missing name', because });
    if (form !== 'silence' || given.sample.totalMs < 1000)
      own.push({ id: 'traffic-spike', title: 'a slow resolver', because: `${because}, none is late` });
  }
  const way = byAddress[0];
  if (way)
    own.push({
      id: 'partition',
      title: 'the network',
      because: `${way.source} connects with ${way.target} by address in ${duration(way.cell.ms ?? 0)}`,
    });
  return [...own, ...ruledOut(history, ['database-down', 'database-connections', 'service-stopped'])];
}

function fixes(history: History, { who, control }: Scene, whoSays: string, resolver: string): Fix[] {
  const pid = who.map((name) => serviceOf(history, name)?.pid ?? null).find((one) => one !== null);
  const look = 'nft list ruleset; iptables -t nat -S; iptables -S; cat /proc/net/udp';
  const now: Fix = control
    ? {
        when: 'now',
        text: `take away what stands between ${whoSays} and its resolver: a rule that redirects or drops port 53, or a wrong resolv.conf`,
        ...(pid == null
          ? {}
          : { command: `nsenter -t ${pid} -n sh -c '${look}'; cat /proc/${pid}/root/etc/resolv.conf` }),
      }
    : {
        when: 'now',
        text: `see whom ${resolver} asks itself: its own servers fail, or its zone did not load`,
        command: `dig @${resolver.replace(/:\d+$/, '')} +norecurse . SOA`,
      };
  return [
    now,
    { when: 'later', text: 'a second nameserver in resolv.conf, with options timeout:1 attempts:2' },
    { when: 'later', text: 'cache answers near the application; serve stale ones (RFC 8767)' },
    {
      when: 'later',
      text: 'connection pool: no lookup for each request',
      action: { name: 'harden', argument: 'pool' },
    },
  ];
}

function story(history: History, scene: Scene, who: string): string[] {
  const { form, askers, control, byAddress } = scene;
  const said = libcSays(history, askers[0]?.asker ?? null, form);
  const lines = [`applications in ${who} are told ${said}`];
  const given = control?.names.find(({ sample }) => sample.resolved);
  if (control && given)
    lines.push(
      `${control.asker ?? 'this host'} is given ${given.name} in ${duration(given.sample.totalMs)}: the server is well`,
    );
  const way = byAddress[0];
  if (way)
    lines.push(
      `by address ${way.source} reaches ${way.target} in ${duration(way.cell.ms ?? 0)}: the network is well`,
    );
  return lines;
}
