// Writes numbered keys as fast as it can and prints each number once it is acknowledged.
// Arguments: directory, first number. Ends after the first failure, which it prints; before that it shows
// that the database goes on.
import { writeSync } from 'node:fs';
import { openEmbeddedDatabase } from '../index.js';

const [dir = '', first = '0'] = process.argv.slice(2);
const WRITERS = 32;
const value = Buffer.alloc(400, 7);

const database = await openEmbeddedDatabase({ dir });
const space = await database.space('numbers');
let next = Number(first);

async function write(): Promise<void> {
  for (;;) {
    const number = next++;
    const key = Buffer.alloc(8);
    // Two writes that must come together: the number, and its copy at the other end of the key space.
    key.writeUInt32BE(number, 4);
    const copy = Buffer.concat([Buffer.of(0xff), key]);
    await database.transact((transaction) => {
      transaction.put(space, key, value);
      transaction.put(space, copy, value);
    });
    // Synchronous: what is printed must be what was acknowledged when the process is killed.
    writeSync(1, `${number}\n`);
  }
}

try {
  await Promise.all(Array.from({ length: WRITERS }, write));
} catch (thrown) {
  writeSync(1, `${thrown instanceof Error ? thrown.message : thrown}\n`);
  const key = Buffer.of(0xfe);
  await space.put(key, key);
  await space.put(key, Buffer.from('went on'));
  writeSync(1, `${space.get(key)}\n`);
  await database.close();
}
