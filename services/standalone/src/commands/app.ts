// `parley app`: apps and their keys, through the admin port of a running server.
import { authConfig } from '@parley/auth';
import { authv1 } from '@parley/proto';
import { engineConfig } from '@parley/runtime';
import { isPublicKeyText } from '@parley/usersig';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { authSettings } from '../node/auth-settings.js';
import { bootstrapKeyPath, replaceSecretFile } from '../node/secret-files.js';
import { loadConfig } from '../node/settings.js';
import { callOperator } from './call-operator.js';
import { keyFrom } from './key-file.js';
import { toPositiveInteger, toWholeNumber } from './numbers.js';

const { AppService } = authv1;

const POLICIES = {
  single: authv1.LoginPolicy.SINGLE,
  dual: authv1.LoginPolicy.DUAL,
  triple: authv1.LoginPolicy.TRIPLE,
  multi: authv1.LoginPolicy.MULTI,
} as const;

interface CreateOptions {
  readonly id?: number;
  readonly name: string;
  readonly admin: string[];
  readonly loginPolicy: string;
  readonly webInstances: number;
  readonly nativeDevices: number;
  readonly requireImport?: boolean;
}

interface SetOptions {
  readonly app: number;
  readonly name?: string;
  readonly admin?: string[];
  readonly loginPolicy?: string;
  readonly webInstances?: number;
  readonly nativeDevices?: number;
  readonly requireImport?: boolean;
}

export function addApp(program: Command): void {
  const app = program.command('app').description('apps and their keys, on the running server');
  app
    .command('create')
    .description('create an app; prints its SDKAppID and its key, which is shown only once')
    .option('--id <id>', 'SDKAppID (default: chosen by the server)', toPositiveInteger)
    .option('--name <text>', 'a name for people', '')
    .option('--admin <id...>', 'UserIDs of its admins', ['administrator'])
    .option('--login-policy <name>', `one of ${Object.keys(POLICIES).join(', ')}`, 'dual')
    .option('--web-instances <n>', 'web logins of one user at once, 1-10', toPositiveInteger, 1)
    .option('--native-devices <n>', 'devices of one native platform at once, 1-3', toPositiveInteger, 1)
    .option('--require-import', 'refuse the first login of users that were not imported')
    .action(createApp);
  app
    .command('set')
    .description(
      'change settings of an app; what is not named stays. In force at once, everywhere within 30 s',
    )
    .requiredOption('--app <id>', 'SDKAppID', toPositiveInteger)
    .option('--name <text>', 'a name for people')
    .option('--admin <id...>', 'UserIDs of its admins, all of them')
    .option('--login-policy <name>', `one of ${Object.keys(POLICIES).join(', ')}`)
    .option('--web-instances <n>', 'web logins of one user at once, 1-10', toPositiveInteger)
    .option('--native-devices <n>', 'devices of one native platform at once, 1-3', toPositiveInteger)
    .option('--require-import', 'refuse the first login of users that were not imported')
    .option('--no-require-import', 'a first login with a valid UserSig makes the account')
    .action(changeApp);
  app.command('list').description('list the apps').action(listApps);
  const key = app.command('key').description('keys of an app');
  key
    .command('rotate')
    .description('make a new key; prints it, once')
    .requiredOption('--app <id>', 'SDKAppID', toPositiveInteger)
    .option('--overlap <seconds>', 'how long the old keys stay valid; 0 ends them now', toWholeNumber, 86_400)
    .option(
      '--secret-file <file>',
      'the new key: any text, or the PEM of an EC public key for the older scheme',
    )
    .action(rotateKey);
}

async function createApp(options: CreateOptions): Promise<void> {
  const loginPolicy = policyOf(options.loginPolicy);
  const { app } = await callOperator(AppService.method.createApp, {
    appId: options.id ?? 0,
    name: options.name,
    admins: options.admin,
    settings: {
      loginPolicy,
      webInstancesMax: options.webInstances,
      nativeDevicesMax: options.nativeDevices,
      requiresImport: options.requireImport ?? false,
    },
  });
  process.stdout.write(
    `SDKAppID  ${app?.appId}\nKey       ${app?.keys[0]?.secret}\nAdmins    ${app?.admins.join(', ')}\n`,
  );
}

async function changeApp(options: SetOptions): Promise<void> {
  const { app } = await callOperator(AppService.method.changeApp, {
    appId: options.app,
    admins: options.admin ?? [],
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.loginPolicy === undefined ? {} : { loginPolicy: policyOf(options.loginPolicy) }),
    ...(options.webInstances === undefined ? {} : { webInstancesMax: options.webInstances }),
    ...(options.nativeDevices === undefined ? {} : { nativeDevicesMax: options.nativeDevices }),
    ...(options.requireImport === undefined ? {} : { requiresImport: options.requireImport }),
  });
  process.stdout.write(`${app?.appId}\t${app?.name}\t${settingsText(app?.settings)}\n`);
}

/** @throws CommandError for a name that is none. */
function policyOf(name: string): authv1.LoginPolicy {
  const policy = POLICIES[name as keyof typeof POLICIES];
  if (policy !== undefined) return policy;
  throw new CommandError(
    `no login policy "${name}"; use ${Object.keys(POLICIES).join(', ')}`,
    ExitCode.USAGE,
  );
}

function settingsText(settings: authv1.AppSettings | undefined): string {
  const policy = Object.entries(POLICIES).find(([, value]) => value === settings?.loginPolicy)?.[0] ?? 'dual';
  const imported = settings?.requiresImport ? ', import first' : '';
  return `${policy}, web ${settings?.webInstancesMax || 1}, native ${settings?.nativeDevicesMax || 1}${imported}`;
}

async function listApps(): Promise<void> {
  const { apps } = await callOperator(AppService.method.listApps, {});
  for (const app of apps) {
    const created = new Date(Number(app.createdAtMs)).toISOString();
    process.stdout.write(
      `${app.appId}\t${app.name}\t${app.keys.length} key(s)\tadmins: ${app.admins.join(', ')}\t${settingsText(app.settings)}\t${created}\n`,
    );
  }
}

async function rotateKey(options: { app: number; overlap: number; secretFile?: string }): Promise<void> {
  const { key } = await callOperator(AppService.method.rotateAppKey, {
    appId: options.app,
    overlapS: options.overlap,
    secret: options.secretFile === undefined ? '' : keyFrom(options.secretFile, '--secret-file'),
  });
  const secret = key?.secret ?? '';
  process.stdout.write(`Key  ${secret}\n`);
  const config = loadConfig();
  const { appId, isKeyConfigured } = authSettings(config);
  if (options.app !== appId || isPublicKeyText(secret)) return;
  if (isKeyConfigured) {
    process.stdout.write(
      `Put it into ${authConfig.fields.bootstrapAppKey.env} before the next start: a start adds the key that is there\n`,
    );
    return;
  }
  const path = bootstrapKeyPath(config.of(engineConfig).dataDir);
  replaceSecretFile(path, secret);
  process.stdout.write(`It is in ${path}, too\n`);
}
