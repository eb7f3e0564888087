import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Recipe, recipeOf } from '../../../../source/engines/docker/images/recipe.js';
import { toolboxRecipe } from '../../../../source/engines/docker/images/toolbox-image.js';
import { labRecipe } from '../../../../source/labs/images/lab-image.js';

const TOOLBOX = `# What tests read.
ARG BASE=debian
FROM \${BASE}
RUN one
`;
const LAB = `# What tests run.
ARG BASE
FROM \${BASE}
COPY programs /lab
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-recipe-'));
  mkdirSync(join(folder, 'toolbox'));
  mkdirSync(join(folder, 'lab/programs/deep'), { recursive: true });
  writeFileSync(join(folder, 'toolbox/Dockerfile'), TOOLBOX);
  writeFileSync(join(folder, 'lab/Dockerfile'), LAB);
  writeFileSync(join(folder, 'lab/programs/app.py'), 'print(1)\n');
  writeFileSync(join(folder, 'lab/programs/deep/nginx.conf'), 'events {}\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const toolboxIn = (place: string): Recipe => recipeOf('toolbox', join(place, 'toolbox'));
const labIn = (place: string): Recipe => recipeOf('lab', join(place, 'lab'), toolboxIn(place));
const tags = (): readonly string[] => [toolboxIn(folder).tag, labIn(folder).tag];

describe('the tag of an image', () => {
  test('is the same for the same files, wherever they are and whenever they were written', () => {
    const copy = mkdtempSync(join(tmpdir(), 'faultline-recipe-'));
    cpSync(folder, copy, { recursive: true });
    expect(labIn(copy).tag).toBe(labIn(folder).tag);
    rmSync(copy, { recursive: true });
  });

  test('changes with a program of the lab, and the toolbox stays', () => {
    const [toolbox, lab] = tags();
    appendFileSync(join(folder, 'lab/programs/deep/nginx.conf'), '# more\n');
    expect(tags()[0]).toBe(toolbox);
    expect(tags()[1]).not.toBe(lab);
  });

  test('of both changes with the image that both stand on', () => {
    const [toolbox, lab] = tags();
    writeFileSync(join(folder, 'toolbox/Dockerfile'), TOOLBOX.replace('RUN one', 'RUN two'));
    expect(tags()[0]).not.toBe(toolbox);
    expect(tags()[1]).not.toBe(lab);
  });

  test('takes no notice of comments, nor of what an interpreter leaves beside a program', () => {
    const before = tags();
    writeFileSync(join(folder, 'lab/Dockerfile'), LAB.replace('What tests run', 'What they run'));
    mkdirSync(join(folder, 'lab/programs/__pycache__'));
    writeFileSync(join(folder, 'lab/programs/__pycache__/app.cpython-311.pyc'), 'x');
    expect(tags()).toEqual(before);
  });

  test('is a name that Docker takes', () => {
    for (const tag of tags()) expect(tag).toMatch(/^faultline\/(toolbox|lab):[0-9a-f]{12}$/);
  });
});

test('an image is sent the files of its own folder only', () => {
  expect(toolboxIn(folder).files).toEqual(['Dockerfile']);
  expect(labIn(folder).files).toEqual(['Dockerfile', 'programs/app.py', 'programs/deep/nginx.conf']);
});

test('a recipe that is not there is an error, not an empty image', () => {
  expect(() => recipeOf('lab', join(folder, 'nowhere'))).toThrow('nowhere');
});

test('what the product ships can be made, the lab on the toolbox', () => {
  expect(toolboxRecipe().files).toEqual(['Dockerfile']);
  expect(labRecipe().files).toContain('programs/app/todo_app.py');
  expect(labRecipe().standsOn).toEqual(toolboxRecipe());
});
