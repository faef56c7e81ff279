// `parley app`: apps and their keys, through the admin port of a running server.
import {
  create,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf';
import { authConfig } from '@parley/auth';
import { authv1 } from '@parley/proto';
import { engineConfig } from '@parley/runtime';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { authSettings } from '../node/auth-settings.js';
import { adminUrl } from '../node/doors.js';
import {
  bootstrapKeyPath,
  operatorTokenPath,
  readSecretFile,
  replaceSecretFile,
} from '../node/secret-files.js';
import { loadConfig } from '../node/settings.js';
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
    .option('--require-import', 'refuse the first login of users that were not imported')
    .action(createApp);
  app.command('list').description('list the apps').action(listApps);
  const key = app.command('key').description('keys of an app');
  key
    .command('rotate')
    .description('make a new key; prints it, once')
    .requiredOption('--app <id>', 'SDKAppID', toPositiveInteger)
    .option('--overlap <seconds>', 'how long the old keys stay valid; 0 ends them now', toWholeNumber, 86_400)
    .action(rotateKey);
}

async function createApp(options: CreateOptions): Promise<void> {
  const loginPolicy = POLICIES[options.loginPolicy as keyof typeof POLICIES];
  if (loginPolicy === undefined) {
    throw new CommandError(
      `no login policy "${options.loginPolicy}"; use ${Object.keys(POLICIES).join(', ')}`,
      ExitCode.USAGE,
    );
  }
  const { app } = await callOperator(AppService.method.createApp, {
    appId: options.id ?? 0,
    name: options.name,
    admins: options.admin,
    settings: {
      loginPolicy,
      webInstancesMax: options.webInstances,
      requiresImport: options.requireImport ?? false,
    },
  });
  process.stdout.write(
    `SDKAppID  ${app?.appId}\nKey       ${app?.keys[0]?.secret}\nAdmins    ${app?.admins.join(', ')}\n`,
  );
}

async function listApps(): Promise<void> {
  const { apps } = await callOperator(AppService.method.listApps, {});
  for (const app of apps) {
    const created = new Date(Number(app.createdAtMs)).toISOString();
    process.stdout.write(
      `${app.appId}\t${app.name}\t${app.keys.length} key(s)\tadmins: ${app.admins.join(', ')}\t${created}\n`,
    );
  }
}

async function rotateKey(options: { app: number; overlap: number }): Promise<void> {
  const { key } = await callOperator(AppService.method.rotateAppKey, {
    appId: options.app,
    overlapS: options.overlap,
  });
  const secret = key?.secret ?? '';
  process.stdout.write(`Key  ${secret}\n`);
  const config = loadConfig();
  const { appId, isKeyConfigured } = authSettings(config);
  if (options.app !== appId) return;
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

/** @throws CommandError when no server answers or it refuses. */
async function callOperator<M extends DescMethodUnary>(
  method: M,
  request: MessageInitShape<M['input']>,
): Promise<MessageShape<M['output']>> {
  const config = loadConfig();
  const url = `${adminUrl(config)}/v1/operator/${method.parent.name}/${method.name}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorToken(config.of(engineConfig).dataDir)}` },
    body: JSON.stringify(toJson(method.input, create(method.input, request))),
  }).catch((cause: unknown) => {
    throw new CommandError(
      `no server answers at ${url}; start it with "parley serve"`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  });
  const answer = await response.json().then(
    (body) => body as JsonObject,
    (cause: unknown) => {
      throw new CommandError(
        `what answers at ${url} is no Parley; set PARLEY_ADMIN_PORT to the server’s`,
        ExitCode.ENVIRONMENT,
        { cause },
      );
    },
  );
  if (!response.ok) throw new CommandError(`${answer.code}: ${answer.info}`, ExitCode.FAILURE);
  return fromJson(method.output, answer) as MessageShape<M['output']>;
}

function operatorToken(dataDir: string): string {
  const path = operatorTokenPath(dataDir);
  try {
    return readSecretFile(path);
  } catch (cause) {
    throw new CommandError(
      `no operator token at ${path}; set PARLEY_DATA_DIR to the server’s`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  }
}
