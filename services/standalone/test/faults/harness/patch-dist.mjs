// Loaded into server processes of the fault suite, before everything else: changes built modules while they
// are read. The files themselves are not touched. FAULT_PATCHES holds the patches as JSON (patches.ts).
import { registerHooks } from 'node:module';

const patches = JSON.parse(process.env.FAULT_PATCHES ?? '[]');

function patched(source, { file, find, replace }) {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new Error(`the patch of ${file} fits ${pieces.length - 1} times, not once: ${find}`);
  }
  process.stderr.write(`${JSON.stringify({ level: 'info', event: 'patched', file })}\n`);
  return pieces.join(replace);
}

registerHooks({
  load(url, context, nextLoad) {
    const own = patches.filter(({ file }) => url.endsWith(`/${file}`));
    const loaded = nextLoad(url, context);
    if (own.length === 0) return loaded;
    const source = own.reduce(patched, Buffer.from(loaded.source).toString());
    return { ...loaded, source };
  },
});

// For patches that stop the process at a place of their choice: armed by a signal, good for one stop.
let isArmed = false;
process.on('SIGUSR2', () => {
  isArmed = true;
});
globalThis.stopHereIfArmed = () => {
  if (!isArmed) return;
  isArmed = false;
  process.kill(process.pid, 'SIGSTOP');
};
