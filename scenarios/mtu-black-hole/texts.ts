import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'mtu-black-hole',
  title: 'Packets above some size disappear',
  summary:
    'A part of the way takes smaller packets than its ends send, and the ICMP message that tells them so is dropped. What fits into a small packet works; every large answer or upload hangs.',
  severity: 'critical',
  origin: 'Real-World Network Failure Scenarios, "MTU Black Hole in VPN Tunnel"',
  alerts: [
    ['LargePacketsLost', '2 connections to one peer resend full segments, small packets arrive', '0s'],
  ],
  symptoms: [
    'ping, handshakes and short answers work; a long answer stops after its head, or before its first byte',
    'a login works, a long listing hangs; a health check is well, the report behind it is not',
    'the sender sends its first full segments again and again, with growing pauses',
    'nothing is refused, no process is busy, and no log says anything',
  ],
  investigation: [
    [
      'Ask for a short and for a long answer',
      "for path in / /long; do curl -s -o /dev/null -m 10 -w '%{http_code} %{size_download} bytes in %{time_total} s\\n' http://<server>$path; done",
      'the short one at once, the long one never whole',
    ],
    [
      'Send packets that may not be cut, a small and a large one',
      'ping -c 3 -M probe -s 1200 <server>; ping -c 3 -M probe -s 1472 <server>',
      'the small ones come back, the large ones do not',
    ],
    [
      'Look at what the sender sends again',
      "ss -tinH state established dst <client> | grep -E 'backoff:[3-9]'",
      'backoff grows, unacked stays, mss is the large one, pmtu that of the interface',
    ],
    [
      'Compare the sizes along the way',
      'tracepath -n <server>; ip link show; ip route get <server>',
      'an interface or tunnel with a smaller MTU, and no mtu learned for the server',
    ],
    [
      'See whether the message is dropped',
      'nstat -asz IpFragFails IcmpInDestUnreachs; iptables -S | grep -i icmp',
      'IpFragFails grows in the router, IcmpInDestUnreachs stands still at the sender',
    ],
  ],
  rootCause: [
    'a tunnel, overlay or link takes less than the 1500 bytes that both ends agreed on: each header around a packet takes some',
    'packets that may not be cut (DF, all of TCP) are dropped there',
    'the ICMP message "fragmentation needed" is filtered, so that the sender never learns of it',
  ],
  fix: ['clamp the segment size (MSS) to the way in the router: new connections work at once'],
  prevention: [
    'the MTU of tunnels and overlays set to what is left after their headers',
    'MSS clamping in every router in front of such a part',
    'ICMP type 3 code 4 and ICMPv6 type 2 let through everywhere',
    'net.ipv4.tcp_mtu_probing=1 where the way is not yours',
  ],
  confusedWith: {
    'packet-loss': 'loss hits small packets as well; here each small one arrives and no large one does',
    'service-hung': 'a server that hangs has nothing to send; here its answer lies in the send queue',
    partition: 'nothing gets through a partition, not even a handshake',
    latency: 'what is late comes; what is too large never does',
  },
  recovery: ['a long answer is whole, in about the time of a short one'],
});
