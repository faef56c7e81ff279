// Questions to the brokers that belong to no producer or consumer. All may be asked twice.

import { ChatError } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Admin, Kafka } from 'kafkajs';
import { logClosed } from '../request-checks.js';
import { DRIVER_RETRY } from './kafka-client.js';
import { reasonOf, unavailable } from './kafka-error.js';

export class AdminConnection {
  readonly #client: Kafka;
  readonly #logger: Logger;
  #admin: Promise<Admin> | undefined;
  #isClosed = false;

  constructor(client: Kafka, logger: Logger) {
    this.#client = client;
    this.#logger = logger;
  }

  /** Asks, and once more over a new connection. @throws ChatError UNAVAILABLE. */
  async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await this.#askOnce(question);
    } catch (thrown) {
      if (this.#isClosed || thrown instanceof ChatError) throw unavailable(thrown);
    }
    try {
      return await this.#askOnce(question);
    } catch (thrown) {
      throw unavailable(thrown);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#drop(this.#admin);
  }

  async #askOnce<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw logClosed();
    this.#admin ??= this.#connect();
    const admin = this.#admin;
    try {
      return await question(await admin);
    } catch (thrown) {
      // A refusal came over a connection that works.
      if (!(thrown instanceof ChatError)) await this.#drop(admin);
      throw thrown;
    }
  }

  async #connect(): Promise<Admin> {
    const admin = this.#client.admin({ retry: DRIVER_RETRY });
    await admin.connect();
    return admin;
  }

  async #drop(admin: Promise<Admin> | undefined): Promise<void> {
    if (this.#admin === admin) this.#admin = undefined;
    try {
      await (await admin)?.disconnect();
    } catch (thrown) {
      this.#logger.debug('admin connection not closed', { reason: reasonOf(thrown) });
    }
  }
}
