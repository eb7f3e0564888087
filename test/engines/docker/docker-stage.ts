import type Docker from 'dockerode';
import type { DockerContainer } from '../../../source/engines/docker/containers/docker-container.js';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import type { EngineEvent } from '../../../source/engines/engine.js';
import { connected, dockerOf, importShell } from './real-docker.js';

export const IMAGE = `faultline/test:${process.pid}`;
export const PREFIX = `faultline-test-${process.pid}`;
/** A script that ends at once when it is asked to. */
export const POLITE = 'trap "exit 0" TERM; while :; do sleep 0.1; done';

/** The machine's Docker with an engine on it; every container and image made here is removed again. */
export class DockerStage {
  readonly #events: EngineEvent[] = [];

  private constructor(
    readonly engine: DockerEngine,
    readonly docker: Docker,
  ) {
    engine.onEvent((event) => this.#events.push(event));
  }

  static async open(): Promise<DockerStage> {
    const engine = await connected();
    const docker = dockerOf(engine);
    await importShell(docker, IMAGE);
    return new DockerStage(engine, docker);
  }

  async create(name: string, script: string, options: Docker.ContainerCreateOptions = {}) {
    const { Labels, ...others } = options;
    return this.docker.createContainer({
      name: `${PREFIX}-${name}`,
      Image: IMAGE,
      Cmd: ['/bin/dash', '-c', script],
      Labels: { 'faultline.test': String(process.pid), ...Labels },
      ...others,
    });
  }

  named(name: string): DockerContainer | undefined {
    return this.engine.list().find((container) => container.name === `${PREFIX}-${name}`);
  }

  /** Actions that events told of a container, in their order. */
  told(name: string): string[] {
    return this.#events
      .filter(({ workload }) => workload === `${PREFIX}-${name}`)
      .map(({ action }) => action);
  }

  async close(): Promise<void> {
    const filters = { label: [`faultline.test=${process.pid}`] };
    const left = await this.docker.listContainers({ all: true, filters });
    const remove = (id: string) => this.docker.getContainer(id).remove({ force: true, v: true });
    await Promise.allSettled(left.map(({ Id }) => remove(Id)));
    await this.docker.getImage(IMAGE).remove();
    await this.engine.close();
  }
}
