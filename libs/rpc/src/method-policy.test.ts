import { authv1, gatewayv1, messagev1 } from '@parley/proto';
import { CallerRole } from './call-context.js';
import { methodPolicy, RateClass, sdkMethodTable } from './method-policy.js';

const { send, import: importMessage, listMessages } = messagev1.MessageService.method;

describe('methodPolicy', () => {
  it('reads everything that a method declares', () => {
    const policy = methodPolicy(send);
    expect(policy).toMatchObject({
      fullName: 'parley.message.v1.MessageService/Send',
      sdkMethod: 10,
      rateClass: RateClass.SEND,
      deadlineMs: 8_000,
      routingKey: ['from', 'to'],
      routingFields: [1, 2],
      isIdempotent: true,
    });
    expect([...policy.allowedRoles]).toEqual([CallerRole.USER, CallerRole.ADMIN, CallerRole.SERVICE]);
  });

  it('fills in defaults', () => {
    expect(methodPolicy(listMessages).deadlineMs).toBe(5_000);
    expect(methodPolicy(importMessage).sdkMethod).toBe(0);
    expect(methodPolicy(authv1.AppService.method.createApp)).toMatchObject({
      isIdempotent: false,
      routingKey: [],
    });
  });

  it('reads a descriptor once', () => {
    expect(methodPolicy(send)).toBe(methodPolicy(send));
  });
});

describe('sdkMethodTable', () => {
  const services = [authv1.AuthService, messagev1.MessageService, gatewayv1.GatewayNodeService];

  it('holds the methods with a number, and only those', () => {
    const table = sdkMethodTable(services);
    expect(table.get(1)).toBe(authv1.AuthService.method.logout);
    expect(table.get(10)).toBe(send);
    expect([...table.keys()]).toEqual(expect.arrayContaining([1, 10, 11, 12, 13, 14, 15, 16]));
  });

  it('refuses a number that is given twice', () => {
    expect(() => sdkMethodTable([...services, messagev1.MessageService])).toThrow(
      /SDK method 10 is both parley.message.v1.MessageService\/Send and/,
    );
  });

  it('lets users call every method it holds', () => {
    for (const method of sdkMethodTable(services).values()) {
      expect(methodPolicy(method).allowedRoles).toContain(CallerRole.USER);
    }
  });
});
