import { DockerEngine } from '../../engines/docker/docker-engine.js';
import { troubleText } from '../../engines/docker/endpoint/endpoint.js';

/** Does something with the Docker of this host; says what is wrong with it, and what mends it, where it cannot be asked. */
export async function withDocker<Result>(
  work: (engine: DockerEngine) => Promise<Result>,
): Promise<Result | { readonly trouble: string }> {
  const engine = new DockerEngine();
  try {
    const verdict = await engine.settled();
    if (verdict.state === 'unavailable') return { trouble: troubleText(verdict.trouble) };
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** The client of an engine that has answered just now. */
export function dockerOf({ docker }: DockerEngine): NonNullable<DockerEngine['docker']> {
  if (docker === null) throw new Error('Docker was lost as soon as it answered');
  return docker;
}
