import type { Clock } from '../../clock.js';
import { candidateNames, type LibcKind } from '../../linux/resolver/candidates.js';
import { hasOption, type ResolvConf } from '../../linux/resolver/resolv-conf.js';
import { Exchange } from './exchange.js';
import { type AddressType, isAskable } from './message.js';
import { resolveSteps } from './resolution.js';
import type { DnsOutcome, DnsStep } from './sample.js';

/** What a C library's DNS source makes of a name. */
export interface LibcAnswer {
  /** IPv4 first; empty where there is none. */
  readonly addresses: readonly string[];
  /** How it ended: by an address, by a denial, by a failure that a server told, or by nobody's answer. */
  readonly end: 'found' | 'denied' | 'failed' | 'silent';
  /** The outcome that says so, of the last server asked. */
  readonly outcome: DnsOutcome;
  /** Address of that server. */
  readonly server: string;
  /** It had answered over UDP, too long for a datagram: this is what became of the question over TCP. */
  readonly truncated?: true;
}

export interface AskAsLibc {
  readonly conf: ResolvConf;
  readonly libc: LibcKind;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly port?: number;
}

/** Answers after which no other server is asked (resolv/res_send.c): SERVFAIL, NOTIMP and REFUSED go on to the next. */
const FINAL: readonly DnsOutcome[] = ['NOERROR', 'NODATA', 'NXDOMAIN'];

/**
 * Looks a name up by DNS as the C library does: its suffixes, its servers in turn and round after round, with its own
 * patience. Rejects with the signal's reason when aborted.
 */
export async function askAsLibc(name: string, how: AskAsLibc): Promise<LibcAnswer> {
  const { conf, libc } = how;
  let told: Told = { outcome: 'NXDOMAIN', server: conf.nameservers[0] ?? '' };
  const names = candidateNames(name, conf.search, conf.ndots, libc, hasOption(conf, 'no-tld-query'));
  const { steps } = await resolveSteps(
    names.filter(isAskable),
    name,
    async (qname) => {
      const asked = libc === 'musl' ? await askAll(qname, how) : await askInTurn(qname, how);
      told = { ...worst(asked.steps), server: asked.server };
      return asked.steps;
    },
    libc,
  );
  const addresses = steps.flatMap((step) => step.addresses);
  return { addresses, end: endOf(steps, addresses.length > 0), ...told };
}

type Told = Pick<LibcAnswer, 'outcome' | 'server' | 'truncated'>;

interface Asked {
  readonly steps: readonly DnsStep[];
  readonly server: string;
}

function endOf(steps: readonly DnsStep[], found: boolean): LibcAnswer['end'] {
  if (found) return 'found';
  const outcomes = steps.map(({ outcome }) => outcome);
  if (outcomes.some((one) => one === 'timeout' || one === 'refused' || one === 'unreachable'))
    return 'silent';
  return outcomes.every((one) => FINAL.includes(one)) ? 'denied' : 'failed';
}

function worst(steps: readonly DnsStep[]): Pick<Told, 'outcome' | 'truncated'> {
  const step = steps.find(({ outcome }) => !FINAL.includes(outcome)) ?? steps[0];
  return { outcome: step?.outcome ?? 'NXDOMAIN', ...(step?.truncated ? { truncated: true } : {}) };
}

/** glibc: one server after the other, `attempts` rounds (__res_context_send). */
async function askInTurn(qname: string, how: AskAsLibc): Promise<Asked> {
  const { conf } = how;
  const count = conf.nameservers.length;
  const first = hasOption(conf, 'rotate') ? Math.floor(Math.random() * count) : 0;
  let last: Asked = { steps: [], server: '' };
  for (let round = 0; round < conf.attempts; round++)
    for (let place = 0; place < count; place++) {
      const server = conf.nameservers[(first + place) % count] ?? '';
      // res_send.c: seconds = retrans << ns, shared out among the servers behind the first.
      const seconds = place === 0 ? conf.timeoutSeconds : (conf.timeoutSeconds * 2 ** place) / count;
      const patienceMs = 1000 * Math.max(1, Math.floor(seconds));
      const steps = await askServer(qname, server, patienceMs, how);
      last = { steps, server };
      if (steps.some(({ outcome }) => FINAL.includes(outcome))) return last;
    }
  return last;
}

/** musl: all servers at once; the first that gives or denies counts (src/network/res_msend.c). */
async function askAll(qname: string, how: AskAsLibc): Promise<Asked> {
  const { conf } = how;
  const asked = conf.nameservers.map(async (server): Promise<Asked> => {
    const steps = await askServer(qname, server, 1000 * conf.timeoutSeconds, how);
    if (!steps.every(({ outcome }) => FINAL.includes(outcome))) throw new NoAnswer({ steps, server });
    return { steps, server };
  });
  try {
    return await Promise.any(asked);
  } catch (error) {
    how.signal.throwIfAborted();
    const answers = (error as AggregateError).errors.filter((one) => one instanceof NoAnswer);
    const answer = answers[0];
    if (!answer) throw (error as AggregateError).errors[0];
    return answer.asked;
  }
}

class NoAnswer extends Error {
  constructor(readonly asked: Asked) {
    super('no answer');
  }
}

/** One server: both questions at once, and one by one where it leaves one of two unanswered (RES_SNGLKUP). */
async function askServer(
  qname: string,
  server: string,
  patienceMs: number,
  how: AskAsLibc,
): Promise<DnsStep[]> {
  const { conf, clock, signal, port = 53 } = how;
  const ask = async (types: readonly AddressType[], oneAtATime: boolean): Promise<DnsStep[]> => {
    const exchange = new Exchange({
      qname,
      server: { address: server, port },
      patienceMs,
      clock,
      types,
      oneAtATime,
      overTcp: hasOption(conf, 'use-vc'),
    });
    try {
      return await exchange.ask(signal);
    } finally {
      exchange.close();
    }
  };
  const apart = async (): Promise<DnsStep[]> => [...(await ask(['A'], true)), ...(await ask(['AAAA'], true))];
  if (hasOption(conf, 'no-aaaa')) return await ask(['A'], true);
  if (hasOption(conf, 'single-request-reopen')) return await apart();
  const steps = await ask(['A', 'AAAA'], hasOption(conf, 'single-request'));
  const half =
    steps.some(({ outcome }) => outcome === 'timeout') &&
    steps.some(({ outcome }) => FINAL.includes(outcome));
  return half && how.libc === 'glibc' ? await apart() : steps;
}
