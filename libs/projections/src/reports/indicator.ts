import type { Json } from '@afecto/domain';
import type { Figures, FiguresQuestion, JsonObject } from '../figures/definition';
import { readOnce } from '../figures/read-once';

/** One figure of the system that shows whether a step of a model is done. */
export interface Indicator {
  readonly label: string;
  readonly figures: Figures;
  /** Fields from the figures' answer down to the value; `field=value` chooses from a list. */
  readonly path: ReadonlyArray<string>;
}

/** `loyalty.zones` as an indicator of `loyaltyFigures`. */
export const indicator = (label: string, figures: Figures, path: string): Indicator => ({
  label,
  figures,
  path: path.split('.'),
});

const isObject = (value: JsonObject[string] | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const within = (value: JsonObject[string] | undefined, field: string): JsonObject[string] | undefined => {
  const [name = '', wanted] = field.split('=');
  if (wanted === undefined) return isObject(value) ? value[field] : undefined;
  return Array.isArray(value) ? value.find((entry) => isObject(entry) && entry[name] === wanted) : undefined;
};

/** The value at the end of a path; undefined when there is no such field. */
export const valueAt = (answer: Json, path: ReadonlyArray<string>): Json | undefined => {
  let value: Json | undefined = answer;
  for (const field of path) value = within(value, field);
  return value;
};

const none: ReadonlySet<string> = new Set();

/** The number at the end of a path; null where there is none, or too few answers are behind it. */
export const numberAt = (answer: Json, path: ReadonlyArray<string>): number | null => {
  const value = valueAt(answer, path);
  return typeof value === 'number' ? value : null;
};

/** Top fields of each figures' answer that the indicators of a report look at. */
const fieldsOf = (indicators: ReadonlyArray<Indicator>): ReadonlyMap<Figures, ReadonlySet<string>> => {
  const fields = new Map<Figures, Set<string>>();
  for (const { figures, path } of indicators) {
    const known = fields.get(figures);
    if (known === undefined) fields.set(figures, new Set(path.slice(0, 1)));
    else known.add(path[0] ?? '');
  }
  return fields;
};

/** Values of indicators: each projection is asked once, for what is looked at, and each sum is read once. */
export const valuesOf = (
  indicators: ReadonlyArray<Indicator>,
  question: FiguresQuestion,
): ((indicator: Indicator) => Promise<Json>) => {
  const readModels = readOnce(question.readModels);
  const asked = new Map<Figures, Promise<JsonObject>>();
  const fields = fieldsOf(indicators);
  return async ({ figures, path }) => {
    const answer = asked.get(figures) ?? figures.read({ ...question, readModels, fields: fields.get(figures) ?? none });
    asked.set(figures, answer);
    return valueAt(await answer, path) ?? null;
  };
};

/** Where an indicator comes from, as in answers. */
export const sourceOf = ({ figures, path }: Indicator): string => `${figures.code} ${figures.name} ${path.join('.')}`;
