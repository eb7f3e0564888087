// What a Docker Engine leaves in a host's network when it ends: its bridges, its iptables chains, forwarding. An engine
// that our script starts on a host that had none of it is cleaned up after; where another engine was, nothing is touched.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FORWARD = '/proc/sys/net/ipv4/ip_forward';
const TABLES = ['filter', 'nat'];

const run = (command, args) => spawnSync(command, args, { encoding: 'utf8' });

/** The rules of a table as iptables itself would add them; empty where iptables cannot be asked. */
function rules(table) {
  const { status, stdout } = run('iptables', ['-t', table, '-S']);
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
}

/** How the host's network stands, or null where an engine's traces are there already and are not ours to remove. */
export function hostBefore() {
  if (existsSync('/sys/class/net/docker0')) return null;
  const all = TABLES.flatMap(rules);
  if (all.some((rule) => rule.startsWith('-N DOCKER'))) return null;
  const policy = all.find((rule) => rule.startsWith('-P FORWARD '))?.split(' ')[2] ?? 'ACCEPT';
  return { forward: readFileSync(FORWARD, 'utf8').trim(), policy };
}

/** Removes the bridges named, every rule that speaks of them or of a DOCKER chain, and those chains. */
export function restoreHost(before, bridges) {
  const ours = (rule) =>
    /\bDOCKER(-[A-Z0-9-]+)?\b/.test(rule) || bridges.some((bridge) => rule.split(' ').includes(bridge));
  for (const table of TABLES) {
    const found = rules(table);
    for (const rule of found.filter((one) => one.startsWith('-A ') && ours(one)))
      run('iptables', ['-t', table, '-D', ...rule.split(' ').slice(1)]);
    for (const rule of found.filter((one) => one.startsWith('-N DOCKER')))
      run('iptables', ['-t', table, '-X', rule.split(' ')[1]]);
  }
  run('iptables', ['-P', 'FORWARD', before.policy]);
  for (const bridge of bridges) run('ip', ['link', 'delete', bridge]);
  writeFileSync(FORWARD, before.forward);
}

/** The bridge of a network as the engine tells of it; its own name, or `br-` and its id. */
export const bridgeOf = ({ Id, Options }) =>
  Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`;
