import { type PlannedIndicator, plannedIndicators, progressOf } from '@afecto/domain';
import { type Figures, type FiguresQuestion, isAsked, type JsonObject } from '../figures/definition';
import { numberAt, sourceOf, valueAt, valuesOf } from '../reports/indicator';
import { planned } from '../reports/planned';
import { queueMeasures } from '../scorecard/queues';
import { segmentFigures } from '../segments/figures';

/** Every indicator with a target, read from the figures that answer it. */
const indicatorsOf = async (question: FiguresQuestion): Promise<JsonObject[]> => {
  const { plan = {} } = question.policy.configuration;
  const aims = (plan.indicators ?? []).map((target) => ({ target, aim: planned[target.indicator] }));
  const value = valuesOf(
    aims.map(({ aim }) => aim),
    question,
  );
  const told: JsonObject[] = [];
  for (const { target, aim } of aims)
    told.push({
      indicator: target.indicator,
      from: sourceOf(aim),
      ...progressOf(target, numberAt(await value(aim), [])),
    });
  return told;
};

/** All eight queues, with what they have come to beside what they were to come to. */
const queuesOf = async (question: FiguresQuestion): Promise<JsonObject[]> => {
  const { queues: targets = [] } = question.policy.configuration.plan ?? {};
  return (await queueMeasures(question)).map(([queue, measures]) => ({
    queue,
    ...measures,
    targets: targets
      .filter((target) => target.queue === queue)
      .map((target) => ({ measure: target.measure, ...progressOf(target, measures[target.measure]) })),
  }));
};

const segmentsOf = async (question: FiguresQuestion): Promise<JsonObject[]> => {
  const { segments: targets = [] } = question.policy.configuration.plan ?? {};
  if (targets.length === 0) return [];
  const table = await segmentFigures.read({ ...question, fields: new Set(['segments']) });
  return targets.map((target) => ({
    segmentId: target.segmentId,
    measure: target.measure,
    ...progressOf(
      target,
      numberAt(valueAt(table, ['segments', `segmentId=${target.segmentId}`]) ?? null, [target.measure]),
    ),
  }));
};

const plannedNamed = (name: string): PlannedIndicator | undefined => plannedIndicators.find((known) => known === name);

/** From the baseline that an initiative froze at its start to now (`domain.md §12.2`); what goes by no name of an indicator has no value now. */
const initiativesOf = async (question: FiguresQuestion): Promise<JsonObject[]> => {
  const { initiatives } = question.policy;
  const names = new Set(initiatives.flatMap(({ baseline }) => Object.keys(baseline)));
  const aims = [...names].flatMap((name) => plannedNamed(name) ?? []).map((name) => planned[name]);
  const value = valuesOf(aims, question);
  const told: JsonObject[] = [];
  for (const { initiativeId, baseline, development } of initiatives) {
    const indicators: JsonObject[] = [];
    for (const [name, before] of Object.entries(baseline)) {
      const known = plannedNamed(name);
      const now = known === undefined ? null : numberAt(await value(planned[known]), []);
      indicators.push({ indicator: name, baseline: before, now, change: now === null ? null : now - before });
    }
    told.push({ initiativeId, startsAt: development.startsAt, indicators });
  }
  return told;
};

const parts: Readonly<Record<string, (question: FiguresQuestion) => Promise<JsonObject[]>>> = {
  indicators: indicatorsOf,
  queues: queuesOf,
  segments: segmentsOf,
  initiatives: initiativesOf,
};

/**
 * Analysis and planning (PR18, `domain.md §11.7`): what the plan of the configuration has targets for, with
 * value, target and the distance between them, negative by what is missing. Queues are all shown, planned or
 * not. Values are those of the window; `isMet` is null while there is no value.
 */
export const planFigures: Figures = {
  code: 'PR18',
  name: 'plan',
  title: 'Targets of the plan beside what was reached: indicators, queues, segments; initiatives since their baseline',
  read: async (question) => {
    const answer: Record<string, ReadonlyArray<JsonObject>> = {};
    for (const [name, part] of Object.entries(parts)) if (isAsked(question, name)) answer[name] = await part(question);
    return answer;
  },
};
