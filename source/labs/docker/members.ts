import { PARAMETERS } from './parameters.js';

export type Role = 'app' | 'database' | 'cache' | 'resolver' | 'proxy' | 'client';

/** One container of the lab. */
export interface Member {
  /** The name that the lab, its scenarios and other containers know it by. */
  readonly name: string;
  /** What it is a replica of: its compose service. */
  readonly service: string;
  readonly role: Role;
  /** Its address on the lab's network, which it keeps: the number in the last place. */
  readonly host: number;
}

const replicas: readonly Member[] = Array.from({ length: PARAMETERS.replicas }, (_, i) => ({
  name: `todo-app-${i + 1}`,
  service: 'todo-app',
  role: 'app',
  host: 11 + i,
}));

const alone = (name: string, role: Role, host: number): Member => ({ name, service: name, role, host });

/** In the order in which a person would start them; nothing depends on it. */
export const MEMBERS: readonly Member[] = [
  alone('resolver', 'resolver', 53),
  alone('postgres', 'database', 20),
  alone('redis', 'cache', 21),
  ...replicas,
  alone('gateway', 'proxy', 10),
  alone('visitors', 'client', 30),
];

export const REPLICAS: readonly string[] = replicas.map(({ name }) => name);
