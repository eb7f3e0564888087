import type { KeeperStep } from '../../fault-plan.js';
import { CannotPlan } from '../cannot-plan.js';
import { tableName } from '../nft/table-name.js';
import { within } from '../numbers.js';
import type { KindOfFault } from '../plan-body.js';
import { program } from '../programs/program.js';
import { bytesText } from '../text.js';
import { confirmed, inconclusive, mismatch } from '../verdicts.js';
import { asOwner, firstProcess } from './processes.js';

/** Whoever has the most is killed first (proc_pid_oom_score_adj(5)). */
const FIRST_VICTIM = 1000;
/** Seconds that a look at it waits for its memory to be taken. */
const PATIENCE_S = 4;
/** Resident memory that counts as taken: the last pages are written as the look ends. */
const TAKEN = 0.9;

/**
 * The score weighs at most as much as the whole limit, in thousands of pages rounded down (oom_badness of
 * mm/oom_kill.c): one process with nearly all of the memory outweighs a first process with the highest score, and
 * several with a part of it do not.
 */
const PARTS = { worker: '1', 'pid-1': '1 2 3 4' } as const;

/**
 * In the target, by its own sh, head and tail: $1 bytes of zeros are kept in memory for each part in $4; killed for it
 * they are taken again after 2 s, as a supervisor does with a worker. It ends by itself $2 seconds after the last
 * SIGUSR1, with all that it started; the writers end with it, too.
 */
const TAKE = [
  'trap \'left="$2"\' USR1',
  'left="$2"',
  '[ "$3" != worker ] || echo 1000 > /proc/self/oom_score_adj',
  'while [ "$left" -gt 0 ]; do',
  '  if [ -z "$taker" ] || ! kill -0 "$taker" 2>/dev/null; then',
  '    for part in $4; do',
  '      { head -c "$1" /dev/zero; while kill -0 "$$" && printf .; do sleep 1; done; } 2>/dev/null | tail -c "$1" >/dev/null 2>&1 &',
  '      taker="$!"',
  '    done',
  '  fi',
  '  sleep 2; left=$((left - 2))',
  'done',
  'kill -KILL 0',
].join('\n');

/**
 * A process in the target's own memory cgroup takes memory and holds it. `worker`: it offers itself to the kernel's
 * OOM killer; `pid-1`: the target's first process is offered.
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
    const owner = asOwner(surroundings);
    const name = tableName(id);
    const first = firstProcess(surroundings);
    const ofWorker = spec.victim === 'worker';
    const victim = ofWorker ? 'that process' : 'its first process';
    const parts = PARTS[spec.victim];
    const each = Math.ceil(bytes / parts.split(' ').length);
    const seconds = Math.ceil(ttlMs / 1000);
    const take = ['sh', '-c', TAKE, name, String(each), String(seconds), spec.victim, parts];
    return {
      what: `${identity.name}: a process in it takes ${bytesText(bytes)} (limit ${bytesText(limits.memory)}), and ${victim} is the first to be killed for it`,
      means: "docker exec of the target's own sh, head and tail",
      ending: 'timer',
      apply: [
        ...(ofWorker ? [] : [offerFirst(FIRST_VICTIM)]),
        { do: 'exec', command: take, user: `${first.uid}:${first.gid}` },
      ],
      renew: [{ do: 'run', command: program('signal_group', name, 'SIGUSR1', 'first') }],
      undo: [
        { do: 'run', command: program('signal_group', name, 'SIGKILL', 'group') },
        ...(ofWorker ? [] : [offerFirst(first.oomScoreAdj)]),
      ],
      readings: [
        {
          name: 'memory',
          command: program('group_memory', name, String(Math.round(TAKEN * bytes)), String(PATIENCE_S)),
          timeoutMs: 8000,
        },
      ],
      keeper: { ...owner, socket: true },
    };
  },
  bite(_plan, spec, before, after) {
    const { state } = after.snapshot;
    if (state !== before.snapshot.state)
      return spec.victim === 'pid-1'
        ? confirmed(`its first process was killed: state ${before.snapshot.state} → ${state}`)
        : mismatch(`state ${before.snapshot.state} → ${state}: another process than the worker was killed`);
    const seen = /processes (\d+) takers (\d+) bytes (\d+)/.exec(after.readings.memory?.output ?? '');
    if (!seen) return inconclusive('its processes cannot be seen');
    const [processes, takers, bytes] = seen.slice(1).map(Number) as [number, number, number];
    if (processes === 0)
      return spec.victim === 'pid-1'
        ? inconclusive('the target runs, and the process that takes memory is gone: both were started anew')
        : mismatch('the process that takes memory is not there');
    const signal = `it took ${bytesText(bytes)} of ${bytesText(spec.bytes)}`;
    if (takers > PARTS[spec.victim].split(' ').length)
      return confirmed(`${signal}, was killed for it and started again`);
    if (bytes >= TAKEN * spec.bytes) return confirmed(signal);
    return inconclusive(`${signal} within ${PATIENCE_S} s, or was killed before`);
  },
};

const offerFirst = (score: number): KeeperStep => ({
  do: 'run',
  command: ['sh', '-c', 'echo "$1" > /proc/1/oom_score_adj', 'sh', String(score)],
});
