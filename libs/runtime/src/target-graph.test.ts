import { defineSection } from '@parley/config';
import { authv1, gatewayv1, messagev1 } from '@parley/proto';
import type { AnyManifest } from './target-graph.js';
import { planTargets } from './target-graph.js';

type Services = AnyManifest['owns'];

const manifest = (name: string, owns: Services, calls: Services): AnyManifest => ({
  name,
  config: defineSection(name, {}),
  owns,
  calls,
  tables: [],
  topics: [],
  build: () => Promise.reject(new Error('not built in this test')),
});

const auth = manifest('auth', [authv1.AuthService], []);
const message = manifest('message', [messagev1.MessageService], [authv1.AuthService]);
const gateway = manifest(
  'gateway',
  [gatewayv1.GatewayNodeService],
  [authv1.AuthService, messagev1.MessageService],
);
const all = [gateway, message, auth];

const namesOf = (target: string, manifests = all) => planTargets(manifests, target).map(({ name }) => name);

describe('planTargets', () => {
  it('starts owners before their callers', () => {
    expect(namesOf('all')).toEqual(['auth', 'message', 'gateway']);
  });

  it('takes some of them', () => {
    expect(namesOf('message, auth')).toEqual(['auth', 'message']);
    expect(namesOf('auth,auth')).toEqual(['auth']);
  });

  it('names what it does not know', () => {
    expect(() => namesOf('auth,grup')).toThrow(
      'no service "grup"; use all, or some of: gateway, message, auth',
    );
  });

  it('refuses a circle, a second owner and a missing owner', () => {
    const back = manifest('auth', [authv1.AuthService], [messagev1.MessageService]);
    expect(() => namesOf('all', [message, back])).toThrow('in a circle: message → auth → message');
    expect(() => namesOf('all', [auth, manifest('other', [authv1.AuthService], [])])).toThrow(
      'by auth and by other',
    );
    expect(() => namesOf('all', [message])).toThrow('which no service owns');
  });

  it('lets two call each other when one of them calls back, and wants both', () => {
    const called: AnyManifest = { ...manifest('auth', [authv1.AuthService], []), callsBack: message.owns };
    expect(namesOf('all', [message, called])).toEqual(['auth', 'message']);
    expect(() => namesOf('auth', [message, called])).toThrow(/add message to the target/);
    expect(() => namesOf('all', [called])).toThrow('which no service owns');
  });

  it('refuses a service without those that it calls, and says which to add', () => {
    expect(() => namesOf('message')).toThrow(
      /message calls parley.auth.v1.AuthService of auth; add auth to the target/,
    );
  });

  it('takes a service without those that it calls when they run elsewhere', () => {
    expect(planTargets(all, 'message', ['auth']).map(({ name }) => name)).toEqual(['message']);
  });

  it('starts a service that calls itself', () => {
    const own = manifest('auth', [authv1.AuthService], [authv1.AuthService]);
    expect(namesOf('all', [own])).toEqual(['auth']);
  });
});
