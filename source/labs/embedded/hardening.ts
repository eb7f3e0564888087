import type { HardeningSwitch } from '../../store/state.js';

/** The switches of the lab, in the order a person meets them. All but `lifo` are the application's. */
export const HARDENING: readonly Omit<HardeningSwitch, 'on'>[] = [
  {
    id: 'bulkhead',
    title: 'bulkhead: 40 worker slots',
    explains: 'fewer requests at once than the resolver can keep answered; the rest wait in line',
  },
  {
    id: 'deadline',
    title: 'deadline: 3 s, and stop when the client has gone',
    explains: 'no work for visitors who have left; ends what is stuck, too',
  },
  {
    id: 'pool',
    title: 'connection pool',
    explains: 'connections are kept, so a request needs no name lookup',
  },
  {
    id: 'rate-limit',
    title: 'rate limit: 20 a second, bursts of 40',
    explains: 'what the resolver cannot carry is turned away at the door (429)',
  },
  {
    id: 'breaker',
    title: 'circuit breaker',
    explains: 'after 5 failed lookups none is tried for 6 s: the resolver drains its queue',
  },
  {
    id: 'backoff',
    title: 'backoff with jitter',
    explains: 'retries wait 200 ms to 10 s, at random, instead of asking again at once',
  },
  {
    id: 'lifo',
    title: 'resolver: newest first',
    explains: 'those who still wait are answered; those who gave up are not served first',
  },
];

/** Which service a switch belongs to. */
export function hardenedService(id: string): 'resolver' | 'todo-app' {
  return id === 'lifo' ? 'resolver' : 'todo-app';
}
