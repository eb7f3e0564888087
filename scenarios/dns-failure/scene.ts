import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { type ResolverView, resolvers } from '../../source/diagnosis/facts/dns.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import { type Way, ways } from '../../source/diagnosis/facts/ways.js';
import type { LogMatch } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { type FailingAsker, failingAskers, loggedFailures } from './failing-askers.js';
import { type Form, formOf } from './forms.js';
import { THRESHOLDS } from './thresholds.js';

/** Whose lookups fail, how, and who is answered meanwhile. */
export interface Scene {
  readonly form: Form;
  /** Containers whose own lookups fail in this form; null among them is this host. */
  readonly askers: readonly FailingAsker[];
  /** Their names, and those of containers that only log it so far. */
  readonly who: readonly string[];
  readonly logs: readonly LogMatch[];
  readonly control: ResolverView | undefined;
  /** Connections by address that the sick ones still make. */
  readonly byAddress: readonly Way[];
  readonly since: number | null;
  readonly sure: boolean;
}

/** The form in which most fail, or undefined when nobody does. */
export function sceneOf(history: History): Scene | undefined {
  const failing = failingAskers(history);
  const lines = loggedFailures(history);
  const form = failing[0]?.form ?? formOfLine(history, lines[0]?.match);
  if (form === undefined) return undefined;
  const askers = failing.filter((one) => one.form === form);
  const inside = askers.flatMap(({ asker }) => asker ?? []);
  const who = [...new Set([...inside, ...lines.map(({ match }) => match.service)])];
  const control = askers.flatMap((one) => one.control ?? [])[0] ?? lines[0]?.control;
  return {
    form,
    askers,
    who,
    logs: lines.map(({ match }) => match),
    control,
    byAddress: ways(history).filter(
      ({ source, cell }) => who.includes(source) && cell.outcome === 'connected',
    ),
    since: earliest(...askers.map((one) => one.since), ...lines.map((one) => one.since)),
    sure: isSure(askers, control, lines.length),
  };
}

/**
 * Somebody else is answered: the sick ones' way is at fault, not the server. Where everybody is told SERVFAIL or
 * REFUSED the server is alive and fails; names that nobody is given, and silence to everybody, have other names.
 */
function isSure(askers: readonly FailingAsker[], control: ResolverView | undefined, logged: number): boolean {
  if (control) return askers.length + logged > 0;
  return askers.some(
    ({ form, runs }) => (form === 'SERVFAIL' || form === 'REFUSED') && runs >= THRESHOLDS.runs.value,
  );
}

/** A line says which of the two it is; of temporary failures it is silence where the resolver's port is out of reach. */
function formOfLine(history: History, match: LogMatch | undefined): Form | undefined {
  if (!match) return undefined;
  if (match.kind === 'name-resolution-missing') return 'NXDOMAIN';
  const mute = ways(history).some(
    ({ source, address, cell }) =>
      source === match.service && splitAddress(address).port === DNS_PORT && cell.outcome === 'timeout',
  );
  return mute ? 'silence' : 'temporary';
}

const DNS_PORT = 53;

/** Whether everybody who asks is given all that was ever given to him. */
export const allGiven = (history: History): boolean =>
  loggedFailures(history).length === 0 &&
  resolvers(history).every(({ names }) => names.every(({ sample }) => formOf(sample) === undefined));
