/**
 * The score weighs at most as much as the whole limit, in thousands of pages rounded down (oom_badness of
 * mm/oom_kill.c): one process with nearly all of the memory outweighs a first process with the highest score, and
 * several with a part of it do not.
 */
export const PARTS = { worker: '1', 'pid-1': '1 2 3 4' } as const;

/**
 * In the target, by its own sh, head and tail: $1 bytes of zeros are kept in memory for each part in $4; one that is
 * killed for it (137) leaves a `sleep 3` to be seen by, and is then started again, as a supervisor does with a worker.
 * It ends by itself $2 seconds after the last
 * SIGUSR1, with all that it started; the writers end with it, too.
 */
export const TAKE = [
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
export const OFFER_AND_TAKE = `echo 1000 > /proc/1/oom_score_adj\n${TAKE}`;

/**
 * A signal ($2) to what carries a name ($1, with "-taker") in its command line; with "-" ($3) to its whole group. (dash
 * takes no "--" after a signal.) Then the first process gets its score ($4) back, where there is one to give.
 */
export const SIGNAL = [
  'for file in $(grep -ls -e "$1-taker" /proc/[0-9]*/cmdline); do',
  '  kill -"$2" "$3$(echo "$file" | cut -d/ -f3)" 2>/dev/null',
  'done',
  '[ -z "$4" ] || echo "$4" > /proc/1/oom_score_adj',
].join('\n');
