import { rejectionCodes } from '@afecto/application';
import {
  catalogueEntry,
  channels,
  type CommandDescription,
  describeCommands,
  type FactType,
  factTypes,
  fieldsFilledIn,
  type JsonSchema,
  jsonSchemaOf,
} from '@afecto/domain';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemCodes } from '../problem/problem';
import { actorKinds } from '../auth/caller';
import { MAX_SKILL, MAX_SKILLS } from '../queues/claim-request';
import { ID_PATTERN } from '../request/parameters';

export type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
export type Schema = Schemas[string];

export const text: Schema = { type: 'string' };
export const instant: Schema = { type: 'string', format: 'date-time' };
export const position: Schema = { type: 'string', pattern: '^[0-9]+$', description: 'Position in the log' };

export const object = (properties: Schemas, required: string[] = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
});

export const nullable = (type: string): Schema => ({ type: [type, 'null'] });

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });

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
  subject: { ...text, pattern: ID_PATTERN, description: 'The party the fact is mainly about' },
  datacontenttype: { type: 'string', enum: ['application/json'] },
  channel: { type: 'string', enum: [...channels] },
  actorkind: { type: 'string', enum: [...actorKinds] },
  actorid: text,
  correlationid: text,
  causationid: text,
  streamid: { ...text, description: 'Default: from the catalogue' },
  schemaversion: { type: 'integer', minimum: 1 },
};

/** The attributes of binary mode, which travel as headers. */
export const binaryAttributes: Schemas = { ...attributes, type: { type: 'string', enum: [...factTypes] } };

const payloadSchema = (type: FactType): JsonSchema => {
  const schema = jsonSchemaOf(catalogueEntry(type).codec);
  const filledIn = fieldsFilledIn(type);
  return { ...schema, required: (schema.required ?? []).filter((field) => !filledIn.has(field)) };
};

/** One schema a fact: its attributes and its payload, as its codec says, without what is filled in. */
const factSchemas = (): Schemas =>
  Object.fromEntries(
    factTypes.flatMap((type) => [
      [`${type}Data`, payloadSchema(type) as Schema],
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

export const idempotencyKey = { type: 'string', pattern: '^[ -~]{1,128}$' } as const;

/** What the body of every command takes beside the command's own fields. */
const headerFields: Readonly<Record<string, JsonSchema>> = {
  commandId: { ...idempotencyKey, description: 'In place of the header Idempotency-Key' },
  expectedVersion: { type: 'integer', minimum: 0, description: 'In place of the header If-Match' },
  occurredAt: { type: 'string', format: 'date-time', description: 'When it happened; default now' },
};

/** The numbers of a review are composed by the system: the caller says only `asOf`. */
const reviewBody: JsonSchema = {
  type: 'object',
  properties: { asOf: { type: 'string', format: 'date-time' } },
  required: [],
  additionalProperties: false,
};

const bodyOf = ({ name, body }: CommandDescription): JsonSchema => {
  const own = name === 'ReviewPortfolio' ? reviewBody : body;
  return { ...own, properties: { ...own.properties, ...headerFields } };
};

const isAtItem = (name: string): boolean => name === 'ReleaseWorkItem' || name === 'CompleteWorkItem';

const commandSchemas = (): Schemas =>
  Object.fromEntries(
    describeCommands().flatMap((described) => {
      const body = bodyOf(described);
      const withoutItem = { ...body, required: (body.required ?? []).filter((field) => field !== 'itemId') };
      return [
        [`${described.name}Command`, body as Schema],
        // Where the path names the item, the body need not.
        ...(isAtItem(described.name) ? [[`${described.name}Body`, withoutItem as Schema]] : []),
      ];
    }),
  );

const rejected = object(
  {
    index: { type: 'integer' },
    id: nullable('string'),
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
  Claim: {
    ...object(
      {
        agentId: { ...text, pattern: ID_PATTERN },
        skills: { ...listOf({ ...text, minLength: 1, maxLength: MAX_SKILL }), maxItems: MAX_SKILLS },
      },
      ['agentId'],
    ),
    additionalProperties: false,
  },
  /** Of a fact in binary mode; which one, its header says. */
  FactData: { anyOf: factTypes.map((type) => ref(`${type}Data`)) },
  ...factSchemas(),
  ...commandSchemas(),
});
