// `parley account`: what an operator may do to one account of a running server.
import { authv1 } from '@parley/proto';
import type { Command } from 'commander';
import { callOperator } from './call-operator.js';
import { toPositiveInteger } from './numbers.js';

interface AccountOptions {
  readonly app: number;
  readonly user: string;
}

export function addAccount(program: Command): void {
  const account = program.command('account').description('accounts, on the running server');
  const act = (name: string, description: string, blocked: boolean): void => {
    account
      .command(name)
      .description(description)
      .requiredOption('--app <id>', 'SDKAppID', toPositiveInteger)
      .requiredOption('--user <id>', 'UserID')
      .action(async ({ app: appId, user: userId }: AccountOptions) => {
        await callOperator(authv1.AppService.method.blockAccount, { appId, userId, blocked });
      });
  };
  act('block', 'end the logins of an account and refuse it with 70051', true);
  act('unblock', 'let a blocked account in again', false);
}
