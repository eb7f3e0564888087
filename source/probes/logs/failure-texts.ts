import { bothEnds } from '../../engines/log-line.js';
import type { LogMatchKind } from './sample.js';

interface Pattern {
  test(text: string): boolean;
}

/**
 * `then` somewhere behind `first`; both global. One expression `first.*then` would look for `then` anew from each
 * `first`, which on a line of thousands takes seconds.
 */
function after(first: RegExp, then: RegExp): Pattern {
  return {
    test(text) {
      first.lastIndex = 0;
      if (!first.test(text)) return false;
      then.lastIndex = first.lastIndex;
      return then.test(text);
    },
  };
}

/** Go's net package: `lookup db.example on 10.0.0.2:53: …`. */
const LOOKUP = /\blookup \S/g;

/**
 * Texts by which programs say what failed, as their sources word them: glibc's gai_strerror, musl's
 * (src/network/gai_strerror.c), Node's c-ares and libuv codes, Go's net package, Java's exceptions, Python's socket
 * module, curl, libpq and PostgreSQL. The first kind that matches counts: a lookup's "i/o timeout" is a matter of
 * names, not of connections, and "Connection refused" of the resolver as well.
 */
const TEXTS: readonly (readonly [LogMatchKind, Pattern, ...Pattern[]])[] = [
  [
    'name-resolution-temporary',
    new RegExp(
      [
        'Temporary failure in name resolution', // glibc EAI_AGAIN; libpq: could not translate host name "db" to address: …
        '\\bEAI_AGAIN\\b',
        '\\[Errno -3\\]',
        '\\bquery(?:A|Aaaa)?\\s+(?:ETIMEOUT|ESERVFAIL|EREFUSED)\\b',
        '\\b(?:ETIMEOUT|ESERVFAIL)\\b',
        'Resolving timed out after', // curl 28
        'Could not resolve host: \\S+ \\((?:Timeout while contacting DNS servers|DNS server returned general failure)\\)',
        'Temporary failure in name lookup',
        '\\bSERVFAIL\\b',
      ].join('|'),
    ),
    after(/\bTry again\b/g, /host|name|address/g), // musl EAI_AGAIN
    after(/host name|hostname|address/g, /\bTry again\b/g),
    after(
      /\bquery(?:A|Aaaa|Any|Cname|Mx|Srv|Txt)\b/g,
      /\b(?:ETIMEOUT|ESERVFAIL|EREFUSED|ECONNREFUSED|ECANCELLED)\b/g,
    ),
    after(
      LOOKUP,
      /i\/o timeout|server misbehaving|connection refused|context deadline exceeded|no route to host/g,
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
        'UnknownHostException', // Java
        'Could not resolve host', // curl 6
        '\\bNXDOMAIN\\b',
        'could not translate host name', // libpq, whatever the reason that follows is called
        'failed to lookup address information', // Rust
      ].join('|'),
    ),
    after(LOOKUP, /no such host/g),
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
  [
    'certificate-refused',
    new RegExp(
      [
        'certificate verify failed|SSL certificate problem', // OpenSSL by way of Python, Ruby, PHP, libpq; curl 60
        '\\b(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\\b', // Node
        '\\b(?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|ERR_TLS_CERT_ALTNAME_INVALID)\\b',
        'unable to get (?:local )?issuer certificate|unable to verify the first certificate',
        'tls: failed to verify certificate|x509: certificate', // Go
        'PKIX path (?:building|validation) failed|CertificateExpiredException|CertificateNotYetValidException', // Java
        'No subject alternative (?:DNS )?names? (?:matching|present)',
        'invalid peer certificate', // rustls
        'upstream SSL certificate (?:verify error|does not match)', // nginx
      ].join('|'),
    ),
  ],
  [
    'handshake-refused',
    new RegExp(
      [
        'alert protocol version|ALERT_PROTOCOL_VERSION|ERR_SSL_UNSUPPORTED_PROTOCOL|no protocols available', // OpenSSL
        'sslv3 alert handshake failure|ssl/tls alert handshake failure|ALERT_HANDSHAKE_FAILURE',
        'remote error: tls: (?:protocol version not supported|handshake failure)', // Go
        'tls: server selected unsupported protocol version|tls: no supported versions satisfy',
        'Received fatal alert: (?:protocol_version|handshake_failure)|No appropriate protocol', // Java
        'peer is incompatible|received fatal alert: (?:ProtocolVersion|HandshakeFailure)', // rustls
      ].join('|'),
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
        'connect timed out|Read timed out|SocketTimeoutException',
        'Operation timed out|upstream timed out',
        'context deadline exceeded|Client\\.Timeout exceeded',
        '\\[Errno 110\\]|timed out$',
      ].join('|'),
      'i',
    ),
    after(/dial tcp/gi, /i\/o timeout/gi),
  ],
];

/** Of longer lines both ends are looked at: no line is worth more. */
const MOST_CHARACTERS = 4_096;

/** The kind of failure that a log line speaks of, or undefined. */
export function matchFailureText(line: string): LogMatchKind | undefined {
  const text = bothEnds(line, MOST_CHARACTERS);
  return TEXTS.find(([, ...patterns]) => patterns.some((pattern) => pattern.test(text)))?.[0];
}
