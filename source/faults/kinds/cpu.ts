import { BOUNDS, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { type LimitFacts, limitOf } from '../observe/target.js';
import { limitsCall, throughDaemon, updateLimits } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/** Microseconds; the kernel's default period, and what the daemon takes where none is set. */
const PERIOD = 100_000;
const NANO = 1e9;

/** A CPU quota by `docker update`. */
export const cpu: KindOfFault<'cpu'> = {
  scope: 'container',
  wants: [],
  touches: ['limits: cpu'],
  ownStep: limitsCall(['NanoCpus'], ['CpuQuota']),
  plan(spec, { target }) {
    // The kernel's least quota is 1 ms a period (CPU_CFS_QUOTA of Docker: 1,000 µs).
    const cpus = within(spec.cpus, BOUNDS.cpus);
    const { identity, limits } = target;
    return {
      ...throughDaemon,
      what: `${identity.name}: held to ${cpus} cores (${limitText(limits)})`,
      means: 'docker update, CPU quota',
      apply: [updateLimits(identity.id, changed(cpus, limits))],
      undo: [updateLimits(identity.id, asBefore(limits))],
    };
  },
  effect({ spec, before, after }) {
    const [was, is] = [coresOf(before.snapshot.limits), coresOf(after.snapshot.limits)];
    if (is === null) return inconclusive('the daemon does not say what its limits are');
    const text = (cores: number | null): string =>
      cores === null ? 'unknown' : Number.isFinite(cores) ? `${cores} cores` : 'none';
    const signal = `CPU limit ${text(was)} → ${text(is)}`;
    return Math.abs(is - spec.cpus) < 0.001 ? confirmed(signal) : mismatch(signal);
  },
};

/**
 * Told in the way the container's own limit was told: the daemon refuses to mix `NanoCpus` with a quota. Where it had
 * none a quota alone is set: a period once set would keep `docker update --cpus` from working ever after.
 */
function changed(cpus: number, limits: LimitFacts): object {
  if (limits.nanoCpus > 0) return { NanoCpus: Math.round(cpus * NANO) };
  return { CpuQuota: Math.round(cpus * (limits.cpuPeriod > 0 ? limits.cpuPeriod : PERIOD)) };
}

/** 0 means "leave it" to the daemon, so that "none" has to be said as -1. */
function asBefore(limits: LimitFacts): object {
  if (limits.nanoCpus > 0) return { NanoCpus: limits.nanoCpus };
  return { CpuQuota: limits.cpuQuota > 0 ? limits.cpuQuota : -1 };
}

function limitText({ nanoCpus, cpuQuota, cpuPeriod }: LimitFacts): string {
  if (nanoCpus > 0) return `it has ${nanoCpus / NANO}`;
  return cpuQuota > 0 ? `it has ${cpuQuota / (cpuPeriod > 0 ? cpuPeriod : PERIOD)}` : 'it has no limit';
}

/** Cores by the snapshot's `limits` section; Infinity without a limit, null when it is not there. */
function coresOf(section: string | undefined): number | null {
  if (section === undefined) return null;
  const nano = limitOf(section, 'cpu nano');
  if (nano !== null) return nano / NANO;
  const quota = limitOf(section, 'cpu quota');
  return quota === null ? Number.POSITIVE_INFINITY : quota / (limitOf(section, 'cpu period') ?? PERIOD);
}
