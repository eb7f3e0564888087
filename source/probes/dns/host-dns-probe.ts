import { isIP } from 'node:net';
import type { Clock } from '../../clock.js';
import { type HostResolver, readHostResolver } from '../../linux/resolver/host-resolver.js';
import { lookupHosts } from '../../linux/resolver/hosts-file.js';
import { type Probe, Unavailable } from '../probe.js';
import type { ProbeSession } from '../session.js';
import { hostsOf, type NameToLookUp } from '../watch-settings.js';
import { createDnsProbe, type DnsProbeOptions } from './dns-probe.js';
import { FormerAnswers, withFormer } from './former-answers.js';
import { Getent } from './getent.js';
import { HostQuestions } from './host-questions.js';
import type { DnsNameSample, DnsSample } from './sample.js';
import { othersOf } from './seen-late.js';

const DNS_PORT = 53;
/** Sources of nsswitch.conf behind which the servers of resolv.conf stand. */
const BY_DNS = new Set(['dns', 'resolve']);
/** A lookup takes a step for each suffix, and one for the name as it is; a search list this long is a slow one. */
const MOST_MS = 30_000;
const NO_NAME = 'no target has a name that DNS must answer';
const HOW_TO_NAME = 'faultline --name NAME   # or --target http://NAME/';

/** Names that were seen to be asked for and are timed, at most: alone, and beside those that were given. */
const MOST_LEARNT = { alone: 4, beside: 2 } as const;
/** Where nothing but learnt names is timed and all is well, they are asked so often (ms). */
const LEARNT_MS = 6_000;
const INTERVAL_MS = 2_000;
/** A learnt name that was asked for so often is one that somebody wants. */
const ASKED_OFTEN = 3;
/** While nothing is known to be asked for, and somebody may ask any moment, packets are looked at so often (ms). */
const NAMELESS_MS = 500;

/**
 * Times the names that this host asks for: those given, those of the targets, and some that its processes were seen to
 * ask for, on this host's own resolvers as its libc would ask them, or on the server that was given with the name. Its
 * files are read before each run.
 */
export function createHostDnsProbe({ settings, clock }: ProbeSession): Probe<DnsSample> {
  const { targets, names } = settings;
  const given = names.filter(({ inside }) => inside === null);
  const placed = new Set(given.flatMap(({ name, server }) => (server === null ? [] : [name])));
  const told = [
    ...given.flatMap(({ name, server }) => (server === null ? [name] : [])),
    ...hostsOf(targets.map(({ url }) => url)),
  ];
  const mostLearnt = told.length > 0 ? MOST_LEARNT.beside : MOST_LEARNT.alone;
  const getent = new Getent(clock);
  const questions = new HostQuestions(clock);
  const former = new FormerAnswers();
  let asking: { readonly key: string; readonly probe: Probe<DnsSample> } | undefined;
  let intervalMs = INTERVAL_MS;
  const probeFor = (options: DnsProbeOptions): Probe<DnsSample> => {
    const key = JSON.stringify({ ...options, clock: null });
    if (asking?.key === key) return asking.probe;
    asking?.probe.close?.();
    asking = { key, probe: createDnsProbe(options) };
    return asking.probe;
  };
  return {
    id: 'dns',
    get reads() {
      return asking?.probe.reads ?? '/etc/resolv.conf';
    },
    cost: 'network',
    get intervalMs() {
      return intervalMs;
    },
    timeoutMs: MOST_MS,
    // A look in which nobody asked for anything costs nothing.
    get longestBackoffMs() {
      return questions.isNew ? NAMELESS_MS : INTERVAL_MS;
    },
    async run(context): Promise<DnsSample> {
      const own = readHostResolver();
      const asked = settings.workloadsOnly ? [] : questions.look(own.conf, mostLearnt);
      const learnt = new Set(asked.filter((name) => !told.includes(name)));
      const options = optionsFor(own, given, [...told, ...learnt], clock);
      intervalMs = INTERVAL_MS;
      if (options.names.length === 0) {
        const why = targets.length + given.length > 0 ? NO_NAME : 'no name to look up was given';
        throw new Unavailable('not-configured', why, HOW_TO_NAME);
      }
      const { names: samples, search, ndots } = await probeFor(options).run(context);
      // What somebody asks for now and then is nobody's trouble, and not worth a child.
      const isPassing = (name: string): boolean =>
        learnt.has(name) && questions.timesAsked(name, own.conf) < ASKED_OFTEN;
      const withOthers = await Promise.all(
        samples.map((one) =>
          placed.has(one.name) || isPassing(one.name)
            ? one
            : givenOtherwise(one, samples, getent, context.signal),
        ),
      );
      const isWell = withOthers.every(
        ({ resolved, late, steps }) =>
          resolved && late.length === 0 && steps.every(({ outcome }) => outcome !== 'timeout'),
      );
      const withBefore = withFormer(withOthers, former, clock);
      const isMoving = withBefore.some(({ moving }) => moving);
      if (told.length + placed.size === 0 && isWell && !isMoving) intervalMs = LEARNT_MS;
      const { notTaken } = own.conf;
      const unheard = questions.unheard();
      return {
        names: withBefore.map((one) => ({
          ...one,
          late: [...one.late, ...questions.late.take(one.name)],
          ...othersOf(questions.late.takeTimes(one.name)),
          ...(learnt.has(one.name)
            ? { learnt: true, timesAsked: questions.timesAsked(one.name, own.conf) }
            : {}),
          ...(learnt.has(one.name) && !questions.searches(one.name, search) ? { unsearched: true } : {}),
        })),
        ...{ search, ndots },
        ...(unheard.length > 0 ? { unheard } : {}),
        ...(notTaken ? { notTaken } : {}),
      };
    },
    close() {
      asking?.probe.close?.();
      questions.close();
    },
  };
}

function optionsFor(
  { sources, conf, libc, hosts: file }: HostResolver,
  given: readonly NameToLookUp[],
  wanted: readonly string[],
  clock: Clock,
): DnsProbeOptions {
  const placed = given.flatMap(({ name, server }) => (server === null ? [] : [{ name, server }]));
  const byDns = sources.some(({ name }) => BY_DNS.has(name));
  const asked = wanted.filter(
    (name) => isIP(name) === 0 && name !== 'localhost' && lookupHosts(file, name).length === 0,
  );
  return {
    names: [...placed, ...(byDns ? new Set(asked) : [])],
    resolvers: conf.nameservers.map((address) => ({ address, port: DNS_PORT })),
    search: conf.search,
    ndots: conf.ndots,
    options: conf.options,
    libc,
    clock,
  };
}

/** A name that every server denies, and that the C library has by another way, is given all the same. */
async function givenOtherwise(
  sample: DnsNameSample,
  all: readonly DnsNameSample[],
  getent: Getent,
  signal: AbortSignal,
): Promise<DnsNameSample> {
  const same = all.filter(({ name }) => name === sample.name);
  const silent = ({ outcome }: { outcome: string }): boolean => outcome === 'timeout';
  if (same.some(({ resolved, steps }) => resolved || steps.some(silent))) return sample;
  const otherwise = await getent.ask(sample.name, signal);
  return otherwise ? { ...sample, resolved: true, otherwise } : sample;
}
