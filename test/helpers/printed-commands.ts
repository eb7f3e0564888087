import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { failureModes } from '../../scenarios/index.js';

/** A command that the program can print for a person to type, as its source has it. */
export interface PrintedCommand {
  readonly command: string;
  readonly at: string;
}

/** A node of the syntax tree (ESTree), as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [part: string]: unknown;
}

/** What stands for a figure or a name that is known only when it is printed. */
const FILLED = '1';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Constructors and functions that take a command, and which of their arguments it is. */
const TAKES: Readonly<Record<string, number>> = { now: 1, Unavailable: 2, NamespaceError: 2, short: 3 };
/** Functions that give a command. */
const GIVES =
  /^(asRoot|commandOf|(ask|clients|limits|log|resume|ssh)Command|(start|status|restart|join)Word)$/;

/**
 * Every command that the failure modes give for their investigation, and all that stand in the source of the diagnosis,
 * of its modes, and of what says how to mend what is missing.
 */
export function printedCommands(): readonly PrintedCommand[] {
  const files = ['source', 'scenarios'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const inTexts = failureModes.flatMap(({ id, investigation }) =>
    investigation.map(({ command }) => ({ command, at: `scenarios/${id}/texts.ts:` })),
  );
  return [...inTexts, ...files.flatMap((file) => commandsIn(file, readFileSync(join(ROOT, file), 'utf8')))];
}

function commandsIn(file: string, text: string): PrintedCommand[] {
  const found: PrintedCommand[] = [];
  const take = (expression: Node | undefined): void => {
    for (const command of expression ? textsOf(expression) : [])
      found.push({ command, at: `${file}:${text.slice(0, expression?.start).split('\n').length}` });
  };
  const judges = /^(scenarios|source\/diagnosis)\//.test(file);
  const ofDocker = file.endsWith('/explain-failure.ts');
  each(parseAst(text, { lang: 'ts' }) as unknown as Node, (node) => {
    const { type } = node;
    const parts = (name: string) => (node[name] ?? []) as Node[];
    const part = (name: string) => node[name] as Node | undefined;
    const name = (part('id') ?? part('key') ?? part('callee'))?.name as string | undefined;
    if (type === 'Property') {
      if (name === 'mend' && !file.endsWith('/start-error.ts')) take(part('value'));
      if (name === 'command' && judges) take(part('value'));
    }
    if (type === 'CallExpression' || type === 'NewExpression') {
      const position = TAKES[name ?? ''];
      if (position !== undefined) take(parts('arguments')[position]);
    }
    if (type === 'ArrayExpression' && ofDocker && parts('elements').length === 3) take(parts('elements')[2]);
    if (name !== undefined && GIVES.test(name)) {
      const made = type === 'VariableDeclarator' ? part('init') : node;
      if (made && /Function/.test(made.type)) for (const one of resultsOf(made)) take(one);
    }
  });
  return found;
}

/** Every node below one, itself first; `into` says which are gone into. */
function each(node: Node, visit: (node: Node) => void, into: (node: Node) => boolean = () => true): void {
  visit(node);
  for (const part of Object.values(node))
    for (const child of Array.isArray(part) ? part : [part])
      if (child !== null && typeof child === 'object' && 'type' in child && into(child))
        each(child, visit, into);
}

/** What a function can give back. */
function resultsOf({ body }: Node): Node[] {
  const made = body as Node;
  if (made.type !== 'BlockStatement') return [made];
  const found: Node[] = [];
  each(
    made,
    (node) => {
      if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument as Node);
    },
    (node) => !/Function/.test(node.type),
  );
  return found;
}

/** Texts that an expression may come to; what is looked up elsewhere is not followed. */
function textsOf(node: Node): string[] {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral': {
      const [first, ...rest] = (node.quasis as Node[]).map(
        ({ value }) => (value as { cooked: string }).cooked,
      );
      let all = [first ?? ''];
      for (const [i, expression] of (node.expressions as Node[]).entries()) {
        const inner = expression.type === 'ConditionalExpression' ? textsOf(expression) : [];
        const fillings = inner.length > 0 ? inner : [FILLED];
        all = all.flatMap((before) => fillings.map((filling) => before + filling + (rest[i] ?? '')));
      }
      return all;
    }
    case 'ConditionalExpression':
      return [...textsOf(node.consequent as Node), ...textsOf(node.alternate as Node)];
    case 'LogicalExpression':
      return [...textsOf(node.left as Node), ...textsOf(node.right as Node)];
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return textsOf(node.expression as Node);
    default:
      return [];
  }
}
