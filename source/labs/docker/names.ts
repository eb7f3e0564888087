import type Docker from 'dockerode';
import { MEMBERS } from './members.js';

/** How Docker knows the members: by their own names where all are free, else each with the lab's id behind it. */
export type LabNames = (member: string) => string;

export async function chooseNames(docker: Docker, lab: string): Promise<LabNames> {
  const taken = new Set(
    (await docker.listContainers({ all: true })).flatMap(({ Names }) => Names.map((name) => name.slice(1))),
  );
  return MEMBERS.some(({ name }) => taken.has(name)) ? suffixed(lab) : (member) => member;
}

export const suffixed =
  (lab: string): LabNames =>
  (member) =>
    `${member}-${lab}`;
