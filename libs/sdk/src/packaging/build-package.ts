// Makes the directory that is published: one bundle without dependencies, its minified
// twin, and the declarations that the public ones reach. Run by `pnpm run build:package`; an argument is another directory.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

export interface BundleSize {
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

const SDK = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const DECLARATIONS = join(SDK, 'dist');
const require = createRequire(import.meta.url);

/** Browsers of 2020 and newer: the protobuf runtime needs bigint. */
const TARGET = 'es2020';

/** @returns the sizes of the bundles. The directory is made anew. */
export async function buildPackage(into: string): Promise<BundleSize[]> {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  await bundle(join(into, 'parley-sdk.js'), false);
  await bundle(join(into, 'parley-sdk.min.js'), true);
  buildDeclarations();
  copyDeclarations(join(into, 'types'));
  copyTexts(into);
  writeManifest(into);
  return ['parley-sdk.js', 'parley-sdk.min.js'].map((file) => sizeOf(into, file));
}

async function bundle(outfile: string, minify: boolean): Promise<void> {
  await build({
    entryPoints: [join(SDK, 'src/index.ts')],
    ...{ outfile, minify, bundle: true, format: 'esm', target: TARGET },
    // Fails for anything that only Node has.
    platform: 'browser',
    conditions: ['source'],
    legalComments: 'eof',
    logLevel: 'warning',
  });
}

function buildDeclarations(): void {
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-b', SDK], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Follows the imports of the public declarations. @throws Error when one leads out of the package. */
function copyDeclarations(into: string): void {
  const queue = ['index.d.ts'];
  const seen = new Set(queue);
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const text = readFileSync(join(DECLARATIONS, file), 'utf8');
    for (const [, target = ''] of text.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
      if (!target.startsWith('.')) throw new Error(`${file} needs the types of ${target}`);
      const next = relative(
        DECLARATIONS,
        join(DECLARATIONS, dirname(file), target.replace(/\.js$/, '.d.ts')),
      );
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
    mkdirSync(dirname(join(into, file)), { recursive: true });
    writeFileSync(join(into, file), text);
  }
}

/** The bundle holds the protobuf runtime, so its licence goes along. */
function copyTexts(into: string): void {
  copyFileSync(join(SDK, 'README.md'), join(into, 'README.md'));
  const ours = join(SDK, '..', '..', 'LICENSE');
  if (existsSync(ours)) copyFileSync(ours, join(into, 'LICENSE'));
  const runtime = join(SDK, 'node_modules/@bufbuild/protobuf');
  const { version, license } = readJson(join(runtime, 'package.json'));
  // Its BSD part asks for its notice; it stands at the head of the files it covers.
  const notice = /^(?:\/\/.*\n)+/.exec(readFileSync(join(runtime, 'dist/esm/wire/varint.js'), 'utf8'))?.[0];
  if (notice === undefined) throw new Error('the notice of the protobuf runtime is not where it was');
  writeFileSync(
    join(into, 'THIRD-PARTY.md'),
    [
      `This package contains code of @bufbuild/protobuf ${version} (${license}),`,
      'https://github.com/bufbuild/protobuf-es, of which parts come with this notice:\n',
      notice.replace(/^\/\/ ?/gm, ''),
    ].join('\n'),
  );
}

function writeManifest(into: string): void {
  const { name, version, description, license, keywords } = readJson(join(SDK, 'package.json'));
  const manifest = {
    ...{ name, version, description, license, keywords },
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { types: './types/index.d.ts', default: './parley-sdk.js' },
      './min': { types: './types/index.d.ts', default: './parley-sdk.min.js' },
    },
  };
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

const readJson = (file: string): Readonly<Record<string, unknown>> => JSON.parse(readFileSync(file, 'utf8'));

function sizeOf(directory: string, file: string): BundleSize {
  const content = readFileSync(join(directory, file));
  return { file, bytes: content.length, gzipBytes: gzipSync(content).length };
}

if (import.meta.main) {
  const sizes = await buildPackage(process.argv[2] ?? join(SDK, 'package'));
  for (const { file, bytes, gzipBytes } of sizes) {
    console.log(`${file}: ${bytes} bytes, ${gzipBytes} with gzip`);
  }
}
