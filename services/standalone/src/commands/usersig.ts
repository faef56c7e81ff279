// `parley usersig`: tickets are made, checked and explained; nothing of it asks a server.
import { isUserId } from '@parley/kernel';
import {
  createEcdsaUserSig,
  createUserSig,
  decodeRoomTicket,
  isPublicKeyText,
  parseUserSig,
  verifyUserSig,
} from '@parley/usersig';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { authSettings, bootstrapKey } from '../node/auth-settings.js';
import { loadConfig } from '../node/settings.js';
import { keyFrom } from './key-file.js';
import { toPositiveInteger } from './numbers.js';

export const EXPIRE_SECONDS_DEFAULT = 7 * 86_400;

interface KeyOptions {
  readonly app?: number;
  readonly keyFile?: string;
  readonly config?: string;
}

interface UserSigOptions extends KeyOptions {
  readonly user: string;
  readonly expire: number;
}

export function addUserSig(program: Command): void {
  const usersig = program
    .command('usersig')
    .description('make a UserSig')
    .option('--user <id>', 'UserID')
    .option('--app <id>', 'SDKAppID (default: the bootstrap app)', toPositiveInteger)
    .option('--expire <seconds>', 'how long it is valid', toPositiveInteger, EXPIRE_SECONDS_DEFAULT)
    .option(
      '--key-file <file>',
      'file with the app’s key, or with an EC private key (default: the bootstrap app’s)',
    )
    .option('--config <file>', 'YAML file with settings')
    .action((options: Omit<UserSigOptions, 'user'> & { readonly user?: string }) => {
      const { user } = options;
      if (user === undefined) throw new CommandError('--user is missing', ExitCode.USAGE);
      process.stdout.write(`${makeUserSig({ ...options, user })}\n`);
    });
  usersig
    .command('verify <usersig>')
    .description('say whether a UserSig is good, as a server with this key would')
    .action((text: string, _options: unknown, command: Command) => {
      process.stdout.write(`${checkUserSig(text, command.optsWithGlobals<Partial<UserSigOptions>>())}\n`);
    });
  usersig
    .command('explain <usersig>')
    .description('show what a UserSig says, without checking its signature')
    .action((text: string) => {
      process.stdout.write(explainUserSig(text, Date.now() / 1000));
    });
}

/** @throws CommandError when there is no key. */
export function makeUserSig(options: UserSigOptions): string {
  if (!isUserId(options.user)) {
    throw new CommandError('--user: a UserID has 1 to 32 bytes of printable ASCII', ExitCode.USAGE);
  }
  const { appId, key } = keyOf(options);
  const make = isPublicKeyText(key) ? createEcdsaUserSig : createUserSig;
  return make({ sdkAppId: appId, userId: options.user, key, expireSeconds: options.expire });
}

/** @throws CommandError with the public code when it is not good. */
function checkUserSig(text: string, options: Partial<UserSigOptions>): string {
  const { appId, key } = keyOf(options);
  const parsed = parseUserSig(text);
  const userId = options.user ?? (parsed.kind === 'invalid' ? '' : parsed.userId);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const verdict = verifyUserSig({ text, sdkAppId: appId, userId, keys: [key], nowSeconds });
  if (verdict.kind === 'invalid')
    throw new CommandError(`${verdict.code}: ${verdict.info}`, ExitCode.FAILURE);
  return `valid for ${userId} of app ${appId} until ${toTime(verdict.expiresAtS)}`;
}

/** @throws CommandError with the public code when it cannot be parsed. */
export function explainUserSig(text: string, nowSeconds: number): string {
  const parsed = parseUserSig(text);
  if (parsed.kind === 'invalid') throw new CommandError(`${parsed.code}: ${parsed.info}`, ExitCode.FAILURE);
  const { kind, userId, sdkAppId, issuedAtS, expiresAtS, userbuf } = parsed;
  const lines: [string, string][] = [
    ['Scheme', kind === 'hmac' ? 'HMAC-SHA256 (TLS.ver 2.0)' : 'ECDSA-SHA256 (older apps)'],
    ['UserID', userId],
    ['SDKAppID', `${sdkAppId}`],
    ['Issued', toTime(issuedAtS)],
    ['Expires', `${toTime(expiresAtS)}${expiresAtS <= nowSeconds ? ' (expired)' : ''}`],
  ];
  if (userbuf !== undefined) lines.push(['Userbuf', userbufText(userbuf)]);
  return lines.map(([name, value]) => `${name.padEnd(10)}${value}\n`).join('');
}

function userbufText(userbuf: Uint8Array): string {
  const room = decodeRoomTicket(userbuf);
  if (room === undefined) return `${userbuf.length} bytes: ${Buffer.from(userbuf).toString('hex')}`;
  return `room ticket ${JSON.stringify(room)}`;
}

/** Times beyond what a date holds are given as they are. */
function toTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString();
}

function keyOf(options: KeyOptions): { readonly appId: number; readonly key: string } {
  const config = loadConfig(options.config);
  const { appId } = authSettings(config);
  if (options.app !== undefined && options.app !== appId && !options.keyFile) {
    throw new CommandError(
      `app ${options.app} is not the bootstrap app; name its key with --key-file`,
      ExitCode.USAGE,
    );
  }
  const key = options.keyFile ? keyFrom(options.keyFile, '--key-file') : bootstrapKey(config);
  return { appId: options.app ?? appId, key };
}
