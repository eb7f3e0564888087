import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { type PrintedCommand, printedCommands } from '../helpers/printed-commands.js';

/** Every command that is printed for a person runs as it stands, once its placeholders are filled in. */

/** Programs that a command may begin with, and the Debian package that has them; the shell's own have none. */
const PROGRAMS: Readonly<Record<string, string>> = {
  awk: 'mawk',
  bash: 'bash',
  cat: 'coreutils',
  conntrack: 'conntrack',
  curl: 'curl',
  cut: 'coreutils',
  date: 'coreutils',
  dig: 'bind9-dnsutils',
  dmesg: 'util-linux',
  docker: 'docker.io',
  getent: 'libc-bin',
  grep: 'grep',
  head: 'coreutils',
  ip: 'iproute2',
  iptables: 'iptables',
  journalctl: 'systemd',
  last: 'util-linux',
  ls: 'coreutils',
  modprobe: 'kmod',
  mount: 'mount',
  mysql: 'default-mysql-client',
  newgrp: 'login',
  nft: 'nftables',
  nc: 'netcat-openbsd',
  npm: 'npm',
  nsenter: 'util-linux',
  nstat: 'iproute2',
  open: 'macOS',
  openssl: 'openssl',
  prlimit: 'util-linux',
  ps: 'procps',
  psql: 'postgresql-client',
  ping: 'iputils-ping',
  'redis-cli': 'redis-tools',
  rm: 'coreutils',
  sed: 'sed',
  seq: 'coreutils',
  service: 'init-system-helpers',
  sh: 'dash',
  sort: 'coreutils',
  ss: 'iproute2',
  ssh: 'openssh-client',
  sudo: 'sudo',
  sysctl: 'procps',
  systemctl: 'systemd',
  tail: 'coreutils',
  tc: 'iproute2',
  tcpdump: 'tcpdump',
  timeout: 'coreutils',
  tracepath: 'iputils-tracepath',
  tshark: 'tshark',
  uniq: 'coreutils',
  usermod: 'passwd',
  wc: 'coreutils',
  xargs: 'findutils',
  faultline: 'itself',
};
const OF_THE_SHELL = ['do', 'done', 'echo', 'export', 'for', 'kill', 'sleep', 'time', 'ulimit', 'unset'];

/** Placeholders of the texts, as they are explained there; a finding knows its names and has none of these. */
const PLACEHOLDERS = [
  ...['address', 'app', 'client', 'database', 'name', 'network', 'pid', 'port', 'server', 'url', 'user'],
  ...['the command'],
];

const all = printedCommands();
/** `<server>` reads as a redirection to a shell. */
const filled = (command: string): string => command.replace(/<([a-z][a-z ]*)>/g, 'x');
const listed = (wrong: readonly PrintedCommand[]): string[] =>
  wrong.map(({ at, command }) => `${at}: ${command}`);

it('finds them', () => {
  expect(all.length).toBeGreaterThan(150);
  for (const part of ['texts.ts', 'explain-failure.ts', 'facts/', 'capabilities.ts', 'mode.ts'])
    expect(all.some(({ at }) => at.includes(part))).toBe(true);
});

it('is what a shell can read', () => {
  const unread = ({ command }: PrintedCommand): boolean => {
    const { status } = spawnSync('bash', ['-n', '-c', filled(command)]);
    return status !== 0;
  };
  // All of them at once is one process; which one it is takes one for each.
  const together = all.map(({ command }) => `one() {\n${filled(command)}\n}`).join('\n');
  const { status } = spawnSync('bash', ['-n'], { input: together });
  expect(status === 0 ? [] : listed(all.filter(unread))).toEqual([]);
});

it('begins with a program that Debian has, in each of its parts', () => {
  const unknown = all.filter(({ command }) =>
    programsOf(filled(command)).some((word) => !(word in PROGRAMS) && !OF_THE_SHELL.includes(word)),
  );
  expect(listed(unknown)).toEqual([]);
});

it('has placeholders in the texts alone, by names that say what belongs there', () => {
  const names = (command: string) => [...command.matchAll(/<([a-z][a-z ]*)>/g)].map(([, name]) => name ?? '');
  const wrong = all.filter(({ at, command }) => {
    const placeholders = names(command);
    const isText = at.includes('/texts.ts:');
    return command.includes('…') || placeholders.some((name) => !isText || !PLACEHOLDERS.includes(name));
  });
  expect(listed(wrong)).toEqual([]);
});

/** `nstat` alone keeps one history for all networks and shows what it has not shown before. */
it('reads counters that stand for themselves', () => {
  const wrong = all.filter(({ command }) => /nstat (?!-asz )/.test(command));
  expect(listed(wrong)).toEqual([]);
});

/** An image of a stranger has neither bash nor iproute2: its network is looked at with the tools of the host. */
it('asks a container for no tool that images seldom have', () => {
  const wrong = all.filter(({ command }) =>
    /docker exec \S+ (timeout \d+ )?(bash|ss|nstat|ip|tc|dig|curl|nft|iptables)\b/.test(command),
  );
  expect(listed(wrong)).toEqual([]);
});

/** The words that name programs: what a command begins with, and what stands behind a separator. */
function programsOf(command: string): string[] {
  const bare = command
    .replace(/\s#.*$/s, '')
    .replace(/'[^']*'|"(?:\\.|\$\([^)]*\)|[^"\\])*"/g, 'QUOTED')
    .replace(/[<>]\S*/g, ' ');
  const parts = bare.split(/;|&&|\|\||\||\$\(|\bdo\b/);
  return parts.flatMap((part) => {
    const words = part.trim().split(/\s+/);
    while (/^([A-Z_]+=\S*|sudo|time|timeout|\d+|-n)$/.test(words[0] ?? '')) words.shift();
    const [word] = words;
    return word && /^[a-z]/.test(word) ? [word] : [];
  });
}
