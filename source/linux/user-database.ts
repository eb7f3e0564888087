import { userInfo } from 'node:os';
import { tryReadText } from './read-text.js';

/** The name of a group by its number, as /etc/group has it; undefined where it is not listed there. */
export function groupName(gid: number, text = tryReadText('/etc/group') ?? ''): string | undefined {
  const line = text.split('\n').find((one) => one.split(':')[2] === String(gid));
  return line?.split(':', 1)[0];
}

/** Whether the system knows this user by a name. One that it does not know cannot be put into a group. */
export function hasPasswdEntry(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}
