import type { LogMatchKind } from './sample.js';

/**
 * Texts by which programs say what failed, as their sources word them: glibc's gai_strerror, musl's
 * (src/network/gai_strerror.c), Node's c-ares and libuv codes, Go's net package, Java's exceptions, Python's socket
 * module, curl, libpq and PostgreSQL. The first kind that matches counts: a lookup's "i/o timeout" is a matter of
 * names, not of connections, and "Connection refused" of the resolver as well.
 */
const TEXTS: readonly (readonly [LogMatchKind, RegExp])[] = [
  [
    'name-resolution-temporary',
    new RegExp(
      [
        'Temporary failure in name resolution', // glibc EAI_AGAIN; libpq: could not translate host name "db" to address: …
        '\\bTry again\\b.*(?:host|name|address)|(?:host name|hostname|address).*\\bTry again\\b', // musl EAI_AGAIN
        '\\bEAI_AGAIN\\b',
        '\\[Errno -3\\]',
        '\\bquery(?:A|Aaaa|Any|Cname|Mx|Srv|Txt)\\b.*\\b(?:ETIMEOUT|ESERVFAIL|EREFUSED|ECONNREFUSED|ECANCELLED)\\b',
        '\\bquery(?:A|Aaaa)?\\s+(?:ETIMEOUT|ESERVFAIL|EREFUSED)\\b',
        '\\b(?:ETIMEOUT|ESERVFAIL)\\b',
        '\\blookup \\S+.*(?:i/o timeout|server misbehaving|connection refused|context deadline exceeded|no route to host)',
        'Resolving timed out after', // curl 28
        'Could not resolve host: \\S+ \\((?:Timeout while contacting DNS servers|DNS server returned general failure)\\)',
        'Temporary failure in name lookup',
        '\\bSERVFAIL\\b',
      ].join('|'),
    ),
  ],
  [
    'name-resolution-missing',
    new RegExp(
      [
        'Name or service not known', // glibc EAI_NONAME
        'Name does not resolve|Name has no usable address', // musl
        'No address associated with (?:host)?name', // glibc EAI_NODATA, Python Errno -5
        'nodename nor servname provided', // macOS
        'getaddrinfo ENOTFOUND|\\bquery(?:A|Aaaa)? (?:ENOTFOUND|ENODATA)|\\bENOTFOUND\\b',
        '\\[Errno -[25]\\]',
        '\\blookup \\S+.*no such host', // Go
        'UnknownHostException', // Java
        'Could not resolve host', // curl 6
        '\\bNXDOMAIN\\b',
        'could not translate host name', // libpq, whatever the reason that follows is called
        'failed to lookup address information', // Rust
      ].join('|'),
    ),
  ],
  [
    'too-many-connections',
    new RegExp(
      [
        'sorry, too many clients already',
        'remaining connection slots are reserved',
        'too many connections for (?:role|database)',
        'Too many connections', // MySQL 1040
        'max number of clients reached', // Redis
        'no more connections allowed', // PgBouncer
        'query_wait_timeout',
        'timeout exceeded when trying to connect', // node-pg's pool
        'QueuePool limit of size', // SQLAlchemy
        'Connection is not available, request timed out', // HikariCP
      ].join('|'),
      'i',
    ),
  ],
  [
    'too-many-open-files',
    /\bEMFILE\b|\bENFILE\b|too many open files|\[Errno 24\]|file table overflow|No file descriptors available/i,
  ],
  [
    'out-of-memory',
    new RegExp(
      [
        'out of memory', // kernel, PostgreSQL, Go
        '\\bOOM[- ]?kill',
        'oom-kill:',
        'heap out of memory', // V8
        'OutOfMemoryError', // Java
        '\\bMemoryError\\b', // Python
        'Cannot allocate memory|\\bENOMEM\\b',
        'std::bad_alloc',
      ].join('|'),
      'i',
    ),
  ],
  ['connection-refused', /\bECONNREFUSED\b|connection refused|\[Errno 111\]|actively refused/i],
  [
    'connection-reset',
    new RegExp(
      [
        '\\bECONNRESET\\b|\\bEPIPE\\b',
        'connection reset(?: by peer)?',
        'broken pipe',
        'socket hang up',
        'server closed the connection unexpectedly',
        'connection terminated unexpectedly',
        'Empty reply from server',
        'unexpected EOF|RemoteDisconnected',
        'upstream prematurely closed connection',
      ].join('|'),
      'i',
    ),
  ],
  [
    'connection-timeout',
    new RegExp(
      [
        '\\bETIMEDOUT\\b|\\bESOCKETTIMEDOUT\\b',
        'connection timed out|connect(?:ion)? timeout|timeout expired',
        'dial tcp.*i/o timeout',
        'connect timed out|Read timed out|SocketTimeoutException',
        'Operation timed out|upstream timed out',
        'context deadline exceeded|Client\\.Timeout exceeded',
        '\\[Errno 110\\]|timed out$',
      ].join('|'),
      'i',
    ),
  ],
];

/** Longer lines are looked at this far: no line is worth more, and expressions stay linear. */
const MOST_CHARACTERS = 4_096;

/** The kind of failure that a log line speaks of, or undefined. */
export function matchFailureText(line: string): LogMatchKind | undefined {
  const text = line.length > MOST_CHARACTERS ? line.slice(0, MOST_CHARACTERS) : line;
  return TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
}
