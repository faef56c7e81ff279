#!/usr/bin/env node
// The first thing is the Node version: an old one cannot even load what follows.
const NODE_MIN = [22, 15] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  process.stderr.write(
    `parley: Node ${process.versions.node} is too old; install ${NODE_MIN.join('.')} or newer\n`,
  );
  process.exit(4);
}

const { run } = await import('./program.js');
process.exit(await run(process.argv.slice(2)));
