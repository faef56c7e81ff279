// What operators may make of an app.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { checkAccountInput } from './account.js';
import type { App } from './app.js';
import { NATIVE_DEVICES_MAX, WEB_INSTANCES_MAX } from './decide-login.js';

const DEFAULT_ADMIN = 'administrator';
const NAME_CHARS_MAX = 100;
const ADMINS_MAX = 20;

export interface NewApp {
  readonly appId: number;
  readonly name: string;
  readonly admins: readonly string[];
  readonly settings: authv1.AppSettings | undefined;
  readonly secret: string;
}

/** What is undefined stays as it is. */
export interface AppChange {
  readonly name?: string | undefined;
  /** Empty: stays. */
  readonly admins: readonly string[];
  readonly loginPolicy?: authv1.LoginPolicy | undefined;
  readonly webInstancesMax?: number | undefined;
  readonly nativeDevicesMax?: number | undefined;
  readonly requiresImport?: boolean | undefined;
}

const bad = (info: string): ChatError => new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, info);

/** Answers the admins. @throws ChatError 70402 saying what is wrong. */
export function checkNewApp({ admins, name, settings }: NewApp): UserId[] {
  checkName(name);
  if (settings) checkSettings(settings);
  return checkAdmins(admins.length > 0 ? admins : [DEFAULT_ADMIN]);
}

type LoginLimits = Pick<authv1.AppSettings, 'loginPolicy' | 'webInstancesMax' | 'nativeDevicesMax'>;

function checkSettings({ loginPolicy, webInstancesMax, nativeDevicesMax }: LoginLimits): void {
  if (authv1.LoginPolicy[loginPolicy] === undefined) throw bad('the login policy is unknown');
  if (webInstancesMax > WEB_INSTANCES_MAX) throw bad(`at most ${WEB_INSTANCES_MAX} web instances`);
  if (nativeDevicesMax > NATIVE_DEVICES_MAX)
    throw bad(`at most ${NATIVE_DEVICES_MAX} devices of one platform`);
}

/** @throws ChatError 70402 saying what is wrong. */
export function checkAppChange(change: AppChange): void {
  if (change.name !== undefined) checkName(change.name);
  if (change.admins.length > 0) checkAdmins(change.admins);
  const { loginPolicy, webInstancesMax, nativeDevicesMax } = change;
  if (loginPolicy === authv1.LoginPolicy.UNSPECIFIED) throw bad('the login policy is unknown');
  if (webInstancesMax === 0 || nativeDevicesMax === 0) throw bad('at least one login must be possible');
  checkSettings({
    loginPolicy: loginPolicy ?? authv1.LoginPolicy.DUAL,
    webInstancesMax: webInstancesMax ?? 1,
    nativeDevicesMax: nativeDevicesMax ?? 1,
  });
}

/** The change is checked. */
export function applyAppChange(app: App, change: AppChange): App {
  const { settings } = app;
  return {
    ...app,
    name: change.name ?? app.name,
    admins: change.admins.length > 0 ? (change.admins as UserId[]) : app.admins,
    settings: create(authv1.AppSettingsSchema, {
      ...settings,
      loginPolicy: change.loginPolicy ?? settings.loginPolicy,
      webInstancesMax: change.webInstancesMax ?? settings.webInstancesMax,
      nativeDevicesMax: change.nativeDevicesMax ?? settings.nativeDevicesMax,
      requiresImport: change.requiresImport ?? settings.requiresImport,
    }),
  };
}

function checkName(name: string): void {
  if (name.length > NAME_CHARS_MAX) throw bad(`a name has at most ${NAME_CHARS_MAX} characters`);
}

function checkAdmins(admins: readonly string[]): UserId[] {
  if (admins.length > ADMINS_MAX) throw bad(`an app has at most ${ADMINS_MAX} admins`);
  return admins.map((userId) => checkAccountInput({ userId }));
}

export function withDefaults(settings: authv1.AppSettings | undefined): authv1.AppSettings {
  const wanted = settings ?? create(authv1.AppSettingsSchema);
  return create(authv1.AppSettingsSchema, {
    ...wanted,
    loginPolicy: wanted.loginPolicy || authv1.LoginPolicy.DUAL,
    webInstancesMax: wanted.webInstancesMax || 1,
    nativeDevicesMax: wanted.nativeDevicesMax || 1,
  });
}
