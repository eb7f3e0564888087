/** What every part shares: its settings, its switches, saying that it is ready, ending when it is asked to. */
import { readFileSync } from 'node:fs';

/** Written by the lab into a container; as a process the part is told by its environment. */
const SWITCH_FILE = '/var/lib/faultline/hardening';

/** A setting that must be there. */
export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const numberSetting = (name, otherwise) => Number(process.env[name] || otherwise);

/** The TCP port it listens on; 0 for any that is free. */
export const PORT = numberSetting('PART_PORT', 0);

/** Whether a prevention is switched on; told at the start. */
export function switchedOn(id) {
  if (process.env.LAB_HARDENING !== undefined) return process.env.LAB_HARDENING.split(',').includes(id);
  try {
    return readFileSync(SWITCH_FILE, 'utf8').split('\n').includes(id);
  } catch {
    return false;
  }
}

/** Tells the lab that it serves, and at which TCP port where it has one. */
export function ready(port) {
  process.stdout.write('ready\n');
  process.send?.({ ready: true, ports: port === undefined ? [] : [{ protocol: 'tcp', port }] });
}

/** One line of its log. */
export const say = (text) => void process.stdout.write(`${text}\n`);

/** One line of its log that tells a failure. */
export const complain = (text) => void process.stderr.write(`${text}\n`);

// As process 1 of a container nothing ends it unless it says so; as a child it ends with its console.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
process.on('disconnect', () => process.exit(0));
