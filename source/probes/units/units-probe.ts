import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { execa } from 'execa';
import { type Clock, systemClock } from '../../clock.js';
import { PROPERTIES, parseUnits, type UnitProperties } from '../../linux/systemd/unit-properties.js';
import { type Probe, Unavailable } from '../probe.js';
import type { Unit, UnitsSample } from './sample.js';

/** It asks systemd about every service that runs, 2 ms each: seldom. */
const INTERVAL_MS = 15_000;
const DEADLINE_MS = 2_000;
/** Longest answer taken (bytes); a service is about a kilobyte. */
const MOST_BYTES = 1 << 20;
/** States of which something may have to be said; those that are down by intent are not asked for. */
const STATES = 'failed,auto-restart,activating,deactivating,running';

export interface UnitsProbeOptions {
  readonly clock?: Clock;
  /** A folder that is there where systemd runs this host (sd_booted(3)). */
  readonly booted?: string;
  /** PATH on which systemctl is looked for; absent: our own. */
  readonly path?: string;
  /** Milliseconds of the monotonic clock, as systemd counts them; absent: the kernel's. */
  readonly monotonicMs?: () => number;
}

/** Services that failed, are started again and again, or run, by one call of `systemctl show`. */
export function createUnitsProbe(options: UnitsProbeOptions = {}): Probe<UnitsSample> {
  const clock = options.clock ?? systemClock;
  const monotonicMs = options.monotonicMs ?? (() => Number(process.hrtime.bigint() / 1_000_000n));
  return {
    id: 'units',
    cost: 'table',
    intervalMs: INTERVAL_MS,
    timeoutMs: DEADLINE_MS + 500,
    async run({ signal }) {
      if (!existsSync(options.booted ?? '/run/systemd/system'))
        throw new Unavailable('not-configured', 'systemd does not run this host (no /run/systemd/system)');
      const text = await ask(signal, options.path);
      const offset = clock.wall() - monotonicMs();
      const units = parseUnits(text)
        .filter(({ active }) => active !== 'inactive')
        .map((unit) => unitOf(unit, offset));
      return { units: units.sort((a, b) => Number(a.state === 'running') - Number(b.state === 'running')) };
    },
  };
}

async function ask(signal: AbortSignal, path: string | undefined): Promise<string> {
  const result = await execa(
    'systemctl',
    ['show', '*.service', `--state=${STATES}`, `--property=${PROPERTIES.join(',')}`, '--no-pager'],
    {
      ...{
        timeout: DEADLINE_MS,
        cancelSignal: signal,
        reject: false,
        stdin: 'ignore',
        maxBuffer: MOST_BYTES,
      },
      env: { LC_ALL: 'C', ...(path === undefined ? {} : { PATH: path }) },
    },
  );
  signal.throwIfAborted();
  if (!result.failed || result.isMaxBuffer) return result.stdout;
  throw new Unavailable('not-readable', whyNot(result), 'systemctl --failed');
}

function whyNot({
  timedOut,
  code,
  stderr,
  exitCode,
}: {
  readonly timedOut: boolean;
  readonly code?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}): string {
  if (timedOut) return `systemctl gave no answer within ${DEADLINE_MS / 1000} s`;
  if (code === 'ENOENT') return 'there is no systemctl here';
  const [line = ''] = (stderr ?? '').trim().split('\n');
  return `systemctl show: ${line === '' ? `exit code ${exitCode ?? 'unknown'}` : line.slice(0, 200)}`;
}

function unitOf(unit: UnitProperties, offset: number): Unit {
  const { name, result, restarts, restartPolicy, oneshot, command, endedMs, activeMs } = unit;
  const at = (ms: number | null): number | null => (ms === null ? null : Math.round(offset + ms));
  return {
    ...{ name, result, restarts, restartPolicy, oneshot, command },
    state:
      unit.active === 'failed' ? 'failed' : unit.sub.startsWith('auto-restart') ? 'restarting' : 'running',
    ending: endingOf(unit),
    endedAt: at(endedMs),
    startedAt: at(activeMs),
  };
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function endingOf({ exitCode, signal, result }: UnitProperties): string | null {
  if (result === 'oom-kill') return 'was killed for memory';
  if (signal !== null) return `was ended by ${SIGNALS.get(signal) ?? `signal ${signal}`}`;
  if (exitCode !== null) return `ended with exit code ${exitCode}`;
  return result === '' || result === 'success' ? null : `failed: ${result}`;
}
