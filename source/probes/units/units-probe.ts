import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../../clock.js';
import {
  PROPERTIES,
  parseSockets,
  parseUnits,
  type SocketProperties,
  type UnitProperties,
} from '../../linux/systemd/unit-properties.js';
import { type Probe, Unavailable } from '../probe.js';
import { endingOf, socketEnding } from './ending.js';
import { UnitWords } from './last-words.js';
import type { Unit, UnitsSample } from './sample.js';
import { askSystemd, type ToolOptions } from './systemd-tool.js';

const INTERVAL_MS = 15_000;
/** On a host that is short of CPU, PID 1 is as well: half a second for each service was seen on an emulated machine. */
const DEADLINE_MS = 10_000;
/**
 * PID 1 works 2 ms for each service that is told, of a host that is well. What runs, and what is down by intent, is most
 * of them and changes seldom: read so seldom (ms).
 */
const RUNNING_AGAIN_MS = 60_000;
const STOPPED_AGAIN_MS = 120_000;
/** Longest answer taken (bytes); a service is about a kilobyte. */
const MOST_BYTES = 1 << 20;
const MOST_OF_A_STATE = 200;
/** States of what does not work, or not yet. */
const TROUBLED = 'failed,auto-restart,activating,deactivating';

export interface UnitsProbeOptions {
  readonly clock?: Clock;
  /** A folder that is there where systemd runs this host (sd_booted(3)). */
  readonly booted?: string;
  /** PATH on which systemctl is looked for; absent: our own. */
  readonly path?: string;
  /** Milliseconds of the monotonic clock, as systemd counts them; absent: the kernel's. */
  readonly monotonicMs?: () => number;
  /** Milliseconds until systemctl is given up. */
  readonly deadlineMs?: number;
}

/** Services that failed, are started again and again, were stopped, or run, with what they said last. */
export function createUnitsProbe(options: UnitsProbeOptions = {}): Probe<UnitsSample> {
  const clock = options.clock ?? systemClock;
  const monotonicMs = options.monotonicMs ?? (() => Number(process.hrtime.bigint() / 1_000_000n));
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const words = new UnitWords();
  const others = [
    new Seldom('running', RUNNING_AGAIN_MS),
    new Seldom('inactive', STOPPED_AGAIN_MS, isMissable),
  ];

  return {
    id: 'units',
    cost: 'table',
    intervalMs: INTERVAL_MS,
    timeoutMs: deadlineMs + 500,
    async run({ signal }) {
      if (!existsSync(options.booted ?? '/run/systemd/system'))
        throw new Unavailable('not-configured', 'systemd does not run this host (no /run/systemd/system)');
      const began = clock.now();
      const tool: ToolOptions = { signal, deadlineMs, mostBytes: MOST_BYTES, path: options.path };
      const text = await askSystemd('systemctl', show(TROUBLED), tool);
      const found = parseUnits(text).filter(({ active }) => active !== 'inactive');
      const left = (): number => Math.round(deadlineMs - (clock.now() - began));
      const down = found.filter((unit) => stateOf(unit) !== 'running');
      await words.ask(down, { ...tool, deadlineMs: Math.max(1, Math.round(left() / 2)) });
      // What takes too long is left for the next time: what is down has been read.
      for (const one of others)
        if (left() > deadlineMs / 4) await one.read(began, { ...tool, deadlineMs: left() });
      const all = newest([...found, ...others.flatMap((one) => one.units)]);
      const sockets = newest([...parseSockets(text), ...others.flatMap((one) => one.sockets)]);
      return sampleOf(all, sockets, words, clock.wall() - monotonicMs());
    },
  };
}

/** Of what stands in several readings, as it changed between them, the first. */
function newest<One extends { readonly name: string }>(all: readonly One[]): One[] {
  const seen = new Set<string>();
  return all.filter(({ name }) => !seen.has(name) && seen.add(name));
}

const show = (states: string): string[] => [
  ...['show', '*.service', '*.socket', `--state=${states}`, `--property=${PROPERTIES.join(',')}`],
];

/** Units of one state, read now and then; those of the last time where they cannot be read, or not in time. */
class Seldom {
  units: readonly UnitProperties[] = [];
  sockets: readonly SocketProperties[] = [];
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly state: 'running' | 'inactive',
    private readonly againMs: number,
    private readonly isWanted: (unit: UnitProperties) => boolean = () => true,
  ) {}

  /** `now` is monotonic ms. */
  async read(now: number, tool: ToolOptions): Promise<void> {
    if (now - this.readAt < this.againMs) return;
    try {
      const text = await askSystemd('systemctl', show(this.state), tool);
      this.units = parseUnits(text).filter(this.isWanted).slice(0, MOST_OF_A_STATE);
      this.sockets = parseSockets(text);
      this.readAt = now;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
}

/** Whether a service that does not run may be missed: it ran since the host began, or is to run from its begin. */
const isMissable = ({ oneshot, command, enabled, endedMs }: UnitProperties): boolean =>
  !oneshot && command !== '' && (enabled || endedMs !== null);

const ORDER: readonly Unit['state'][] = ['failed', 'restarting', 'stopped', 'running'];

function sampleOf(
  all: readonly UnitProperties[],
  sockets: readonly SocketProperties[],
  words: UnitWords,
  offset: number,
): UnitsSample {
  const given = sockets.filter(({ active }) => active === 'failed');
  const units = all.map((unit) => unitOf(unit, sockets, words, offset));
  const alone = given.filter(({ name }) => units.every(({ failedSocket }) => failedSocket !== name));
  return {
    units: [...units, ...alone.map((socket) => unitOfSocket(socket, offset))].sort(
      (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
    ),
  };
}

function unitOf(
  unit: UnitProperties,
  sockets: readonly SocketProperties[],
  words: UnitWords,
  offset: number,
): Unit {
  const { name, result, restarts, restartPolicy, oneshot, command, endedMs, activeMs, requiredBy } = unit;
  const state = stateOf(unit);
  const its = sockets.filter((socket) => unit.triggeredBy.includes(socket.name));
  const ports = its.flatMap((socket) => socket.ports);
  const failedSocket = state === 'failed' && its.find(({ active }) => active === 'failed')?.name;
  const lastWords = words.of(name);
  return {
    ...{ name, state, result, restarts, restartPolicy, oneshot, command },
    ending: endingOf(unit),
    endedAt: at(endedMs, offset),
    startedAt: at(activeMs, offset),
    ...(ports.length > 0 ? { ports } : {}),
    ...(failedSocket ? { failedSocket } : {}),
    ...(requiredBy.length > 0 ? { requiredBy } : {}),
    // One that runs may be of a loop: what it said before it ended stands until it ends again.
    ...(lastWords !== undefined && state !== 'stopped' ? { lastWords } : {}),
  };
}

/** A socket that systemd gave up, or could not listen at, while its service did not fail. */
const unitOfSocket = ({ name, result, ports, endedMs }: SocketProperties, offset: number): Unit => ({
  ...{ name, state: 'failed', ending: socketEnding(result), result, restarts: 0, restartPolicy: 'no' },
  ...{ oneshot: false, command: '', endedAt: at(endedMs, offset), startedAt: null, ports },
});

const at = (ms: number | null, offset: number): number | null =>
  ms === null ? null : Math.round(offset + ms);

function stateOf({ active, sub }: UnitProperties): Unit['state'] {
  if (active === 'failed') return 'failed';
  if (active === 'inactive') return 'stopped';
  return sub.startsWith('auto-restart') ? 'restarting' : 'running';
}
