import type { Finding, Fix } from '../store/finding.js';
import type { History } from '../store/history.js';
import type { Risk } from '../store/risk.js';

/** Commands that Docker and Podman have alike. */
const COMMANDS =
  /\bdocker (?=(?:kill|pause|unpause|stop|start|restart|rm|run|ps|logs|inspect|update|events|exec|stats|network)\b)/g;
/** Options that Podman 4 does not know: its restart policy is set when a container is made. */
const UNKNOWN_TO_PODMAN = /\bupdate --restart\b/;

/** A finding in the words of the engine whose containers it speaks of; modes speak of Docker, which most have. */
export function inEngineWords(history: History, finding: Finding): Finding {
  if (!speaksPodman(history)) return finding;
  return {
    ...riskInWords(finding),
    ruledOut: finding.ruledOut.map((rival) => ({ ...rival, because: words(rival.because) })),
    explanation: finding.explanation.map(words),
  };
}

/** The same of a latent risk. */
export const riskInEngineWords = (history: History, risk: Risk): Risk =>
  speaksPodman(history) ? riskInWords(risk) : risk;

const speaksPodman = ({ latest }: History): boolean => latest.services?.sample.engine === 'Podman';

const riskInWords = <One extends Pick<Finding, 'title' | 'evidence' | 'fix'>>(one: One): One => ({
  ...one,
  title: words(one.title),
  evidence: one.evidence.map((row) => ({ ...row, value: words(row.value) })),
  fix: one.fix.map(fixInWords),
});

const words = (text: string): string => text.replace(COMMANDS, 'podman ').replace(/\bDocker\b/g, 'Podman');

function fixInWords({ command, ...fix }: Fix): Fix {
  const text = words(fix.text);
  if (command === undefined || UNKNOWN_TO_PODMAN.test(command)) return { ...fix, text };
  return { ...fix, text, command: words(command) };
}
