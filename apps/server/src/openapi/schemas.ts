import { rejectionCodes } from '@afecto/application';
import { catalogueEntry, channels, describeCommands, factTypes, jsonSchemaOf } from '@afecto/domain';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemCodes } from '../problem/problem';
import { actorKinds } from '../auth/caller';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string];

const text: Schema = { type: 'string' };
const instant: Schema = { type: 'string', format: 'date-time' };
const position: Schema = { type: 'string', pattern: '^[0-9]+$', description: 'Position in the log' };

const object = (properties: Schemas, required: string[] = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
});

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: Schema): Schema => ({ type: 'array', items });

const fieldError = object({ path: { ...text, description: 'JSON Pointer' }, message: text });

const problem = object(
  {
    type: { ...text, format: 'uri-reference' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    code: { ...text, enum: problemCodes.map(({ code }) => code) },
    errors: listOf(ref('FieldError')),
    details: { type: 'object', description: 'Facts about the refusal, by code' },
  },
  ['type', 'title', 'status', 'detail', 'code', 'errors'],
);

const attributes: Schemas = {
  specversion: { type: 'string', enum: ['1.0'] },
  id: {
    ...text,
    minLength: 1,
    maxLength: 256,
    description: 'With source: who sent what; sent again it is a duplicate',
  },
  source: { ...text, format: 'uri-reference', minLength: 1, maxLength: 256 },
  time: { ...instant, description: 'When it happened, at most 5 minutes ahead of the clock' },
  subject: { ...text, pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'The party the fact is mainly about' },
  datacontenttype: { type: 'string', enum: ['application/json'] },
  channel: { type: 'string', enum: [...channels] },
  actorkind: { type: 'string', enum: [...actorKinds] },
  actorid: text,
  correlationid: text,
  causationid: text,
  streamid: { ...text, description: 'Default: from the catalogue' },
  schemaversion: { type: 'integer', minimum: 1 },
};

/** One schema a fact: its attributes and its payload, as its codec says. */
const factSchemas = (): Schemas =>
  Object.fromEntries(
    factTypes.flatMap((type) => [
      [`${type}Data`, { ...jsonSchemaOf(catalogueEntry(type).codec) } as Schema],
      [
        type,
        object({ ...attributes, type: { type: 'string', enum: [type] }, data: ref(`${type}Data`) }, [
          'specversion',
          'id',
          'source',
          'type',
          'time',
          'data',
        ]),
      ],
    ]),
  );

const commandSchemas = (): Schemas =>
  Object.fromEntries(
    describeCommands().map(({ name, body }) => [
      `${name}Command`,
      name === 'ReviewPortfolio' ? object({ asOf: instant }, []) : ({ ...body } as Schema),
    ]),
  );

const rejected = object(
  {
    index: { type: 'integer' },
    id: { type: 'string', nullable: true },
    code: { type: 'string', enum: [...rejectionCodes] },
    errors: listOf(ref('FieldError')),
    quarantineId: text,
  },
  ['index', 'id', 'code', 'errors', 'quarantineId'],
);

/** All schemas, generated from the codecs where there is one. */
export const openApiSchemas = (): Schemas => ({
  FieldError: fieldError,
  Problem: problem,
  Fact: { oneOf: factTypes.map(ref), discriminator: { propertyName: 'type' } },
  IntakeResult: object({
    accepted: { type: 'integer' },
    duplicates: { type: 'integer' },
    rejected: listOf(rejected),
    position,
  }),
  CommandResult: object({
    events: listOf(object({ eventId: text, type: text, streamId: text, revision: { type: 'integer' }, position })),
    position,
  }),
  Claim: object({ agentId: text, skills: listOf(text) }, ['agentId']),
  ...factSchemas(),
  ...commandSchemas(),
});
