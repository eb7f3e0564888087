import type { DockerContainer } from '../../../engines/docker/containers/docker-container.js';

/** Written by docker compose on every container: `db:service_healthy:false,cache:service_started:true`. */
const DEPENDS_ON = 'com.docker.compose.depends_on';

/** Services of its compose project that a container depends on; compose counts its `links` among them. */
export function dependsOn({ labels }: Pick<DockerContainer, 'labels'>): string[] {
  return (labels[DEPENDS_ON] ?? '')
    .split(',')
    .map((part) => part.split(':')[0]?.trim() ?? '')
    .filter(Boolean);
}
