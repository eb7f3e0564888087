import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueCertificate } from '../../../source/labs/certificates.js';
import type { EmbeddedLab } from '../../../source/labs/lab.js';
import type { LabPart } from '../../../source/labs/part.js';
import { createHttpProbe } from '../../../source/probes/http/http-probe.js';
import type { ProbeContext } from '../../../source/probes/probe.js';
import type { HttpSample } from '../../../source/probes/samples.js';
import { eventually } from '../../helpers/until.js';
import { ownState, startBuiltLab } from './helpers.js';

const state = ownState();
let lab: EmbeddedLab;

beforeAll(async () => {
  lab = await startBuiltLab();
});
afterAll(async () => {
  await lab.close();
  state.remove();
});

const leak: LabPart = {
  name: 'billing',
  program: 'leaking-client',
  openFiles: 64,
  settings(where) {
    const { host, port } = where('todo-app');
    return { PART_PEER_HOST: host, PART_PEER_PORT: String(port), PART_PER_SECOND: '50' };
  },
  switches: [{ id: 'close-bodies', title: 'close what was read', explains: 'nothing is left over' }],
};

/** Connections towards the application that their client has not closed (state 08 of /proc/net/tcp, kernel doc proc_net_tcp). */
function closeWait(): number {
  const port = Number(new URL(lab.addresses.appUrl).port).toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return rows.filter((row) => row.trim().split(/\s+/)[2] === `0100007F:${port}` && / 08 /.test(row)).length;
}
const get = (url: string, ca: string): Promise<HttpSample> =>
  createHttpProbe({ target: 'GET /', url, ca }).run({ signal: new AbortController().signal } as ProbeContext);
const names = (): string[] => lab.engine.list().map(({ name }) => name);

test('a part runs beside the services, does what it is for within its limit, and its switch ends that', async () => {
  const before = lab.hardening().length;
  await lab.parts.bring([leak]);
  expect(names()).toContain('billing');
  expect(await eventually(() => closeWait() >= 30)).toBe(true);
  const complains = (): boolean => lab.engine.logs('billing').some(({ text }) => text.startsWith('EMFILE'));
  expect(await eventually(complains)).toBe(true);
  expect(closeWait()).toBeLessThan(64);

  expect(lab.hardening().slice(before)).toEqual([expect.objectContaining({ id: 'close-bodies', on: false })]);
  await lab.setHardening('close-bodies', true);
  expect(await eventually(() => closeWait() === 0)).toBe(true);
  expect(names()).toContain('billing');

  await lab.parts.takeAway([leak]);
  expect(names()).not.toContain('billing');
  // What is on stays on: brought again it does no harm.
  await lab.parts.bring([leak]);
  expect(lab.hardening().at(-1)).toMatchObject({ id: 'close-bodies', on: true });
  await lab.parts.takeAway([leak]);
  await lab.parts.takeAway([leak]);
});

test('the target of a part leads to where this host reaches it, and is there for as long as the part is', async () => {
  const served: LabPart = {
    name: 'prices',
    program: 'secure-server',
    port: 8443,
    settings: () => ({ PART_CERTIFICATE: sent, PART_WHOLE: sent }),
    target: ({ host, port }) => ({ name: 'GET prices', url: `https://${host}:${port}/` }),
  };
  const span = { from: Date.now() - 1_000, to: Date.now() + 86_400_000 };
  const { key, pem } = issueCertificate({ name: 'prices', hosts: ['127.0.0.1'], ...span });
  const sent = key + pem;
  await lab.parts.bring([served]);
  const [target] = lab.parts.targets();
  expect(target?.name).toBe('GET prices');
  const answer = await get(target?.url ?? '', pem);
  expect(answer).toMatchObject({ ok: true, status: 200 });
  await lab.parts.startAnew(['prices']);
  expect(lab.parts.targets()).toEqual([target]);
  expect(await eventually(async () => (await get(target?.url ?? '', pem)).ok)).toBe(true);
  await lab.parts.takeAway([served]);
  expect(lab.parts.targets()).toEqual([]);
});

test('a part that cannot start says which it was, and leaves the lab as it is', async () => {
  const unknown: LabPart = { name: 'nobody', program: 'not-there' };
  await expect(lab.parts.bring([unknown])).rejects.toThrow(/nobody/);
  await lab.parts.takeAway([unknown]);
  expect(names()).not.toContain('nobody');
  const lost: LabPart = { ...leak, name: 'lost', settings: (where) => ({ X: where('elsewhere').host }) };
  await expect(lab.parts.bring([lost])).rejects.toThrow('elsewhere is not on the lab');
});
