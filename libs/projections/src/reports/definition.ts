import { progressOf } from '@afecto/domain';
import type { FiguresQuestion, JsonObject } from '../figures/definition';
import { type Indicator, numberAt, sourceOf, valuesOf } from './indicator';
import { is } from './indicators';
import { planned } from './planned';

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

/** The path from what an indicator shows to what a target is for; null when that is something else. */
const furtherPath = (aim: Indicator, { figures, path }: Indicator): ReadonlyArray<string> | null =>
  aim.figures === figures && path.every((field, index) => aim.path[index] === field)
    ? aim.path.slice(path.length)
    : null;

/** What every report begins with, whatever it is about: the focus is on revenue (`domain.md §12.2`, five points). */
const results: ReadonlyArray<Indicator> = [is.revenue, is.contribution];

/**
 * A model with the figures of now, each indicator with the targets that the plan has for it (`domain.md §11.7`);
 * revenue and contribution stand before its steps.
 */
export const reportOf = async (model: Model, question: FiguresQuestion): Promise<JsonObject> => {
  const indicators = [...results, ...model.steps.flatMap((step) => step.indicators)];
  const { indicators: targets = [] } = question.policy.configuration.plan ?? {};
  const aims = targets.map((target) => ({ target, aim: planned[target.indicator] }));
  const value = valuesOf(indicators, question);
  const shownOf = async (own: ReadonlyArray<Indicator>): Promise<JsonObject[]> => {
    const values: JsonObject[] = [];
    for (const indicator of own) {
      const shown = await value(indicator);
      values.push({
        label: indicator.label,
        value: shown,
        from: sourceOf(indicator),
        targets: aims.flatMap(({ target, aim }) => {
          const further = furtherPath(aim, indicator);
          return further === null
            ? []
            : [{ indicator: target.indicator, ...progressOf(target, numberAt(shown, further)) }];
        }),
      });
    }
    return values;
  };
  const steps: JsonObject[] = [];
  for (const { name, spanish, software, indicators: own } of model.steps)
    steps.push({ name, spanish, software, indicators: await shownOf(own) });
  return { model: model.name, title: model.title, results: await shownOf(results), steps };
};
