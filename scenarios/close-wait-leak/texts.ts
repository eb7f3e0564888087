import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'close-wait-leak',
  title: 'Connections are left in CLOSE-WAIT',
  summary:
    'An application never closes connections that the other side has closed. Each keeps a file descriptor, until there is none left.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "CLOSE_WAIT Leak"',
  alerts: [
    [
      'CloseWaitLeak',
      '≥ 25 of one process for more than 10 s, or ≥ 50 and rising; over half of its connections',
      '2s',
    ],
    ['FileDescriptors', 'open descriptors / limit > 0.8, > 0.95 is critical', '1m'],
  ],
  symptoms: [
    'the count of CLOSE-WAIT rises for hours and never falls',
    'file descriptors rise with it; at the limit the application logs "too many open files" (EMFILE)',
    'from then on it accepts no connection and opens none, though its process is well',
    'ESTAB as most tools print it looks normal: CurrEstab counts CLOSE-WAIT as established',
  ],
  investigation: [
    [
      'Count connections by state',
      "ss -Htan | awk '{print $1}' | sort | uniq -c | sort -rn",
      'CLOSE-WAIT in hundreds, more than ESTAB',
    ],
    [
      'Find whose they are',
      'ss -Htnp state close-wait | grep -o \'"[^"]*",pid=[0-9]*\' | sort | uniq -c | sort -rn | head',
      'one process holds nearly all of them',
    ],
    [
      'Find towards whom',
      "ss -Htn state close-wait | awk '{print $4}' | sort | uniq -c | sort -rn | head",
      'one dependency: the code that calls it leaks; many clients: the server is stuck',
    ],
    [
      'See how far the limit is',
      'ls /proc/<pid>/fd | wc -l; grep "open files" /proc/<pid>/limits',
      'the first figure rises towards the second',
    ],
    [
      'Look again a minute later',
      'sleep 60; ss -Htn state close-wait | wc -l',
      'more than before: a leak; fewer: a burst, or a slow close',
    ],
  ],
  rootCause: [
    'the peer has sent its FIN; the kernel waits for the application to call close(), without a time limit',
    'a response body that is neither read to its end nor closed, mostly on an error path',
    'or the application is stuck: nobody is left who could close anything',
  ],
  fix: ['restart the application: its descriptors are freed, and it leaks anew from zero'],
  prevention: [
    'close or drain every response, on the error path as well',
    'a pool with a limit on idle connections and on their age, below the time limit of the other side',
    'a gauge of open descriptors beside their limit, with an alert at 80 %',
    'a load test of some hundred requests after which the count of descriptors is what it was',
  ],
  confusedWith: {
    'service-hung': 'a frozen server has not accepted them: no process, a full queue',
    'database-down': 'whose server is gone holds a few, and their count stands still',
    'listen-overflow': 'a queue that is full for want of descriptors came after CLOSE-WAIT',
  },
  recovery: [
    'fewer than 15 connections are in CLOSE-WAIT',
    'the count of descriptors stays flat over 200 requests',
  ],
});
