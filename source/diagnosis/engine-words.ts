import type { Finding, Fix } from '../store/finding.js';
import type { History } from '../store/history.js';

/** Commands that Docker and Podman have alike. */
const COMMANDS =
  /\bdocker (?=(?:kill|pause|unpause|stop|start|restart|rm|run|ps|logs|inspect|update|events|exec|stats|network)\b)/g;
/** Options that Podman 4 does not know: its restart policy is set when a container is made. */
const UNKNOWN_TO_PODMAN = /\bupdate --restart\b/;

/** A finding in the words of the engine whose containers it speaks of; modes speak of Docker, which most have. */
export function inEngineWords(history: History, finding: Finding): Finding {
  if (history.latest.services?.sample.engine !== 'Podman') return finding;
  return {
    ...finding,
    title: words(finding.title),
    evidence: finding.evidence.map((row) => ({ ...row, value: words(row.value) })),
    ruledOut: finding.ruledOut.map((rival) => ({ ...rival, because: words(rival.because) })),
    fix: finding.fix.map(fixInWords),
    explanation: finding.explanation.map(words),
  };
}

const words = (text: string): string => text.replace(COMMANDS, 'podman ').replace(/\bDocker\b/g, 'Podman');

function fixInWords({ command, ...fix }: Fix): Fix {
  const text = words(fix.text);
  if (command === undefined || UNKNOWN_TO_PODMAN.test(command)) return { ...fix, text };
  return { ...fix, text, command: words(command) };
}
