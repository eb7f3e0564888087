import { fieldWithoutSecrets } from '../../secrets.js';
import { sanitise } from '../../terminal/sanitise.js';

/** A sample is kept every second, and labels may be many and long: so many of them, of so many characters each. */
const MOST = 16;
const LONGEST = 120;
/** Compose's own bookkeeping: its project and service are known otherwise. */
const OWN = 'com.docker.compose.';

const made = new WeakMap<Readonly<Record<string, string>>, Readonly<Record<string, string>>>();

/** The labels that a person gave a container, made safe to draw; the same object as long as the labels are. */
export function shownLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = made.get(labels);
  if (known) return known;
  const own = Object.entries(labels).filter(([name]) => !name.startsWith(OWN));
  const shown = Object.fromEntries(
    own
      .slice(0, MOST)
      .map(([name, value]) => [sanitise(name, LONGEST), sanitise(fieldWithoutSecrets(name, value), LONGEST)]),
  );
  made.set(labels, shown);
  return shown;
}
