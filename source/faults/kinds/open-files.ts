import { programCommand } from '../agent/programs.js';
import type { AgentStep } from '../fault-plan.js';
import { BOUNDS, FaultRefused, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { isCommand } from '../plan/steps.js';
import { firstProcess } from '../plan/surroundings.js';
import type { KindOfFault } from './kind.js';

/** RLIM_INFINITY as Python has it. */
const UNLIMITED = -1;

/**
 * The soft limit of open files of the target's first process and of the others of its user. A program of the same
 * user and group may set it without any capability, and put it back, because the hard limit is left alone (prlimit(2)).
 */
export const openFiles: KindOfFault<'open-files'> = {
  scope: 'container',
  wants: ['inside'],
  touches: ['open files'],
  ownStep(step) {
    if (!isCommand(step, ['python3', '-I', '-c', /^/, /^\d+$/, /^(\d+|-1)$/])) return null;
    const [from, to] = step.command.slice(4).map(Number) as [number, number];
    return everyProcess(from, to);
  },
  plan(spec, surroundings) {
    const limit = Math.round(within(spec.limit, BOUNDS.openFiles));
    const { name } = surroundings.target.identity;
    const { openFiles, uid, gid } = firstProcess(surroundings);
    const { soft, hard } = openFiles;
    if (hard !== null && limit > hard)
      throw new FaultRefused(`${name}: its hard limit of open files is ${hard}: take less`);
    if (soft === limit) throw new FaultRefused(`${name}: its limit of open files is ${limit} already`);
    const was = soft ?? UNLIMITED;
    return {
      what: `${name}: at most ${limit} open files a process (it has ${soft ?? 'no limit'})`,
      means: 'prlimit, soft limit of its processes',
      ending: 'timer',
      apply: [everyProcess(was, limit)],
      undo: [everyProcess(limit, was)],
      // Among the target's processes, with the user of the first one: what that one may do to itself, it may.
      agent: { capabilities: [], network: 'none', pid: true, socket: false, user: `${uid}:${gid}` },
    };
  },
  effect({ spec, before, after }) {
    const [was, is] = [before, after].map(({ snapshot }) => softLimit(snapshot['open files']));
    if (is === undefined) return inconclusive('its limits cannot be read');
    const signal = `open files of its first process: ${was ?? 'unknown'} → ${is}`;
    return is === String(spec.limit) ? confirmed(signal) : mismatch(signal);
  },
};

const everyProcess = (from: number, to: number): AgentStep => ({
  do: 'run',
  command: programCommand('open_files', String(from), String(to)),
});

/** "Max open files 1024 1048576 files" → "1024". */
const softLimit = (section: string | undefined): string | undefined =>
  /^Max open files (\S+)/.exec(section ?? '')?.[1];
