import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RouteTable } from '../request/route-table';
import { internalError, problemOfException } from './problem-of-exception';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The last station of every failed request: expected problems as they are, anything else as 500, logged once. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('afecto');

  constructor(@Inject(RouteTable) private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = request.url.split('?', 1)[0] ?? '';
    const expected = problemOfException(error, {
      method: request.method,
      path,
      methods: this.routes.methodsOf(path),
    });
    if (expected === null)
      this.logger.error(
        `${request.method} ${path} failed`,
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    if (reply.sent || reply.raw.headersSent) return;
    const problem = expected?.problem ?? internalError;
    void reply
      .status(problem.status)
      .headers(expected?.headers ?? {})
      .type(PROBLEM_MEDIA_TYPE)
      .send(problem);
  }
}
