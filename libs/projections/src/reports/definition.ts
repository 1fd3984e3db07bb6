import type { Figures, JsonObject } from '../figures/definition';

/** One figure of the system that shows whether a step of a model is done. */
export interface Indicator {
  readonly label: string;
  readonly figures: Figures;
  /** Fields from the figures' answer down to the value; `field=value` chooses from a list. */
  readonly path: ReadonlyArray<string>;
}

export interface Step {
  readonly name: string;
  /** As the source documents call it. */
  readonly spanish: string;
  /** What of this system does it. */
  readonly software: string;
  readonly indicators: ReadonlyArray<Indicator>;
}

/** A framework of `domain.md §12` as a report: each step with what fulfils it. */
export interface Model {
  /** As in addresses. */
  readonly name: string;
  readonly title: string;
  readonly steps: ReadonlyArray<Step>;
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
export const valueAt = (answer: JsonObject, path: ReadonlyArray<string>): JsonObject[string] | undefined => {
  let value: JsonObject[string] | undefined = answer;
  for (const field of path) value = within(value, field);
  return value;
};

/** A model with the figures of now; each projection is asked once. */
export const reportOf = async (model: Model, read: (figures: Figures) => Promise<JsonObject>): Promise<JsonObject> => {
  const asked = new Map<Figures, Promise<JsonObject>>();
  const answerOf = (figures: Figures): Promise<JsonObject> => {
    const known = asked.get(figures) ?? read(figures);
    asked.set(figures, known);
    return known;
  };
  const steps: JsonObject[] = [];
  for (const { name, spanish, software, indicators } of model.steps) {
    const values: JsonObject[] = [];
    for (const { label, figures, path } of indicators)
      values.push({
        label,
        value: valueAt(await answerOf(figures), path) ?? null,
        from: `${figures.code} ${figures.name} ${path.join('.')}`,
      });
    steps.push({ name, spanish, software, indicators: values });
  }
  return { model: model.name, title: model.title, steps };
};
