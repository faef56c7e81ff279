import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Visitors } from './visitors.js';

/** Every command has this one route: which command it is was decided before the body was read. */
@Controller()
export class CommandsController {
  constructor(@Inject(Visitors) private readonly visitors: Visitors) {}

  @Post('v4/:service/:command')
  command(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.visitors.serve(request, reply);
  }
}
