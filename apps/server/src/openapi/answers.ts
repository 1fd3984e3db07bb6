import { activityNames } from '@afecto/domain';
import { figures, models, partyViews } from '@afecto/projections';
import { instant, listOf, nullable, object, position, type Schema, type Schemas, text } from './schemas';

const anyObject: Schema = { type: 'object' };
const count: Schema = { type: 'integer', minimum: 0 };
const partyId = text;

/** An answer that carries `asOf` and `position` (`interfaces.md`, Queries). */
const stamped = (properties: Schemas): Schema => object({ ...properties, asOf: instant, position });

const page = (item: Schema, more: Schemas = {}): Schema =>
  stamped({ items: listOf(item), next: nullable('string'), ...more });

const namesOf = (named: ReadonlyArray<{ readonly name: string }>): Schema => ({
  type: 'string',
  enum: named.map(({ name }) => name),
});

const listed = object({ code: text, name: text, title: text });

const cloudEvent = object({
  specversion: { type: 'string', enum: ['1.0'] },
  id: text,
  source: text,
  type: text,
  time: instant,
  datacontenttype: text,
  streamid: text,
  sequence: position,
  recordedtime: instant,
  data: anyObject,
});

const quarantinedFact: Schemas = {
  quarantineId: text,
  receivedAt: instant,
  code: text,
  errors: listOf({ $ref: '#/components/schemas/FieldError' }),
  event: { description: 'As it came' },
};

const item: Schemas = {
  itemId: text,
  queue: text,
  state: { type: 'string', enum: ['open', 'claimed', 'closed'] },
  who: object({ partyId }),
  what: text,
  how: nullable('string'),
  when: anyObject,
  why: text,
};

const replayed = stamped({ tried: count, left: listOf(anyObject) });

/** What is always in the answer of each operation; there may be more in it. */
export const answers: Readonly<Record<string, Schema>> = {
  readEvents: stamped({ events: listOf(cloudEvent), next: position }),
  listQuarantine: page(object(quarantinedFact), { count }),
  getQuarantinedFact: stamped(quarantinedFact),
  listParties: page(object({ partyId, displayName: nullable('string'), phase: text, zone: text })),
  partiesByIdentifier: stamped({ scheme: text, partyIds: listOf(partyId) }),
  getParty: stamped({ partyId }),
  getTimeline: page(object({ id: text, type: text, occurredAt: instant })),
  getProvenance: stamped({ partyId, parties: listOf(partyId) }),
  explainLoyalty: stamped({ partyId, zone: text, score: nullable('number') }),
  zoneHistory: stamped({ history: listOf(object({ zone: text, from: instant })) }),
  countZones: stamped({ groups: listOf(object({ group: anyObject, count, share: { type: 'number' } })), total: count }),
  listFigures: object({ figures: listOf(listed), views: listOf(listed) }),
  getFigures: stamped({ code: text, name: namesOf(figures) }),
  listReports: object({ reports: listOf(object({ name: text, title: text })) }),
  getReport: stamped({ model: namesOf(models), results: listOf(anyObject), steps: listOf(anyObject) }),
  getPartyView: stamped({ code: text, name: namesOf(partyViews), partyId }),
  queueKpis: stamped({ queues: listOf(object({ activity: { type: 'string', enum: Object.values(activityNames) } })) }),
  listItems: page(object(item)),
  claimNext: stamped({ ...item, slot: text }),
  listDeadLetters: page(anyObject, { count }),
  explainDeadLetters: stamped({ items: listOf(anyObject) }),
  replayDeadLetters: replayed,
  replayDeadLettersOfParty: replayed,
  live: object({ status: text }),
  ready: object({
    status: text,
    position,
    projectionFailure: nullable('string'),
    readsUnrecorded: { type: 'boolean' },
    deadLetters: count,
  }),
};
