import { homedir } from 'node:os';

/** Debian's word for a home that nobody has (adduser(8)): nothing is ever found below it. */
const NO_HOME = '/nonexistent';

/** This user's home folder: HOME, else what passwd says. A user id without an entry there and without HOME has none. */
export function homeFolder(): string {
  try {
    return homedir() || NO_HOME;
  } catch {
    return NO_HOME;
  }
}

/** Whether this user has a home folder to speak of. */
export const hasHome = (): boolean => homeFolder() !== NO_HOME;
