// The image's recipe, as instructions.
import { readFileSync } from 'node:fs';

/** Continued lines joined, comments left out. */
const lines = readFileSync(new URL('../deploy/Dockerfile', import.meta.url), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n');

/** The arguments of every instruction of that name, in order. */
export const argsOf = (name: string): readonly string[] =>
  lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
