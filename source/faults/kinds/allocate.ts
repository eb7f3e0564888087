import { programCommand } from '../agent/programs.js';
import { type AgentStep, tableName } from '../fault-plan.js';
import { BOUNDS, FaultRefused, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import {
  anyOf,
  bytesText,
  fits,
  type OwnStep,
  startAgain,
  targetCall,
  throughDaemon,
} from '../plan/steps.js';
import { firstProcess } from '../plan/surroundings.js';
import type { KindOfFault } from './kind.js';

/** Seconds that a look at it waits for its memory to be taken. */
const PATIENCE_S = 4;
/** Resident memory that counts as taken: the last pages are written as the look ends. */
const TAKEN = 0.9;

/** It does not run, is paused, or is gone: what ran in it has ended, or cannot be ended now. */
const NOT_THERE = [404, 409];

/**
 * The score weighs at most as much as the whole limit, in thousands of pages rounded down (oom_badness of
 * mm/oom_kill.c): one process with nearly all of the memory outweighs a first process with the highest score, and
 * several with a part of it do not.
 */
const PARTS = { worker: '1', 'pid-1': '1 2 3 4' } as const;

/**
 * In the target, by its own sh, head and tail: $1 bytes of zeros are kept in memory for each part in $4; one that is
 * killed for it (137) leaves a `sleep 3` to be seen by, and is then started again, as a supervisor does with a worker.
 * It ends by itself $2 seconds after the last SIGUSR1, with all that it started; the writers end with it, too.
 */
const TAKE = [
  'trap \'left="$2"\' USR1',
  'left="$2"',
  '[ "$3" != worker ] || echo 1000 > /proc/self/oom_score_adj',
  'while [ "$left" -gt 0 ]; do',
  '  if [ -z "$taker" ] || ! kill -0 "$taker" 2>/dev/null; then',
  '    for part in $4; do',
  '      { trap "" USR1; head -c "$1" /dev/zero; while kill -0 "$$" && printf .; do sleep 1; done; } 2>/dev/null | { tail -c "$1" >/dev/null 2>&1; [ "$?" -ne 137 ] || exec sleep 3; } &',
  '      taker="$!"',
  '    done',
  '  fi',
  '  sleep 2; left=$((left - 2))',
  'done',
  'kill -KILL 0',
].join('\n');

/** The first process, too: it gets the score first, which its own user may give it. */
const OFFER_AND_TAKE = `echo 1000 > /proc/1/oom_score_adj\n${TAKE}`;

/**
 * A signal ($2) to what carries a name ($1, with "-taker") in its command line; with "-" ($3) to its whole group. (dash
 * takes no "--" after a signal.) Then the first process gets its score ($4) back, where there is one to give.
 */
const SIGNAL = [
  'for file in $(grep -ls -e "$1-taker" /proc/[0-9]*/cmdline); do',
  '  kill -"$2" "$3$(echo "$file" | cut -d/ -f3)" 2>/dev/null',
  'done',
  '[ -z "$4" ] || echo "$4" > /proc/1/oom_score_adj',
].join('\n');

/** The signal by which what was started is ended, in the text of today. (A declaration: the kind below names it.) */
function ownSignal(...[step, { id }]: Parameters<OwnStep>): ReturnType<OwnStep> {
  if (step.do !== 'exec' || !/^\d+:\d+$/.test(step.user ?? '')) return null;
  const words = ['sh', '-c', /^/, 'sh', tableName(id), 'KILL', '-', /^(-?\d+)?$/];
  if (!fits(step.command, words)) return null;
  return { ...step, command: ['sh', '-c', SIGNAL, ...step.command.slice(3)] };
}

/**
 * A process in the target's own memory cgroup takes memory and holds it. `worker`: it offers itself to the kernel's
 * OOM killer; `pid-1`: the target's first process is offered. All of it is done by the daemon: with the first process
 * every process in its namespace ends, and an agent in there would end with them.
 */
export const allocate: KindOfFault<'allocate'> = {
  scope: 'container',
  wants: ['inside'],
  touches: ['oom'],
  outlives: () => ['state'],
  ownStep: anyOf(targetCall('start'), ownSignal),
  plan(spec, surroundings) {
    const { id, target, ttlMs } = surroundings;
    const { identity, limits, paused } = target;
    const bytes = Math.round(within(spec.bytes, BOUNDS.allocatedBytes));
    if (paused) throw new FaultRefused(`${identity.name} is paused: nothing can be started in it`);
    if (limits.memory <= 0)
      throw new FaultRefused(
        `${identity.name} has no memory limit: what it takes would be taken from the whole machine; give it one first: faultline inject memory`,
      );
    const ofWorker = spec.victim === 'worker';
    if (!ofWorker && target.autoRemove)
      throw new FaultRefused(
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
    const signal = (words: readonly string[]): AgentStep => ({
      do: 'exec',
      command: ['sh', '-c', SIGNAL, 'sh', name, ...words],
      user,
      okStatus: NOT_THERE,
    });
    return {
      ...throughDaemon,
      what: `${identity.name}: a process in it takes ${bytesText(bytes)} (limit ${bytesText(limits.memory)}), and ${victim} is the first to be killed for it`,
      means: "docker exec of the target's own sh, head and tail",
      apply: [{ do: 'exec', command: take, user }],
      renew: [signal(['USR1', '', ''])],
      undo: [
        signal(['KILL', '-', ofWorker ? '' : String(first.oomScoreAdj)]),
        ...(ofWorker || target.orchestrated ? [] : [startAgain(identity.id)]),
      ],
      readings: [
        {
          name: 'memory',
          command: programCommand(
            'group_memory',
            taker,
            String(Math.round(TAKEN * bytes)),
            String(PATIENCE_S),
          ),
          timeoutMs: 8000,
        },
      ],
    };
  },
  effect({ spec, before, after }) {
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
