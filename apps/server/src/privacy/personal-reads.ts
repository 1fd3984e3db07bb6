import { Inject, Injectable, Logger } from '@nestjs/common';
import { personalReadsOf } from '@afecto/application';
import { type AuditTrail, openAuditTrail } from '@afecto/privacy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actorOf, callerOf } from '../auth/actor';
import { ProblemException } from '../problem/problem';
import { SETTINGS } from '../request/afecto';
import type { CompleteSettings } from '../settings/server-settings';
import { type Shown, shownIn } from './shown-parties';

const REASON = /^[\x20-\x7e]{1,200}$/;

/** The question by its route, and what the caller says it is for. */
const whyOf = ({ method, routeOptions, headers }: FastifyRequest): string => {
  const reason = headers['afecto-reason'];
  const question = `${method} ${routeOptions.url ?? ''}`;
  return typeof reason === 'string' && REASON.test(reason) ? `${question}: ${reason}` : question;
};

/** The key's own name, and for whom it says that it acts; throws when it may not say so, as for commands. */
const whoOf = (request: FastifyRequest): string => {
  const caller = callerOf(request);
  const behalf = request.headers['afecto-actor'];
  if (behalf === undefined) return caller.actor.id;
  const { kind, id } = actorOf(caller, behalf);
  return `${caller.actor.id} for ${kind}:${id}`;
};

const attempt = (step: () => void, done: (error?: Error) => void): void => {
  try {
    step();
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  done();
};

/** Keeps on record who is shown whose personal data (`domain.md §17.8`). */
@Injectable()
export class PersonalReads {
  private readonly logger = new Logger('afecto');
  private readonly trail: AuditTrail;

  constructor(@Inject(SETTINGS) private readonly settings: CompleteSettings) {
    this.trail = openAuditTrail(personalReadsOf(settings), (message) => this.logger.error(message));
  }

  /** Looks at who asks before anything is answered, and at every answer before it is written out. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('preHandler', (request, _reply, done) => attempt(() => whoOf(request), done));
    fastify.addHook('preSerialization', (request, reply, answer, done) =>
      attempt(
        () => {
          if (reply.statusCode < 300)
            this.record(request, shownIn(request.routeOptions.url ?? '', answer, request.params));
        },
        (error) => (error === undefined ? done(null, answer) : done(error)),
      ),
    );
  }

  /** Whether reads cannot be recorded now; until they can, nothing personal is shown. */
  get isFailing(): boolean {
    return this.trail.failure() !== null;
  }

  /** Throws while nothing can be recorded. */
  record(request: FastifyRequest, parties: Shown): void {
    if (parties.size === 0) return;
    if (this.isFailing)
      throw new ProblemException('ReadsUnrecorded', 'the record of personal reads cannot be written; send it again');
    this.trail.record({ who: whoOf(request), why: whyOf(request), at: this.settings.now(), parties });
  }

  /** Everything recorded is on the disk. */
  close(): Promise<void> {
    return this.trail.close();
  }
}
