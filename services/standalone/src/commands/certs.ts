// `parley certs`: certificates of the processes among one another.
import type { Command } from 'commander';
import { writeDevCertificates } from '../node/dev-certificates.js';
import { toPositiveInteger } from './numbers.js';

interface DevOptions {
  readonly out: string;
  readonly name: string[];
  readonly days: number;
}

export function addCerts(program: Command): void {
  const certs = program.command('certs').description('certificates of the processes among one another');
  certs
    .command('dev')
    .description('make an authority and a certificate for development; prints the settings that use them')
    .option('--out <directory>', 'where the files go', './data/certs')
    .option('--name <name...>', 'names and addresses that the processes are reached by', [
      'localhost',
      '127.0.0.1',
    ])
    .option('--days <n>', 'how long they are valid', toPositiveInteger, 90)
    .action(async ({ out, name, days }: DevOptions) => {
      const { ca, certificate, key } = await writeDevCertificates(out, name, days);
      process.stdout.write(
        `PARLEY_RPC_TLS_CA_FILE=${ca}\nPARLEY_RPC_TLS_CERT_FILE=${certificate}\nPARLEY_RPC_TLS_KEY_FILE=${key}\n`,
      );
    });
}
