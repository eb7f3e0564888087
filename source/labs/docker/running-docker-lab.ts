import type Docker from 'dockerode';
import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { removeLabelled } from '../../engines/docker/swarm/labelled.js';
import type { FaultDesk } from '../../faults/desk/fault-desk.js';
import { HARDENING, hardenedService } from '../embedded/hardening.js';
import type { DockerLab, LabAddresses } from '../lab.js';
import { labRecovery } from '../recovery.js';
import { containerSettings } from '../watch-settings.js';
import { addressIn, type LabPlan } from './container-options.js';
import { readCounters } from './counters.js';
import { REPLICAS } from './members.js';
import type { LabNames } from './names.js';
import { writeSwitches } from './switch-file.js';

/** The group of its replicas. */
const APP = 'todo-app';

export interface RunningDockerLab {
  readonly engine: DockerEngine;
  readonly docker: Docker;
  readonly desk: FaultDesk;
  readonly plan: LabPlan;
  readonly names: LabNames;
  readonly addresses: LabAddresses;
}

/** A lab over containers that run. */
export function runningDockerLab(parts: RunningDockerLab): DockerLab {
  const { engine, docker, desk, plan, names, addresses } = parts;
  const on = new Set<string>();
  let closing: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const verdicts = await desk.close().catch((error: Error) => error);
    await engine.close();
    const left = await removeLabelled(docker, plan.id);
    const undone =
      verdicts instanceof Error ? [verdicts.message] : verdicts.flatMap(({ residue }) => residue);
    if (left.length > 0)
      throw new Error(`the lab is not gone: ${[...left, ...undone].join('; ')}; try: faultline lab down`);
  };
  return {
    kind: 'docker',
    title: 'Docker lab',
    app: APP,
    engine,
    desk,
    addresses,
    settings: containerSettings(addresses, APP),
    recovery: labRecovery(addresses.appUrl),
    network: plan.network.name,
    container: names,
    addressOf: (name) => addressIn(plan.network, name),
    hardening: () => HARDENING.map((it) => ({ ...it, on: on.has(it.id) })),
    async setHardening(id, wanted) {
      if (!HARDENING.some((it) => it.id === id))
        throw new Error(`there is no switch "${id}"; there are: ${HARDENING.map((it) => it.id).join(', ')}`);
      const then = new Set(on);
      if (wanted) then.add(id);
      else then.delete(id);
      const members = hardenedService(id) === 'resolver' ? ['resolver'] : REPLICAS;
      await Promise.all(members.map((member) => writeSwitches(docker, names(member), then)));
      if (wanted) on.add(id);
      else on.delete(id);
    },
    counters: () => readCounters(addresses.appUrl, addresses.resolver),
    close() {
      closing ??= end();
      return closing;
    },
  };
}
