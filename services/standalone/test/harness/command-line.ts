// The parley command as a person uses it: a process with arguments, input, output and an exit code.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor, withoutSettings } from '@parley/testkit';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Settings = Readonly<Record<string, string>>;

/** A running command. */
export class Terminal {
  stdout = '';
  stderr = '';

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  static start(args: readonly string[], settings: Settings = {}): Terminal {
    const env = { ...withoutSettings(process.env), NODE_OPTIONS: '', ...settings };
    return new Terminal(
      spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], { env }),
    );
  }

  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  async shows(text: string): Promise<void> {
    await waitFor(() => this.stdout.includes(text), { what: `"${text}" in the terminal` });
  }

  end(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when the command has ended by itself. */
  async finished(): Promise<Finished> {
    await waitFor(() => this.child.exitCode !== null || this.child.signalCode !== null, {
      timeoutMs: 20_000,
    });
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

export const parley = (args: readonly string[], settings: Settings = {}): Promise<Finished> =>
  Terminal.start(args, settings).finished();
