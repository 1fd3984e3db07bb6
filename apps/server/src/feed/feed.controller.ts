import { Controller, Get, Header, Inject, Logger, Req, Res } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { toIso } from '@afecto/domain';
import type { Position } from '@afecto/event-store';
import { ApiHeader, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Admissions } from '../admission/admissions';
import { PersonalReads } from '../privacy/personal-reads';
import { addEvent, type Shown } from '../privacy/shown-parties';
import { invalidRequest, quoted } from '../problem/problem';
import { AFECTO, SETTINGS } from '../request/afecto';
import { Asked, type AskedOf } from '../request/asked';
import { readPosition } from '../request/parameters';
import type { CompleteSettings } from '../settings/server-settings';
import { EventStreams } from './event-streams';
import { type FeedFilter, feedParameters, published, streamParameters } from './feed-question';

/** Events looked at for one page: a rare subject must not hold the service up; `next` goes on from there. */
const LOOKED_AT = 20_000;
/** A page ends with the event that passes so many characters: large facts must not add up in memory. */
const MOST_TEXT = 4 * 1_024 * 1_024;

const filterOf = ({ types, subject, derived = false }: AskedOf<typeof streamParameters>): FeedFilter => ({
  derived,
  ...(types === undefined ? {} : { types }),
  ...(subject === undefined ? {} : { subject }),
});

const lastEventId = (request: FastifyRequest): Position | undefined => {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') return undefined;
  const position = typeof header === 'string' ? readPosition(header) : null;
  if (position !== null) return position;
  const message = `must be the id of an event of this stream; got ${quoted(String(header))}`;
  throw invalidRequest([{ path: '/header/last-event-id', message }]);
};

/** What happened, for other systems (`interfaces.md`, Events out). */
@ApiTags('events')
@Controller('v1/events')
export class FeedController {
  private readonly logger = new Logger('afecto');

  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: CompleteSettings,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Admissions) private readonly admissions: Admissions,
    @Inject(PersonalReads) private readonly reads: PersonalReads,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'readEvents',
    summary:
      'The log as CloudEvents, in order. `next` is the `after` of the next page; equal to `position`: all was read',
  })
  @Header('Content-Type', 'application/json; charset=utf-8')
  async page(
    @Req() request: FastifyRequest,
    @Asked(feedParameters) asked: AskedOf<typeof feedParameters>,
  ): Promise<string> {
    const { limit, after = 0n, types } = asked;
    const filter = filterOf(asked);
    const head = await this.afecto.store.head();
    const events: string[] = [];
    const shown: Shown = new Map();
    let text = 0;
    let looked = 0;
    let next = head;
    const pages = this.afecto.store.readAll({
      after,
      to: head,
      pageSize: Math.min(limit + 1, 1_000),
      ...(types === undefined ? {} : { types }),
    });
    reading: for await (const page of pages)
      for (const event of page) {
        const wanted = published(event, filter);
        if (wanted !== null) {
          const written = JSON.stringify(wanted);
          addEvent(shown, wanted);
          events.push(written);
          text += written.length;
        }
        looked += 1;
        if (events.length === limit || looked === LOOKED_AT || text >= MOST_TEXT) {
          next = event.position;
          break reading;
        }
      }
    this.reads.record(request, shown);
    const end = JSON.stringify({
      next: next.toString(),
      position: head.toString(),
      asOf: toIso(this.settings.now()),
    });
    return `{"events":[${events.join()}],${end.slice(1)}`;
  }

  @Get('stream')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after this position' })
  @ApiOperation({ operationId: 'streamEvents', summary: 'The same as server-sent events, without end' })
  stream(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Asked(streamParameters) asked: AskedOf<typeof streamParameters>,
  ): void {
    const after = lastEventId(request) ?? asked.after;
    const place = this.admissions.place('streams');
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      Connection: 'keep-alive',
    });
    if (request.method === 'HEAD') {
      response.end();
      place.leave();
      return;
    }
    response.write('retry: 1000\n\n');
    this.streams
      .send(response, after, filterOf(asked), (shown) => this.reads.record(request, shown))
      .catch((error: unknown) => {
        this.logger.error(
          'an event stream failed',
          error instanceof Error ? (error.stack ?? error.message) : String(error),
        );
        response.destroy();
      })
      .finally(place.leave);
  }
}
