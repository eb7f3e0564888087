/**
 * A router: what containers send by way of it is forwarded, with its own address (NAT), so that the answers come back by
 * it as well. With PART_MTU packets above that size are dropped, and the ICMP message that would tell their sender is
 * too. Switch `clamp-mss`: both ends of each connection are told what fits. What belongs to no connection that it
 * remembers is answered with a reset, or dropped, as PART_FORGOTTEN says; how long it remembers is the kernel's setting.
 */
import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { numberSetting, ready, say, switchedOn } from './part.mjs';

const mtu = numberSetting('PART_MTU', 0);
const forgotten = { reset: 'reject with tcp reset', drop: 'drop' }[process.env.PART_FORGOTTEN ?? ''];

function run(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8' });
}

const rules = (text) => execFileSync('nft', ['-f', '-'], { input: text });

const [device, [own]] = Object.entries(networkInterfaces())
  .map(([name, all]) => [name, all.filter(({ family, internal }) => family === 'IPv4' && !internal)])
  .find(([, all]) => all.length > 0);

if (mtu > 0) {
  const [subnet] = run('ip', '-4', 'route', 'show', 'dev', device, 'scope', 'link').split(' ');
  run('ip', 'route', 'replace', subnet, 'dev', device, 'src', own.address, 'mtu', String(mtu));
}
// A redirect would tell the sender to go without us.
rules(`table ip router {
  chain output {
    type filter hook output priority 0;
    icmp type redirect drop
    ${mtu > 0 ? 'icmp type destination-unreachable drop' : ''}
  }
  chain forward {
    type filter hook forward priority -150;
    ${switchedOn('clamp-mss') && mtu > 0 ? `tcp flags syn tcp option maxseg size set ${mtu - 40}` : ''}
  }
  chain known {
    type filter hook forward priority 0;
    ${forgotten ? `ct state invalid meta l4proto tcp ${forgotten}` : ''}
  }
  chain nat {
    type nat hook postrouting priority 100;
    ip saddr != ${own.address} masquerade
  }
}`);
say(`forwards on ${device}${mtu > 0 ? `, packets of ${mtu} bytes at most` : ''}`);
ready();
// Nothing else keeps it alive.
setInterval(() => {}, 60_000);
