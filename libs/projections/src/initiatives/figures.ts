import { DAY_MS, type Instant, type Policy } from '@afecto/domain';
import type { Figures, JsonObject } from '../figures/definition';

type Initiative = Policy['initiatives'][number];
type ControlPoint = Initiative['development']['controlPoints'][number];

/** `due`: still ahead. Exactly at its instant a control point that is not met is overdue. */
type State = 'met' | 'met_late' | 'overdue' | 'due';

const stateOf = ({ dueAt, metAt }: ControlPoint, asOf: Instant): State => {
  const due = Date.parse(dueAt);
  const met = metAt === undefined ? null : Date.parse(metAt);
  if (met !== null && met <= asOf) return met <= due ? 'met' : 'met_late';
  return due <= asOf ? 'overdue' : 'due';
};

interface Watched {
  readonly initiativeId: string;
  readonly controlPoint: string;
  readonly owner: string;
  readonly dueAt: string;
  readonly state: State;
}

const watchedIn = ({ initiativeId, development }: Initiative, asOf: Instant): ReadonlyArray<Watched> =>
  development.controlPoints.map((point) => ({
    initiativeId,
    controlPoint: point.controlPoint,
    owner: point.owner,
    dueAt: point.dueAt,
    state: stateOf(point, asOf),
  }));

const byDue = (one: Watched, other: Watched): number =>
  Date.parse(one.dueAt) - Date.parse(other.dueAt) ||
  (one.initiativeId < other.initiativeId ? -1 : one.initiativeId > other.initiativeId ? 1 : 0) ||
  (one.controlPoint < other.controlPoint ? -1 : 1);

/** The overdue control points of each owner, the oldest first. */
const overdueByOwner = (watched: ReadonlyArray<Watched>, asOf: Instant): ReadonlyArray<JsonObject> =>
  [...Map.groupBy(watched.filter(({ state }) => state === 'overdue').toSorted(byDue), ({ owner }) => owner)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([owner, points]) => ({
      owner,
      overdue: points.length,
      controlPoints: points.map(({ initiativeId, controlPoint, dueAt }) => ({
        initiativeId,
        controlPoint,
        dueAt,
        daysLate: Math.floor((asOf - Date.parse(dueAt)) / DAY_MS),
      })),
    }));

/**
 * The change programmes in force (`domain.md §12.2`, transformation steps): control points with owner, due
 * instant and what became of them, and those that are overdue by owner. From the configuration, not from a
 * window.
 */
export const initiativeFigures: Figures = {
  code: 'PR18',
  name: 'initiatives',
  title: 'Initiatives with baseline, success factors and control points; the overdue ones by owner',
  read: async ({ policy, asOf }) => {
    const watched = policy.initiatives.flatMap((initiative) => watchedIn(initiative, asOf));
    const of = (state: State): number => watched.filter((point) => point.state === state).length;
    return {
      controlPoints: {
        all: watched.length,
        met: of('met'),
        metLate: of('met_late'),
        overdue: of('overdue'),
        due: of('due'),
      },
      overdue: overdueByOwner(watched, asOf),
      initiatives: policy.initiatives.map(
        ({ initiativeId, vision, baseline, concept, development, implementation }) => ({
          initiativeId,
          vision,
          who: concept.who,
          priority: concept.priority,
          startsAt: development.startsAt,
          endsAt: development.endsAt,
          owners: development.owners,
          criticalSuccessFactors: development.criticalSuccessFactors,
          followUp: implementation.followUp,
          baseline,
          controlPoints: watched
            .filter((point) => point.initiativeId === initiativeId)
            .toSorted(byDue)
            .map(({ controlPoint, owner, dueAt, state }) => ({ controlPoint, owner, dueAt, state })),
        }),
      ),
    };
  },
};
