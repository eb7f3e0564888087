import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'pool-exhaustion',
  title: 'A connection pool is used up',
  summary:
    'All connections that a service may have to one dependency are busy. Its callers wait for one of them, and most fail before they get it.',
  severity: 'critical',
  origin: 'Backend Network Failures, "A common failure chain starts with a slow upstream"',
  alerts: [
    [
      'PoolExhausted',
      'all connections of a pool busy, and half as many callers wait, the oldest for ≥ 1 s',
      '4s',
    ],
    ['PoolWait', 'p99 of the wait for a connection > 10 ms; pending requests > 0', '1m'],
  ],
  symptoms: [
    'its requests are slow, or fail after one and the same time: the wait for a connection',
    'connections to the dependency stand at one number, whatever the load',
    'the dependency is idle, or as busy as those few connections make it, and answers others at once',
    'requests that need it not are answered at once, until no worker is left for them',
  ],
  investigation: [
    [
      'Count its connections to the dependency, some times',
      'for i in 1 2 3 4 5; do ss -Htn state established dst <server> | wc -l; sleep 2; done',
      'the same number each time: the limit of the pool',
    ],
    [
      'See whether one of them is free',
      'ss -Htni state established dst <server> | grep -o "lastsnd:[0-9]* lastrcv:[0-9]*"',
      'lastrcv above lastsnd on all: each waits for an answer',
    ],
    [
      'Ask the dependency past the pool',
      ASK_DATABASE,
      'an answer in milliseconds: the time is spent in the queue for a connection',
    ],
    [
      'See what holds the connections',
      'psql -h <server> -c "select pid, state, now() - query_start, left(query, 60) from pg_stat_activity where state <> \'idle\'"',
      'a slow query on each; or "idle in transaction": taken and not given back',
    ],
  ],
  rootCause: [
    'a pool of n connections serves n / t requests a second, where each takes t seconds: beyond that the queue grows',
    'the dependency has got slower, or the load has risen, or connections are taken and not given back',
    'callers that give up are replaced by others: the queue stays as long as the wait that is allowed',
  ],
  fix: [
    'make what holds the connections quick again, or shed load; then more connections, if the dependency bears them',
  ],
  prevention: [
    'a pool of as many connections as requests a second times the seconds that each takes, with room',
    'a bounded wait for a connection, far below the deadline of the callers; then an error at once',
    'a deadline for each request to the dependency, and a breaker that opens when it is slow',
  ],
  confusedWith: {
    'service-hung':
      'a hung dependency answers nobody; here answers come, and callers wait longer than those take',
    'database-connections': 'a full database refuses more; here more are not tried',
    'listen-overflow': 'a full accept queue is before the service; here it has taken its callers in',
    'database-down': 'the database answers whoever comes',
  },
  recovery: [
    'a connection is free in every look, and no caller waits for more than 10 ms for it',
    'requests take as long as the dependency does',
  ],
});
