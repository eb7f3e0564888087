import { readFileSync } from 'node:fs';
import { LAB_LABEL } from '../../../engines/docker/swarm/labelled.js';
import { LIMITS, REPLICAS } from './swarm-lab.js';

const SECOND = 1e9;

/** The spec of the lab's service. Nothing is published: customers reach it on the lab's own network. */
export function serviceSpec(
  lab: { readonly id: string; readonly name: string; readonly image: string },
  mode: 'vip' | 'dnsrr',
) {
  const labels = { [LAB_LABEL]: lab.id, 'faultline.target': 'true' };
  return {
    Name: lab.name,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: lab.image,
        Command: ['python3', '-c', readFileSync(new URL('./programs/service.py', import.meta.url), 'utf8')],
        Labels: labels,
        // As long as Swarm waits between SIGTERM and SIGKILL; the program ends at SIGTERM.
        StopGracePeriod: 5 * SECOND,
        CapabilityDrop: ['ALL'],
        ReadOnly: true,
      },
      Resources: {
        Limits: {
          NanoCPUs: LIMITS.cpus * SECOND,
          MemoryBytes: LIMITS.memoryBytes,
          Pids: 200,
        },
      },
      RestartPolicy: { Condition: 'any', Delay: SECOND, MaxAttempts: 0 },
      Networks: [{ Target: lab.name }],
    },
    Mode: { Replicated: { Replicas: REPLICAS } },
    // Monitor: how long Swarm watches each new task before it goes on; its default of 5 s is the length of an update.
    UpdateConfig: {
      Parallelism: 1,
      Delay: 0,
      Monitor: SECOND,
      FailureAction: 'continue',
      Order: 'stop-first',
    },
    EndpointSpec: { Mode: mode },
  };
}
