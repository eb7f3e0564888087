import type Docker from 'dockerode';
import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { removeLabelled } from '../../engines/docker/swarm/labelled.js';
import type { FaultDesk } from '../../faults/desk/fault-desk.js';
import { HARDENING, hardenedService } from '../embedded/hardening.js';
import type { DockerLab, LabAddresses } from '../lab.js';
import { PartSwitches } from '../part.js';
import { labRecovery } from '../recovery.js';
import { containerSettings } from '../watch-settings.js';
import { addressIn, type LabPlan } from './container-options.js';
import { readCounters } from './counters.js';
import { REPLICAS } from './members.js';
import type { LabNames } from './names.js';
import { dockerParts } from './parts.js';
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
export function runningDockerLab(made: RunningDockerLab): DockerLab {
  const { engine, docker, desk, plan, names, addresses } = made;
  const on = new Set<string>();
  const ofParts = new PartSwitches();
  const known = () => [...HARDENING, ...ofParts.list()];
  const parts = dockerParts({
    docker,
    plan,
    names,
    switches: { on: () => on, learn: (of) => ofParts.learn(of) },
  });
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
    parts,
    hardening: () => known().map((it) => ({ ...it, on: on.has(it.id) })),
    async setHardening(id, wanted) {
      if (!known().some((it) => it.id === id))
        throw new Error(
          `there is no switch "${id}"; there are: ${known()
            .map((it) => it.id)
            .join(', ')}`,
        );
      const then = new Set(on);
      if (wanted) then.add(id);
      else then.delete(id);
      const itsParts = ofParts.partsOf(id);
      const members = hardenedService(id) === 'resolver' ? ['resolver'] : REPLICAS;
      if (itsParts === undefined)
        await Promise.all(members.map((member) => writeSwitches(docker, names(member), then)));
      if (wanted) on.add(id);
      else on.delete(id);
      if (itsParts !== undefined) await parts.startAnew(itsParts);
    },
    counters: () => readCounters(addresses.appUrl, addresses.resolver),
    close() {
      closing ??= end();
      return closing;
    },
  };
}
