import { program } from '../agent/program.js';
import type { KeeperStep } from '../fault-plan.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { within } from '../plan/numbers.js';
import { firstProcess } from '../plan/processes.js';
import { CannotPlan } from '../plan/refusal.js';
import { tableName } from '../plan/table-name.js';
import { bytesText } from '../plan/text.js';
import { OFFER_AND_TAKE, PARTS, SIGNAL, TAKE } from './allocate-scripts.js';
import { type KindOfFault, throughDaemon } from './kind.js';

/** Seconds that a look at it waits for its memory to be taken. */
const PATIENCE_S = 4;
/** Resident memory that counts as taken: the last pages are written as the look ends. */
const TAKEN = 0.9;

/** It does not run, is paused, or is gone: what ran in it has ended, or cannot be ended now. */
const NOT_THERE = [404, 409];

/**
 * A process in the target's own memory cgroup takes memory and holds it. `worker`: it offers itself to the kernel's
 * OOM killer; `pid-1`: the target's first process is offered. All of it is done by the daemon: with the first process
 * every process in its namespace ends, and a keeper in there would end with them.
 */
export const allocate: KindOfFault<'allocate'> = {
  reads: { means: false, inside: true, memory: false },
  plan(spec, surroundings) {
    const { id, target, ttlMs } = surroundings;
    const { identity, limits, paused } = target;
    const bytes = Math.round(within(spec.bytes, 1 << 20, 64 * 2 ** 30, 'an allocation in bytes'));
    if (paused) throw new CannotPlan(`${identity.name} is paused: nothing can be started in it`);
    if (limits.memory <= 0)
      throw new CannotPlan(
        `${identity.name} has no memory limit: what it takes would be taken from the whole machine; give it one first: faultline inject memory`,
      );
    const ofWorker = spec.victim === 'worker';
    if (!ofWorker && target.autoRemove)
      throw new CannotPlan(
        `${identity.name} was started with --rm: with its first process killed it is removed, and nothing could start it again`,
      );
    const name = tableName(id);
    const first = firstProcess(surroundings);
    const user = `${first.uid}:${first.gid}`;
    const victim = ofWorker ? 'that process' : 'its first process';
    const parts = PARTS[spec.victim];
    const each = Math.ceil(bytes / parts.split(' ').length);
    const taker = `${name}-taker`;
    const numbers = [String(each), String(Math.ceil(ttlMs / 1000))];
    const take = ['sh', '-c', ofWorker ? TAKE : OFFER_AND_TAKE, taker, ...numbers, spec.victim, parts];
    const signal = (words: readonly string[]): KeeperStep => ({
      do: 'exec',
      command: ['sh', '-c', SIGNAL, 'sh', name, ...words],
      user,
      okStatus: NOT_THERE,
    });
    const start: KeeperStep = {
      do: 'docker',
      method: 'POST',
      path: `/containers/${identity.id}/start`,
      okStatus: [304, 404],
    };
    return {
      what: `${identity.name}: a process in it takes ${bytesText(bytes)} (limit ${bytesText(limits.memory)}), and ${victim} is the first to be killed for it`,
      means: "docker exec of the target's own sh, head and tail",
      ending: 'timer',
      apply: [{ do: 'exec', command: take, user }],
      renew: [signal(['USR1', '', ''])],
      undo: [
        signal(['KILL', '-', ofWorker ? '' : String(first.oomScoreAdj)]),
        ...(ofWorker || target.orchestrated ? [] : [start]),
      ],
      readings: [
        {
          name: 'memory',
          command: program('group_memory', taker, String(Math.round(TAKEN * bytes)), String(PATIENCE_S)),
          timeoutMs: 8000,
        },
      ],
      keeper: throughDaemon,
    };
  },
  bite(_plan, spec, before, after) {
    const { state } = after.snapshot;
    if (state !== before.snapshot.state)
      return spec.victim === 'pid-1'
        ? confirmed(`its first process was killed: state ${before.snapshot.state} → ${state}`)
        : mismatch(`state ${before.snapshot.state} → ${state}: another process than the worker was killed`);
    const seen = /processes (\d+) killed (\d+) bytes (\d+)/.exec(after.readings.memory?.output ?? '');
    if (!seen) return inconclusive('its processes cannot be seen');
    const [processes, killed, bytes] = seen.slice(1).map(Number) as [number, number, number];
    if (processes === 0)
      return spec.victim === 'pid-1'
        ? inconclusive('the target runs, and the process that takes memory is gone: both were started anew')
        : mismatch('the process that takes memory is not there');
    const signal = `it held ${bytesText(bytes)}, ${bytesText(spec.bytes)} asked`;
    if (killed > 0) return confirmed(`it asked for ${bytesText(spec.bytes)} and was killed for it (SIGKILL)`);
    if (bytes >= TAKEN * spec.bytes) return confirmed(signal);
    return inconclusive(`${signal} within ${PATIENCE_S} s, or was killed before`);
  },
};
