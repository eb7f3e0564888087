import type { EmbeddedEngine } from '../../engines/embedded/embedded-engine.js';
import type { LabCounters } from '../../store/lab.js';
import type { EmbeddedLab, LabAddresses } from '../lab.js';
import { PartSwitches } from '../part.js';
import { labRecovery } from '../recovery.js';
import { labSettings } from '../watch-settings.js';
import { HARDENING, hardenedService } from './hardening.js';
import { embeddedEntry } from './journal-entry.js';
import { embeddedParts } from './parts.js';
import { reportJobService } from './services.js';

/** The switches and names that services are started with; the lab changes them. */
export interface MutableSettings {
  readonly hardening: Set<string>;
  readonly names: Set<string>;
}

/** A lab over an engine whose services run. */
export function runningLab(
  engine: EmbeddedEngine,
  addresses: LabAddresses,
  settings: MutableSettings,
): EmbeddedLab {
  const running = (name: string): boolean => engine.list().some((it) => it.name === name && it.pid !== null);
  const ask = async <Value>(name: string): Promise<Value | null> => {
    try {
      return (await engine.request(name, 'counters')) as Value;
    } catch {
      return null;
    }
  };
  const ofParts = new PartSwitches();
  const known = () => [...HARDENING, ...ofParts.list()];
  const parts = embeddedParts(engine, { on: () => settings.hardening, learn: (of) => ofParts.learn(of) });
  const rename = async (known: boolean): Promise<void> => {
    const { databaseName } = addresses;
    if (known) settings.names.add(databaseName);
    else settings.names.delete(databaseName);
    // A resolver that is down learns it when it is started.
    if (running('resolver')) await engine.request('resolver', known ? 'remember' : 'forget', databaseName);
  };
  return {
    kind: 'embedded',
    title: 'embedded lab',
    app: 'todo-app',
    engine,
    addresses,
    settings: labSettings(addresses),
    recovery: labRecovery(addresses.appUrl),
    parts,
    hardening: () => known().map((it) => ({ ...it, on: settings.hardening.has(it.id) })),
    async setHardening(id, on) {
      if (!known().some((it) => it.id === id)) {
        throw new Error(
          `there is no switch "${id}"; there are: ${known()
            .map((it) => it.id)
            .join(', ')}`,
        );
      }
      if (on) settings.hardening.add(id);
      else settings.hardening.delete(id);
      const itsParts = ofParts.partsOf(id);
      if (itsParts !== undefined) return parts.startAnew(itsParts);
      const service = hardenedService(id);
      if (running(service)) await engine.request(service, 'hardening', [...settings.hardening]);
    },
    async counters(): Promise<LabCounters> {
      const [resolver, app, visitors] = await Promise.all([
        ask<NonNullable<LabCounters['resolver']>>('resolver'),
        ask<NonNullable<LabCounters['app']>>('todo-app'),
        ask<NonNullable<LabCounters['visitors']>>('visitors'),
      ]);
      return { resolver, app, visitors };
    },
    faults: {
      forgetName: () => rename(false),
      rememberName: () => rename(true),
      async holdConnections() {
        if (!engine.has('report-job')) engine.add(reportJobService(addresses));
        await engine.start('report-job');
      },
      releaseConnections: () => engine.remove('report-job'),
    },
    journalEntry: (fault) => embeddedEntry(engine, fault),
    close: () => engine.close(),
  };
}
