import { tryReadText } from './read-text.js';

/** PRETTY_NAME of an os-release file (man 5 os-release), or undefined. */
export function prettyName(text: string): string | undefined {
  const match = /^PRETTY_NAME=(?:"([^"\n]*)"|'([^'\n]*)'|(\S+))$/m.exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** Name of this system, or undefined. */
export function readPrettyName(): string | undefined {
  const text = tryReadText('/etc/os-release') ?? tryReadText('/usr/lib/os-release');
  return text === undefined ? undefined : prettyName(text);
}
