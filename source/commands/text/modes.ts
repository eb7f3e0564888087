import type { FailureMode } from '../../../scenarios/failure-mode.js';
import { boundText } from '../../diagnosis/evidence.js';
import type { Mode } from '../../diagnosis/mode.js';
import type { Threshold } from '../../diagnosis/threshold.js';
import { swarmExperiments } from '../../labs/swarm/index.js';
import { section, table } from './table.js';

/** The failure modes, one line each. */
export function modeList(modes: readonly FailureMode[]): string {
  const rows = modes.map(({ id, severity, title, demonstration }) => [
    id,
    severity,
    demonstration ? `${title} (faultline run ${demonstration.id})` : title,
  ]);
  return [
    table([['ID', 'SEVERITY', 'WHAT IT IS'], ...rows]),
    '',
    'faultline scenarios <id> says all about one; faultline run <id> causes it on a lab and proves the recovery.',
  ].join('\n');
}

/** One failure mode in full. */
export function modeText(mode: FailureMode): string {
  return [
    `${mode.title}  (${mode.id}, ${mode.severity})`,
    mode.summary,
    `From: ${mode.origin}`,
    ...section('Symptoms', bullets(mode.symptoms)),
    ...section('Alerts', rows(mode.alerts.map((alert) => [alert.name, alert.condition, `for ${alert.for}`]))),
    ...section(
      'Investigation',
      mode.investigation.flatMap(({ step, command, expect }, i) => [
        `${i + 1}. ${step}`,
        `   $ ${command}`,
        `   expect: ${expect}`,
      ]),
    ),
    ...section('Judged by', thresholdLines(mode.mode)),
    ...section('Root cause', bullets(mode.rootCause)),
    ...section('Fix', bullets(mode.fix)),
    ...section('Prevention', bullets(mode.prevention)),
    ...section('Confused with', rows(mode.confusedWith.map((other) => [other.id, other.tellApart]))),
    ...causeSections(mode),
    ...section('How recovery is proven', bullets(mode.recovery)),
  ].join('\n');
}

/** One failure mode as JSON: what it says, without its code. */
export function modeJson(mode: FailureMode) {
  const { mode: rule, causes, story, ...said } = mode;
  const [embedded] = formsOf(mode, 'embedded');
  const docker = formsOf(mode, 'docker');
  const swarm = experimentOf(mode);
  return {
    ...said,
    signature: {
      id: rule.id,
      forMs: rule.forMs,
      keepMs: rule.keepMs,
      minSamples: rule.minSamples,
      inputs: rule.inputs,
      thresholds: rule.thresholds,
      explains: rule.explains,
    },
    causes: {
      ...(embedded ? { embedded } : {}),
      ...(docker.length > 0 ? { docker } : {}),
      ...(swarm ? { swarm: { describe: swarm.describe, undo: swarm.undoDescribe } } : {}),
    },
    hasStory: story !== undefined,
  };
}

interface Form {
  /** `one-way`, where a failure has several forms. */
  readonly variant?: string;
  readonly describe: string;
  readonly undo: string;
}

/** In which forms a lab can be given this failure, the first one first. */
function formsOf({ causes }: FailureMode, lab: keyof FailureMode['causes']): readonly Form[] {
  const forms = lab === 'docker' ? (causes.docker ?? []) : causes.embedded ? [causes.embedded] : [];
  return forms.map((form) => ({
    ...('variant' in form && form.variant !== undefined ? { variant: form.variant } : {}),
    describe: form.describe,
    undo: form.undoDescribe,
  }));
}

/** How each lab causes it, or why none does. */
function causeSections(mode: FailureMode): readonly string[] {
  if (mode.notCaused !== undefined) return section('Why no lab causes it', [mode.notCaused]);
  return [
    ...section('How it is caused on the embedded lab', causeLines(formsOf(mode, 'embedded'))),
    ...section('How it is caused on the Docker lab', causeLines(formsOf(mode, 'docker'))),
    ...section('How it is caused on the Swarm lab', swarmLines(mode)),
  ];
}

function causeLines(forms: readonly Form[]): string[] {
  if (forms.length === 0) return ['it cannot be caused there yet'];
  return forms.flatMap(({ variant, describe, undo }) => [
    variant === undefined ? describe : `${variant}: ${describe}`,
    `undone by: ${undo}`,
  ]);
}

const experimentOf = ({ id }: FailureMode) => swarmExperiments.find((one) => one.id === id);

/** Three of the failures have a form on a Swarm service; of the others nothing is said there. */
function swarmLines(mode: FailureMode): string[] {
  const experiment = experimentOf(mode);
  return experiment ? [experiment.describe, `undone by: ${experiment.undoDescribe}`] : [];
}

const bullets = (lines: readonly string[]): string[] => lines.map((line) => `- ${line}`);

const rows = (cells: readonly (readonly string[])[]): string[] =>
  cells.length === 0 ? [] : table(cells).split('\n');

/** The figures a mode is judged by, with where each comes from: what a person needs to dispute one. */
function thresholdLines({ thresholds, forMs, keepMs, minSamples, inputs }: Mode): string[] {
  const wanted = inputs.map((input) => (typeof input === 'string' ? input : input.join(' or ')));
  const figures = Object.entries(thresholds).map(([name, one]) => [
    name,
    `${figureText(one)}: ${one.source}`,
  ]);
  return [
    ...rows([
      ['needs', wanted.join(', ') || 'nothing in particular'],
      [
        'named after',
        `${forMs / 1000} s of it, on ${minSamples} reading${minSamples === 1 ? '' : 's'} or more; dropped ${keepMs / 1000} s after it is gone`,
      ],
    ]),
    ...rows(figures),
  ];
}

function figureText(one: Threshold): string {
  const { windowMs, weight, against } = one;
  const bound = boundText(one);
  const parts = [
    ...(bound === '' ? [] : [bound]),
    ...(windowMs === undefined ? [] : [`over ${windowMs / 1000} s`]),
    ...(weight === undefined
      ? []
      : [`weighs ${weight}${against === undefined ? '' : `, ${against} against`}`]),
  ];
  return parts.join(', ') || 'in words';
}
