import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'resolver-dead',
  title: 'The resolver is dead',
  summary:
    'Nobody answers name lookups, neither in time nor late: the resolver has exited, is frozen, or is cut off.',
  severity: 'critical',
  origin: 'Container Networking Exhaustion (the DNS half of its false diagnosis)',
  alerts: [
    ['DNSResolutionFailure', 'no lookup answered', '15s'],
    ['Complete Service Outage', 'HTTP error rate > 95 %', '1m'],
  ],
  symptoms: [
    'every lookup fails: refused by ICMP at once when nothing listens, or silent when the process is frozen or cut off',
    'no answer arrives late either, however long one waits',
    'the log says EAI_AGAIN, ECONNREFUSED or ETIMEOUT for names',
    'what was connected before goes on working; only what needs a name fails',
    'what is asked by address (a database) answers in milliseconds',
  ],
  investigation: [
    [
      'Ask it with patience',
      'dig +tries=1 +time=10 <name>',
      'connection refused at once, or nothing in 10 s; a busy one would answer late',
    ],
    ['See who listens there', "ss -lunp 'sport = :53'", 'nobody, or a process in state T'],
    [
      'Look at its process',
      'ps -o pid,stat,etime,cmd -C dnsmasq,coredns,unbound,named,systemd-resolve',
      'missing, or STAT T (stopped by a signal)',
    ],
    ['Go round it: connect by the last known address', ASK_DATABASE, 'works: only the name is out of reach'],
  ],
  rootCause: [
    'the resolver process has ended, is stopped by a signal, or its packets no longer reach it',
    'an ICMP port unreachable says that nothing listens; silence with a process in state T says frozen',
  ],
  fix: ['start the resolver again (or let a frozen one go on with SIGCONT)'],
  prevention: [
    'two nameservers in resolv.conf, on different machines, with options timeout:1 attempts:2',
    'a supervisor that restarts it, and a probe that asks it a real question',
    'a cache near the application that serves stale answers for a while (RFC 8767)',
    'connection pools: what is connected needs no lookup',
  ],
  confusedWith: {
    'resolver-saturation': 'a saturated resolver answers late; a dead one never',
    'name-missing': 'NXDOMAIN is an answer; here there is none',
    'database-down': 'the database answers by address in milliseconds',
    'service-hung': 'the application is not frozen: it waits for a lookup',
  },
  recovery: [
    'lookups are answered in milliseconds, twice in a row',
    'every target answers 200',
    'what is written through the application can be read back',
  ],
});
