import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { allModes, failureModes } from '../../scenarios/index.js';
import { systemClock } from '../../source/clock.js';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import { createDnsProbe } from '../../source/probes/dns/dns-probe.js';
import { startScheduler } from '../../source/probes/scheduler.js';
import { targetOf, WATCH_NOTHING_MORE } from '../../source/probes/watch-settings.js';
import { createRuntime } from '../../source/runtime/index.js';
import { type Finding, modeOf } from '../../source/store/finding.js';
import { Intake } from '../../source/store/intake/intake.js';
import { until } from '../helpers/until.js';
import { startDns } from '../probes/dns-server.js';

/** Troubles on one host that have nothing to do with one another, on real sockets. */

const TICK_MS = 1_000;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const close = (server: Server): Promise<void> => new Promise((done) => server.close(() => done()));

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await close(server);
  return port;
}

/** A port at which everybody is accepted and nobody is answered. */
async function hangingPort(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const port = await listening(server);
  undo.push(async () => {
    for (const socket of sockets) socket.destroy();
    await close(server);
  });
  return port;
}

const shape = (findings: readonly Finding[]): string[] =>
  findings
    .filter((one) => one.state === 'firing')
    .map((one) => (one.explainedBy ? `${one.id}<${modeOf(one.explainedBy)}` : one.id));

describe('two targets that are sick for reasons of their own', () => {
  it('one refused and one silent: neither is explained by the other', async () => {
    const [refused, hanging] = [await closedPort(), await hangingPort()];
    const runtime = await createRuntime({
      settings: {
        ...WATCH_NOTHING_MORE,
        targets: [refused, hanging].map((port) => targetOf(`http://127.0.0.1:${port}/`)),
        // What tests beside this one freeze and kill is not its business.
        workloadsOnly: true,
      },
      readOnly: true,
      modes: failureModes,
    });
    undo.push(() => runtime.close());
    const findings = () => runtime.store.getState().findings;
    const firing = (id: string) => findings().find((one) => one.id === id && one.state === 'firing');
    const symptom = () => shape(findings()).find((one) => one.startsWith('http-errors'));
    await until('both causes, and the symptom', () =>
      ['service-stopped', 'service-hung', 'http-errors'].every((id) => firing(id) !== undefined),
    );
    // Every failing target has its cause, so that the plain symptom stands for nothing more.
    expect(symptom()).toMatch(/<service-/);
    expect(firing('service-stopped')?.target).toContain(`:${refused}`);
    expect(firing('service-hung')?.target).toContain(`:${hanging}`);
    expect(firing('service-stopped')?.explainedBy).toBeNull();
    expect(firing('service-hung')?.explainedBy).toBeNull();
  });
});

describe('two nameservers for one name', () => {
  /** What is found once these ports, asked in this order, were asked so often and the condition holds. */
  async function asked(
    ports: readonly number[],
    looks: number,
    holds: (findings: readonly Finding[]) => boolean = () => true,
  ): Promise<readonly Finding[]> {
    const probe = createDnsProbe({
      names: ['db.example'],
      resolvers: ports.map((port) => ({ address: '127.0.0.1', port })),
      patienceMs: 500,
      intervalMs: 500,
    });
    const intake = new Intake();
    let outcomes = 0;
    const scheduler = startScheduler({
      probes: [probe],
      clock: systemClock,
      onOutcome(outcome) {
        outcomes += 1;
        intake.take(outcome);
      },
    });
    undo.push(() => scheduler.stop());
    let state = NO_DIAGNOSIS;
    let findings: readonly Finding[] = [];
    let ticked = 0;
    await until(`what is found of ${ports.join(', ')}`, () => {
      // The history takes one commit a second, as a session's does.
      if (Date.now() - ticked < TICK_MS) return false;
      ticked = Date.now();
      ({ findings, state } = diagnose(intake.tick(ticked), allModes(), state));
      return outcomes >= looks && holds(findings);
    });
    return findings;
  }
  const are =
    (severity: Finding['severity']) =>
    (findings: readonly Finding[]): boolean =>
      findings[0]?.state === 'firing' && findings[0].severity === severity;
  const healthy = async (): Promise<number> => {
    const server = await startDns(() => ({ addresses: ['127.0.0.1'] }));
    undo.push(() => server.close());
    return server.port;
  };

  it('are told apart: one that is dead beside one that answers is no outage', async () => {
    const [dead, deadToo, alive, aliveToo] = [
      await closedPort(),
      await closedPort(),
      await healthy(),
      await healthy(),
    ];
    const silent = await startDns(() => undefined);
    undo.push(() => silent.close());
    const [deadFirst, deadLast, bothDead, bothAlive, silentFirst] = await Promise.all([
      asked([dead, alive], 8, are('notice')),
      asked([alive, dead], 8, are('notice')),
      asked([dead, deadToo], 8, are('critical')),
      asked([alive, aliveToo], 8),
      // A silent one may be slow: what came late would have come within 16 s.
      asked([silent.port, alive], 8, are('warning')),
    ]);
    for (const findings of [deadFirst, deadLast]) {
      expect(shape(findings)).toEqual(['resolver-dead']);
      expect(findings[0]).toMatchObject({
        severity: 'notice',
        target: `this host → resolver 127.0.0.1:${dead}`,
      });
      expect(findings[0]?.title).toMatch(/1 of 2 nameservers/);
      expect(findings[0]?.explanation.join()).toContain(`127.0.0.1:${alive} answers in`);
    }
    expect(bothDead[0]).toMatchObject({ id: 'resolver-dead', severity: 'critical', state: 'firing' });
    expect(bothAlive).toEqual([]);
    expect(silentFirst[0]).toMatchObject({ id: 'resolver-dead', severity: 'warning', state: 'firing' });
    expect(silentFirst[0]?.explanation.join()).toMatch(/asked first/);
  });
});
