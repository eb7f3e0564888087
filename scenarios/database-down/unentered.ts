import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { bringBackFix, sickApp } from '../../source/diagnosis/facts/context.js';
import {
  datastoreName,
  datastores,
  datastoreText,
  hadClients,
  isDownDatastore,
  seenAtDatastore,
} from '../../source/diagnosis/facts/datastores.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { notFull } from '../../source/diagnosis/facts/full-datastores.js';
import { failingRow, logsRow, notAcceptedRow } from '../../source/diagnosis/facts/rows.js';
import { answersNobody, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { failures } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Datastore, ServiceSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** Databases that are judged by what they say before a login, wherever one is seen. */
export const unentered = (history: History): Candidate[] =>
  datastores(history).map((one) => candidate(history, one));

function candidate(history: History, one: Datastore): Candidate {
  const { address, state } = one;
  const service = serviceAt(history, address);
  const radius = aroundDatabase(history, one);
  const missed = hadClients(history, one) || failingAt(history, radius).any;
  const signal = `datastores.ok{${address}}`;
  return {
    subject: { kind: 'listener', id: address },
    target: `${sickApp(history, radius)?.label ?? 'clients'} → ${datastoreName(one)}`,
    raise: isDownDatastore(one),
    clear: state === 'alive' && !isDownDatastore(one),
    title: titleOf(one),
    severity: missed || state === 'silent' || one.frozen ? 'critical' : 'warning',
    evidence: gather(
      handshake(one),
      notAcceptedRow('datastores.queued', one, THRESHOLDS.notAccepted),
      processOf(one, service),
      failingRow(failingAt(history, radius).targets, THRESHOLDS.failingTargets),
      logsRow(history, THRESHOLDS.logLines, 'connection-refused', 'connection-timeout'),
    ),
    ruledOut: notFull(one).map((because) => ({ id: 'database-connections', because })),
    fix: fixes(one, service),
    explanation: gather(
      `asked without a login: ${datastoreText(one)}`,
      one.queued > 0 && `${one.queued} connections wait there to be accepted`,
      service && `${service.name}: ${processText(service)}`,
    ),
    since: failures(history, signal)?.since ?? null,
    radius,
    seenAt: seenAtDatastore(one),
  };
}

function titleOf(one: Datastore): string {
  const name = datastoreName(one);
  if (one.state === 'refused') return `${name} is down: nobody listens there any more`;
  if (one.state === 'not-ready') return `${name} lets nobody in: ${one.said}`;
  if (one.frozen) return `${name} is frozen: it takes connections and does not answer`;
  if (one.state === 'unreachable') return `${name} does not answer: its connections are not even accepted`;
  return `${name} takes connections and does not answer`;
}

function handshake(one: Datastore): WeightedEvidence {
  const { address, state, said, note } = one;
  const signal = `datastores.ok{${address}}`;
  if (said === '') return missing(signal, note ?? 'not asked yet', 'an answer to a handshake');
  const against = state === 'refused' || state === 'not-ready' ? THRESHOLDS.refused : THRESHOLDS.silent;
  return supports(against, {
    signal,
    value: `${said} (${address})`,
    threshold: 'an answer to a handshake',
    at: one.askedAt,
  });
}

function processOf(one: Datastore, service: ServiceSample | undefined): WeightedEvidence | undefined {
  const { frozen, process, workload } = one;
  if (frozen) {
    const who = workload ?? `process ${process?.pid} (${process?.command})`;
    const value = `${who}: ${service && answersNobody(service) ? processText(service) : 'stopped by a signal'}`;
    return supports(THRESHOLDS.process, { signal: 'datastores.process', value });
  }
  return service && answersNobody(service)
    ? supports(THRESHOLDS.process, { signal: `service.up{${service.name}}`, value: processText(service) })
    : undefined;
}

function fixes(one: Datastore, service: ServiceSample | undefined): Fix[] {
  const { frozen, process, state, workload, address } = one;
  const name = datastoreName(one);
  if (service) return [bringBackFix(service, address, `start ${service.name} again`, state === 'refused')];
  if (frozen && process)
    return [{ when: 'now', text: `let ${name} go on`, command: `kill -CONT ${process.pid}` }];
  if (state === 'not-ready')
    return [{ when: 'now', text: `read what ${name} waits for in its log`, command: logCommand(one) }];
  return [bringBackFix(undefined, address, `start ${workload ?? name} again`, state === 'refused')];
}

const logCommand = ({ process, workload }: Datastore): string =>
  workload === null
    ? `journalctl ${process ? `_PID=${process.pid}` : '-p warning'} -n 50`
    : `docker logs --tail 50 ${workload}`;
