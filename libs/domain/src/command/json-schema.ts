import type { AnyCodec, Fields, PatternName } from '../facts/codec';

/** A JSON Schema (2020-12, the dialect of OpenAPI 3.1). */
export interface JsonSchema {
  readonly type?: string | ReadonlyArray<string>;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: ReadonlyArray<string>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: ReadonlyArray<string>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly maxProperties?: number;
  readonly anyOf?: ReadonlyArray<JsonSchema>;
  /** Personal data, encrypted in the log (`domain.md §17.1`). */
  readonly 'x-personal'?: true;
}

const patterns: Readonly<Record<PatternName, JsonSchema>> = {
  id: { pattern: '^[A-Za-z0-9_-]{1,64}$' },
  itemId: { pattern: '^[0-9a-f]{32}$' },
  instant: { format: 'date-time' },
  day: { format: 'date' },
  dayOrInstant: { anyOf: [{ format: 'date' }, { format: 'date-time' }] },
  currency: { pattern: '^[A-Z]{3}$' },
  timeZone: { maxLength: 64 },
  locale: { pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,7}$' },
  reference: { minLength: 1, maxLength: 256 },
};

const propertiesOf = (fields: Fields): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(Object.entries(fields).map(([key, codec]) => [key, jsonSchemaOf(codec)]));

/** Bounds that only say "any number" would be noise. */
const bound = (key: 'minimum' | 'maximum', value: number): JsonSchema =>
  Math.abs(value) >= Number.MAX_SAFE_INTEGER ? {} : { [key]: value };

const bare = ({ shape, name }: AnyCodec): JsonSchema => {
  switch (shape.kind) {
    case 'string':
      return {
        type: 'string',
        minLength: shape.min,
        maxLength: shape.max,
        ...(shape.mayBeBlank ? {} : { pattern: '\\S' }),
      };
    case 'pattern':
      return { type: 'string', description: name, ...patterns[shape.pattern] };
    case 'number':
      return {
        type: shape.integer ? 'integer' : 'number',
        ...bound('minimum', shape.min),
        ...bound('maximum', shape.max),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'enum':
      return { type: 'string', enum: shape.values };
    case 'list':
      return { type: 'array', items: jsonSchemaOf(shape.element), minItems: shape.min, maxItems: shape.max };
    case 'dictionary':
      return { type: 'object', additionalProperties: jsonSchemaOf(shape.element), maxProperties: shape.max };
    case 'nullable':
      return { anyOf: [jsonSchemaOf(shape.inner), { type: 'null' }] };
    case 'record':
      return {
        type: 'object',
        properties: { ...propertiesOf(shape.required), ...propertiesOf(shape.optional) },
        required: Object.keys(shape.required),
        additionalProperties: false,
      };
  }
};

/**
 * The JSON Schema of a codec, for the OpenAPI document. Rules over several fields (`refine`) have no
 * place in it; the codec stays the authority.
 */
export const jsonSchemaOf = (codec: AnyCodec): JsonSchema =>
  codec.isPersonal ? { ...bare(codec), 'x-personal': true } : bare(codec);
