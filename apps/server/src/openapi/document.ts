import type { INestApplication } from '@nestjs/common';
import { commandNames } from '@afecto/domain';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { BATCH, MAX_BATCH_EVENTS, STRUCTURED } from '../facts/incoming';
import { problemCodes } from '../problem/problem';
import { PROBLEM_MEDIA_TYPE } from '../problem/problem-filter';
import { answers } from './answers';
import { binaryAttributes, idempotencyKey, openApiSchemas, ref, type Schema, text } from './schemas';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Responses = Operation['responses'];

const METHODS = ['get', 'post'] as const;

const problemResponses = (statuses: ReadonlyArray<number>): Responses =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: problemCodes
          .filter((known) => known.status === status)
          .map(({ code }) => code)
          .join(', '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: ref('Problem') } },
      },
    ]),
  );

const json = (name: string, description: string): Responses => ({
  '200': { description, content: { 'application/json': { schema: ref(name) } } },
});

const answered = (mediaType: string, schema: Schema = text): Responses => ({
  '200': { description: 'The answer', content: { [mediaType]: { schema } } },
});

const jsonRequest = (name: string): NonNullable<Operation['requestBody']> => ({
  required: true,
  content: { 'application/json': { schema: ref(name) } },
});

/** Statuses that any route of a kind can answer with. */
const ofQueries = [400, 401, 404, 429, 500, 503];
const ofWrites = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503];

const withErrors = (operation: Operation, method: 'get' | 'post'): Operation => ({
  ...operation,
  responses: { ...problemResponses(method === 'get' ? ofQueries : ofWrites), ...operation.responses },
});

type Parameters = NonNullable<Operation['parameters']>;

const idempotencyHeader: Parameters = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Names the command: sent again, it gives the same answer again',
    schema: idempotencyKey,
  },
];

const commandHeaders: Parameters = [
  ...idempotencyHeader,
  {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: "The stream's last revision",
    schema: { type: 'string', pattern: '^("?)[0-9]{1,16}\\1$' },
  },
];

/** Binary mode: attributes beside a body of `application/json`. */
const attributeHeaders: Parameters = Object.entries(binaryAttributes).flatMap(([name, schema]) =>
  name === 'datacontenttype'
    ? []
    : [{ name: `ce-${name}`, in: 'header', required: false, description: 'Binary mode only', schema }],
);

/** One path a command, so that each shows its own body; the router serves them all by one route. */
const commandPaths = (generic: PathItem | undefined): OpenAPIObject['paths'] => {
  const post = generic?.post;
  if (post === undefined) return {};
  return Object.fromEntries(
    commandNames.map((name) => [
      `/v1/commands/${name}`,
      {
        post: {
          ...post,
          operationId: name,
          summary: name,
          parameters: [
            ...(post.parameters ?? []).filter((parameter) => !('name' in parameter && parameter.name === 'name')),
            ...commandHeaders,
          ],
          requestBody: jsonRequest(`${name}Command`),
          responses: { ...post.responses, ...json('CommandResult', 'What was appended; no events: it was already so') },
        },
      },
    ]),
  );
};

const bodies: Readonly<Record<string, Partial<Operation>>> = {
  sendFacts: {
    requestBody: {
      required: true,
      content: {
        [STRUCTURED]: { schema: ref('Fact') },
        [BATCH]: { schema: { type: 'array', items: ref('Fact'), maxItems: MAX_BATCH_EVENTS } },
        'application/json': { schema: ref('FactData') },
      },
    },
    parameters: attributeHeaders,
    responses: json('IntakeResult', 'What became of each fact, after the accepted ones are durable'),
  },
  streamEvents: { responses: answered('text/event-stream') },
  metrics: { responses: answered('text/plain') },
  retryQuarantinedFact: { responses: json('IntakeResult', 'What became of it') },
  claimNext: {
    requestBody: jsonRequest('Claim'),
    parameters: idempotencyHeader,
    responses: { '204': { description: 'Nothing can be claimed' } },
  },
  releaseWorkItem: {
    requestBody: jsonRequest('ReleaseWorkItemBody'),
    parameters: commandHeaders,
    responses: json('CommandResult', 'Released'),
  },
  completeWorkItem: {
    requestBody: jsonRequest('CompleteWorkItemBody'),
    parameters: commandHeaders,
    responses: json('CommandResult', 'Done'),
  },
};

const completed = ({ operationId = '', ...operation }: Operation): Operation => {
  const { parameters = [], responses, ...body } = bodies[operationId] ?? {};
  const answer = answers[operationId];
  return {
    ...operation,
    ...body,
    operationId,
    parameters: [...(operation.parameters ?? []), ...parameters],
    responses: { ...operation.responses, ...(answer && answered('application/json', answer)), ...responses },
  };
};

const GENERIC_COMMAND = '/v1/commands/{name}';

/** The whole door as an OpenAPI 3.1 document: routes from the controllers, bodies from the codecs. */
export const openApiDocument = (app: INestApplication): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Afecto')
    .setDescription('Facts in, commands in, questions, events out. Errors are RFC 9457 problems.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'bearer')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Api-Key' }, 'apiKey')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const paths: OpenAPIObject['paths'] = {};
  for (const [path, item] of Object.entries(document.paths)) {
    const kept: PathItem = { ...item };
    for (const method of METHODS) {
      const operation = item[method];
      if (operation !== undefined) kept[method] = withErrors(completed(operation), method);
    }
    if (path === GENERIC_COMMAND) Object.assign(paths, commandPaths(kept));
    else paths[path] = kept;
  }
  return {
    ...document,
    paths,
    security: [{ bearer: [] }, { apiKey: [] }, {}],
    components: { ...document.components, schemas: { ...document.components?.schemas, ...openApiSchemas() } },
  };
};
