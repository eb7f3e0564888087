import { keyOf } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import type { Risk } from '../../store/risk.js';
import { riskInEngineWords } from '../engine-words.js';
import { measuredAt } from '../measured-at.js';
import { RISK_KINDS } from './kinds.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

/** Places of one kind that are told: more of them are one habit. */
const MOST_OF_A_KIND = 100;

/** The latent risks of one look, kind by kind. A kind that throws tells none, and `failed` is told why. */
export function latentRisks(
  history: History,
  kinds: readonly RiskKind[] = RISK_KINDS,
  failed: (id: string, error: unknown) => void = () => undefined,
): Risk[] {
  return kinds.flatMap((kind) => {
    try {
      return kind
        .find(history)
        .slice(0, MOST_OF_A_KIND)
        .map((seen) => riskInEngineWords(history, riskOf(history, kind.id, seen)));
    } catch (error) {
      failed(kind.id, error);
      return [];
    }
  });
}

function riskOf(history: History, id: string, { subject, title, evidence, mend }: SeenRisk): Risk {
  return {
    key: keyOf(id, subject),
    id,
    subject,
    title,
    evidence: evidence.map(({ weight: _, ...row }) => ({
      ...row,
      at: row.at === undefined ? measuredAt(history, row.signal) : row.at,
    })),
    fix: [{ when: 'later', ...mend }],
  };
}
