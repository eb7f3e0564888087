import type Docker from 'dockerode';
import { frameReader } from '../../engines/docker/logs/log-frames.js';
import { LAB_LABEL } from './labels.js';

/** Lines of its log that are told of a container that ended. */
const LAST_WORDS = 3;

/** Which containers of a lab have ended, each with its last words; undefined when none has, or Docker cannot tell. */
export async function casualties(docker: Docker, lab: string): Promise<string | undefined> {
  try {
    const filters = { label: [`${LAB_LABEL}=${lab}`], status: ['exited', 'dead'] };
    const ended = await docker.listContainers({ all: true, filters });
    const told = await Promise.all(
      ended.map(async ({ Id, Names, Status }) => {
        const name = Names[0]?.slice(1) ?? Id.slice(0, 12);
        return `${name} ended (${Status}): ${await lastWords(docker, Id)}`;
      }),
    );
    return told.length === 0 ? undefined : told.join('; ');
  } catch {
    return undefined;
  }
}

async function lastWords(docker: Docker, id: string): Promise<string> {
  const output = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: LAST_WORDS });
  const lines: string[] = [];
  frameReader((_stream, bytes) => lines.push(bytes.toString('utf8').trim()))(output);
  return lines.length === 0 ? 'it said nothing' : lines.join(' / ');
}
