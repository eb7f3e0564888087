/**
 * The router of the private network PART_INSIDE, at its first address. Its rule that puts its own address in place of the
 * private ones is gone. Switch `masquerade`: it is there.
 */
import { execFileSync } from 'node:child_process';
import { numberSetting, ready, say, setting, switchedOn } from './part.mjs';

const inside = setting('PART_INSIDE');
const bits = numberSetting('PART_INSIDE_BITS', 24);
execFileSync('ip', ['address', 'replace', `${inside}.1/${bits}`, 'dev', 'eth0']);
const masquerade = switchedOn('masquerade') ? `ip saddr ${inside}.0/${bits} masquerade` : '';
// Both sides are on one wire: who is told so (redirects) would leave the router out.
const rules = `table ip router {
  chain out { type filter hook output priority 0; icmp type redirect drop; }
  chain post { type nat hook postrouting priority 100; ${masquerade}; }
}`;
execFileSync('nft', ['-f', '-'], { input: rules.replace(' ;', '') });
say(masquerade === '' ? 'no rule translates' : masquerade);
// Nothing else is to be done.
setInterval(() => undefined, 60_000);
ready();
