import type Docker from 'dockerode';
import { LAB_LABEL } from './labels.js';
import { lastLines } from './log-tail.js';

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
  const lines = await lastLines(docker.getContainer(id), LAST_WORDS);
  return lines.length === 0 ? 'it said nothing' : lines.join(' / ');
}
