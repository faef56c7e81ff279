import { create } from '@bufbuild/protobuf';
import type { Session } from '@parley/delivery';
import type { ConnectionId, NodeId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import { decideLogin } from './decide-login.js';

const { LoginPolicy } = authv1;
const { WEB, ANDROID, IPHONE, IPAD, WINDOWS, MAC, LINUX } = Platform;

let clock = 0;
const session = (platform: Platform, instanceId?: string): Session => {
  clock += 1;
  return {
    connectionId: `c${clock}` as ConnectionId,
    nodeId: 'n' as NodeId,
    platform,
    instanceId: instanceId ?? `i${clock}`,
    sinceMs: clock,
  };
};

const settings = (loginPolicy: authv1.LoginPolicy, webInstancesMax = 1, nativeDevicesMax = 1) =>
  create(authv1.AppSettingsSchema, { loginPolicy, webInstancesMax, nativeDevicesMax });

describe('decideLogin', () => {
  const { SINGLE, DUAL, TRIPLE, MULTI } = LoginPolicy;
  const rows: [string, authv1.LoginPolicy, Platform, Platform, boolean][] = [
    ['single: web ends android', SINGLE, ANDROID, WEB, true],
    ['dual: web beside android', DUAL, ANDROID, WEB, false],
    ['dual: windows ends android', DUAL, ANDROID, WINDOWS, true],
    ['triple: windows beside android', TRIPLE, ANDROID, WINDOWS, false],
    ['triple: ipad ends iphone', TRIPLE, IPHONE, IPAD, true],
    ['triple: linux ends mac', TRIPLE, MAC, LINUX, true],
    ['multi: ipad beside iphone', MULTI, IPHONE, IPAD, false],
  ];
  it.each(rows)('%s', (_name, policy, before, after, ends) => {
    const old = session(before);
    const displaced = decideLogin(session(after), [old], settings(policy));
    expect(displaced).toEqual(ends ? [{ session: old, why: 'other-device' }] : []);
  });

  it('ends the oldest of too many on one platform', () => {
    const [first, second] = [session(WEB), session(WEB)];
    const displaced = decideLogin(session(WEB), [second, first], settings(DUAL, 2));
    expect(displaced).toEqual([{ session: first, why: 'same-platform' }]);
  });

  it('replaces its own instance and counts it no more', () => {
    const [own, other] = [session(WEB, 'me'), session(WEB)];
    const displaced = decideLogin(session(WEB, 'me'), [own, other], settings(DUAL, 2));
    expect(displaced).toEqual([{ session: own, why: 'replaced' }]);
  });

  it('leaves newer sessions alone: they decide about this one', () => {
    const login = session(WEB);
    expect(decideLogin(login, [session(WEB)], settings(SINGLE))).toEqual([]);
  });

  it('never allows more than the documented instances', () => {
    const ten = Array.from({ length: 10 }, () => session(WEB));
    expect(decideLogin(session(WEB), ten, settings(MULTI, 99))).toHaveLength(1);
  });
});
