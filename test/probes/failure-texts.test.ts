import { describe, expect, it } from 'vitest';
import { matchFailureText } from '../../source/probes/logs/failure-texts.js';

/** Lines as programs print them. */
const LINES = {
  'name-resolution-temporary': [
    'psycopg2.OperationalError: could not translate host name "postgres" to address: Temporary failure in name resolution',
    'socket.gaierror: [Errno -3] Temporary failure in name resolution',
    'psql: error: could not translate host name "db" to address: Try again',
    'Error: getaddrinfo EAI_AGAIN postgres',
    'Error: queryA ETIMEOUT postgres.lab.internal',
    'Error: queryAaaa ESERVFAIL db',
    'dial tcp: lookup db on 127.0.0.11:53: read udp 172.18.0.3:43210->127.0.0.11:53: i/o timeout',
    'dial tcp: lookup db on 127.0.0.11:53: server misbehaving',
    'dial tcp: lookup db on 10.0.0.2:53: read udp 10.0.0.3:4->10.0.0.2:53: read: connection refused',
    'curl: (28) Resolving timed out after 5000 milliseconds',
  ],
  'name-resolution-missing': [
    'could not translate host name "postgres" to address: Name or service not known',
    'socket.gaierror: [Errno -2] Name or service not known',
    'Error: getaddrinfo ENOTFOUND postgres',
    'Error: queryA ENOTFOUND db.lab.internal',
    'dial tcp: lookup db on 127.0.0.11:53: no such host',
    'java.net.UnknownHostException: db: Name or service not known',
    'Caused by: java.net.UnknownHostException: db',
    'curl: (6) Could not resolve host: db',
    'wget: bad address: Name does not resolve',
  ],
  'connection-refused': [
    'Error: connect ECONNREFUSED 127.0.0.1:5432',
    'connection to server at "db" (10.0.0.2), port 5432 failed: Connection refused',
    'dial tcp 10.0.0.2:5432: connect: connection refused',
    'ConnectionRefusedError: [Errno 111] Connection refused',
    'java.net.ConnectException: Connection refused (Connection refused)',
  ],
  'connection-reset': [
    'Error: read ECONNRESET',
    'Error: socket hang up',
    'server closed the connection unexpectedly',
    'read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer',
    'BrokenPipeError: [Errno 32] Broken pipe',
    'curl: (52) Empty reply from server',
    'Connection terminated unexpectedly',
  ],
  'connection-timeout': [
    'Error: connect ETIMEDOUT 10.0.0.2:5432',
    'dial tcp 10.0.0.2:5432: i/o timeout',
    'connection to server at "10.0.0.2", port 5432 failed: timeout expired',
    'java.net.SocketTimeoutException: connect timed out',
    'curl: (28) Operation timed out after 5001 milliseconds with 0 bytes received',
    'upstream timed out (110: Connection timed out) while connecting to upstream',
  ],
  'too-many-connections': [
    'FATAL:  sorry, too many clients already',
    'error: remaining connection slots are reserved for roles with the SUPERUSER attribute',
    'FATAL: remaining connection slots are reserved for non-replication superuser connections',
    'ERROR 1040 (HY000): Too many connections',
    'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
  ],
  'too-many-open-files': [
    "Error: EMFILE: too many open files, open '/x'",
    'OSError: [Errno 24] Too many open files',
    'accept4: too many open files; retrying in 1s',
  ],
  'out-of-memory': [
    'Out of memory: Killed process 1234 (gunicorn) total-vm:1kB',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'java.lang.OutOfMemoryError: Java heap space',
    'ERROR:  out of memory',
  ],
} as const;

describe.each(Object.entries(LINES))('%s', (kind, lines) => {
  it.each(lines)('%s', (line) => {
    expect(matchFailureText(`2026-01-02 12:00:00 ERROR ${line}`)).toBe(kind);
  });
});

it.each([
  '',
  'GET /todos 200 12ms',
  'LOG:  database system is ready to accept connections',
  'listening on 127.0.0.1:5000',
  'connection received: host=127.0.0.1 port=4711',
  'retry policy: timeout 5000 ms, reset after 3',
  'checkpoint complete: wrote 3 buffers',
])('is quiet about %j', (line) => {
  expect(matchFailureText(line)).toBeUndefined();
});

it('looks at a huge line quickly', () => {
  const began = performance.now();
  for (const piece of ['a', 'lookup ', 'Try again host ', 'query A ', ' '])
    matchFailureText(piece.repeat(200_000));
  expect(performance.now() - began).toBeLessThan(2_000);
});
