// Opens the database of a directory and prints how that went; with `hold` it keeps it until it is killed.
import { writeSync } from 'node:fs';
import { openEmbeddedDatabase } from '../index.js';

const [dir = '', hold] = process.argv.slice(2);
try {
  const database = await openEmbeddedDatabase({ dir });
  writeSync(1, 'opened\n');
  if (hold) setInterval(() => undefined, 1_000);
  else await database.close();
} catch (thrown) {
  writeSync(1, `${thrown instanceof Error ? thrown.message : thrown}\n`);
}
