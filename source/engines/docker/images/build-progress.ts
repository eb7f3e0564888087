import type { ImageLine } from './image-stream.js';

/** "Step 4/9 : RUN apt-get update" as the daemon's classic builder begins each instruction. */
const STEP = /^Step (\d+)\/(\d+) : (\w+)/;
/** What apt says as it works: "Setting up nginx-light (1.22.1-9)", "Unpacking libc6:amd64 (2.36) ...". */
const PACKAGE = /^(Unpacking|Setting up) ([^ :]+)/;
const WORDS: Readonly<Record<string, string>> = {
  FROM: 'taking the base',
  RUN: 'running a command',
  COPY: 'copying programs',
};

/** Turns a build's lines into "lab image: step 4 of 9, installing nginx-light" and its share, 0 to 1. */
export function buildProgress(
  kind: string,
  tell: (text: string, share: number | null) => void,
): (line: ImageLine) => void {
  let at = 0;
  let steps = 0;
  const say = (doing: string): void =>
    tell(`${kind} image: step ${at} of ${steps}, ${doing}`, steps === 0 ? null : (at - 1) / steps);
  return ({ stream }) => {
    for (const text of (stream ?? '').split('\n')) {
      const step = STEP.exec(text);
      const found = PACKAGE.exec(text);
      if (step) {
        at = Number(step[1]);
        steps = Number(step[2]);
        say(WORDS[step[3] ?? ''] ?? 'writing it down');
      } else if (found) say(`${found[1] === 'Unpacking' ? 'unpacking' : 'installing'} ${found[2]}`);
    }
  };
}
