import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'retry-storm',
  title: 'Retries keep a server down',
  summary:
    'A server is slow or fails for a moment, its callers give up and try again at once, and their tries multiply the load: it stays down long after what began it has gone.',
  severity: 'critical',
  origin: 'When the Network Fails, "A common failure chain starts with a slow upstream"',
  alerts: [
    [
      'RetryAmplification',
      'attempts at an upstream >= 2 for each request that comes in, 40 % of them without an answer, while it still sends',
      '3s',
    ],
  ],
  symptoms: [
    'requests to the upstream rise while its errors rise, and nobody sends more than before',
    'it works as much as it can, its own figures look busy and not broken, and almost no answer arrives in time',
    'it began with something small that is over, and ends when the callers are stopped',
  ],
  investigation: [
    [
      'Compare what comes in with what goes out',
      "ss -Htan | awk '{print $1, $5}' | sed 's/:[0-9]*$//' | sort | uniq -c | sort -rn | head",
      'many more connections to the upstream than from those who call',
    ],
    [
      'Ask the upstream by hand, with patience',
      "curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' -m 60 http://<server>/",
      'an answer, later than its callers wait',
    ],
    [
      'Read how its callers try again',
      "docker logs --tail 200 <client> 2>&1 | grep -iE 'retry|attempt|timeout' | tail",
      'the same request again and again, without a pause between',
    ],
  ],
  rootCause: [
    'tries that follow at once, and as many as each layer likes: three layers of three are 27',
    'a timeout below what the server takes under load: it works for callers that have left',
    'nothing that stops: no budget, no circuit breaker, no bounded queue',
  ],
  fix: [
    'stop the tries: switch them off, or take callers away until the queue is empty, and let them in by and by',
    'a restart of the upstream empties its queue, and is of no use while the tries go on',
  ],
  prevention: [
    'growing pauses with full jitter, two or three tries at most',
    'a budget: tries may be a tenth of the requests, and no more',
    'a circuit breaker that lets one try through; tries in one layer only',
    'deadlines that travel with the request, and a short queue that turns away what is too late',
  ],
  confusedWith: {
    'service-hung': 'a hung server sends nothing at all; here it works for callers that have left',
    'listen-overflow': 'the full queue is what it comes to; its callers make the load themselves',
    'connection-storm': 'there handshakes do not end; here connections come about and are given up',
    latency: 'a slow path has a high round trip; here only answers are late',
  },
  recovery: ['one attempt for each request that comes in', 'answers arrive within what their callers wait'],
});
