import { isInstant } from '@afecto/domain';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listIn = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : []);

const hasType = (value: unknown, type: unknown): boolean => {
  switch (type) {
    case 'null':
      return value === null;
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
};

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isInstant,
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text),
  'uri-reference': (text) => URL.canParse(text, 'http://base'),
};

/** Whether a value keeps to one keyword; keywords that are not here make the document wrong. */
const checks: Readonly<Record<string, (value: unknown, bound: never) => boolean>> = {
  type: (value, type: unknown) => [type].flat().some((one) => hasType(value, one)),
  enum: (value, values: ReadonlyArray<unknown>) => values.includes(value),
  pattern: (value, pattern: string) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  format: (value, format: string) => typeof value !== 'string' || formats[format]?.(value) === true,
  minLength: (value, least: number) => typeof value !== 'string' || [...value].length >= least,
  maxLength: (value, most: number) => typeof value !== 'string' || [...value].length <= most,
  minimum: (value, least: number) => typeof value !== 'number' || value >= least,
  maximum: (value, most: number) => typeof value !== 'number' || value <= most,
  minItems: (value, least: number) => !Array.isArray(value) || value.length >= least,
  maxItems: (value, most: number) => !Array.isArray(value) || value.length <= most,
  maxProperties: (value, most: number) => !isObject(value) || Object.keys(value).length <= most,
  required: (value, names: ReadonlyArray<string>) =>
    !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
};

const annotations = new Set(['description', 'discriminator', 'default', 'x-personal']);

/**
 * What of a value is not as a schema of an OpenAPI 3.1 document says, each with its place; `root` is the
 * document. A keyword that the dialect does not have, like `nullable`, is a fault as well.
 */
export const schemaFaults = (root: Json, schema: unknown, value: unknown, at = ''): ReadonlyArray<string> => {
  if (!isObject(schema)) return [`${at} has no schema`];
  const { $ref } = schema;
  if (typeof $ref === 'string') {
    const found = $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((part, key) => (isObject(part) ? part[key] : null), root);
    return schemaFaults(root, found, value, at);
  }
  const { properties, additionalProperties } = schema;
  const known = isObject(properties) ? properties : {};
  return Object.entries(schema).flatMap(([keyword, bound]): ReadonlyArray<string> => {
    const faultsOf = (one: unknown) => schemaFaults(root, one, value, at);
    switch (keyword) {
      case 'properties':
        return isObject(value)
          ? Object.keys(known).flatMap((name) =>
              Object.hasOwn(value, name) ? schemaFaults(root, known[name], value[name], `${at}/${name}`) : [],
            )
          : [];
      case 'additionalProperties':
        return Object.entries(isObject(value) ? value : {}).flatMap(([name, one]) => {
          if (Object.hasOwn(known, name)) return [];
          if (additionalProperties === false) return [`${at}/${name} is no field of the schema`];
          return additionalProperties === true ? [] : schemaFaults(root, additionalProperties, one, `${at}/${name}`);
        });
      case 'items':
        return listIn(value).flatMap((one, index) => schemaFaults(root, bound, one, `${at}/${index}`));
      case 'anyOf':
        return listIn(bound).some((one) => faultsOf(one).length === 0) ? [] : [`${at} is none of anyOf`];
      case 'oneOf':
        return listIn(bound).filter((one) => faultsOf(one).length === 0).length === 1
          ? []
          : [`${at} is not one of oneOf`];
      default: {
        const check = checks[keyword];
        if (check === undefined) return annotations.has(keyword) ? [] : [`${at} has the unknown keyword ${keyword}`];
        return check(value, bound as never) ? [] : [`${at} breaks ${keyword} ${JSON.stringify(bound)}`];
      }
    }
  });
};
