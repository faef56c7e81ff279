// Whether the committed contracts are what the generator writes today.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GENERATED = 'libs/proto/src/gen';

/**
 * Generates into a temporary folder and compares.
 * @param {string} root the repository
 * @returns {string[]} one line per difference
 */
export function compareGeneratedCode(root) {
  const fresh = mkdtempSync(join(tmpdir(), 'parley-generated-'));
  try {
    const { status, stderr } = spawnSync('buf', ['generate', '-o', fresh], { cwd: root, encoding: 'utf8' });
    if (status !== 0) return [`buf generate failed: ${stderr}`];
    return differences(join(root, GENERATED), join(fresh, GENERATED));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function differences(committed, fresh) {
  const names = new Set([...filesIn(committed), ...filesIn(fresh)]);
  return [...names].sort().flatMap((name) => {
    if (!existsSync(join(committed, name))) return [`${GENERATED}/${name} is missing: run \`make generate\``];
    if (!existsSync(join(fresh, name)))
      return [`${GENERATED}/${name} has no contract any more: run \`make generate\``];
    const isSame = readFileSync(join(committed, name)).equals(readFileSync(join(fresh, name)));
    return isSame ? [] : [`${GENERATED}/${name} is out of date: run \`make generate\``];
  });
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
