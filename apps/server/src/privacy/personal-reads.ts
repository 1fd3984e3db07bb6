import { Inject, Injectable, Logger } from '@nestjs/common';
import { personalReadsOf } from '@afecto/application';
import { type AuditTrail, openAuditTrail } from '@afecto/privacy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/actor';
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

const whoOf = (request: FastifyRequest): string => {
  const { id } = callerOf(request).actor;
  const behalf = request.headers['afecto-actor'];
  return typeof behalf === 'string' ? `${id} for ${behalf}` : id;
};

/** Keeps on record who is shown whose personal data (`domain.md §17.8`). */
@Injectable()
export class PersonalReads {
  private readonly logger = new Logger('afecto');
  private readonly trail: AuditTrail;

  constructor(@Inject(SETTINGS) private readonly settings: CompleteSettings) {
    this.trail = openAuditTrail(personalReadsOf(settings), (message) => this.logger.error(message));
  }

  /** Looks at every answer before it is written out. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('preSerialization', (request, reply, answer, done) => {
      if (reply.statusCode < 300) this.record(request, shownIn(request.routeOptions.url ?? '', answer, request.params));
      done(null, answer);
    });
  }

  record(request: FastifyRequest, parties: Shown): void {
    if (parties.size === 0) return;
    this.trail.record({ who: whoOf(request), why: whyOf(request), at: this.settings.now(), parties });
  }

  /** Everything recorded is on the disk. */
  close(): Promise<void> {
    return this.trail.close();
  }
}
