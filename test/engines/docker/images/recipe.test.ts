import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recipeOf, stagesOf } from '../../../../source/engines/docker/images/recipe.js';

const DOCKERFILE = `ARG BASE=debian
# What tests read.
FROM \${BASE} AS toolbox
RUN one

# What tests run.
FROM toolbox AS lab
COPY lab /lab
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-recipe-'));
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
  mkdirSync(join(folder, 'lab/deep'), { recursive: true });
  writeFileSync(join(folder, 'lab/app.py'), 'print(1)\n');
  writeFileSync(join(folder, 'lab/deep/nginx.conf'), 'events {}\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tags = (): readonly string[] => [recipeOf('toolbox', folder).tag, recipeOf('lab', folder).tag];

describe('the tag of an image', () => {
  test('is the same for the same files, wherever they are and whenever they were written', () => {
    const copy = mkdtempSync(join(tmpdir(), 'faultline-recipe-'));
    cpSync(folder, copy, { recursive: true });
    expect(recipeOf('lab', copy).tag).toBe(recipeOf('lab', folder).tag);
    rmSync(copy, { recursive: true });
  });

  test('changes with a program of the lab, and the toolbox stays', () => {
    const [toolbox, lab] = tags();
    appendFileSync(join(folder, 'lab/deep/nginx.conf'), '# more\n');
    expect(tags()[0]).toBe(toolbox);
    expect(tags()[1]).not.toBe(lab);
  });

  test('of both changes with the stage that both stand on', () => {
    const [toolbox, lab] = tags();
    writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE.replace('RUN one', 'RUN two'));
    expect(tags()[0]).not.toBe(toolbox);
    expect(tags()[1]).not.toBe(lab);
  });

  test('takes no notice of comments, nor of what an interpreter leaves beside a program', () => {
    const before = tags();
    writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE.replace('What tests run', 'What they run'));
    mkdirSync(join(folder, 'lab/__pycache__'));
    writeFileSync(join(folder, 'lab/__pycache__/app.cpython-311.pyc'), 'x');
    expect(tags()).toEqual(before);
  });

  test('is a name that Docker takes', () => {
    for (const tag of tags()) expect(tag).toMatch(/^faultline\/(toolbox|lab):[0-9a-f]{12}$/);
  });
});

test('an image is sent the files of its own stages only', () => {
  expect(recipeOf('toolbox', folder).files).toEqual(['Dockerfile']);
  expect(recipeOf('lab', folder).files).toEqual(['Dockerfile', 'lab/app.py', 'lab/deep/nginx.conf']);
});

test('a stage that is not there is an error, not an empty image', () => {
  expect(() => stagesOf('FROM debian AS toolbox\n', 'lab')).toThrow('no stage "lab"');
});

test('what the product ships can be made', () => {
  expect(recipeOf('toolbox').files).toContain('Dockerfile');
});
