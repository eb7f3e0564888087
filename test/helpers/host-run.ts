import { conntrackFull } from '../../scenarios/conntrack-full/index.js';
import { allModes } from '../../scenarios/index.js';
import { listenOverflow } from '../../scenarios/listen-overflow/index.js';
import type { Finding } from '../../source/store/finding.js';
import { type Look, type World, watch } from './history.js';

/** What every host has, with or without containers: conntrack, and all that stands behind it in the list. */
const ON_ANY_HOST = allModes().slice(allModes().indexOf(conntrackFull.mode));
if (!ON_ANY_HOST.includes(listenOverflow.mode)) throw new Error('the list of modes has another order');

/** A run of a world that only those modes judge. */
export const run = (seconds: number, world: (t: number) => World): readonly Look[] =>
  watch(seconds, world, ON_ANY_HOST);

/** Where one of them is named in a run, second by second. */
export const firing = (looks: readonly Look[], id: string): { t: number; finding: Finding }[] =>
  looks.flatMap(({ t, findings }) =>
    findings.filter((one) => one.id === id && one.state === 'firing').map((finding) => ({ t, finding })),
  );
