import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'listen-overflow',
  title: 'A listen queue overflows',
  summary:
    'Connections arrive faster than a server accepts them. Its queue is full, and the kernel drops the first packet of each further one without a word.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "SYN Flood From Your Own Infrastructure"',
  alerts: [
    ['ListenQueueFull', 'Recv-Q > Send-Q of a LISTEN socket', '3s'],
    ['ListenOverflows', 'TcpExtListenOverflows > 1/s, > 5/s is critical', '3s'],
  ],
  symptoms: [
    'connecting takes 1 s or 3 s, now and then: a dropped SYN waits for its next try; then clients give up',
    'nothing is refused: the port looks open, and open connections go on',
    'Recv-Q of the LISTEN socket stands at its Send-Q, and ListenOverflows grows',
    'the packets arrive: no link loses them, no firewall drops them',
  ],
  investigation: [
    [
      'Compare each queue with its limit',
      'ss -ltn',
      'Recv-Q above Send-Q for one listener; Send-Q is its backlog, at most net.core.somaxconn',
    ],
    [
      'See whether connections are dropped, and for want of room',
      'nstat -asz TcpExtListenOverflows TcpExtListenDrops; sleep 5; nstat -asz TcpExtListenOverflows TcpExtListenDrops',
      'both grow alike; drops without overflows are half-open connections, another queue',
    ],
    [
      'The same inside a container',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n ss -ltn",
      'its own listeners: the host does not show them',
    ],
    [
      'Find out why it does not accept',
      "ss -Hltnp 'sport = :<port>' | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u | xargs -r ps -o pid,stat,wchan:20,pcpu,cmd -p",
      'STAT T: stopped; R at 100 %: short of CPU; S in futex or read: all workers wait for something else',
    ],
    [
      'Count who arrives',
      "ss -Htn state syn-recv state established 'sport = :<port>' | awk '{print $NF}' | sed 's/:[0-9]*$//' | sort | uniq -c | sort -rn | head",
      'many from a few clients: a storm of connections made anew; from everywhere: real demand',
    ],
  ],
  rootCause: [
    'the server accepts too slowly: it is stuck, short of CPU, or all its workers wait for what is behind it',
    'or its clients come all at once: after a restart of a dependency, without pauses between their tries',
    'or the backlog is small: many programs ask for 5 or 128 and never for more',
  ],
  fix: ['free the server: restart what is stuck, give it workers or CPU, or take load away'],
  prevention: [
    'clients that keep their connections, and try again with growing pauses and jitter',
    'a backlog for the largest burst, and net.core.somaxconn at least as large',
    'a server that refuses work early (429, 503) instead of letting it wait',
    'an alert on ListenOverflows: nothing in the log of the server tells of it',
  ],
  confusedWith: {
    'packet-loss': 'loss hits data as well; here only the opening of connections is sent again',
    'service-hung': 'a frozen server is one reason: its process is in state T',
    'service-stopped': 'a stopped server refuses at once; a full one stays silent',
    'conntrack-full': 'a full table hits every listener; conntrack drops grow, overflows do not',
  },
  recovery: [
    'Recv-Q of every listener is far below its Send-Q, and ListenOverflows stands still',
    'new connections come about in milliseconds',
  ],
  notCaused: 'a full queue follows from what keeps a server from accepting: a freeze, a CPU limit, a spike',
});
