// The service has parts that are built side by side: profiles, relations, follow, presence. This is what each is to the
// whole; what they ask of each other stands in ports.ts.
import type { ServiceRegistration } from '@parley/runtime';

/** A part, built. Nothing runs before start(); stop() may be called twice. */
export interface ServicePart {
  readonly registrations: readonly ServiceRegistration[];
  start(): Promise<void>;
  stop(): Promise<void>;
}
