import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'retransmission',
  title: "Data that the host's own connections send again",
  summary:
    "The host's kernel has to send data again: some of it is lost on its way, or never taken at the other end. Users wait 0.2 s to 3 s longer, now and then.",
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "The 99th Percentile Latency Spike"',
  alerts: [
    [
      'TCPRetransmissions',
      '(RetransSegs - SynRetrans) / (OrigDataSent + the same) > 1 %, at least 20 data segments in 30 s',
      '5s',
    ],
  ],
  symptoms: [
    'most requests are as quick as ever; the slowest take 200 ms, 1 s or 3 s longer',
    'the time within the server is what it was: the network adds the rest',
    'it may come and go with something else: a backup, a batch job, a busy neighbour',
    'every container may be well: what they say to each other does not pass the sick link',
  ],
  investigation: [
    [
      'Measure the share that is sent again',
      'nstat -asz TcpExtTCPOrigDataSent TcpRetransSegs TcpExtTCPSynRetrans; sleep 30; nstat -asz TcpExtTCPOrigDataSent TcpRetransSegs TcpExtTCPSynRetrans',
      'TcpRetransSegs grows by more than 1 % of what TCPOrigDataSent grows by; mostly SynRetrans: somebody does not answer at all',
    ],
    [
      'Find the connections that suffer, and towards whom',
      "ss -tinH state established | grep -B1 'retrans:[0-9]*/[1-9]'",
      'one peer or one network among them: the path there; all of them: the link of this host',
    ],
    [
      'Look for drops on this side',
      'ip -s link; tc -s qdisc show; nstat -asz TcpExtTCPBacklogDrop IpInDiscards IpOutDiscards',
      'drops or overlimits, and more of them a minute later: a full queue or a sick link here',
    ],
    [
      'See when they happen',
      "timeout 120 tcpdump -ni any -c 2000 'tcp' -w - 2>/dev/null | tshark -r - -Y tcp.analysis.retransmission -T fields -e frame.time -e ip.dst",
      'evenly spread: a lossy path; in bursts at fixed times: something that fills the link then',
    ],
  ],
  rootCause: [
    'a link that loses packets: cable, duplex, radio, a sick port',
    'a queue that is full: a transfer takes the whole link, what comes besides is dropped',
    'packets too large for a hop that does not say so',
  ],
  fix: ['take away what fills or breaks the link; move or slow the transfer that does it'],
  prevention: [
    'limits on the rate of backups and batch transfers, at hours when nobody waits',
    'an alert on the retransmitted share, not on the mean of the latency: it hides in the slowest percent',
    'connections that are kept: a lost first packet costs 1 s, a lost one later 0.2 s',
  ],
  confusedWith: {
    'packet-loss': 'loss at one container shows inside it, and only its clients suffer',
    latency: 'a delay is the same for every packet, and nothing is sent again',
    'listen-overflow': 'a full listener drops openings only, and counts them',
    'conntrack-full': 'a full table drops new flows only, and counts them',
  },
  recovery: [
    'less than 0.5 % of the data is sent again, over 30 s with traffic',
    'twenty timed requests are alike: none takes 0.2 s or 1 s longer',
  ],
  notCaused: "the host's own network is nothing to break: packet-loss does the same to one container",
});
