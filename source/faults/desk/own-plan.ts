import { agentName } from '../agent/agent-container.js';
import type { AgentStep, FaultPlan } from '../fault-plan.js';
import { kindOf } from '../kinds/planner.js';
import { isOwnAgent } from '../plan/own-steps.js';
import { commandText } from '../plan/steps.js';
import type { UndoStep } from './journal-entry.js';

/**
 * The plan of a journal's step as far as it may be carried out: its undo steps are ones that its kind writes, on its
 * own target, in the texts of today, and nothing else of it is left. A journal is a file: whoever could write it would
 * otherwise have the daemon do anything. Or why it is refused, in one line. Pure.
 */
export function ownPlan(step: Extract<UndoStep, { kind: 'docker' }>): FaultPlan | string {
  const { plan } = step;
  const { kind } = plan.spec;
  const refused = (why: string): string => `refused: ${why}; look at its entry in the journal and remove it`;
  if (step.agent !== agentName(plan.id)) return refused(`${step.agent} is no agent of fault ${plan.id}`);
  if (!isOwnAgent(plan.agent, plan)) return refused(`no fault of kind ${kind} has an agent with such rights`);
  const { ownStep } = kindOf(plan.spec);
  const undo: AgentStep[] = [];
  for (const written of plan.undo) {
    const known = ownStep(written, plan);
    if (known === null) return refused(`no fault of kind ${kind} is undone by ${nameOf(written)}`);
    undo.push(known);
  }
  return { ...plan, apply: [], renew: [], readings: [], undo };
}

/** A step in few words: it stands in one line, and a stranger wrote it. */
function nameOf(step: AgentStep): string {
  if (step.do === 'docker') return `${step.method} ${step.path}`.slice(0, 120);
  if (step.do === 'run' || step.do === 'exec') return `${step.do} ${commandText(step.command)}`.slice(0, 120);
  return step.do;
}
