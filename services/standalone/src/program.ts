// The `parley` command: every subcommand, and how it ends.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addAccount } from './commands/account.js';
import { addApp } from './commands/app.js';
import { addBench } from './commands/bench.js';
import { addCerts } from './commands/certs.js';
import { addChat } from './commands/chat.js';
import { addConfigCommands } from './commands/config.js';
import { addDoctor } from './commands/doctor.js';
import { addMigrate } from './commands/migrate.js';
import { addServe } from './commands/serve.js';
import { addUserSig } from './commands/usersig.js';
import { CommandError, ExitCode } from './exit-code.js';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 wrong settings, 4 the machine does not allow it.
Settings: docs/config.md, or "parley print-config".`;

export function createProgram(): Command {
  const version = packageVersion();
  const program = new Command('parley')
    .description('Self-hosted instant messaging that speaks the borders of Tencent Cloud Chat')
    .version(version, '--version')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(toOneLine(text)) });
  program
    .command('version')
    .description('print the version')
    .action(() => void process.stdout.write(`${version}\n`));
  addServe(program);
  addMigrate(program);
  addConfigCommands(program);
  addApp(program);
  addAccount(program);
  addCerts(program);
  addUserSig(program);
  addChat(program);
  addBench(program);
  addDoctor(program);
  return program;
}

/** Commander's complaint as one line that also says where the right spelling is. */
const toOneLine = (text: string): string =>
  `parley: ${text
    .trim()
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')}; --help shows what there is\n`;

/** Runs the command line and answers the exit code; failures are one line on stderr. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
    return ExitCode.OK;
  } catch (thrown) {
    // Commander printed its own line, or the help that was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    if (thrown instanceof CommandError) {
      for (const line of thrown.message.split('\n')) process.stderr.write(`parley: ${line}\n`);
      return thrown.exitCode;
    }
    process.stderr.write(
      `parley: unexpected failure: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}\n`,
    );
    return ExitCode.FAILURE;
  }
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
