import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { ErrorCode, REST_BODY_BYTES_MAX } from '@parley/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, refusal } from '../door/visit.js';
import { Visitors } from './visitors.js';

/** Whatever the frameworks throw, the caller gets an envelope. */
@Catch()
export class EnvelopeFilter implements ExceptionFilter {
  constructor(@Inject(Visitors) private readonly visitors: Visitors) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const visit = this.visitors.visitOf(request);
    const answer = toAnswer(thrown);
    if (answer.status === 500) visit.failure = thrown;
    this.visitors.answer(visit, reply, answer);
  }
}

function toAnswer(thrown: unknown): Answer {
  const status = statusOf(thrown);
  if (status === 413) {
    return refusal(413, ErrorCode.BODY_TOO_LONG, `a request body takes at most ${REST_BODY_BYTES_MAX} bytes`);
  }
  if (status >= 400 && status < 500) {
    return refusal(400, ErrorCode.HTTP_UNPARSABLE, 'the HTTP request cannot be parsed');
  }
  return refusal(500, ErrorCode.INTERNAL, 'internal error, please retry');
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Fastify's errors have a `statusCode`, Nest's a `status`. */
function statusOf(thrown: unknown): number {
  if (!isObject(thrown)) return Number.NaN;
  return Number(Reflect.get(thrown, 'statusCode') ?? Reflect.get(thrown, 'status'));
}
