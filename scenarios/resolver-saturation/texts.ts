import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'resolver-saturation',
  title: 'The resolver is saturated and stays so',
  summary:
    'A short burst of requests fills the resolver with lookups whose clients give up and ask again, so that the outage outlives the burst until something throws the waiting work away.',
  severity: 'critical',
  origin: 'Container Networking Exhaustion (failure mode documentation)',
  alerts: [
    ['Todo App Network Failure', 'no traces from the application', '2m'],
    ['Complete Service Outage', 'HTTP error rate > 95 %', '1m'],
    ['DNSLookupsUnanswered', 'lookups answered in time < 90 %', '15s'],
  ],
  symptoms: [
    'every page hangs, then times out: HTTP 000, no error page; connections are accepted, no byte comes back',
    'the process runs, its CPU is low, its memory is flat',
    'lookups time out as asked, yet their answers arrive seconds later: the resolver is alive and busy',
    'the log says "Temporary failure in name resolution" (EAI_AGAIN, ETIMEOUT: nobody answered in time), not "Name or service not known" (NXDOMAIN), which a missing name would give at once',
    'the database answers in milliseconds (SELECT 1), with a handful of its connections used',
    'it stays down after the burst has ended: 60 requests at once healed by themselves where it was measured, 120 did not',
  ],
  investigation: [
    [
      'Confirm the service status',
      "curl -m 5 -w 'Response Code: %{http_code}\\n' <url>",
      '000 after 5 s: connected, no byte (refused at once would be a stopped service)',
    ],
    [
      'Check the process and its log',
      'docker ps --filter name=<app>; docker logs <app> --tail 20',
      'it runs; temporary name resolution failures',
    ],
    [
      'Clear the database, by address and not by name',
      ASK_DATABASE,
      'answers in milliseconds: not the database',
    ],
    [
      'Ask the resolver as the application does, then with patience',
      'dig +tries=1 +time=2 <name>; dig +tries=1 +time=10 <name>',
      'the first times out, the second is answered after seconds: a queue, not a dead server',
    ],
    [
      'Compare waiting lookups with arriving connections',
      "ss -uan state established '( dport = :53 )' | wc -l; nstat -asz TcpPassiveOpens; sleep 5; nstat -asz TcpPassiveOpens",
      'dozens wait while a few connections arrive: the load feeds itself',
    ],
  ],
  rootCause: [
    'each request resolves the same name again, A and AAAA: 120 requests are 240 lookups at once',
    'the resolver serves first in first out from a queue that drops silently: with 256 waiting and 50 served a second an answer takes 5.1 s',
    'clients give up after 2 s and ask again at once, so nearly every answer is for somebody who has gone: all its work is wasted',
    'work goes on after the HTTP client has left and holds its worker slot, so the load stays although the burst is over (a metastable failure: Bronson et al., HotOS 2021)',
  ],
  fix: [
    'restart the application: its waiting lookups vanish, the queue drains, the next request is served',
    'if its traffic alone is enough to saturate the resolver, shed load as well: a restart then does not help',
  ],
  prevention: [
    'bulkhead: no more requests at work than the resolver can serve lookups for',
    'deadline of 3 s on each request, and stop working when its client has gone',
    'connection pool: no lookup and no connect for each request',
    'rate limit at the door; circuit breaker around the database call',
    'retries with exponential backoff and jitter, never at once and for ever',
    'newest first in the resolver when it is overloaded; a cache in front of it',
    'limits of memory and CPU for the container; a health check that needs no database',
  ],
  confusedWith: {
    'database-down': 'the database answers by address in milliseconds',
    'resolver-dead': 'late answers keep coming; a dead resolver gives none',
    'name-missing': 'NXDOMAIN comes at once and says so; here the address comes, too late',
    'service-hung': 'the process is not frozen and accepts; what it waits for is the lookup',
    'service-stopped': 'connections are accepted, not refused',
    'database-connections': 'connections in use stay flat',
  },
  recovery: [
    'every target answers 200',
    'what is written can be read back',
    'ten of ten requests in a row answer within a second',
    'lookups are answered in time, none late',
  ],
});
